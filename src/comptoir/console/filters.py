"""What a list can be narrowed by: each filter is a field above the list, and a condition below it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, NamedTuple

from comptoir.domain.money import AMOUNT_MAX, exponent_of
from comptoir.domain.shop import ShopFacts
from comptoir.domain.tx import Tx
from comptoir.storage.columns import micros_of
from comptoir.storage.reading import Filter, Relation, Target
from comptoir.storage.schema import Attribute

TEXT_MAX = 200
INTEGER_MAX = 2**62
Query = Mapping[str, Sequence[str]]


class Input(NamedTuple):
    """One field above a list: its name, its label, its widget, what stands in it, and what may be chosen."""

    name: str
    label: str
    widget: str
    value: str
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
    target = Target(attribute, "text")

    def ask(query: Query, _shop: ShopFacts) -> Asking:
        value = value_of(query, name)
        inputs = (Input(name, label, "search", value),)
        if not value:
            return Asking(inputs)
        if len(value) > TEXT_MAX or not is_storable(value):
            return Asking(inputs, (Filter(target, "never"),), f"{label}: cannot be looked for")
        return Asking(inputs, (Filter(target, "like", (value.lower(),)),))

    return Narrowing(name, ask)


def exactly(name: str, label: str, attribute: Attribute[Any]) -> Narrowing:
    """A whole number, such as the id of another record."""
    target = Target(attribute, "number")

    def ask(query: Query, _shop: ShopFacts) -> Asking:
        value = value_of(query, name)
        inputs = (Input(name, label, "search", value),)
        if not value:
            return Asking(inputs)
        if not value.isascii() or not value.isdigit() or int(value[:20]) > INTEGER_MAX:
            return Asking(inputs, (Filter(target, "never"),), f"{label}: must be a whole number")
        return Asking(inputs, (Filter(target, "eq", (int(value),)),))

    return Narrowing(name, ask)


def choice(
    name: str, label: str, attribute: Attribute[Any], choices: Mapping[str, str] | Sequence[str]
) -> Narrowing:
    """One of some words. `choices` is words, or words with how they are shown."""
    # Words of states are written in one case: compared as they are, an index finds them.
    target = Target(attribute, "number")
    shown = dict(choices) if isinstance(choices, Mapping) else {one: one for one in choices}
    options = (("", "any"), *shown.items())

    def ask(query: Query, _shop: ShopFacts) -> Asking:
        value = value_of(query, name)
        inputs = (Input(name, label, "select", value, options),)
        if not value:
            return Asking(inputs)
        if value not in shown:
            return Asking(inputs, (Filter(target, "never"),), f"{label}: is none of these")
        return Asking(inputs, (Filter(target, "eq", (value,)),))

    return Narrowing(name, ask)


def flag(name: str, label: str, attribute: Attribute[Any], *, yes: str = "yes", no: str = "no") -> Narrowing:
    """Yes or no."""
    target = Target(attribute, "flag")

    def ask(query: Query, _shop: ShopFacts) -> Asking:
        value = value_of(query, name)
        inputs = (Input(name, label, "select", value, (("", "any"), ("1", yes), ("0", no))),)
        if value not in {"0", "1"}:
            return Asking(inputs)
        return Asking(inputs, (Filter(target, "eq", (value == "1",)),))

    return Narrowing(name, ask)


def present(name: str, label: str, attribute: Attribute[Any], *, yes: str, no: str) -> Narrowing:
    """Whether something is there at all."""
    target = Target(attribute, "presence")

    def ask(query: Query, _shop: ShopFacts) -> Asking:
        value = value_of(query, name)
        inputs = (Input(name, label, "select", value, (("", "any"), ("1", yes), ("0", no))),)
        if value not in {"0", "1"}:
            return Asking(inputs)
        return Asking(inputs, (Filter(target, "eq", (value == "1",)),))

    return Narrowing(name, ask)


def days(name: str, label: str, attribute: Attribute[Any]) -> Narrowing:
    """From a day to a day, both included, in the shop's zone."""
    target = Target(attribute, "time")

    def ask(query: Query, shop: ShopFacts) -> Asking:
        since, until = value_of(query, f"{name}_from"), value_of(query, f"{name}_to")
        inputs = (
            Input(f"{name}_from", f"{label} from", "date", since),
            Input(f"{name}_to", "to", "date", until),
        )
        if not since and not until:
            return Asking(inputs)
        try:
            first = _midnight(date.fromisoformat(since), shop) if since else 0
            behind = date.fromisoformat(until) + timedelta(days=1) if until else date.max
            last = _midnight(behind, shop) - 1 if until else INTEGER_MAX
        except (ValueError, OverflowError):
            return Asking(inputs, (Filter(target, "never"),), f"{label}: must be days such as 2026-01-31")
        return Asking(inputs, (Filter(target, "between", (first, last)),))

    return Narrowing(name, ask)


def amounts(name: str, label: str, attribute: Attribute[Any], *, is_e4: bool = False) -> Narrowing:
    """From an amount to an amount, both included, in the shop's currency."""
    target = Target(attribute, "number")

    def ask(query: Query, shop: ShopFacts) -> Asking:
        least, most = value_of(query, f"{name}_from"), value_of(query, f"{name}_to")
        inputs = (
            Input(f"{name}_from", f"{label} from", "decimal", least),
            Input(f"{name}_to", "to", "decimal", most),
        )
        if not least and not most:
            return Asking(inputs)
        places = 4 if is_e4 else exponent_of(shop.currency)
        try:
            low = _whole(least, places) if least else -INTEGER_MAX
            high = _whole(most, places) if most else INTEGER_MAX
        except (ValueError, InvalidOperation):
            return Asking(inputs, (Filter(target, "never"),), f"{label}: must be amounts such as 12.50")
        return Asking(inputs, (Filter(target, "between", (low, high)),))

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


def is_storable(value: str) -> bool:
    """Whether both databases can be asked for a text."""
    return "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)


def _midnight(day: date, shop: ShopFacts) -> int:
    return micros_of(datetime.combine(day, time(), shop.zone))


def _whole(written: str, places: int) -> int:
    amount = Decimal(written.replace(",", ""))
    if not amount.is_finite() or abs(amount) > AMOUNT_MAX:
        raise ValueError("is too large")
    return int(amount.scaleb(places))
