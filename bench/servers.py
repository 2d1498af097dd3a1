"""Servers as processes: started on a free port, asked until they answer, weighed, and ended by their id."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import perf_counter, sleep
from typing import Self

from bench.facts import THREADS
from bench.load import Work, asked
from bench.serving import ADDRESS, KIND
from bench.world import Place

FIRST = Work("GET", "/products/1")
START_MAX = 60.0
MIB = 1 << 20
CODE = Path(__file__).resolve().parent.parent


class Server:
    """A running server, and how long it took from its start to its first answer."""

    def __init__(
        self, command: list[str], environ: dict[str, str], port: int, log: Path, first: Work = FIRST
    ) -> None:
        self.port = port
        self._first = first
        self._log = log
        started = perf_counter()
        path = os.pathsep.join((str(CODE / "src"), str(CODE)))
        # Modules are compiled once and kept, as on any machine that is not told otherwise.
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        with log.open("wb") as output:
            self.process = subprocess.Popen(
                command, env={**kept, "PYTHONPATH": path, **environ}, stdout=output, stderr=output
            )
        self._wait(started)
        self.start_seconds = perf_counter() - started

    def _wait(self, started: float) -> None:
        while perf_counter() - started < START_MAX:
            if self.process.poll() is not None:
                break
            with suppress(OSError):
                status, answer = asked(self.port, self._first, 0)
                if status == 200:
                    return
                raise SystemExit(f"the first answer is {status}: {answer[:200]!r}")
            sleep(0.005)
        raise SystemExit(f"the server did not start:\n{self._log.read_text()[-2000:]}")

    def end(self) -> None:
        """End it as an operator would, and wait."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def memory_mib(self) -> float:
        """Resident memory of all its processes, pages shared between them counted once.

        Pages of the database file that SQLite has mapped are the operating system's cache, not ours.
        """
        return sum(_resident(pid) for pid in _family(self.process.pid)) / MIB


def _family(pid: int) -> list[int]:
    family = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in task.read_text().split():
                family += _family(int(child))
    return family


def _resident(pid: int) -> int:
    try:
        text = Path(f"/proc/{pid}/smaps").read_text()
    except OSError:
        return 0
    total = 0
    is_database = False
    for line in text.splitlines():
        if re.match(r"[0-9a-f]+-[0-9a-f]+ ", line):
            is_database = line.endswith((".sqlite", ".sqlite-shm"))
        elif line.startswith("Pss:") and not is_database:
            total += int(line.split()[1]) * 1024
    return total


@contextmanager
def comptoir(place: Place, *options: str, first: Work = FIRST) -> Iterator[Server]:
    """`comptoir serve` on a built shop."""
    port = free_port()
    command = [
        sys.executable, "-m", "comptoir", "serve", "--data-dir", str(place.folder), "--port", str(port), "--threads",
        str(THREADS), *(options or ("--no-access-log",)),
    ]  # fmt: skip
    environ = {"COMPTOIR_DATABASE": place.address} if place.engine == "postgres" else {}
    log = place.folder / f"ours-{port}.log"
    with _running(Server(command, environ, port, log, first)) as server:
        yield server


@contextmanager
def floor(place: Place, kind: str = "coredna", first: Work = FIRST) -> Iterator[Server]:
    """The bare callable on a built shop."""
    port = free_port()
    command = [sys.executable, "-m", "bench.serving", str(port)]
    log = place.folder / f"floor-{port}.log"
    with _running(Server(command, {ADDRESS: place.address, KIND: kind}, port, log, first)) as server:
        yield server


@contextmanager
def _running(server: Server) -> Iterator[Server]:
    try:
        yield server
    finally:
        server.end()


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Scales:
    """Weighs a server again and again while it works, and keeps the most."""

    def __init__(self, server: Server, every: float = 0.25) -> None:
        self._server = server
        self._every = every
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._weigh, daemon=True)
        self.most = 0.0

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _weigh(self) -> None:
        while not self._stop.wait(self._every):
            self.most = max(self.most, self._server.memory_mib())
