"""Kinds of values within limits: what the trade's pages ask for and every dialect can say again."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from comptoir.console import kinds
from comptoir.console.kinds import Kind, Read
from comptoir.domain.identity.texts import LONG_TEXT_MAX, SHORT_TEXT_MAX
from comptoir.domain.shop import ShopFacts

NUMBERS_MAX = 1_000
MICRO_PLACES = 6
CIRCLE = 360
ADDRESS_MAX = 2_048


def within(read: Read, most: int) -> Read:
    """A text of so many characters at most."""

    def bounded(value: str, shop: ShopFacts) -> Any:
        text = read(value, shop)
        if len(text) > most:
            raise ValueError(f"is longer than {most} characters")
        return text

    return bounded


def natural(read: Read) -> Read:
    """Nothing below zero."""

    def bounded(value: str, shop: ShopFacts) -> Any:
        number = read(value, shop)
        if number < 0:
            raise ValueError("must be 0 or more")
        return number

    return bounded


def read_numbers(value: str, shop: ShopFacts) -> list[int]:
    """The numbers of other records, apart by commas or blanks."""
    written = [part for part in value.replace(",", " ").split() if part]
    if len(written) > NUMBERS_MAX:
        raise ValueError(f"names more than {NUMBERS_MAX}")
    return [natural(kinds.read_integer)(part, shop) for part in written]


def read_degrees(value: str, _shop: ShopFacts) -> int:
    """Degrees, in millionths."""
    degrees = kinds.read_decimal(value)
    micro = degrees.scaleb(MICRO_PLACES) if abs(degrees) <= CIRCLE else Decimal("NaN")
    if micro != micro.to_integral_value():
        raise ValueError("must be degrees with at most six decimals")
    return int(micro)


def write_degrees(value: Any, _shop: ShopFacts) -> str:
    """Millionths as degrees."""
    return "" if value is None else f"{Decimal(value).scaleb(-MICRO_PLACES):f}"


SHORT = replace(
    kinds.LINE, read=within(kinds.read_line, SHORT_TEXT_MAX), attributes={"maxlength": str(SHORT_TEXT_MAX)}
)
LONG = replace(kinds.TEXT, read=within(kinds.read_text, LONG_TEXT_MAX))
NATURAL = replace(kinds.INTEGER, read=natural(kinds.read_integer), empty=0)
OPTIONAL_NATURAL = replace(kinds.INTEGER, read=natural(kinds.read_integer))
PRICE = replace(kinds.PRICE, read=natural(kinds.read_e4), empty=0)
OPTIONAL_PRICE = replace(kinds.PRICE, read=natural(kinds.read_e4))
SIZE = replace(PRICE, unit="")
OPTIONAL_SIZE = replace(OPTIONAL_PRICE, unit="")
OPTIONAL_ADDRESS = replace(
    kinds.ADDRESS,
    read=within(kinds.read_line, ADDRESS_MAX),
    empty=None,
    attributes={"maxlength": str(ADDRESS_MAX)},
)
NUMBERS = Kind(
    "text", lambda value, _shop: ", ".join(str(one) for one in sorted(value or ())), read_numbers, empty=()
)
DEGREES = Kind("decimal", write_degrees, read_degrees, unit="degrees")
