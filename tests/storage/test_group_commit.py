"""Writers who share a commit on SQLite: what goes wrong for one is told to whom it concerns."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep
from typing import Any

import pytest
from sqlalchemy import select

from comptoir.domain.tx import Counter
from comptoir.storage.errors import StorageError, TryAgain
from comptoir.storage.session import Session
from comptoir.storage.sqlite import SqliteDatabase
from tests.engines import Engines

KINDS = select(Counter.kind).order_by(Counter.kind)


@pytest.fixture
def database(engines: Engines, tmp_path: Path) -> Any:
    """A fresh database on SQLite."""
    made = engines.fresh("sqlite", tmp_path)
    assert isinstance(made, SqliteDatabase)
    yield made
    made.close()


def adding(kind: str) -> Any:
    """Work that adds a row."""

    def work(session: Session) -> str:
        session.insert(Counter, kind=kind, value=1)
        return kind

    return work


def together(database: SqliteDatabase, works: list[Any]) -> list[Any]:
    """Run several writers in one batch: all wait while the turn is taken. Gives results or errors."""

    def attempt(work: Any) -> Any:
        try:
            return database.write(work)
        except BaseException as error:  # noqa: BLE001 - given back to be compared
            return error

    with ThreadPoolExecutor(len(works)) as pool:
        with database._turn:
            waiting = [pool.submit(attempt, work) for work in works]
            while len(database._waiting) < len(works):
                sleep(0.001)
        return [one.result(timeout=10) for one in waiting]


def test_a_refusal_undoes_its_own_work_only(database: SqliteDatabase) -> None:
    def refused(session: Session) -> None:
        session.insert(Counter, kind="refused", value=1)
        raise ValueError

    results = together(database, [adding("a"), refused, adding("b")])
    assert results[0] == "a"
    assert isinstance(results[1], ValueError)
    assert results[2] == "b"
    assert [row[0] for row in database.read(lambda session: session.all(KINDS))] == ["a", "b"]


def test_a_commit_that_fails_is_told_to_all_in_our_words(database: SqliteDatabase) -> None:
    def broken(session: Session) -> None:
        session.script("ROLLBACK")
        raise sqlite3.OperationalError("database or disk is full")

    results = together(database, [adding("a"), broken, adding("b")])
    assert all(isinstance(result, StorageError) for result in results)
    assert database.read(lambda session: session.all(KINDS)) == []
    assert database.write(adding("after")) == "after"


def test_a_writer_broken_off_by_a_signal_does_not_stop_the_next(database: SqliteDatabase) -> None:
    def stopped(_session: Session) -> None:
        raise KeyboardInterrupt

    results = together(database, [adding("a"), stopped, adding("b")])
    assert sum(isinstance(result, KeyboardInterrupt) for result in results) == 1
    assert all(isinstance(result, KeyboardInterrupt | TryAgain | str) for result in results)
    kept = [row[0] for row in database.read(lambda session: session.all(KINDS))]
    assert kept == sorted(result for result in results if isinstance(result, str))
    assert database.write(adding("after")) == "after"


def test_a_write_inside_a_write_is_an_error_and_no_deadlock(database: SqliteDatabase) -> None:
    with pytest.raises(AssertionError, match="inside a write"):
        database.write(lambda _session: database.write(adding("inner")))
    assert database.write(adding("after")) == "after"
