"""Documents: tables of rows that say how a record is written, read and searched on the wire.

The whole vocabulary is `field` (both ways), `computed` (out only), `one` and `many`. A dotted name nests.
`access` holds any of the letters r (read out), c (accepted on creation), u (accepted on update).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from comptoir.dialects.codecs import ABSENT, Codec, Schema
from comptoir.dialects.weaving import weave
from comptoir.domain.errors import NotFound, Problems
from comptoir.domain.shop import ShopFacts
from comptoir.domain.tx import Tx
from comptoir.storage.reading import Filter, Reader, Relation, fetch
from comptoir.storage.schema import Attribute, Record
from comptoir.storage.session import Session

T = TypeVar("T")
R = TypeVar("R", bound=Record)
Mode: TypeAlias = Literal["c", "u"]
Wire: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """A wire name, the attribute behind it, and how its value is written. `into` names the verb's keyword."""

    name: str
    attribute: Attribute[Any]
    codec: Codec[Any]
    access: str
    is_required: bool
    into: str


@dataclass(frozen=True, slots=True, eq=False)
class Computed:
    """A wire name whose value is a function of some attributes and the shop."""

    name: str
    function: Callable[..., Any]
    attributes: tuple[Attribute[Any], ...]
    schema: Schema


@dataclass(frozen=True, slots=True, eq=False)
class Linked:
    """A wire name that holds one or many other records; `into` and `codec` say how it is written, if it is."""

    name: str
    document: "Document[Any]"
    relation: Relation
    is_many: bool
    codec: Codec[Any] | None
    into: str


AnyRow: TypeAlias = Row | Computed | Linked


def field(
    name: str,
    attribute: Attribute[T],
    codec: Codec[T],
    *,
    access: str = "rcu",
    required: bool = False,
    into: str = "",
) -> Row:
    """A value that goes both ways, as far as `access` allows."""
    return Row(name, attribute, codec, access, required, into or attribute.key)


def computed(
    name: str, function: Callable[..., Any], *attributes: Attribute[Any], schema: Schema
) -> Computed:
    """A value made for the reader; `function` gets the attributes' stored values and the shop's facts."""
    return Computed(name, function, attributes, schema)


def one(name: str, document: "Document[Any]", relation: Relation) -> Linked:
    """Another record inside this one, or null."""
    return Linked(name, document, relation, is_many=False, codec=None, into="")


def many(
    name: str,
    document: "Document[Any]",
    relation: Relation,
    *,
    codec: Codec[Any] | None = None,
    into: str = "",
) -> Linked:
    """A list of other records; with a codec it may be written, as the verb's keyword `into`."""
    return Linked(name, document, relation, is_many=True, codec=codec, into=into)


class Document(Generic[R]):
    """One record's form on one wire; compiled once into its SELECT and its dump function.

    `finish` gives a record that has several shapes (a bundle, a product) the one it is shown in.
    """

    def __init__(
        self,
        rows: Sequence[AnyRow],
        *,
        missing: type[NotFound] = NotFound,
        finish: Callable[[Wire], Wire] | None = None,
    ) -> None:
        self.rows = tuple(rows)
        self.missing = missing
        self.finish = finish
        attributes = _attributes_of(self.rows)
        self.record: type[R] = _record_of(attributes)
        self.reader = Reader(self.record, attributes)
        self.linked = tuple(row for row in self.rows if isinstance(row, Linked))
        self._places = {attribute: place for place, attribute in enumerate(attributes)}
        self._dump = weave(self.rows, self._places, self.linked)
        self._children = [Children(one, self._places[one.relation.key]) for one in self.linked]
        self._writable = [row for row in self.rows if _is_written(row)]
        self.words = {row.into: row.name for row in self._writable if not isinstance(row, Computed)}

    def get(self, tx: Tx, key: int) -> Wire:
        """The record with this id, as it goes over the wire. Refuses: the document's `missing`."""
        return self.shown(tx, key, tx.shop)

    def shown(self, session: Session, key: int, shop: ShopFacts) -> Wire:
        """The same, read on a session without an actor."""
        row = self.reader.by_id(session, key)
        if row is None:
            raise self.missing(key)
        return self.dump(session, [row], shop)[0]

    def require(self, tx: Tx, key: int) -> None:
        """Say whether there is such a record, for less than showing it. Refuses: the document's `missing`."""
        if self.reader.by_id(tx, key) is None:
            raise self.missing(key)

    def get_many(self, tx: Tx, keys: Sequence[int]) -> list[Wire]:
        """The records with these ids, in id order."""
        return self.dump(tx, self.reader.by_ids(tx, keys), tx.shop)

    def page(self, tx: Tx, filters: Sequence[Filter], *, limit: int, start: int = 0) -> list[Wire]:
        """A page of records in id order."""
        return self.dump(tx, self.reader.page(tx, filters, limit=limit, start=start), tx.shop)

    def count(self, tx: Tx, filters: Sequence[Filter]) -> int:
        """How many records pass the filters."""
        return self.reader.count(tx, filters)

    def dump(self, session: Session, rows: Sequence[Sequence[Any]], shop: ShopFacts) -> list[Wire]:
        """Rows of the reader's columns as wire values; children come by one query per collection."""
        children = [one.dump(session, rows, shop) for one in self._children]
        dumped = self._dump(rows, children, shop)
        return dumped if self.finish is None else [self.finish(value) for value in dumped]

    def load(
        self, body: Mapping[str, Any], mode: Mode, shop: ShopFacts, shown: Callable[[], Wire] | None = None
    ) -> dict[str, Any]:
        """The body's values as the verb's keywords. Refuses: Problems, naming every bad field at once.

        Fields which the mode does not accept, and fields nobody knows, are left out; and so is what comes
        back as it is `shown`, where it was rounded or is a value that only other ways can give.
        """
        values: dict[str, Any] = {}
        problems: list[tuple[str, str]] = []
        for row in self._writable:
            try:
                raw = leaf_of(body, row.name)
                if raw is ABSENT or not _accepts(row, mode):
                    _demand(row, mode, raw)
                    continue
                value = _loaded(row, raw, shop, shown)
            except ValueError as error:
                problems.append((row.name, str(error)))
            else:
                if value is not ABSENT:
                    values[row.into] = value  # type: ignore[union-attr]
        if problems:
            raise Problems(problems)
        return values

    def writable(self, mode: Mode) -> dict[str, bool]:
        """The verb's keywords that this document fills in the mode; true for those it demands."""
        return {
            row.into: isinstance(row, Row) and row.is_required and mode == "c"
            for row in self._writable
            if not isinstance(row, Computed) and _accepts(row, mode)
        }


