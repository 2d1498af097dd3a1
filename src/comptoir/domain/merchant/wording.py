"""A merchant's profile and terms as people write them: amounts, percentages and days of the week as texts."""

from calendar import day_name
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from functools import partial
from typing import Any, NamedTuple

from comptoir.domain.errors import Invalid
from comptoir.domain.merchant.amounts import MILLION
from comptoir.domain.merchant.queries import FIELDS, RATE_ONE, MerchantFacts
from comptoir.domain.money import decimal_of_minor, exponent_of

WEEKDAYS = tuple(name.lower() for name in day_name)
WHOLE_MAX = 2**62


class Word(NamedTuple):
    """What people call a column, how they write it, and how it is told to them."""

    column: str
    read: Callable[[str, str], Any]
    write: Callable[[Any, str], str]


def scaled(text: str, scale: int) -> int:
    """A decimal as a whole number of its parts. Refuses (ValueError) what is none, or too fine."""
    try:
        amount = Decimal(text.strip().removesuffix("%")) * scale
    except InvalidOperation:
        raise ValueError("must be a number") from None
    if not amount.is_finite() or abs(amount) > WHOLE_MAX or amount != amount.to_integral_value():
        raise ValueError("must be a number, with no more decimals than count")
    return int(amount)


def read_percent(text: str, _currency: str = "") -> int:
    """A percentage in millionths."""
    return scaled(text, MILLION // 100)


def read_money(text: str, currency: str) -> int:
    """An amount in minor units."""
    return scaled(text, 10 ** exponent_of(currency))


def read_rate(text: str) -> int:
    """A rate in hundred-millionths."""
    return scaled(text, RATE_ONE)


def read_whole(text: str, _currency: str = "") -> int:
    """A whole number."""
    return scaled(text, 1)


def read_weekday(text: str, _currency: str = "") -> int:
    """A day of the week by its English name, or the beginning of it."""
    found = [place for place, name in enumerate(WEEKDAYS) if name.startswith(text.strip().lower())]
    if len(found) != 1:
        raise ValueError(f"must be one of {', '.join(WEEKDAYS)}")
    return found[0]


def percent_text(ppm: int, _currency: str = "") -> str:
    """Millionths as a percentage, with as many decimals as it needs."""
    return decimal_text(Decimal(ppm) * 100 / MILLION)


def decimal_text(value: Decimal) -> str:
    """A decimal with as many decimals as it needs."""
    return f"{value.normalize():f}"


def _money_text(minor: int, currency: str) -> str:
    return f"{decimal_of_minor(minor, currency):f}"


def _weekday_text(weekday: int, _currency: str) -> str:
    return WEEKDAYS[weekday]


def _plain(value: Any, _currency: str) -> str:
    return str(value)


PERCENTAGES = {"fee_percent": "fee_ppm", "reserve_percent": "reserve_ppm"}
AMOUNTS = {
    "fee_fixed": "fee_fixed_minor",
    "chargeback_fee": "chargeback_fee_minor",
    "payout_fee": "payout_fee_minor",
    "release_level": "release_level_minor",
}
WHOLES = (
    "vendor_id", "level_id", "return_method", "fraud_review_minutes", "refund_days", "mailing_id",
    "physical_id", "reserve_days",
)  # fmt: skip
_SAID_OTHERWISE = {*PERCENTAGES.values(), *AMOUNTS.values(), *WHOLES, "payout_weekday"}
WORDS: dict[str, Word] = {
    **{name: Word(name, _plain, _plain) for name in FIELDS if name not in _SAID_OTHERWISE},
    **{name: Word(name, read_whole, _plain) for name in WHOLES},
    **{name: Word(column, read_percent, percent_text) for name, column in PERCENTAGES.items()},
    **{name: Word(column, read_money, _money_text) for name, column in AMOUNTS.items()},
    "payout_weekday": Word("payout_weekday", read_weekday, _weekday_text),
}


def told_of(facts: MerchantFacts, currency: str) -> dict[str, str]:
    """Everything that is known of the merchant, as people write it."""
    return {name: word.write(getattr(facts, word.column), currency) for name, word in WORDS.items()}


def changes_of(said: Mapping[str, str], currency: str) -> dict[str, Any]:
    """What people wrote, as columns. Refuses: Invalid, naming what they called it."""
    changes: dict[str, Any] = {}
    for name, text in said.items():
        word = WORDS.get(name)
        if word is None:
            raise Invalid(name, f"is none of {', '.join(sorted(WORDS))}")
        changes[word.column] = read_as(name, partial(word.read, text, currency))
    return changes


def read_as(name: str, read: Callable[[], Any]) -> Any:
    """A value as it is read. Refuses: Invalid, under this name."""
    try:
        return read()
    except ValueError as problem:
        raise Invalid(name, str(problem)) from None


def said_name(column: str) -> str:
    """What people call a column."""
    return next((name for name, word in WORDS.items() if word.column == column), column)
