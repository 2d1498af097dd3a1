"""Runs localstripe on a free port of this machine, and tells which; started as a process of its own."""

import socket

from aiohttp import web
from localstripe import resources, server  # type: ignore[import-untyped]  # ships no types

# It would keep its records in a file that all of its processes share.
resources.Store.dump_to_disk = lambda _store: None

if __name__ == "__main__":
    listening = socket.create_server(("127.0.0.1", 0))
    print(listening.getsockname()[1], flush=True)  # noqa: T201 - how the tests hear of the port
    web.run_app(server.app, sock=listening, print=None)
