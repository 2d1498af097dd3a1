"""The console is opened by the first who looks at it, once, and by nobody else."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep
from typing import Any

from comptoir.operations.window import WindowDoor


def answering(word: bytes) -> Any:
    return lambda _environ, _start: [word]


def test_only_the_console_s_own_addresses_lead_to_it() -> None:
    door = WindowDoor(answering(b"other"), lambda: answering(b"console"))
    ways = ("/console", "/console/", "/console/orders", "/consoles", "/", "/orders", "/api/console")
    answers = [b"".join(door({"PATH_INFO": way}, None)) for way in ways]  # type: ignore[arg-type]
    assert answers == [b"console"] * 3 + [b"other"] * 4


def test_who_come_at_once_open_it_once() -> None:
    opened: list[int] = []
    together = Barrier(8)

    def make() -> Any:
        opened.append(1)
        sleep(0.05)
        return answering(b"console")

    door = WindowDoor(answering(b"other"), make)

    def come() -> bytes:
        together.wait()
        return b"".join(door({"PATH_INFO": "/console"}, None))  # type: ignore[arg-type]

    with ThreadPoolExecutor(8) as many:
        answers = [one.result() for one in [many.submit(come) for _ in range(8)]]
    assert answers == [b"console"] * 8
    assert len(opened) == 1


def test_who_never_looks_carries_none_of_it() -> None:
    code = (
        "import sys, comptoir.serving; print([m for m in sys.modules if m.startswith('comptoir.console.')])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.strip() == "['comptoir.console.ports']"
