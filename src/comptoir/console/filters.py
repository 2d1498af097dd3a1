"""What a list can be narrowed by: each filter is a field above the list, and a condition below it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from comptoir.domain.money import AMOUNT_MAX, exponent_of
from comptoir.domain.shop import ShopFacts
from comptoir.domain.tx import Tx
from comptoir.storage.columns import micros_of
from comptoir.storage.reading import Filter, Operator, Relation, Target
from comptoir.storage.schema import Attribute

TEXT_MAX = 200
INTEGER_MAX = 2**62
DIGITS_MAX = 18
ANY = ("", "any")
UNFINDABLE = "cannot be looked for"
DAYS_WRONG = "must be days such as 2026-01-31"
Query = Mapping[str, Sequence[str]]


class Input(NamedTuple):
    """One field above a list: its name, its label, its widget, what stands in it, and what may be chosen."""

    name: str
    label: str
    widget: str = "search"
    value: str = ""
    choices: Sequence[tuple[str, str]] = ()


class Asking(NamedTuple):
    """What a filter makes of a query: its fields, its condition, and what is wrong."""

    inputs: tuple[Input, ...]
    filters: tuple[Filter, ...] = ()
    problem: str = ""


Ask = Callable[[Query, ShopFacts], Asking]


@dataclass(frozen=True, eq=False)
class Narrowing:
    """A filter of a list, by its name in the query. `look` asks the database first, where that finds it quicker."""

    name: str
    ask: Ask
    look: Callable[[Tx, Query], Asking | None] | None = None

    def asked(self, tx: Tx, query: Query) -> Asking:
        """What it makes of a query."""
        found = None if self.look is None else self.look(tx, query)
        return self.ask(query, tx.shop) if found is None else found


def value_of(query: Query, name: str) -> str:
    """The last value of a name, without blanks at its ends."""
    values = query.get(name)
    return values[-1].strip() if values else ""


def contains(name: str, label: str, attribute: Attribute[Any]) -> Narrowing:
    """Part of a text, in any case."""

    def read(value: str) -> str:
        if len(value) > TEXT_MAX:
            raise ValueError(UNFINDABLE)
        return findable(value).lower()

    return single(Input(name, label), Target(attribute, "text"), "like", read)


def exactly(name: str, label: str, attribute: Attribute[Any]) -> Narrowing:
    """A whole number, such as the id of another record."""

    def read(value: str) -> int:
        if not value.isascii() or not value.isdigit() or int(value[:20]) > INTEGER_MAX:
            raise ValueError("must be a whole number")
        return int(value)

    return single(Input(name, label), Target(attribute, "number"), "eq", read)


def spelled(name: str, label: str, attribute: Attribute[Any], *, is_indexed: bool = True) -> Narrowing:
    """A whole text, letter by letter: an index finds it. Where the column has none, in any case of its letters."""

    def read(value: str) -> str:
        return findable(value) if is_indexed else findable(value).lower()

    target = Target(attribute, "number" if is_indexed else "text")
    return single(Input(name, label), target, "eq", read)


def choice(
    name: str, label: str, attribute: Attribute[Any], choices: Mapping[str, str] | Sequence[str]
) -> Narrowing:
    """One of some words. `choices` is words, or words with how they are shown."""
    shown = dict(choices) if isinstance(choices, Mapping) else {one: one for one in choices}

    def read(value: str) -> str:
        if value not in shown:
            raise ValueError("is none of these")
        return value

    # Words of states are written in one case: compared as they are, an index finds them.
    field = Input(name, label, "select", choices=(ANY, *shown.items()))
    return single(field, Target(attribute, "number"), "eq", read)


def single(field: Input, target: Target, operator: Operator, read: Callable[[str], Any]) -> Narrowing:
    """A filter of one field. `read` makes a value of what is written, or says in a ValueError what is wrong."""

    def ask(query: Query, _shop: ShopFacts) -> Asking:
        value = value_of(query, field.name)
        inputs = (field._replace(value=value),)
        if not value:
            return Asking(inputs)
        try:
            return Asking(inputs, (Filter(target, operator, (read(value),)),))
        except ValueError as error:
            return Asking(inputs, (Filter(target, "never"),), f"{field.label}: {error}")

    return Narrowing(field.name, ask)


def flag(name: str, label: str, attribute: Attribute[Any], *, yes: str = "yes", no: str = "no") -> Narrowing:
    """Yes or no."""
    return _yes_or_no(
        Input(name, label, "select", choices=(ANY, ("1", yes), ("0", no))), Target(attribute, "flag")
    )


def present(name: str, label: str, attribute: Attribute[Any], *, yes: str, no: str) -> Narrowing:
    """Whether something is there at all."""
    field = Input(name, label, "select", choices=(ANY, ("1", yes), ("0", no)))
    return _yes_or_no(field, Target(attribute, "presence"))


def _yes_or_no(field: Input, target: Target) -> Narrowing:
    def ask(query: Query, _shop: ShopFacts) -> Asking:
        value = value_of(query, field.name)
        inputs = (field._replace(value=value),)
        return Asking(inputs, (Filter(target, "eq", (value == "1",)),) if value in {"0", "1"} else ())

    return Narrowing(field.name, ask)


def days(name: str, label: str, attribute: Attribute[Any]) -> Narrowing:
    """From a day to a day, both included, in the shop's zone."""

    def read(since: str, until: str, shop: ShopFacts) -> tuple[int, int]:
        first = _midnight(date.fromisoformat(since), shop) if since else 0
        behind = date.fromisoformat(until) + timedelta(days=1) if until else date.max
        return first, _midnight(behind, shop) - 1 if until else INTEGER_MAX

    return _span(Input(name, label, "date"), Target(attribute, "time"), read, DAYS_WRONG)


