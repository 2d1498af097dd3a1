"""What stands in a form's fields: how a value is written into one, and read from what was typed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from comptoir.domain.money import (
    decimal_of_e4,
    decimal_of_minor,
    e4_of_decimal,
    exponent_of,
    minor_of_decimal,
)
from comptoir.domain.shop import ShopFacts

INTEGER_MAX = 2**62
PPM = 10_000
AMOUNT_LETTERS = 24
Write = Callable[[Any, ShopFacts], str]
Read = Callable[[str, ShopFacts], Any]
Choices = Mapping[Any, str] | Sequence[str] | Callable[[Any], Sequence[tuple[str, str]]]
"""Words, values with how they are shown, or what finds them."""


@dataclass(frozen=True)
class Kind:
    """How one kind of value stands in a form. `read` may raise ValueError only, with the problem.

    `widget` is the template's word. Of `is_many` the values are a list. An empty field is `empty`. `unit` stands
    behind the label; `currency` is the shop's. `finds` gives what goes by a text that was not taken as it is.
    """

    widget: str
    write: Write
    read: Read
    empty: Any = None
    is_many: bool = False
    step: str = ""
    unit: str = ""
    choices: Callable[[Any], Sequence[tuple[str, str]]] | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    finds: Callable[[Any, str], Sequence[tuple[str, str]]] | None = None


def storable(value: str) -> str:
    """A text that both databases can keep, with one kind of line end."""
    if "\0" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        raise ValueError("holds characters that cannot be kept")
    return value.replace("\r\n", "\n")


def plain(value: Any, _shop: ShopFacts) -> str:
    """A value as text."""
    return "" if value is None else str(value)


def read_line(value: str, _shop: ShopFacts) -> str:
    """One line of text."""
    return storable(value.strip())


def read_text(value: str, _shop: ShopFacts) -> str:
    """Some lines of text."""
    return storable(value)


def read_integer(value: str, _shop: ShopFacts) -> int:
    """A whole number."""
    written = value.replace(",", "").strip()
    if not written.lstrip("+-").isdecimal() or not written.isascii() or len(written) > len(str(INTEGER_MAX)):
        raise ValueError("must be a whole number")
    number = int(written)
    if abs(number) > INTEGER_MAX:
        raise ValueError("is too large")
    return number


def record_number(value: str) -> int | None:
    """The number of a record, as an address or a button says it; None where it is none."""
    is_number = value.isascii() and value.isdigit() and len(value) < len(str(INTEGER_MAX))
    return int(value) if is_number else None


def read_decimal(value: str) -> Decimal:
    """A number with decimals, with or without commas between thousands."""
    written = value.replace(",", "").replace("\N{MINUS SIGN}", "-").strip()
    if len(written) > AMOUNT_LETTERS or not written.isascii():
        raise ValueError("is too large")
    try:
        amount = Decimal(written)
    except InvalidOperation:
        raise ValueError("must be an amount such as 12.50") from None
    if not amount.is_finite():
        raise ValueError("must be an amount such as 12.50")
    return amount


def read_e4(value: str, _shop: ShopFacts) -> int:
    """An amount in ten-thousandths."""
    return e4_of_decimal(read_decimal(value))


def read_minor(value: str, shop: ShopFacts) -> int:
    """An amount in minor units of the shop's currency."""
    amount = read_decimal(value)
    e4_of_decimal(amount)
    if amount != amount.quantize(Decimal(1).scaleb(-exponent_of(shop.currency))):
        raise ValueError(f"has more decimals than {shop.currency}")
    return minor_of_decimal(amount, shop.currency)


def read_ppm(value: str, _shop: ShopFacts) -> int:
    """A share in percent, in millionths."""
    percent = read_decimal(value.removesuffix("%"))
    if abs(percent) > INTEGER_MAX // PPM:
        raise ValueError("is too large")
    share = percent * PPM
    if share != share.to_integral_value():
        raise ValueError("has more than four decimals")
    return int(share)


def write_ppm(value: Any, _shop: ShopFacts) -> str:
    """Millionths in percent."""
    return "" if value is None else percent_of(value)


def percent_of(ppm: int) -> str:
    """A share in percent, with no more decimals than it has."""
    return f"{(Decimal(ppm) / PPM).normalize():f}"


def read_moment(value: str, shop: ShopFacts) -> datetime:
    """A time on the shop's wall clock."""
    try:
        at = datetime.fromisoformat(value.strip())
        return (at.replace(tzinfo=shop.zone) if at.tzinfo is None else at).astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError("must be a time such as 2026-01-31 12:00") from None


def write_moment(value: Any, shop: ShopFacts) -> str:
    """A time as the browser's field takes it."""
    return "" if value is None else shop.local(value).strftime("%Y-%m-%dT%H:%M")


def read_day(value: str, _shop: ShopFacts) -> date:
    """A day."""
    try:
        return date.fromisoformat(value.strip())
    except ValueError:
        raise ValueError("must be a day such as 2026-01-31") from None


def read_json(value: str, _shop: ShopFacts) -> Any:
    """JSON, whose numbers are exact."""
    try:
        return msgspec.json.decode(storable(value).encode(), type=Any)
    except (msgspec.DecodeError, RecursionError, UnicodeEncodeError) as error:
        raise ValueError(f"is not JSON: {error}") from None


LINE = Kind("text", plain, read_line, empty="")
OPTIONAL_LINE = Kind("text", plain, read_line)
TEXT = Kind("textarea", plain, read_text, empty="")
INTEGER = Kind("integer", plain, read_integer)
PRICE = Kind(
    "decimal",
    lambda value, _shop: "" if value is None else f"{decimal_of_e4(value, 4 if value % 100 else 2)}",
    read_e4,
    unit="currency",
)
AMOUNT = Kind(
    "decimal",
    lambda value, shop: "" if value is None else f"{decimal_of_minor(value, shop.currency)}",
    read_minor,
    unit="currency",
)
PERCENT = Kind("decimal", write_ppm, read_ppm, unit="%")
FLAG = Kind("checkbox", lambda value, _shop: "1" if value else "", lambda _value, _shop: True, empty=False)
MOMENT = Kind("datetime-local", write_moment, read_moment)
DAY = Kind("date", plain, read_day)
EMAIL = Kind("email", plain, read_line, empty="")
ADDRESS = Kind("url", plain, read_line, empty="")
PASSWORD = Kind("password", lambda _value, _shop: "", lambda value, _shop: storable(value), empty="")
JSON = Kind("textarea", lambda value, _shop: msgspec.json.encode(value).decode(), read_json)
FILE = Kind("file", lambda _value, _shop: "", lambda value, _shop: value)


def choice(choices: Choices, of: Kind = LINE) -> Kind:
    """One of some values; `choices` are known, or found when the form is shown (given the visit)."""
    return replace(of, widget="select", choices=_found(choices))


def many(choices: Choices, of: Kind = LINE) -> Kind:
    """Any of some values, as a list; an empty one when none is marked."""
    return replace(of, widget="checkboxes", choices=_found(choices), is_many=True, empty=())


def _found(choices: Choices) -> Callable[[Any], Sequence[tuple[str, str]]]:
    if callable(choices):
        return choices
    shown = choices if isinstance(choices, Mapping) else {one: one for one in choices}
    known = [(str(key), label) for key, label in shown.items()]
    return lambda _visit: known
