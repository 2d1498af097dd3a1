"""Readers who take turns on SQLite: who takes too long is overtaken, who fails leaves the lane free."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest
from sqlalchemy import select

from comptoir.domain.tx import Counter
from comptoir.storage import sqlite
from comptoir.storage.errors import StorageError
from comptoir.storage.session import Session
from comptoir.storage.sqlite import Lane, SqliteDatabase
from tests.engines import Engines

KINDS = select(Counter.kind).order_by(Counter.kind)
LONG = 60.0


def test_the_next_one_goes_when_the_lane_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "LANE_SECONDS", LONG)
    lane = Lane()
    assert lane.enter()
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(lane.enter)
        lane.leave()
        assert other.result(LONG)
        lane.leave()


def test_who_stays_too_long_is_overtaken_and_nobody_waits_again() -> None:
    lane = Lane()
    assert lane.enter()
    assert [lane.enter(), lane.enter()] == [False, False]
    lane.leave()
    assert lane.enter()


def test_a_long_reader_holds_nobody_up(engines: Engines, tmp_path: Path) -> None:
    database = engines.fresh("sqlite", tmp_path)
    assert isinstance(database, SqliteDatabase)
    inside, over = Event(), Event()

    def read_long(session: Session) -> object:
        inside.set()
        assert over.wait(LONG)
        return session.all(KINDS)

    with ThreadPoolExecutor(1) as pool:
        long = pool.submit(database.read, read_long)
        assert inside.wait(LONG)
        here = database.read(lambda session: session.all(KINDS))
        over.set()
        assert long.result(LONG) == here
    database.close()


def test_a_reader_that_fails_leaves_the_lane(
    engines: Engines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = engines.fresh("sqlite", tmp_path)
    assert isinstance(database, SqliteDatabase)
    with pytest.raises(StorageError):
        database.read(lambda session: session.script("SELECT nothing FROM nowhere"))
    monkeypatch.setattr(sqlite, "LANE_SECONDS", LONG)
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(database.read, lambda session: session.all(KINDS))
        assert isinstance(other.result(LONG / 2), list)
    database.close()
