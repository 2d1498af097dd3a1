"""Stripe as a process on this machine, and a line to it that can be cut."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from comptoir.gateways.stripe import StripeGateway

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVER = Path(__file__).with_name("stripe_server.py")
KEY = "sk_test_of_the_tests"


class Line:
    """A line to the server: cut before what is asked arrives, or before the answer does.

    It also answers by itself what the server does not know.
    """

    def __init__(self, port: int) -> None:
        self.upstream = port
        self.cut = ""
        self.cut_path = "/v1/"
        self.asked: Counter[str] = Counter()
        self.keys: list[str] = []
        self.own: dict[str, Any] = {}
        self.amended: dict[str, Any] = {}
        line = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                line.serve(self)

            def do_POST(self) -> None:
                line.serve(self)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("content-length") or 0)
        body = handler.rfile.read(length)
        path = handler.path.partition("?")[0]
        self.asked[f"{handler.command} {path}"] += 1
        if handler.command == "POST":
            self.keys.append(handler.headers.get("idempotency-key", ""))
        is_cut = self.cut and path.startswith(self.cut_path)
        if is_cut and self.cut == "before":
            handler.close_connection = True
            return
        status, answer = self._answer(handler, path, body)
        if is_cut:
            handler.close_connection = True
            return
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(answer)))
        handler.end_headers()
        handler.wfile.write(answer)

    def _answer(self, handler: BaseHTTPRequestHandler, path: str, body: bytes) -> tuple[int, bytes]:
        if path in self.own:
            return 200, json.dumps(self.own[path]).encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.upstream, timeout=20)
        names = ("authorization", "content-type")
        headers = {name: handler.headers[name] for name in names if name in handler.headers}
        connection.request(handler.command, handler.path, body, headers)
        response = connection.getresponse()
        status, answer = response.status, response.read()
        connection.close()
        if self.amended and handler.command == "GET" and status == 200:
            answer = json.dumps(json.loads(answer) | self.amended).encode()
        return status, answer


@pytest.fixture(scope="session")
def stripe_port() -> Iterator[int]:
    with subprocess.Popen(
        [sys.executable, SERVER], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline())
        finally:
            process.terminate()


@pytest.fixture
def line(stripe_port: int) -> Iterator[Line]:
    opened = Line(stripe_port)
    yield opened
    opened.close()


@pytest.fixture
def stripe_gateway(line: Line) -> StripeGateway:
    return StripeGateway(KEY, url=line.url)
