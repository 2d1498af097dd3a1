"""Whole rows by key, for those who show everything that a record says."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from comptoir.storage.reading import live_of
from comptoir.storage.schema import Record
from comptoir.storage.session import Session


@cache
def _whole(record: type[Record]) -> Select[Any]:
    columns = record.__table__.columns
    key = record.__mapper__.primary_key[0]
    live = live_of(record)
    return select(*columns).where(columns[key.name] == bindparam("key"), *(() if live is None else (live,)))


def row_of(session: Session, record: type[Record], key: Any) -> Mapping[str, Any] | None:
    """Every column of a record by name, or None when it is not there or was removed."""
    row = session.one(_whole(record), key=key)
    return None if row is None else dict(zip(record.__table__.columns.keys(), row, strict=True))
