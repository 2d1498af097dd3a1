"""Carts whose lines the shop's link says itself: `li_#_…` (reference 8.2)."""

import re
from collections.abc import Callable
from typing import TypeVar

from comptoir.domain.checkout.carts import (
    LINE_TYPES,
    PASS_THROUGH,
    QUANTITY_MAX,
    Cart,
    CartLine,
    Choice,
    numbered,
    read_duration,
    read_price,
    read_recurrence,
)
from comptoir.domain.checkout.parameters import Parameters
from comptoir.domain.orders.models import PRODUCT, SHIPPING

Value = TypeVar("Value")

OPTIONS_MAX = 50
NAME_MAX, OPTION_MAX, DESCRIPTION_MAX, CODE_MAX = 128, 64, 255, 128

_LINE = re.compile(r"li_(\d{1,3})_(.+)", re.ASCII)
_OPTION = re.compile(r"option_(\d{1,3})_(?:name|value|surcharge)", re.ASCII)


def pass_through_cart(asked: Parameters) -> Cart:
    """The lines that are asked for, in the order of their numbers. Refuses: CartRefused."""
    numbers: dict[int, set[int]] = {}
    for name in asked.values:
        match = _LINE.fullmatch(name)
        if match is None or name != f"li_{int(match[1])}_{match[2]}":
            continue
        options = numbers.setdefault(int(match[1]), set())
        option = _OPTION.fullmatch(match[2])
        if option is not None:
            options.add(int(option[1]))
    if not numbers:
        asked.refuse("li_0_price", "is missing: no line says what is bought")
    lines = [_line(asked, number, sorted(numbers[number])) for number in sorted(numbers)]
    asked.settle()
    return Cart(PASS_THROUGH, numbered(lines))


def _line(asked: Parameters, number: int, options: list[int]) -> CartLine:
    prefix = f"li_{number}_"
    kind = asked.text(f"{prefix}type") or PRODUCT
    if kind not in LINE_TYPES:
        asked.refuse(f"{prefix}type", f"must be one of {', '.join(LINE_TYPES)}")
        kind = PRODUCT
    price = taken(asked, f"{prefix}price", read_price) or 0
    fee = taken(asked, f"{prefix}startup_fee", lambda text: read_price(text, may_be_negative=True))
    recurrence = taken(asked, f"{prefix}recurrence", read_recurrence)
    return CartLine(
        key=str(number),
        type=kind,
        name=asked.text(f"{prefix}name", most=NAME_MAX, is_plain=True) or kind.capitalize(),
        quantity=asked.whole(f"{prefix}quantity", least=0, most=QUANTITY_MAX, default=1),
        price_e4=price,
        code=asked.text(f"{prefix}product_id", most=CODE_MAX),
        description=asked.text(f"{prefix}description", most=DESCRIPTION_MAX),
        is_tangible=asked.flag(f"{prefix}tangible") or kind == SHIPPING,
        recurrence=recurrence,
        duration=taken(asked, f"{prefix}duration", read_duration) if recurrence else None,
        startup_fee_e4=fee or None,
        choices=tuple(_choice(asked, f"{prefix}option_{option}_") for option in options[:OPTIONS_MAX]),
    )


def _choice(asked: Parameters, prefix: str) -> Choice:
    return Choice(
        asked.text(f"{prefix}name", most=OPTION_MAX, is_plain=True),
        asked.text(f"{prefix}value", most=OPTION_MAX, is_plain=True),
        taken(asked, f"{prefix}surcharge", read_price) or 0,
    )


def taken(asked: Parameters, name: str, read: Callable[[str], Value]) -> Value | None:
    """A parameter's value as it is read; None when it says nothing, or nothing that can be read."""
    text = asked.text(name)
    if not text:
        return None
    try:
        return read(text)
    except ValueError as problem:
        asked.refuse(name, str(problem))
        return None
