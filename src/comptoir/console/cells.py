"""What stands in a list's cells: how a value is shown, how it is written to CSV, and where it leads."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from comptoir.console.places import explain_at, link_to
from comptoir.console.rendering import in_words, written_day, written_e4, written_minor, written_when
from comptoir.domain.money import decimal_of_e4, decimal_of_minor
from comptoir.domain.shop import ShopFacts
from comptoir.domain.tx import Tx
from comptoir.storage.schema import Attribute

# A spreadsheet takes a text that begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Cell(NamedTuple):
    """One cell: what is read, its kind (text, number, badge, when), its plain value, where it leads."""

    text: str
    kind: str = "text"
    plain: str = ""
    link: str | None = None

    @property
    def csv(self) -> str:
        """What a spreadsheet gets; a text that looks like a formula is made a text."""
        value = self.plain or self.text
        return f"'{value}" if self.kind == "text" and value.startswith(FORMULA) else value


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

    @property
    def is_number(self) -> bool:
        """Whether its cells are numbers, which stand on the right."""
        return getattr(self.write, "is_number", False)


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

    return _numeric(title, write, (attribute,))


def minor(
    title: str, attribute: Attribute[Any], currency: Attribute[Any] | None = None,
    explain: tuple[str, str, Attribute[Any]] | None = None,
) -> Column:  # fmt: skip
    """An amount in minor units of a column's currency, or the shop's; `explain` is (kind, what, id column)."""

    def write(row: Sequence[Any], shop: ShopFacts) -> Cell:
        if row[0] is None:
            return Cell("", "number")
        code = shop.currency if currency is None else row[1]
        link = None if explain is None else explain_at(explain[0], row[-1], explain[1])
        return Cell(written_minor(row[0], code), "number", f"{decimal_of_minor(row[0], code)}", link)

    return _numeric(title, write, _amount(attribute, currency, explain))


def e4(
    title: str, attribute: Attribute[Any], currency: Attribute[Any] | None = None,
    explain: tuple[str, str, Attribute[Any]] | None = None,
) -> Column:  # fmt: skip
    """A price in ten-thousandths."""

    def write(row: Sequence[Any], shop: ShopFacts) -> Cell:
        if row[0] is None:
            return Cell("", "number")
        code = shop.currency if currency is None else row[1]
        link = None if explain is None else explain_at(explain[0], row[-1], explain[1])
        return Cell(written_e4(row[0], code), "number", f"{decimal_of_e4(row[0])}", link)

    return _numeric(title, write, _amount(attribute, currency, explain))


def _amount(*parts: Any) -> tuple[Attribute[Any], ...]:
    attribute, currency, explain = parts
    more = () if currency is None else (currency,)
    return (attribute, *more, *(() if explain is None else (explain[2],)))


def _numeric(title: str, write: Write, attributes: tuple[Attribute[Any], ...]) -> Column:
    write.is_number = True  # type: ignore[attr-defined]  # a note for the list's head
    return Column(title, write, attributes)
