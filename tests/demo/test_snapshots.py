"""The demo is put back as it was, with everything that the vendor's year left in it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from comptoir.domain.events.actions import flush
from comptoir.domain.payouts.models import PAID, PayoutEntry
from comptoir.domain.payouts.paying import adjust_balance, pay_out, void_payout
from comptoir.domain.proof import prove_books
from comptoir.domain.tx import OpenShop
from comptoir.storage.copying import copy_database, put_back
from comptoir.storage.database import open_database
from comptoir.storage.fittings import missing
from comptoir.storage.migration import migrate
from comptoir.storage.postgres import PostgresDatabase
from comptoir.storage.schema import Record
from comptoir.storage.sqlite import SqliteDatabase
from tests.conftest import NOW, SECRET
from tests.domain.exchange.given import rows_of

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    import pytest

    from comptoir.storage.database import Database
    from tests.demo.conftest import DemoWorlds
    from tests.dialects.conftest import LocalWire
    from tests.engines import Engines


def contents(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """Everything that is in a database, by tables."""
    return database.read(
        lambda session: {
            name: sorted(map(tuple, session.script(f"SELECT * FROM {name}")), key=repr)
            for name in Record.metadata.tables
        }
    )


def test_a_snapshot_of_the_year_brings_everything_back(
    running_demo: tuple[LocalWire, DemoWorlds],
    engines: Engines,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if engines.programs:
        monkeypatch.setenv("PATH", engines.programs, prepend=os.pathsep)
    _, worlds = running_demo
    demo = worlds.copy("empty")
    database = demo.database
    assert isinstance(database, SqliteDatabase | PostgresDatabase)
    before = contents(database)
    assert before[PayoutEntry.__tablename__]
    copy_database(database, tmp_path / "copy")
    paid = [row["id"] for row in rows_of(demo, "payouts") if row["state"] == PAID]
    demo.write(lambda tx: void_payout(tx, payout_id=paid[-1]))
    demo.write(lambda tx: adjust_balance(tx, amount_minor=10_000_000, memo="Found"))
    assert demo.write(pay_out) is not None
    assert contents(database) != before
    put_back(database, tmp_path / "copy")
    place = str(database.path) if isinstance(database, SqliteDatabase) else database.dsn
    again = open_database(place, secret=SECRET)
    assert migrate(again) == []
    assert contents(again) == before
    assert [one.kind for one in again.read(missing) if not one.needs_trigrams] == []
    assert OpenShop("demo", again, flush, system=lambda: NOW).read(prove_books) == []
    engines.drop(again)