class Children:
    """What hangs on a document's rows through one of its relations, fetched by one query for all of them."""

    def __init__(self, linked: Linked, place: int) -> None:
        relation, columns = linked.relation, linked.document.reader.columns
        self._document = linked.document
        self._is_many = linked.is_many
        self._place = place
        self._of_one = relation.rows(columns, of_one=True)
        self._of_many = relation.rows(columns)

    def dump(self, session: Session, rows: Sequence[Sequence[Any]], shop: ShopFacts) -> dict[int, Any]:
        """Wire values by the parents' keys; a parent on which nothing hangs is left out."""
        if len(rows) == 1:
            return self._dump_of_one(session, rows[0][self._place], shop)
        keys = {row[self._place] for row in rows}
        keys.discard(None)
        if not keys:
            return {}
        found = fetch(session, self._of_many, {"keys": list(keys)})
        dumped = self._document.dump(session, found, shop)
        if not self._is_many:
            return {row[-1]: value for row, value in zip(found, dumped, strict=True)}
        lists: dict[int, Any] = {}
        for row, value in zip(found, dumped, strict=True):
            lists.setdefault(row[-1], []).append(value)
        return lists

    def _dump_of_one(self, session: Session, key: int | None, shop: ShopFacts) -> dict[int, Any]:
        """The same for one parent: a search for one key is simpler for the database than one for a list."""
        if key is None:
            return {}
        found = fetch(session, self._of_one, {"key": key})
        if not found:
            return {}
        dumped = self._document.dump(session, found, shop)
        return {key: dumped if self._is_many else dumped[0]}


def scalars(attribute: Attribute[T], codec: Codec[T]) -> Document[Any]:
    """A document that is one bare value, for lists of ids."""
    return Document((Row("", attribute, codec, "r", False, ""),))  # noqa: FBT003 - not required


def _attributes_of(rows: Sequence[AnyRow]) -> list[Attribute[Any]]:
    found: dict[Attribute[Any], None] = {}
    for row in rows:
        match row:
            case Row():
                found[row.attribute] = None
            case Computed():
                found.update(dict.fromkeys(row.attributes))
            case Linked():
                found[row.relation.key] = None
    return list(found)


def _record_of(attributes: Sequence[Attribute[Any]]) -> Any:
    """The record that the rows belong to: all of one class, but for columns of a link beside it."""
    first = attributes[0].class_
    strangers = {attribute.class_ for attribute in attributes} - {first}
    assert len(strangers) <= 1, f"rows of several records: {strangers}"
    return first


def _is_written(row: AnyRow) -> bool:
    match row:
        case Row():
            return "c" in row.access or "u" in row.access
        case Linked():
            return row.codec is not None
        case Computed():
            return False


def _accepts(row: AnyRow, mode: Mode) -> bool:
    return mode in row.access if isinstance(row, Row) else True


def _demand(row: AnyRow, mode: Mode, raw: object) -> None:
    if raw is ABSENT and isinstance(row, Row) and row.is_required and mode == "c" and "c" in row.access:
        raise ValueError("is missing")


def _loaded(row: AnyRow, raw: Any, shop: ShopFacts, shown: Callable[[], Wire] | None) -> Any:
    """The value of a row, or ABSENT when it comes back as it is shown and cannot be read as it is stored."""
    codec: Codec[Any] = row.codec  # type: ignore[union-attr,assignment]
    try:
        value = codec.load(raw, shop)
    except ValueError:
        if shown is None or raw != leaf_of(shown(), row.name):
            raise
        return ABSENT
    if shown is not None and codec.is_rounded and raw == leaf_of(shown(), row.name):
        return ABSENT
    return value


def leaf_of(body: Mapping[str, Any], name: str) -> Any:
    """The raw value under a dotted name, or ABSENT."""
    value: Any = body
    for part in name.split("."):
        if value == "" or value is None:
            return ABSENT
        if not isinstance(value, Mapping):
            raise ValueError("must be written as an object, or with its keys in brackets")
        value = value.get(part, ABSENT)
        if value is ABSENT:
            return ABSENT
    return value
