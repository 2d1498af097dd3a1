"""Filters by a word that is typed in, where an index knows the word and nobody could list them all."""

from collections.abc import Sequence
from typing import Any

from comptoir.console.filters import TEXT_MAX, Asking, Input, Narrowing, Query, value_of
from comptoir.domain.shop import ShopFacts
from comptoir.storage.reading import Filter, Target
from comptoir.storage.schema import Attribute


def word(name: str, label: str, attribute: Attribute[Any], *, is_indexed: bool = True) -> Narrowing:
    """A whole word; where the column is not indexed, in any case of its letters."""
    target = Target(attribute, "number" if is_indexed else "text")

    def ask(query: Query, _shop: ShopFacts) -> Asking:
        value = value_of(query, name)
        inputs = (Input(name, label, "search", value),)
        if not value:
            return Asking(inputs)
        if len(value) > TEXT_MAX or "\0" in value or not value.isprintable():
            return Asking(inputs, (Filter(target, "never"),), f"{label}: cannot be looked for")
        return Asking(inputs, (Filter(target, "eq", (value if is_indexed else value.lower(),)),))

    return Narrowing(name, ask)


def chosen_among(one: Input, choices: Sequence[tuple[str, str]]) -> Input:
    """A field in which something is chosen, when there is anything; what was asked for beside it stays."""
    if not choices:
        return one
    known = {value for value, _ in choices}
    rest = () if not one.value or one.value in known else ((one.value, one.value),)
    return one._replace(widget="select", choices=(("", "any"), *rest, *choices))
