"""Values as CorePro's clients write them: numbers as text, yes and no as 1 and 0, days of all kinds (1.6, 1.8)."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from decimal import Decimal
from typing import Any

CONVERT, ENDED, DATE, FLAG, DECIMAL, VALUE = 59900, 59950, 59952, 59953, 59954, 59956
INT32, INT64 = 2**31 - 1, 2**63 - 1
MONEY_PLACES, RATE_PLACES = 2, 11
TEXT_MAX = 4000
TAG_MAX = 50
# What typed clients print in the place of a value that they do not have.
NOTHING = frozenset({"", "null", "undefined", "nil"})

# Control characters that are no layout, and halves of characters: no text of people, and no database takes them.
_UNREADABLE = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")
_WHOLE = re.compile(r"([+-]?\d{1,25})(?:\.0{0,25})?", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(?:\d{1,40}(?:\.\d{0,40})?|\.\d{1,40})", re.ASCII)
_ISO = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})"
    r"(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(?: ?(Z|[+-]\d{2}:?\d{2}))?)?",
    re.ASCII | re.IGNORECASE,
)
_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: (\d{1,2}):(\d{2})(?::(\d{2}))?)?", re.ASCII)
_FLAGS = {"true": True, "false": False, "1": True, "0": False}
# No amount of money has more digits before its point than these.
_WHOLE_DIGITS_MAX = 15


class Misread(ValueError):
    """A value cannot be read as what it is meant to be: the code for it, and what is wrong, after its name."""

    def __init__(self, code: int, problem: str) -> None:
        super().__init__(problem)
        self.code = code


def is_unsaid(value: Any) -> bool:
    """Whether a number, a day or a choice is left open: by null, or by a text without content."""
    return value is None or (isinstance(value, str) and not value.strip())


def read_text(value: Any, most: int = TEXT_MAX) -> str:
    """A text, cut off silently where it is longer than what is kept of it (1.6). Refuses: Misread."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | Decimal):
        return str(value)[:most]
    if not isinstance(value, str):
        raise Misread(CONVERT, "is not a text")
    if _UNREADABLE.search(value):
        raise Misread(VALUE, "holds characters that cannot be kept")
    return value[:most]


def read_tag(value: Any) -> str | None:
    """A caller's own id of an object. Refuses: Misread.

    It is never cut off, since it would be another one then, and is no word that no path could ask for (1.9).
    """
    text = read_text(value, TAG_MAX + 1)
    if len(text) > TAG_MAX:
        raise Misread(VALUE, f"is longer than {TAG_MAX} characters")
    if text.strip() and text.strip().lower() in NOTHING:
        raise Misread(VALUE, "is a word that stands for nothing")
    return text if text.strip() else None


def read_whole(value: Any, *, least: int = -INT64, most: int = INT32) -> int:
    """A whole number, also as text or as 1.0. Refuses: Misread."""
    number: int | None = None
    if isinstance(value, int) and not isinstance(value, bool):
        number = value
    elif isinstance(value, Decimal):
        number = int(value) if abs(value) <= INT64 and value == value.to_integral_value() else None
    elif isinstance(value, str) and (match := _WHOLE.fullmatch(value.strip())):
        number = int(match[1])
    if number is None or not least <= number <= most:
        raise Misread(CONVERT, "could not be converted to a whole number")
    return number


def read_decimal(value: Any, places: int) -> Decimal:
    """A decimal with so many places at most; zeros at its end do not count. Refuses: Misread."""
    number: Decimal | None = None
    if isinstance(value, Decimal | int) and not isinstance(value, bool):
        number = Decimal(value)
    elif isinstance(value, str) and _DECIMAL.fullmatch(value.strip()):
        number = Decimal(value.strip())
    if number is not None and number.is_zero():
        number = Decimal(0)
    if number is None or number.adjusted() >= _WHOLE_DIGITS_MAX or not _fits(number, places):
        raise Misread(DECIMAL, f"is not a decimal with at most {places} places")
    return number.quantize(Decimal(1).scaleb(-places))


def _fits(number: Decimal, places: int) -> bool:
    # By its digits: arithmetic would round a number of many digits before it is looked at.
    _, digits, exponent = number.as_tuple()
    zeros = next((count for count, digit in enumerate(reversed(digits)) if digit), len(digits))
    return int(exponent) + zeros >= -places


def read_money(value: Any) -> int:
    """An amount in minor units. Refuses: Misread."""
    return int(read_decimal(value, MONEY_PLACES).scaleb(MONEY_PLACES))


def read_flag(value: Any) -> bool:
    """A yes or no: true, 1, or either as text. Refuses: Misread."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int | Decimal) and value in {0, 1}:
        return bool(value)
    if isinstance(value, str) and value.strip().lower() in _FLAGS:
        return _FLAGS[value.strip().lower()]
    raise Misread(FLAG, "is not a boolean")


def read_choice(value: Any, words: Iterable[str]) -> str:
    """One of some words in any case, as they are given here. Refuses: Misread."""
    known = {word.lower(): word for word in words}
    found = known.get(read_text(value).strip().lower())
    if found is None:
        raise Misread(VALUE, f"is none of {', '.join(known.values())}")
    return found


def read_day(value: Any) -> date:
    """A day as it is written, whatever hour and zone stand behind it (1.6). Refuses: Misread."""
    wall, _ = _wall_clock(value)
    return wall.date()


def read_moment(value: Any, days_of: tzinfo = UTC) -> datetime:
    """A moment, in UTC unless it says another zone; a day alone is its beginning in `days_of`. Refuses: Misread."""
    wall, zone = _wall_clock(value)
    try:
        return wall.replace(tzinfo=zone or days_of).astimezone(UTC)
    except OverflowError:
        raise _no_date() from None


def is_day(value: str | None) -> bool:
    """Whether a text reads as a day."""
    try:
        read_day(value)
    except Misread:
        return False
    return True


def _wall_clock(value: Any) -> tuple[datetime, timezone | None]:
    """What is written, and in which zone; a day alone is in none."""
    text = value.strip() if isinstance(value, str) else ""
    try:
        if match := _ISO.fullmatch(text):
            year, month, day, hour, minute, second, fraction, zone = match.groups()
        elif match := _AMERICAN.fullmatch(text):
            month, day, year, hour, minute, second = match.groups()
            fraction = zone = None
        else:
            raise _no_date()
        wall = datetime(  # noqa: DTZ001 - its zone stands beside it
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0),
            int((fraction or "0").ljust(6, "0")[:6]),
        )  # fmt: skip
        return wall, None if hour is None else _zone(zone)
    except Misread:
        raise
    except ValueError:
        raise _no_date() from None


def _zone(written: str | None) -> timezone:
    if written is None or written in {"Z", "z"}:
        return UTC
    hours, minutes = int(written[1:3]), int(written[-2:])
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if written[0] == "-" else offset)


def _no_date() -> Misread:
    return Misread(DATE, "is not an ISO 8601 date-time")
