"""Counts what a database is asked: statements on both engines, and exchanges with a server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from comptoir.storage.database import Database
from comptoir.storage.queueing import QueueingCursor
from comptoir.storage.sqlite import SqliteDatabase


@dataclass
class Asked:
    """The statements in their order, and how many went out at once each time that any did: none to SQLite."""

    statements: list[str] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)


@contextmanager
def asked(database: Database) -> Iterator[Asked]:
    """What this thread asks a database meanwhile."""
    found = Asked()
    with pytest.MonkeyPatch.context() as patch:
        if isinstance(database, SqliteDatabase):
            session = database._session()
            patch.setattr(session, "cursor", Listening(session.cursor, found))
        else:
            _listen(patch, found)
        yield found


class Listening:
    """A cursor that is overheard."""

    def __init__(self, cursor: Any, found: Asked) -> None:
        self._cursor = cursor
        self._found = found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def execute(self, sql: str, *values: Any) -> Any:
        self._found.statements.append(sql)
        return self._cursor.execute(sql, *values)

    def executemany(self, sql: str, values: Any) -> Any:
        self._found.statements.append(sql)
        return self._cursor.executemany(sql, values)


def _listen(patch: pytest.MonkeyPatch, found: Asked) -> None:
    """Overhear every transaction of PostgreSQL."""
    wait, send, roll_back = QueueingCursor._wait, QueueingCursor.send, QueueingCursor._plainly

    def waiting(cursor: QueueingCursor, run: Any) -> None:
        found.statements.append(run.args[0])
        wait(cursor, run)

    def sending(cursor: QueueingCursor) -> None:
        if cursor._waiting:
            found.sent.append(len(cursor._waiting))
        send(cursor)

    def rolling_back(cursor: QueueingCursor, sql: str) -> None:
        found.statements.append(sql)
        found.sent.append(1)
        roll_back(cursor, sql)

    patch.setattr(QueueingCursor, "_wait", waiting)
    patch.setattr(QueueingCursor, "send", sending)
    patch.setattr(QueueingCursor, "_plainly", rolling_back)
