"""Filters of the catalogue's lists: how many pieces, and another record by its number or its name."""

from typing import Any

from comptoir.console.filters import (
    INTEGER_MAX,
    Asking,
    Input,
    Narrowing,
    Query,
    contains,
    exactly,
    through,
    value_of,
)
from comptoir.domain.shop import ShopFacts
from comptoir.storage.reading import Filter, Relation, Target
from comptoir.storage.schema import Attribute

DIGITS_MAX = 18


def pieces(name: str, label: str, attribute: Attribute[Any]) -> Narrowing:
    """From a whole number to another, both included."""
    target = Target(attribute, "number")

    def ask(query: Query, _shop: ShopFacts) -> Asking:
        least, most = value_of(query, f"{name}_from"), value_of(query, f"{name}_to")
        inputs = (
            Input(f"{name}_from", f"{label} from", "decimal", least),
            Input(f"{name}_to", "to", "decimal", most),
        )
        if not least and not most:
            return Asking(inputs)
        if not all(_is_whole(value) for value in (least, most) if value):
            return Asking(inputs, (Filter(target, "never"),), f"{label}: must be whole numbers")
        low = int(least) if least else -INTEGER_MAX
        high = int(most) if most else INTEGER_MAX
        return Asking(inputs, (Filter(target, "between", (low, high)),))

    return Narrowing(name, ask)


def known_by(  # noqa: PLR0917 - where to look for a number, and where for a name
    name: str, label: str, number: Attribute[Any], at: tuple[Relation, ...], called: Attribute[Any], via: Relation
) -> Narrowing:  # fmt: skip
    """Another record by its number (digits alone), or by a part of its name."""
    by_number = exactly(name, label, number)
    by_number = through(by_number, *at) if at else by_number
    by_name = through(contains(name, label, called), via)

    def ask(query: Query, shop: ShopFacts) -> Asking:
        value = value_of(query, name)
        return (by_number if value.isascii() and value.isdigit() else by_name).ask(query, shop)

    return Narrowing(name, ask)


def _is_whole(value: str) -> bool:
    digits = value.removeprefix("-")
    return digits.isascii() and digits.isdigit() and len(digits) <= DIGITS_MAX
