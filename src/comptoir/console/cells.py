"""What stands in a list's cells: how a value is shown, how it is written to CSV, and where it leads."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from comptoir.console.places import explain_at, link_to
from comptoir.console.rendering import in_words, written_day, written_e4, written_minor, written_when
from comptoir.domain.money import decimal_of_e4, decimal_of_minor
from comptoir.domain.shop import ShopFacts
from comptoir.domain.tx import Tx
from comptoir.storage.schema import Attribute

# A spreadsheet takes a text that begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def harmless(value: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(FORMULA) else value


class Cell(NamedTuple):
    """One cell: what is read, its kind (text, number, badge, when), its plain value, where it leads."""

    text: str
    kind: str = "text"
    plain: str = ""
    link: str | None = None

    @property
    def csv(self) -> str:
        """What a spreadsheet gets; what looks like a formula and is no number is made a text."""
        value = self.plain or self.text
        return value if self.kind == "number" else harmless(value)


Explain = tuple[str, str, Attribute[Any]]
Write = Callable[[Sequence[Any], ShopFacts], Cell]
Named = Callable[[Tx, Collection[Any]], Mapping[Any, str]]
"""Gives the names of some things by their ids."""


@dataclass(frozen=True, eq=False)
class Column:
    """A column of a list: its title, the attributes that it is made of, and how its cell is written.

    `named` finds what the ids in the cells are called, for all rows of a page at once.
    """

    title: str
    write: Write
    attributes: tuple[Attribute[Any], ...]
    named: Named | None = None


def text(title: str, attribute: Attribute[Any]) -> Column:
    """A text, as it is."""
    return Column(title, lambda row, _shop: Cell("" if row[0] is None else str(row[0])), (attribute,))


def to(title: str, attribute: Attribute[Any], kind: str, key: Attribute[Any] | None = None) -> Column:
    """A text that leads to the page of a thing, whose id is the text itself or in `key`."""

    def write(row: Sequence[Any], _shop: ShopFacts) -> Cell:
        shown = "" if row[0] is None else str(row[0])
        return Cell(
            shown or ("(no name)" if row[-1] else ""), link=link_to(kind, row[-1]) if row[-1] else None
        )

    return Column(title, write, (attribute,) if key is None else (attribute, key))


def called(title: str, attribute: Attribute[Any], kind: str, named: Named) -> Column:
    """Another thing that the column has the id of: its name, which leads to its page."""

    def write(row: Sequence[Any], _shop: ShopFacts) -> Cell:
        return Cell(str(row[0]), link=link_to(kind, row[0])) if row[0] else Cell("")

    return Column(title, write, (attribute,), named)


def badge(title: str, attribute: Attribute[Any]) -> Column:
    """A state, as a word with a colour of its own."""
    return Column(
        title, lambda row, _shop: Cell(in_words("" if row[0] is None else str(row[0])), "badge"), (attribute,)
    )


def flag(title: str, attribute: Attribute[Any], yes: str = "yes", no: str = "no") -> Column:
    """Yes or no, in words."""
    return Column(title, lambda row, _shop: Cell(yes if row[0] else no, "badge"), (attribute,))


def when(title: str, attribute: Attribute[Any]) -> Column:
    """A time in the shop's zone; in CSV with its offset."""

    def write(row: Sequence[Any], shop: ShopFacts) -> Cell:
        at = row[0]
        return Cell("") if at is None else Cell(written_when(at, shop), "when", shop.local(at).isoformat())

    return Column(title, write, (attribute,))


def day(title: str, attribute: Attribute[Any]) -> Column:
    """A day."""
    return Column(title, lambda row, _shop: Cell(written_day(row[0]), "when"), (attribute,))


def number(title: str, attribute: Attribute[Any]) -> Column:
    """A whole number."""

    def write(row: Sequence[Any], _shop: ShopFacts) -> Cell:
        return Cell("", "number") if row[0] is None else Cell(f"{row[0]:,}", "number", str(row[0]))

    return Column(title, write, (attribute,))


def minor(
    title: str, attribute: Attribute[Any], currency: Attribute[Any] | None = None,
    explain: Explain | None = None,
) -> Column:  # fmt: skip
    """An amount in minor units of a column's currency, or the shop's; `explain` is (kind, what, id column)."""
    return _money(title, (attribute, currency, explain), written_minor, decimal_of_minor)


def e4(
    title: str, attribute: Attribute[Any], currency: Attribute[Any] | None = None,
    explain: Explain | None = None,
) -> Column:  # fmt: skip
    """A price in ten-thousandths."""
    return _money(title, (attribute, currency, explain), written_e4, lambda e4, _code: decimal_of_e4(e4))


def _money(
    title: str, parts: tuple[Attribute[Any], Attribute[Any] | None, Explain | None],
    written: Callable[[int, str], str], decimal: Callable[[int, str], Decimal],
) -> Column:  # fmt: skip
    attribute, currency, explain = parts

    def write(row: Sequence[Any], shop: ShopFacts) -> Cell:
        if row[0] is None:
            return Cell("", "number")
        code = shop.currency if currency is None else row[1]
        link = None if explain is None else explain_at(explain[0], row[-1], explain[1])
        return Cell(written(row[0], code), "number", str(decimal(row[0], code)), link)

    told = () if currency is None else (currency,)
    return Column(title, write, (attribute, *told, *(() if explain is None else (explain[2],))))
