"""A place is one kind of thing, and the ways to find one: each by an index, none by looking at every row."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, literal_column, select

from comptoir.domain.finding.terms import Terms
from comptoir.domain.money import Money
from comptoir.domain.tx import Tx
from comptoir.storage.reading import Filter, Target
from comptoir.storage.schema import Attribute, Record, key_of
from comptoir.storage.walking import Walker

Row = tuple[Any, ...]


class Found(NamedTuple):
    """Something that was found: its kind and number, what to call it, and what tells it from others.

    `about` is the thing on whose page it stands, where it has none of its own.
    """

    kind: str
    id: int
    title: str
    detail: str = ""
    at: datetime | None = None
    amount: Money | None = None
    about: tuple[str, int] | None = None


class Way(NamedTuple):
    """A condition, and the names of the values that it binds."""

    binds: tuple[str, ...]
    condition: Any


def by_number(column: Any) -> Way:
    """By a number."""
    return Way(("number",), column == bindparam("number"))


def by_text(column: Any) -> Way:
    """By the very text."""
    return Way(("text",), column == bindparam("text"))


def by_filled_text(column: Any) -> Way:
    """By the very text, of a column whose index leaves out empty texts."""
    return Way(("text",), and_(column == bindparam("text"), literal_column(f"{column.key} <> ''")))


def by_key(column: Any) -> Way:
    """By the text without regard to case."""
    return Way(("key",), column == bindparam("key"))


def by_amount(minor: Any, currency: Any = None) -> Way:
    """By an amount of money; without a column for its currency, the shop's is meant."""
    exact = minor == bindparam("minor")
    if currency is None:
        return Way(("minor", "is_own"), exact)
    return Way(("minor", "currency"), exact & (currency == bindparam("currency")))


def by_e4(e4: Any, currency: Any) -> Way:
    """By an amount of money that is kept as ten-thousandths."""
    return Way(("e4", "currency"), (e4 == bindparam("e4")) & (currency == bindparam("currency")))


@dataclass(frozen=True, eq=False)
class Place:
    """One kind of thing: who may see it, its columns, how a row is told, and the ways to it.

    `parts` are columns with trigrams, in which a part of the text is looked for; `pair` two of them for two
    words, such as a person's names. `base` says from where the columns are taken and which rows count.
    """

    kind: str
    area: str
    record: type[Record]
    columns: tuple[Any, ...]
    tell: Callable[[Tx, Row], Found]
    ways: tuple[Way, ...] = ()
    parts: tuple[Attribute[Any], ...] = ()
    pair: tuple[Attribute[Any], Attribute[Any]] | None = None
    base: Callable[[Select[Any]], Select[Any]] = lambda statement: statement
    statements: tuple[tuple[tuple[str, ...], Select[Any]], ...] = field(init=False)
    by_id: Select[Any] = field(init=False)
    walker: Walker | None = field(init=False)

    def __post_init__(self) -> None:
        """Make the statements, once."""
        key = key_of(self.record)
        chosen = self.base(select(*self.columns).select_from(self.record))
        made = tuple(
            (way.binds, chosen.where(way.condition).order_by(key.desc()).limit(bindparam("limit")))
            for way in self.ways
        )
        object.__setattr__(self, "statements", made)
        walker = Walker(self.record, (key,)) if self.parts else None
        object.__setattr__(self, "walker", walker)
        by_id = chosen.where(key == bindparam("id"))
        object.__setattr__(self, "by_id", by_id)

    def find(self, tx: Tx, terms: Terms, limit: int) -> list[Found]:
        """What the terms lead to: exact hits first, then those that hold the text, the newest first."""
        found: dict[int, Found] = {}
        for row in self._rows(tx, terms, limit):
            one = self.tell(tx, row)
            found.setdefault(one.id, one)
            if len(found) == limit:
                break
        return list(found.values())

    def _rows(self, tx: Tx, terms: Terms, limit: int) -> Iterator[Row]:
        bounds = dict(terms.bounds)
        if terms.amount is not None and terms.amount.currency == tx.shop.currency:
            bounds["is_own"] = True
        for binds, statement in self.statements:
            if all(name in bounds for name in binds):
                yield from tx.all(statement, limit=limit, **{name: bounds[name] for name in binds})
        for key in self._holding(tx, terms, limit):
            yield from tx.all(self.by_id, id=key)

    def _holding(self, tx: Tx, terms: Terms, limit: int) -> Iterator[int]:
        """The keys of rows that hold the text, or the two words."""
        for filters in self._filters(terms):
            assert self.walker is not None
            key = getattr(self.record, self.walker.key.name)
            for row in self.walker.step(tx, filters, by=key, falls=True, limit=limit):
                yield int(row[0])

    def _filters(self, terms: Terms) -> Iterator[Sequence[Filter]]:
        if terms.part is not None:
            for column in self.parts:
                yield (_holds(column, terms.part),)
        if self.pair is not None and terms.words is not None:
            yield tuple(_holds(column, word) for column, word in zip(self.pair, terms.words, strict=True))


@cache
def _target(column: Attribute[Any]) -> Target:
    """One and the same for a column, since statements are kept by it."""
    return Target(column, "text")


def _holds(column: Attribute[Any], part: str) -> Filter:
    return Filter(_target(column), "like", (part, ""))
