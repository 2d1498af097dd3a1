"""Bringing a database to the schema of this release.

Alembic is imported only when something is pending: every start asks, and nearly none has to wait for it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from comptoir.storage import sqlite
from comptoir.storage.database import Database
from comptoir.storage.errors import NewerSchema, StorageError
from comptoir.storage.fittings import mend
from comptoir.storage.session import Session

FOLDER = Path(__file__).parent / "migrations"
LOCK = 0x6D696772  # any number, the same in every process that migrates the same PostgreSQL database


def released() -> list[str]:
    """The names of all migrations, oldest first: `0001_initial`."""
    return sorted(path.stem for path in (FOLDER / "versions").glob("[0-9]*.py"))


def number_of(name: str) -> str:
    """The revision under which Alembic knows a migration."""
    return name.partition("_")[0]


def pending(database: Database) -> list[str]:
    """The migrations that the database has yet to see, oldest first. Refuses: NewerSchema."""
    standing = database.read(_standing)
    names = released()
    if standing is not None and standing not in {number_of(name) for name in names}:
        raise NewerSchema(f"the database has the schema {standing}, which a later release of comptoir made")
    return [name for name in names if standing is None or number_of(name) > standing]


def _standing(session: Session) -> str | None:
    """The last migration that the database has seen."""
    if session.engine == "sqlite":
        found = session.script("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'")
    else:
        found = session.script("SELECT 1 WHERE to_regclass('alembic_version') IS NOT NULL")
    rows = session.script("SELECT version_num FROM alembic_version") if found else []
    return rows[0][0] if rows else None


def migrate(database: Database) -> list[str]:
    """Apply what is pending, each migration in a transaction of its own, and tell what that was.

    Several processes may do this at once: one migrates, the others wait and find nothing left to do.
    Refuses: NewerSchema.
    """
    applied = [name for name in pending(database) if _apply(database, number_of(name))]
    mend(database)
    return applied


def _apply(database: Database, revision: str) -> bool:
    """Apply one migration, unless another process did while we waited for the lock."""
    from alembic import command  # noqa: PLC0415 - see the module's docstring
    from alembic.config import Config  # noqa: PLC0415
    from alembic.runtime.migration import MigrationContext  # noqa: PLC0415

    with alone(database) as connection:
        standing = MigrationContext.configure(connection).get_current_revision()
        if standing is not None and standing >= revision:
            return False
        config = Config()
        config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
        config.attributes["connection"] = connection
        command.upgrade(config, revision)
    return True


@contextmanager
def alone(database: Database) -> Iterator[Any]:
    """A connection as Alembic takes it, in a transaction in which nobody else migrates."""
    from sqlalchemy import create_engine, event  # noqa: PLC0415 - the engine serves Alembic only
    from sqlalchemy.exc import DBAPIError  # noqa: PLC0415
    from sqlalchemy.pool import NullPool  # noqa: PLC0415

    is_sqlite = isinstance(database, sqlite.SqliteDatabase)
    engine = create_engine(
        "sqlite://" if is_sqlite else "postgresql+psycopg://",
        creator=lambda: _connection(database),
        poolclass=NullPool,
    )
    if is_sqlite:
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    try:
        with engine.begin() as connection:
            if not is_sqlite:
                connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({LOCK})")
            yield connection
            if is_sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                raise StorageError("a migration left records that point at nothing")
    except DBAPIError as error:
        cause: Any = error.orig
        if is_sqlite:
            raise sqlite.translated(cause) from error
        from comptoir.storage import postgres  # noqa: PLC0415 - a shop on SQLite need not load it

        raise postgres.translated(cause) from error


def _connection(database: Database) -> Any:
    """A connection on which a table can be made anew without emptying those that point at it."""
    if not isinstance(database, sqlite.SqliteDatabase):
        import psycopg  # noqa: PLC0415 - a shop on SQLite need not load it

        return psycopg.connect(database.dsn)
    connection = database.connect()
    connection.execute("PRAGMA foreign_keys = OFF")
    return connection
