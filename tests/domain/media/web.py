"""A small web server on this machine whose pages are functions, to be as hostile as a test wants."""

import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from comptoir.domain.media.errors import FetchRefused
from comptoir.domain.media.fetching import Fetcher, FetchRules, Resolver, look_up

Page = Callable[[BaseHTTPRequestHandler], None]

LOCAL = FetchRules(allow_private=True, timeout_seconds=5)
NOT_PUBLIC = "names a host that is not on the public internet"
TOO_SLOW = "did not answer in time"
MIB = 2**20


class Server:
    """A web server on loopback whose pages are functions; it counts what it was asked and what it sent."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.posted: list[bytes] = []
        self.sent = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                outer.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
                self.close_connection = True
                with suppress(OSError):
                    outer.pages[self.path](self)

            def do_POST(self) -> None:
                outer.posted.append(self.rfile.read(int(self.headers["content-length"])))
                self.do_GET()

            def log_message(self, format: str, *args: object) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                pass

        self._server = Quiet(("127.0.0.1", 0), Handler)
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def pour(self, page: BaseHTTPRequestHandler, block: bytes) -> None:
        """Send without end, until the other side has had enough (or, when the guard is broken, 5 GB)."""
        while self.sent < 5 * 2**30:
            page.wfile.write(block)
            self.sent += len(block)


def reply(content: bytes = b"", status: int = 200, **headers: str) -> Page:
    def page(call: BaseHTTPRequestHandler) -> None:
        call.send_response(status)
        for name, value in {"content_length": str(len(content)), **headers}.items():
            if value:
                call.send_header(name.replace("_", "-"), value)
        call.end_headers()
        call.wfile.write(content)

    return page


def refusal(url: str, rules: FetchRules = LOCAL, resolve: Resolver = look_up) -> str:
    with pytest.raises(FetchRefused) as caught:
        Fetcher(rules, resolve=resolve).fetch(url)
    return caught.value.reason
