"""Whole copies of a database: taken while it is in use, proved before they take its place."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from comptoir.storage.errors import StorageError
from comptoir.storage.schema import Record
from comptoir.storage.sqlite import SqliteDatabase, fold

if TYPE_CHECKING:
    from comptoir.storage.postgres import PostgresDatabase

TOOLS_PACKAGE = "install PostgreSQL's client programs (on Debian: postgresql-client)"
PAGES_AT_A_TIME = 4096
# Where Alembic keeps the number of the last migration.
VERSION = "alembic_version"


class CopyFailed(StorageError):
    """The copy could not be made or is not sound."""


def copy_database(database: "SqliteDatabase | PostgresDatabase", target: Path) -> None:
    """Write a consistent copy into a file, while others go on writing. Refuses: CopyFailed."""
    if not isinstance(database, SqliteDatabase):
        _run("pg_dump", "--format=custom", "--no-owner", f"--file={target}", f"--dbname={database.dsn}")
        return
    _copy_file(database.path, target)
    prove_sound(target)


def put_back(database: "SqliteDatabase | PostgresDatabase", source: Path) -> None:
    """Let a copy take the database's place; nobody else may be using it. Refuses: CopyFailed."""
    if not isinstance(database, SqliteDatabase):
        _put_back_on_server(database, source)
        return
    database.close()
    beside = database.path.with_suffix(".restoring")
    _copy_file(source, beside)
    prove_sound(beside)
    _sync(beside)
    # What the old file's log still held belongs to the old file.
    for ending in ("-wal", "-shm"):
        database.path.with_name(database.path.name + ending).unlink(missing_ok=True)
    beside.replace(database.path)
    _sync(database.path.parent)


def write_over(database: SqliteDatabase, source: Path) -> None:
    """Let a copy's contents take the place of a database that is in use. Refuses: CopyFailed.

    Who reads meanwhile goes on with what was there; who writes waits, and finds the new contents.
    """
    try:
        with closing(sqlite3.connect(source)) as new, closing(database.connect()) as live:
            new.backup(live)
            # As far as the readers let it; the next one goes on with it.
            live.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    except sqlite3.Error as error:
        raise CopyFailed(f"{database.path} cannot be written over: {error}") from error


def _put_back_on_server(database: "PostgresDatabase", source: Path) -> None:
    """In one transaction: what is there goes, tables too that came after the copy was made, and the copy comes in."""
    tables = ", ".join(f'"{name}"' for name in sorted([*Record.metadata.tables, VERSION]))
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "script.sql"
        _run("pg_restore", "--clean", "--if-exists", "--no-owner", f"--file={script}", str(source))
        _run(
            "psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1",
            f"--command=DROP TABLE IF EXISTS {tables} CASCADE", f"--file={script}", f"--dbname={database.dsn}",
        )  # fmt: skip


def prove_sound(path: Path) -> None:
    """Refuses: CopyFailed, when the file is no whole SQLite database."""
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
            connection.create_function("fold", 1, fold, deterministic=True)
            found = [row[0] for row in connection.execute("PRAGMA integrity_check(3)")]
            found += [f"{row[0]} points at nothing" for row in connection.execute("PRAGMA foreign_key_check")]
    except sqlite3.Error as error:
        raise CopyFailed(f"{path} is not sound: {error}") from error
    if found != ["ok"]:
        raise CopyFailed(f"{path} is not sound: {'; '.join(found[:3])}")


def _copy_file(source: Path, target: Path) -> None:
    try:
        with (
            closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as old,
            closing(sqlite3.connect(target)) as new,
        ):
            old.backup(new, pages=PAGES_AT_A_TIME)
            new.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise CopyFailed(f"{source} cannot be copied: {error}") from error


def _run(program: str, *words: str) -> None:
    found = shutil.which(program)
    if found is None:
        raise CopyFailed(f"{program} is not on this machine: {TOOLS_PACKAGE}")
    done = subprocess.run([found, *words], check=False, capture_output=True, text=True)  # noqa: S603 - found above
    if done.returncode:
        raise CopyFailed(f"{program} failed: {done.stderr.strip()[-500:]}")


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
