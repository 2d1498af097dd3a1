"""Migrations: from nothing to the schema that the records declare, on both engines; test_upgrading.py has releases."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from comptoir.domain import records
from comptoir.storage import migration
from comptoir.storage.comparing import COMPARING
from comptoir.storage.database import Database
from comptoir.storage.errors import NewerSchema, StorageError
from comptoir.storage.fittings import missing
from comptoir.storage.migration import alone, migrate, pending, released
from comptoir.storage.schema import Record
from comptoir.storage.sqlite import SqliteDatabase
from tests.engines import Engines

MIGRATING = """
import sys
from comptoir.domain import records
from comptoir.storage.database import open_database
from comptoir.storage.migration import migrate
database = open_database(sys.argv[1], secret=bytes(32))
print("ready", flush=True)
sys.stdin.readline()
print("applied", *migrate(database), flush=True)
database.close()
"""


@pytest.fixture
def empty(engine: str, engines: Engines, tmp_path: Path) -> Iterator[Database]:
    database = engines.empty(engine, tmp_path)
    yield database
    engines.drop(database)


def differences(database: Database) -> list[Any]:
    assert records.ROOMS
    with alone(database) as connection:
        context = MigrationContext.configure(connection, opts=dict(COMPARING))
        return list(compare_metadata(context, Record.metadata))


def test_an_empty_database_comes_up_to_the_declared_schema(empty: Database) -> None:
    assert migrate(empty) == released()
    assert differences(empty) == []
    absent = {one.kind for one in empty.read(missing)}
    # A server without pg_trgm does without the index.
    assert absent <= ({"index"} if empty.engine == "postgres" else set())


def test_migrating_twice_changes_nothing(empty: Database) -> None:
    assert pending(empty) == released()
    migrate(empty)
    assert pending(empty) == []
    assert migrate(empty) == []


def test_a_later_schema_is_left_alone(empty: Database) -> None:
    migrate(empty)
    empty.write(lambda session: session.script("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(NewerSchema, match="9999"):
        migrate(empty)


def test_a_failed_migration_leaves_nothing(
    empty: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "migrations"
    shutil.copytree(migration.FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    lines = [
        'revision = "0009"',
        f'down_revision = "{migration.number_of(released()[-1])}"',
        "from alembic import op",
        "def upgrade():",
        "    op.execute('CREATE TABLE half (x INTEGER)')",
        "    op.execute('CREATE TABLE half (x INTEGER)')",
    ]
    (folder / "versions" / "0009_broken.py").write_text("\n".join(lines))
    monkeypatch.setattr(migration, "FOLDER", folder)
    with pytest.raises(StorageError):
        migrate(empty)
    assert pending(empty) == ["0009_broken"]
    (folder / "versions" / "0009_broken.py").write_text("\n".join(lines[:-1]))
    assert migrate(empty) == ["0009_broken"]


def test_processes_that_start_at_once_migrate_once(empty: Database) -> None:
    address = str(empty.path) if isinstance(empty, SqliteDatabase) else empty.dsn
    processes = [
        subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", MIGRATING, address],
            env={"PYTHONPATH": str(Path(migration.FOLDER).parents[2]), "PATH": "/usr/bin:/bin"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=60)[0].split() for process in processes]
    assert [answer[0] for answer in answers] == ["applied"] * len(processes)
    # Who comes first may differ from migration to migration: each has its own lock and transaction.
    assert sorted(name for answer in answers for name in answer[1:]) == released()
    assert differences(empty) == []


def test_alembic_is_not_imported_when_nothing_is_pending(empty: Database) -> None:
    migrate(empty)
    address = str(empty.path) if isinstance(empty, SqliteDatabase) else empty.dsn
    program = MIGRATING + "print('alembic' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program, address],
        env={"PYTHONPATH": str(Path(migration.FOLDER).parents[2]), "PATH": "/usr/bin:/bin"},
        input="\n", capture_output=True, text=True, check=True, timeout=60,
    )  # fmt: skip
    assert done.stdout.split() == ["ready", "applied", "False"]
