from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import Any

import pytest

from comptoir.vendor_hosts.names import VENDORS
from tests.e2e.conftest import ROOT

INSTALLED = Path(sys.prefix) / "node" / "node_modules"
PROGRAMS = ROOT / "tests" / "clients" / "node"
CLIENT = INSTALLED / "2checkout-node"
ANSWER_SECONDS = 40


def node() -> str:
    """The program, where it and the published client are installed; else the test says what it misses."""
    found = shutil.which("node")
    if found is None:
        pytest.skip("MISSING: node; `make setup-system` installs it where it can")
    if not (CLIENT / "package.json").exists():
        pytest.skip("MISSING: the published client for Node; `make setup-node` installs it")
    return found


def surroundings(authority: Path, port: int) -> dict[str, str]:
    """What a program needs to be told so that the vendor's names lead to the server, and are believed."""
    return {
        "PATH": os.environ["PATH"],
        "NODE_PATH": str(INSTALLED),
        "NODE_OPTIONS": f"--require {PROGRAMS / 'vendor.cjs'} --no-deprecation",
        "NODE_EXTRA_CA_CERTS": str(authority),
        "VENDOR_PORT": str(port),
        "VENDOR_NAMES": " ".join(VENDORS["2Checkout"]),
    }


@dataclass(frozen=True)
class Answered:
    """What the client gave its callback."""

    error: str | None
    data: Any


class NodeClient:
    """A running program that uses the published client."""

    def __init__(self, authority: Path, port: int, options: dict[str, Any]) -> None:
        self._process = subprocess.Popen(
            [node(), str(PROGRAMS / "asks.cjs")],
            env=surroundings(authority, port) | {"CLIENT_OPTIONS": json.dumps(options)},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._lines: Queue[str] = Queue()
        Thread(target=self._read, daemon=True).start()

    def _read(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._lines.put(line)

    def ask(self, call: str, *given: Any) -> Answered:
        """Make one call and wait for its callback."""
        assert self._process.stdin is not None
        assert self._lines.empty(), f"a callback was called twice: {self._lines.get()}"
        self._process.stdin.write(json.dumps({"call": call, "given": given}) + "\n")
        self._process.stdin.flush()
        try:
            answer = json.loads(self._lines.get(timeout=ANSWER_SECONDS))
        except Empty:
            self._process.kill()
            assert self._process.stderr is not None
            pytest.fail(f"{call} was never answered: {self._process.stderr.read()}")
        assert answer["call"] == call
        return Answered(answer["error"], answer["data"])

    def close(self) -> None:
        """Let the program end; it must end well, with nothing left to say."""
        _, said = self._process.communicate(timeout=20)
        assert self._lines.empty(), f"a callback was called twice: {self._lines.get()}"
        assert (self._process.returncode, said) == (0, "")


class Programs:
    """Starts programs that use the client with these options, or with others; each must end well."""

    def __init__(self, authority: Path, port: int, options: dict[str, Any]) -> None:
        self._at = (authority, port)
        self._options = options
        self._begun: list[NodeClient] = []

    def __call__(self, **options: Any) -> NodeClient:
        self._begun.append(NodeClient(*self._at, self._options | options))
        return self._begun[-1]

    def close(self) -> None:
        for client in self._begun:
            client.close()
