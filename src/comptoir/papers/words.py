"""Texts and amounts as they stand on paper."""

import re
import unicodedata
from datetime import date
from decimal import Decimal
from functools import lru_cache

from comptoir.domain.money import decimal_of_minor, exponent_of

MINUS = "\N{MINUS SIGN}"
BREAK = "\N{ZERO WIDTH SPACE}"
# An unbroken run of signs that is longer may be broken anywhere.
RUN_MAX = 24
SHORT_MAX = 40
LONG_RUN = re.compile(rf"\S{{{RUN_MAX}}}(?=\S)")
# Signs that no page shows: controls, halves of signs, and those that turn the direction of what follows.
UNSEEN = frozenset({"Cc", "Cs", "Co", "Cn"})
TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
LOCALE = "en_US"


def plain(text: str) -> str:
    """A text in one line, without signs that no page shows."""
    seen = "".join(
        " " if sign.isspace() else sign
        for sign in text
        if sign.isspace() or not (sign in TURNING or unicodedata.category(sign) in UNSEEN)
    )
    return " ".join(seen.split())


def fitting(text: str) -> str:
    """The same, with places at which very long words may be broken."""
    return LONG_RUN.sub(lambda run: run[0] + BREAK, plain(text))


def short(text: str, most: int = SHORT_MAX) -> str:
    """The same, cut where there is no room for more."""
    whole = plain(text)
    return whole if len(whole) <= most else f"{whole[: most - 1].rstrip()}\N{HORIZONTAL ELLIPSIS}"


def amount(minor: int, currency: str) -> str:
    """An amount with its thousands and a real minus: `1,234.50`."""
    places = exponent_of(currency)
    return f"{MINUS if minor < 0 else ''}{decimal_of_minor(abs(minor), currency):,.{places}f}"


def money(minor: int, currency: str) -> str:
    """An amount with its currency's sign: `$1,234.50`."""
    return f"{MINUS if minor < 0 else ''}{symbol(currency)}{amount(abs(minor), currency)}"


@lru_cache(maxsize=64)
def symbol(currency: str) -> str:
    """A currency's sign, such as `$` or `A$`; its code and a blank where it has none."""
    from babel.numbers import get_currency_symbol  # noqa: PLC0415 - loaded when it is first asked for

    sign: str = get_currency_symbol(currency, LOCALE)
    return f"{sign}\N{NO-BREAK SPACE}" if sign == currency else sign


def decimal_text(minor: int, currency: str) -> str:
    """An amount as programs read it: `-1234.50`."""
    exact: Decimal = decimal_of_minor(minor, currency)
    return f"{exact:f}"


@lru_cache(maxsize=4096)
def long_day(on: str) -> str:
    """A day as `January 31, 2026`."""
    day = date.fromisoformat(on)
    return f"{day:%B} {day.day}, {day.year}"


@lru_cache(maxsize=4096)
def short_day(on: str) -> str:
    """A day as `01/31/2026`."""
    return f"{date.fromisoformat(on):%m/%d/%Y}"


def span_of_days(begins_on: str, ends_on: str) -> str:
    """Two days and what is between, as people write it: the month, or the year, only once."""
    begins, ends = date.fromisoformat(begins_on), date.fromisoformat(ends_on)
    first = f"{begins:%B} {begins.day}" if begins.year == ends.year else long_day(begins_on)
    is_one_month = (begins.year, begins.month) == (ends.year, ends.month)
    last = f"{ends.day}, {ends.year}" if is_one_month else long_day(ends_on)
    return f"{first} \N{EN DASH} {last}"
