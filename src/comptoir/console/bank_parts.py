"""What the bank's pages are made of: facts, tables, forms that fold away, and buttons, put on one template."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple

from comptoir.console.cells import Cell
from comptoir.console.forms import Filled, Form
from comptoir.console.places import address_of, explain_at, link_to
from comptoir.console.rendering import written_minor, written_when
from comptoir.console.visits import Shown, Visit
from comptoir.domain.banking.beside import names_of
from comptoir.domain.banking.transfers.type_codes import type_text
from comptoir.domain.events.queries import list_events_of
from comptoir.domain.shop import ShopFacts
from comptoir.domain.tx import Tx

SHOWN_DIGITS = 4
# Types that no program ever sees.
OWN_TYPES = {"ACHSTL": "Settlement with other banks"}
AskedForm = tuple[str, Form, str, Mapping[str, Any] | None]
TEMPLATE = "bank_page.html"


class Fact(NamedTuple):
    """One thing that is known: what it is called, what it is, where it leads."""

    label: str
    text: str
    link: str | None = None
    kind: str = "text"


class Button(NamedTuple):
    """One act that needs nothing to be filled in."""

    path: str
    label: str
    confirm: str = ""
    is_danger: bool = False
    values: Mapping[str, str] = {}


class Way(NamedTuple):
    """A link that stands among the buttons."""

    label: str
    address: str


@dataclass(frozen=True)
class Section:
    """A part of a page under a title: facts, a table, words, and the forms and buttons that go with it."""

    title: str
    facts: Sequence[Fact] = ()
    titles: Sequence[str] = ()
    rows: Sequence[Sequence[Cell]] = ()
    empty: str = ""
    note: str = ""
    warning: str = ""
    forms: Sequence[tuple[str, Filled]] = ()
    buttons: Sequence[Button] = ()
    ways: Sequence[Way] = ()


@dataclass
class Leaf:
    """One page: its facts first, then its parts, and what happened last."""

    title: str
    way: Sequence[tuple[str, str]]
    facts: Sequence[Fact] = ()
    sections: list[Section] = field(default_factory=list)
    buttons: Sequence[Button] = ()
    ways: Sequence[Way] = ()
    tabs: Sequence[tuple[str, str, bool]] = ()
    about: str = ""
    warning: str = ""
    subject: tuple[str, int] | None = None


def page(visit: Visit, leaf: Leaf, **values: Any) -> Shown:
    """A page as it is shown."""
    happened: Sequence[Any] | None = None
    if leaf.subject is not None:
        happened = list_events_of(visit.tx, subject=leaf.subject[0], subject_id=leaf.subject[1])
    return Shown(TEMPLATE, {"leaf": leaf, "happened": happened, **values})


def forms(visit: Visit, *asked: AskedForm) -> list[tuple[str, Filled]]:
    """Forms under their titles; each is (title, form, path of its act, what is kept)."""
    return [(title, form.filled(visit, address_of(path), values)) for title, form, path, values in asked]


def fact(label: str, value: Any, link: str | None = None) -> Fact:
    """Something known in words."""
    return Fact(label, "" if value is None else str(value), link)


def state(label: str, value: str) -> Fact:
    """A state, shown as a badge."""
    return Fact(label, value, None, "badge")


def yes_no(label: str, value: bool) -> Fact:  # noqa: FBT001 - the value is what is shown
    """Yes or no."""
    return Fact(label, "yes" if value else "no", None, "badge")


def moment(shop: ShopFacts, label: str, at: datetime | None) -> Fact:
    """A time."""
    return Fact(label, written_when(at, shop), None, "when")


def day(label: str, at: date | None) -> Fact:
    """A day."""
    return Fact(label, "" if at is None else at.isoformat(), None, "when")


def amount(
    shop: ShopFacts, label: str, minor: int | None, explain: tuple[str, Any, str] | None = None
) -> Fact:
    """An amount in the shop's currency; `explain` is (kind, id, what), where it opens its tree."""
    if minor is None:
        return Fact(label, "")
    link = None if explain is None else explain_at(explain[0], explain[1], explain[2])
    return Fact(label, written_minor(minor, shop.currency), link, "amount")


def thing(label: str, kind: str, key: Any, text: str) -> Fact:
    """Something that has a page of its own."""
    return Fact(label, text, link_to(kind, key))


def money(shop: ShopFacts, minor: int | None, explain: tuple[str, Any, str] | None = None) -> Cell:
    """An amount as a cell."""
    if minor is None:
        return Cell("", "number")
    link = None if explain is None else explain_at(explain[0], explain[1], explain[2])
    return Cell(written_minor(minor, shop.currency), "number", str(minor), link)


def to(kind: str, key: Any, text: str) -> Cell:
    """A cell that leads to a page."""
    return Cell(text or ("(no name)" if key is not None else ""), link=link_to(kind, key))


def customer_by(
    owners_of: Callable[[Tx, Sequence[int]], Mapping[int, int]],
) -> Callable[[Tx, Sequence[int]], list[list[Cell]]]:
    """Whose the listed are, as a further cell of each row."""

    def more(tx: Tx, ids: Sequence[int]) -> list[list[Cell]]:
        owners = owners_of(tx, ids)
        names = names_of(tx, owners.values())
        told = {one: to("bank_customer", key, names[key].text) for one, key in owners.items() if key in names}
        return [[told.get(one, Cell(""))] for one in ids]

    return more


def at(shop: ShopFacts, when: datetime | None) -> Cell:
    """A time as a cell."""
    return Cell(written_when(when, shop), "when")


def what(type_code: str) -> str:
    """What a type of transfer is called."""
    return OWN_TYPES.get(type_code) or type_text(type_code).type


def masked(number: str | None) -> str:
    """A number of which only the end is shown."""
    if not number:
        return ""
    return f"…{number[-SHOWN_DIGITS:]}" if len(number) > SHOWN_DIGITS else f"…{number[-1:]}"