def dates(name: str, label: str, attribute: Attribute[Any]) -> Narrowing:
    """From a day to a day, both included, of a column that holds days and no times."""

    def read(since: str, until: str, _shop: ShopFacts) -> tuple[str, str]:
        first = date.fromisoformat(since) if since else date.min
        last = date.fromisoformat(until) if until else date.max
        return first.isoformat(), last.isoformat()

    return _span(Input(name, label, "date"), Target(attribute, "number"), read, DAYS_WRONG)


def amounts(name: str, label: str, attribute: Attribute[Any], *, is_e4: bool = False) -> Narrowing:
    """From an amount to an amount, both included, in the shop's currency."""

    def read(least: str, most: str, shop: ShopFacts) -> tuple[int, int]:
        places = 4 if is_e4 else exponent_of(shop.currency)
        low = _whole(least, places) if least else -INTEGER_MAX
        return low, _whole(most, places) if most else INTEGER_MAX

    field = Input(name, label, "decimal")
    return _span(field, Target(attribute, "number"), read, "must be amounts such as 12.50")


def pieces(name: str, label: str, attribute: Attribute[Any]) -> Narrowing:
    """From a whole number to another, both included."""

    def read(least: str, most: str, _shop: ShopFacts) -> tuple[int, int]:
        return _integer(least) if least else -INTEGER_MAX, _integer(most) if most else INTEGER_MAX

    field = Input(name, label, "decimal")
    return _span(field, Target(attribute, "number"), read, "must be whole numbers")


def _span(
    field: Input, target: Target, read: Callable[[str, str, ShopFacts], tuple[Any, Any]], wrong: str
) -> Narrowing:
    """A filter of two ends. `read` makes values of them, of which one may be empty; `wrong` says that it cannot."""
    name, label, widget = field.name, field.label, field.widget

    def ask(query: Query, shop: ShopFacts) -> Asking:
        least, most = value_of(query, f"{name}_from"), value_of(query, f"{name}_to")
        inputs = (
            Input(f"{name}_from", f"{label} from", widget, least),
            Input(f"{name}_to", "to", widget, most),
        )
        if not least and not most:
            return Asking(inputs)
        try:
            return Asking(inputs, (Filter(target, "between", read(least, most, shop)),))
        except (ValueError, ArithmeticError):
            return Asking(inputs, (Filter(target, "never"),), f"{label}: {wrong}")

    return Narrowing(name, ask)


def through(narrowing: Narrowing, *via: Relation) -> Narrowing:
    """The same filter, of records that hang on the listed one."""

    def ask(query: Query, shop: ShopFacts) -> Asking:
        asked = narrowing.ask(query, shop)
        moved = (Filter(_moved(one.target, via), one.operator, one.values) for one in asked.filters)
        return asked._replace(filters=tuple(moved))

    return Narrowing(narrowing.name, ask)


_MOVED: dict[tuple[Target, tuple[Relation, ...]], Target] = {}


def _moved(target: Target, via: tuple[Relation, ...]) -> Target:
    """A target behind relations; kept, since statements are found again by it."""
    key = (target, via)
    if key not in _MOVED:
        _MOVED[key] = Target(
            target.column, target.kind, target.scale, target.places, (*via, *target.via), target.on_link
        )
    return _MOVED[key]


def findable(value: str) -> str:
    """A text that both databases can be asked for. Refuses every other with ValueError."""
    if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise ValueError(UNFINDABLE)
    return value


def chosen_among(one: Input, choices: Sequence[tuple[str, str]]) -> Input:
    """A field in which something is chosen, when there is anything; what was asked for beside it stays."""
    if not choices:
        return one
    known = {value for value, _ in choices}
    rest = () if not one.value or one.value in known else ((one.value, one.value),)
    return one._replace(widget="select", choices=(ANY, *rest, *choices))


def _midnight(day: date, shop: ShopFacts) -> int:
    return micros_of(datetime.combine(day, time(), shop.zone))


def _whole(written: str, places: int) -> int:
    amount = Decimal(written.replace(",", ""))
    if not amount.is_finite() or abs(amount) > AMOUNT_MAX:
        raise ValueError("is too large")
    return int(amount.scaleb(places))


def _integer(written: str) -> int:
    digits = written.removeprefix("-")
    if not digits.isascii() or not digits.isdigit() or len(digits) > DIGITS_MAX:
        raise ValueError("is no whole number")
    return int(written)
