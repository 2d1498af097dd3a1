"""A real browser in front of a shop on a real port; without one, the tests that need it say so and are skipped."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest

from comptoir.app import make_app
from comptoir.dialects.edge import ServedShop

NAMES = ("chromium", "chromium-browser", "google-chrome")
CHROMIUM = next(filter(None, map(shutil.which, NAMES)), "")


class Quiet(WSGIRequestHandler):
    """Answers without a line in the log."""

    def log_message(self, *_args: Any) -> None:
        pass


class Threaded(ThreadingMixIn, WSGIServer):
    daemon_threads = True


@contextmanager
def running(home: ServedShop, app: Any = None) -> Iterator[str]:
    """The shop on a port of this machine: its address."""
    server = make_server("127.0.0.1", 0, app or make_app([home]), Threaded, Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def browser() -> Iterator[Any]:
    """Chromium without a window."""
    if not CHROMIUM:
        pytest.skip("there is no Chromium here: `make setup-system` installs it")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - where there is a browser only

    with sync_playwright() as playwright:
        # As root, which a container is, Chromium runs without its sandbox or not at all.
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        try:
            yield opened
        finally:
            opened.close()
