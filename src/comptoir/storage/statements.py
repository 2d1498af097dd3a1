"""Statements are constants, compiled once per engine and run on the driver's own cursor."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Dialect, bindparam, delete, insert, update
from sqlalchemy.sql import ClauseElement, Delete, Executable, Insert, Update

from comptoir.storage.schema import Record

Bind = Callable[[Mapping[str, Any]], Any]
Processor = Callable[[Any], Any]
REQUIRED: Any = object()
# Some hundred statements are constants; the rest are made for the searches that callers think of.
STATEMENTS_MAX = 4096


class Compiled:
    """A statement's text for one engine, how to bind its values and how to read its rows."""

    __slots__ = ("bind", "readers", "sql", "writes")

    def __init__(self, statement: ClauseElement, dialect: Dialect) -> None:
        compiled: Any = statement.compile(dialect=dialect)
        self.sql: str = compiled.string
        self.bind = _positional(compiled) if compiled.positional else _named(compiled)
        columns = getattr(compiled, "_result_columns", ())
        self.readers: tuple[tuple[int, Processor], ...] = tuple(
            (place, reader)
            for place, column in enumerate(columns)
            if (reader := column.type._cached_result_processor(dialect, None)) is not None  # noqa: SLF001 - as SQLAlchemy's own engine does
        )
        self.writes = compiled.isinsert or compiled.isupdate or compiled.isdelete

    def read(self, row: Sequence[Any]) -> tuple[Any, ...]:
        """Turn a driver's row into Python values."""
        values = list(row)
        for place, reader in self.readers:
            values[place] = reader(values[place])
        return tuple(values)


def _plan(compiled: Any, names: Sequence[str]) -> list[tuple[str, Any, Processor | None]]:
    """Each bind's name, its constant (REQUIRED when the caller gives the value), and how it is written."""
    processors = compiled._bind_processors  # noqa: SLF001 - as SQLAlchemy's own engine does
    return [
        (
            name,
            REQUIRED if compiled.binds[name].required else compiled.params.get(name),
            processors.get(name),
        )
        for name in names
    ]


def _positional(compiled: Any) -> Bind:
    plan = _plan(compiled, compiled.positiontup)
    if not plan:
        return lambda _values: ()
    parts = []
    scope: dict[str, Any] = {}
    for place, (name, default, processor) in enumerate(plan):
        text = f"v[{name!r}]" if default is REQUIRED else f"v.get({name!r}, d{place})"
        scope[f"d{place}"] = default
        if processor is not None:
            scope[f"p{place}"] = processor
            text = f"p{place}({text})"
        parts.append(text)
    return _made(f"lambda v: ({', '.join(parts)},)", scope)


def _named(compiled: Any) -> Bind:
    plan = _plan(compiled, list(compiled.bind_names.values()))
    escaped = compiled.escaped_bind_names
    parts = []
    scope: dict[str, Any] = {}
    for place, (name, default, processor) in enumerate(plan):
        text = f"v[{name!r}]" if default is REQUIRED else f"v.get({name!r}, d{place})"
        scope[f"d{place}"] = default
        if processor is not None:
            scope[f"p{place}"] = processor
            text = f"p{place}({text})"
        parts.append(f"{escaped.get(name, name)!r}: {text}")
    return _made(f"lambda v: {{{', '.join(parts)}}}", scope)


def _made(source: str, scope: dict[str, Any]) -> Bind:
    """Make a binding function of generated source; names in it come from our own schema only."""
    made: Bind = eval(source, scope)  # noqa: S307 - built from bind names of constant statements
    return made


@cache
def insert_into(record: type[Record], names: frozenset[str] | None = None) -> Insert:
    """INSERT of a record with all its columns, or only the named ones."""
    columns = record.__table__.columns
    chosen = [c.name for c in columns if names is None or c.name in names]
    return insert(record).values({name: bindparam(name) for name in chosen})


@lru_cache(maxsize=4096)
def update_by_id(record: type[Record], names: frozenset[str]) -> Update:
    """UPDATE of the named columns of the record whose key of one column is bind `key`."""
    (identity,) = record.__table__.primary_key
    return (
        update(record)
        .where(identity == bindparam("key"))
        .values({name: bindparam(name) for name in sorted(names)})
    )


@cache
def delete_where(record: type[Record], name: str) -> Delete:
    """DELETE of the records whose column equals bind `key`."""
    return delete(record).where(record.__table__.columns[name] == bindparam("key"))


def make_room(kept: dict[Any, Any], most: int) -> None:
    """Forget everything when there is too much; what is needed is soon made again."""
    if len(kept) >= most:
        kept.clear()


class StatementCache:
    """One engine's compiled statements, by the statement object itself."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._compiled: dict[Executable, Compiled] = {}

    def get(self, statement: Executable) -> Compiled:
        """The compiled form; compiled on first sight."""
        found = self._compiled.get(statement)
        if found is None:
            assert isinstance(statement, ClauseElement)
            make_room(self._compiled, STATEMENTS_MAX)
            found = self._compiled[statement] = Compiled(statement, self._dialect)
        return found
