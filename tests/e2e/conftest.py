from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

START_SECONDS = 30.0
ROOT = Path(__file__).parents[2]


def command() -> list[str]:
    """The installed command, or the module where nothing is installed."""
    installed = Path(sys.executable).with_name("comptoir")
    return [str(installed)] if installed.exists() else [sys.executable, "-m", "comptoir"]


def environment() -> dict[str, str]:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("COMPTOIR_")}
    return clean | {"PYTHONPATH": str(ROOT / "src")}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Server:
    """A running server, in a group of processes of its own."""

    process: subprocess.Popen[str]
    url: str
    log: Path
    seconds: float

    def client(self, key: str) -> httpx.Client:
        return httpx.Client(
            base_url=self.url, headers={"Authorization": f"Bearer {key}"}, timeout=20, trust_env=False
        )

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask it to stop, and give its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(timeout=40)

    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]


class Installation:
    """A folder in which commands are run and servers started."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.servers: list[Server] = []
        self.more: dict[str, str] = {}

    def run(self, *words: str) -> Any:
        done = subprocess.run(
            [*command(), *words, "--json"],
            cwd=self.folder,
            env=environment() | self.more,
            check=False,
            capture_output=True,
            text=True,
            timeout=150,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def serve(self, *words: str) -> Server:
        """Start the server and wait for its first answer."""
        port = free_port()
        log = self.folder / f"log{len(self.servers)}"
        started = time.perf_counter()
        with log.open("w") as sink:
            process = subprocess.Popen(
                [*command(), "serve", "--port", str(port), "--log-format", "json", *words],
                cwd=self.folder,
                env=environment() | self.more,
                stdout=subprocess.DEVNULL,
                stderr=sink,
                text=True,
                start_new_session=True,
            )
        server = Server(process, f"http://127.0.0.1:{port}", log, 0.0)
        self.servers.append(server)
        while not answers(server.url):
            assert process.poll() is None, log.read_text()
            assert time.perf_counter() - started < START_SECONDS, log.read_text()
            time.sleep(0.02)
        server.seconds = time.perf_counter() - started
        return server

    def close(self) -> None:
        for server in self.servers:
            if server.process.poll() is None:
                os.killpg(server.process.pid, signal.SIGKILL)
                server.process.wait(timeout=10)


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz", timeout=5, trust_env=False).is_success
    except httpx.TransportError:
        return False


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    made = Installation(tmp_path)
    yield made
    made.close()


@pytest.fixture(scope="session")
def documented_shop(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The shop that the published clients' own tests name, to be copied, and its key."""
    from tests.e2e.documented_shop import found_shop  # noqa: PLC0415 - which stands on this module

    made = Installation(tmp_path_factory.mktemp("documented"))
    return made.folder / "data", found_shop(made)


@pytest.fixture
def documented(installation: Installation, documented_shop: tuple[Path, str]) -> str:
    """Let the installation hold a copy of the documented shop; its key."""
    shutil.copytree(documented_shop[0], installation.folder / "data")
    return documented_shop[1]


def wait_for(what: Callable[[], bool], seconds: float = 10.0) -> None:
    """Wait until something holds."""
    end = time.perf_counter() + seconds
    while not what():
        assert time.perf_counter() < end, "it did not come about"
        time.sleep(0.05)
