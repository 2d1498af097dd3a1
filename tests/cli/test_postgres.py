from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from comptoir.storage.postgres import PostgresDatabase
from tests.cli.conftest import Run
from tests.engines import Engines

pytestmark = pytest.mark.postgres


@pytest.fixture
def database(engine: str, engines: Engines, tmp_path: Path) -> Iterator[PostgresDatabase]:
    """An empty database on the server."""
    if engine != "postgres":
        pytest.skip("about PostgreSQL only")
    made = engines.empty(engine, tmp_path)
    assert isinstance(made, PostgresDatabase)
    yield made
    engines.drop(made)


def test_a_database_behind_this_release_is_not_served(
    bare: Run, database: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPTOIR_DATABASE", database.dsn)
    monkeypatch.setenv("COMPTOIR_SECRET", "s" * 40)
    for words in (["serve"], ["books", "check"], ["worker", "--once"]):
        said = bare(*words)
        assert said.code == 1
        assert "run `comptoir migrate`" in said.err
    assert bare("migrate", "--json").told[0]["applied"]
    assert "holds no shop: run `comptoir init main`" in bare("books", "check").err
    assert bare("init").code == 0
    assert bare("books", "check").code == 0


def test_a_snapshot_needs_the_programs_of_the_server(
    bare: Run, database: PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COMPTOIR_DATABASE", database.dsn)
    assert bare("init").code == 0
    monkeypatch.setattr(shutil, "which", lambda _program: None)
    said = bare("snapshot", "create")
    assert said.code == 1
    assert "install PostgreSQL's client programs" in said.err


def test_a_server_that_is_away_is_a_sentence(bare: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("comptoir.storage.postgres.POOL_WAIT_SECONDS", 0.5)
    monkeypatch.setenv("COMPTOIR_DATABASE", "postgresql://127.0.0.1:1/nowhere")
    monkeypatch.setenv("COMPTOIR_SECRET", "s" * 40)
    said = bare("books", "check", "--json")
    assert said.code == 1
    assert said.err.startswith('{"error": "the database does not answer')
