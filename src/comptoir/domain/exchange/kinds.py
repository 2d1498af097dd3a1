"""What a kind of record is in a file: its fields, what hangs on it, and the verb that takes it over."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from sqlalchemy import Boolean, ColumnElement, Integer, Text

from comptoir.domain.errors import ComptoirError, Invalid, Problems
from comptoir.domain.exchange import codecs
from comptoir.domain.exchange.codecs import Codec
from comptoir.domain.tx import Tx
from comptoir.storage.columns import Day, Instant, Json
from comptoir.storage.schema import Record

Values: TypeAlias = dict[str, Any]
Problem: TypeAlias = ComptoirError | None
Importer: TypeAlias = Callable[[Tx, Sequence[Any]], Sequence[Problem]]
Gather: TypeAlias = Callable[[Tx, Sequence[int]], dict[int, Any]]

# Suffixes that say how a column counts; files write the amount itself.
COUNTED = {"_e4": codecs.PRICE, "_e6": codecs.DEGREES, "_e8": codecs.RATE}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a file: its name there, its key in the domain, and how it is written."""

    name: str
    key: str
    codec: Codec


@dataclass(frozen=True, slots=True)
class Branch:
    """A field that holds what hangs on the record; `gather` reads it for many records at once."""

    field: Field
    gather: Gather
    empty: Any = ()


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """A kind of record in files.

    `key` identifies a row and orders the file. `made` are texts that are made where none is given. `later`
    names the field that may point at a later row. `live` is the condition on records that are written. A row that
    differs from the record under its key is refused, unless it `is_replaced`.
    """

    name: str
    record: type[Record]
    fields: tuple[Field, ...]
    importer: Importer
    required: frozenset[str]
    key: tuple[str, ...] = ("id",)
    branches: tuple[Branch, ...] = ()
    made: tuple[str, ...] = ()
    later: str = ""
    live: ColumnElement[bool] | None = None
    is_replaced: bool = False
    by_name: dict[str, Field] = field(init=False)

    def __post_init__(self) -> None:
        """Index the fields by their names."""
        every = {one.name: one for one in self.all_fields}
        object.__setattr__(self, "by_name", every)
        assert self.required <= every.keys(), self.required - every.keys()

    @property
    def all_fields(self) -> tuple[Field, ...]:
        """The fields in the order of the file: the record's own, then what hangs on it."""
        return (*self.fields, *(branch.field for branch in self.branches))

    def load(self, raw: Mapping[str, Any]) -> Values:
        """A row of a file as the domain's values. Refuses: Problems, naming every bad field at once."""
        values = load_fields(raw, self.by_name, self.required)
        for name in self.made:
            if values.get(name) == "":
                del values[name]
        return values

    def dump(self, values: Mapping[str, Any]) -> Values:
        """The domain's values as a row of a file."""
        return {one.name: one.codec.dump(values[one.key]) for one in self.all_fields}


def load_fields(raw: Mapping[str, Any], fields: Mapping[str, Field], required: frozenset[str]) -> Values:
    """Fields of a file by their keys. Refuses: Problems (unknown, missing, and what the codecs say)."""
    values: Values = {}
    problems: list[tuple[str, str]] = []
    for name, written in raw.items():
        known = fields.get(name)
        if known is None:
            problems.append((name, "is no field of this kind"))
            continue
        try:
            values[known.key] = known.codec.load(written)
        except ValueError as error:
            problems.append((name, str(error)))
        except Invalid as error:
            problems.append((f"{name}.{error.field}", error.problem))
    if not required <= raw.keys():
        problems += [(name, "is missing") for name in fields if name in required and name not in raw]
    if problems:
        raise Problems(problems)
    return values


def rows_of(fields: Sequence[Field], required: Sequence[str]) -> Codec:
    """A list of rows inside a row."""
    by_name = {one.name: one for one in fields}
    needed = frozenset(required)

    def load(raw: Any) -> list[Values]:
        if not isinstance(raw, list) or not all(isinstance(one, dict) for one in raw):
            raise ValueError("must be a list of objects")
        return [load_fields(one, by_name, needed) for one in raw]

    def dump(rows: Sequence[Mapping[str, Any]]) -> list[Values]:
        return [{one.name: one.codec.dump(row[one.key]) for one in fields if one.key in row} for row in rows]

    return Codec("list of objects", load, dump, "json")


def fields_of(
    record: type[Record],
    *,
    without: Sequence[str] = (),
    names: Sequence[str] = (),
    signed: Sequence[str] = (),
    called: Mapping[str, str] | None = None,
) -> tuple[Field, ...]:
    """The record's columns as fields, but those `without` and the folded twins (`_key`).

    `names` are texts under an index, `signed` amounts that may be below zero, `called` other names.
    """
    fields = []
    for column in record.__table__.columns:
        key = column.name
        if key in without or key.endswith("_key"):
            continue
        suffix = next((one for one in COUNTED if key.endswith(one)), "")
        if suffix:
            codec = codecs.AMOUNT if key in signed else COUNTED[suffix]
        else:
            codec = codecs.NAME if key in names else _codec_of(column.type, key)
        if column.nullable:
            codec = codecs.or_null(codec)
        fields.append(Field((called or {}).get(key, key.removesuffix(suffix)), key, codec))
    return tuple(fields)


_CODECS: tuple[tuple[type, Codec], ...] = (
    (Instant, codecs.TIME),
    (Day, codecs.DAY),
    (Json, codecs.OBJECT),
    (Boolean, codecs.FLAG),
    (Text, codecs.TEXT),
)


def _codec_of(kind: Any, key: str) -> Codec:
    for known, codec in _CODECS:
        if isinstance(kind, known):
            return codecs.FILE if key.startswith("image") else codec
    assert isinstance(kind, Integer), kind
    if key == "id":
        return codecs.ID
    return codecs.LINK if key.endswith("_id") else codecs.NATURAL


def agrees(given: Any, kept: Any) -> bool:
    """Whether what is given is what is kept; a row in a list need not name every field."""
    if isinstance(given, list) and isinstance(kept, list):
        return len(given) == len(kept) and all(map(_item_agrees, given, kept))
    return bool(given == kept)


def _item_agrees(given: Any, kept: Any) -> bool:
    if isinstance(given, Mapping) and isinstance(kept, Mapping):
        return all(name in kept and agrees(value, kept[name]) for name, value in given.items())
    return agrees(given, kept)


def differing(given: Mapping[str, Any], kept: Mapping[str, Any]) -> list[str]:
    """The keys in which a row says something else than what is kept."""
    return [key for key, value in given.items() if not agrees(value, kept.get(key))]
