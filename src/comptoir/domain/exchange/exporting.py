"""Writing every record of a kind to a file, in the order of its ids."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import IO, Any

from sqlalchemy import Select, Text, bindparam, select, tuple_, type_coerce

from comptoir.domain.exchange.codecs import OBJECT, decode_json
from comptoir.domain.exchange.formats import FileFormat, RowWriter
from comptoir.domain.exchange.kinds import Field, Kind, Values
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

PAGE = 500
FIRST: dict[type, Any] = {int: -1, str: ""}


def export_kind(
    tx: Tx,
    kind: Kind,
    sink: IO[bytes],
    file_format: FileFormat = "jsonl",
    *,
    on_progress: Callable[[int], None] | None = None,
) -> int:
    """Write all records of a kind, as they are at this moment; returns how many there are.

    Kinds that are exported in one transaction fit together.
    """
    writer = RowWriter(kind, sink, file_format)
    count = 0
    for page in _pages(tx, kind):
        writer.write([kind.dump(values) for values in page])
        count += len(page)
        if on_progress is not None:
            on_progress(count)
    return count


def find_kept(tx: Tx, kind: Kind, heads: Sequence[Any]) -> dict[tuple[Any, ...], Values]:
    """The records with these values in the first part of their key, by their whole keys."""
    rows = _values(kind.fields, tx.all(_among(kind), heads=sorted(set(heads))))
    _hang(tx, kind, rows)
    return {tuple(values[name] for name in kind.key): values for values in rows}


def _pages(tx: Tx, kind: Kind) -> Iterator[list[Values]]:
    columns = kind.record.__table__.columns
    last = [FIRST[columns[name].type.python_type] for name in kind.key]
    while True:
        bounds = {f"after_{name}": value for name, value in zip(kind.key, last, strict=True)}
        rows = _values(kind.fields, tx.all(_page(kind), limit=PAGE, **bounds))
        if rows:
            _hang(tx, kind, rows)
            yield rows
        if len(rows) < PAGE:
            return
        last = [rows[-1][name] for name in kind.key]


def _values(fields: Sequence[Field], rows: Sequence[tuple[Any, ...]]) -> list[Values]:
    objects = [one.key for one in fields if one.codec is OBJECT]
    keys = [one.key for one in fields]
    found = [dict(zip(keys, row, strict=True)) for row in rows]
    for values in found:
        for key in objects:
            values[key] = decode_json(values[key])
    return found


def _hang(tx: Tx, kind: Kind, rows: Sequence[Values]) -> None:
    """Put on each record what hangs on it, by the first part of its key."""
    for branch in kind.branches:
        found = branch.gather(tx, [values[kind.key[0]] for values in rows])
        for values in rows:
            values[branch.field.key] = found.get(values[kind.key[0]], branch.empty)


def columns_of(kind_record: Any, fields: Sequence[Field]) -> list[Any]:
    """The columns of fields; JSON is taken as the text that it is kept as."""
    return [
        type_coerce(getattr(kind_record, one.key), Text).label(one.key)
        if one.codec is OBJECT
        else getattr(kind_record, one.key)
        for one in fields
    ]


def _select(kind: Kind) -> Select[Any]:
    statement = select(*columns_of(kind.record, kind.fields))
    return statement if kind.live is None else statement.where(kind.live)


@cache
def _page(kind: Kind) -> Select[Any]:
    keys = [getattr(kind.record, name) for name in kind.key]
    after: list[Any] = [bindparam(f"after_{name}") for name in kind.key]
    beyond = keys[0] > after[0] if len(keys) == 1 else tuple_(*keys) > tuple_(*after)
    return _select(kind).where(beyond).order_by(*keys).limit(bindparam("limit"))


@cache
def _among(kind: Kind) -> Select[Any]:
    keys = [getattr(kind.record, name) for name in kind.key]
    return _select(kind).where(among(keys[0], "heads")).order_by(*keys)
