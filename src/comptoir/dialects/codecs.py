"""How kinds of values are written: a piece of Python that dumps, a function that loads, a schema.

`dump` is an expression over `v` (the driver's own value) and `s` (the shop's facts); a Document weaves the
expressions of all its rows into one function. `load` may raise ValueError only.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any, Generic, TypeVar
from zoneinfo import ZoneInfo

import msgspec

from comptoir.domain.money import e4_of_decimal
from comptoir.domain.shop import ShopFacts
from comptoir.storage.reading import Kind

T = TypeVar("T")
Schema = dict[str, Any]

# A value that was not given, or is to be left as it is.
ABSENT: Any = object()
INTEGER_MAX = 2**63 - 1
SHORT_TEXT_MAX = 255
LONG_TEXT_MAX = 65_535
EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001 - only added to, to write UTC quickly
NUMBER_WRITTEN = re.compile(r"[+-]?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})", re.ASCII)
DAY_WRITTEN = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
TIME_WRITTEN = re.compile(
    DAY_WRITTEN.pattern + r"([ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?)?", re.ASCII
)
FALSE_WORDS = frozenset({"", "0", "false", "off", "no"})
TRUE_WORDS = frozenset({"1", "true", "on", "yes"})


@dataclass(frozen=True, slots=True, eq=False)
class Codec(Generic[T]):
    """How one kind of value is written, read and searched."""

    name: str
    kind: Kind
    dump: str
    load: Callable[[Any, ShopFacts], T]
    schema: Schema
    scope: Mapping[str, Any] = field(default_factory=dict)
    scale: int = 1
    places: int = 0
    none_is_zero: bool = False
    accepts: Schema | None = None

    @property
    def is_rounded(self) -> bool:
        """Whether more may be stored than is written."""
        return self.kind == "time" or self.scale > 10**self.places

    @property
    def is_nullable(self) -> bool:
        """Whether the wire may show that there is no value."""
        return "None" in self.dump


def text_of(raw: Any) -> str:
    """A scalar as text; anything else cannot be one."""
    if isinstance(raw, str):
        return raw
    if isinstance(raw, bool):
        return "1" if raw else ""
    if isinstance(raw, int | Decimal):
        return str(raw)
    if raw is None:
        return ""
    raise ValueError("must be a text")


def text(maximum: int = LONG_TEXT_MAX, *, required: bool = False) -> Codec[str]:
    """Text of at most `maximum` characters; a required one may not be empty."""

    def load(raw: Any, _shop: ShopFacts) -> str:
        value = text_of(raw)
        if "\0" in value:
            raise ValueError("must not hold NUL characters")
        if len(value) > maximum:
            raise ValueError(f"must have at most {maximum} characters")
        if required and not value.strip():
            raise ValueError("must not be empty")
        return value

    accepts: Schema = {"type": "string", "maxLength": maximum} | ({"minLength": 1} if required else {})
    return Codec("text", "text", "{v}", load, {"type": "string"}, accepts=accepts)


def decimal_of(raw: Any) -> Decimal:
    """A number given as text or as a JSON number. Text must be digits with an optional sign and point."""
    if isinstance(raw, bool) or raw is None:
        raise ValueError("must be a number")
    if isinstance(raw, int | Decimal):
        return Decimal(raw)
    if isinstance(raw, str) and NUMBER_WRITTEN.fullmatch(raw.strip()) is not None:
        return Decimal(raw.strip())
    raise ValueError("must be a number")


def whole_of(raw: Any) -> int:
    """A whole number that fits 64 bits."""
    value = decimal_of(raw)
    if not value.is_finite() or abs(value) > INTEGER_MAX or value != value.to_integral_value():
        raise ValueError("must be a whole number")
    return int(value)


def load_whole(raw: Any, _shop: ShopFacts) -> int:
    """A whole number; an empty text is 0."""
    return 0 if raw in ("", None) else whole_of(raw)


def load_natural(raw: Any, _shop: ShopFacts) -> int:
    """A whole number of 0 or more; an empty text is 0."""
    value = load_whole(raw, _shop)
    if value < 0:
        raise ValueError("must be 0 or more")
    return value


def load_link(raw: Any, _shop: ShopFacts) -> int | None:
    """The id of a linked record; 0 and empty take the link away."""
    value = load_natural(raw, _shop)
    return value or None


def load_e4(raw: Any, _shop: ShopFacts) -> int:
    """An amount of 0 or more with at most four decimals, in ten-thousandths; an empty text is 0."""
    if raw in ("", None):
        return 0
    value = e4_of_decimal(decimal_of(raw))
    if value < 0:
        raise ValueError("must be 0 or more")
    return value


def flag_of(raw: Any) -> bool:
    """A yes or no in any of the spellings that clients use."""
    word = text_of(raw).strip().lower()
    if word in TRUE_WORDS:
        return True
    if word in FALSE_WORDS:
        return False
    raise ValueError("must be one of on, off, 1, 0, true, false, yes, no or empty")


def load_flag(raw: Any, _shop: ShopFacts) -> bool:
    """A yes or no."""
    return flag_of(raw)


def e4_text2(value: int) -> str:
    """Ten-thousandths with two decimals, rounded half away from zero."""
    if value < 0:
        return f"-{(50 - value) // 10000}.{(50 - value) // 100 % 100:02d}"
    return f"{(value + 50) // 10000}.{(value + 50) // 100 % 100:02d}"


def e4_text4(value: int) -> str:
    """Ten-thousandths with all four decimals."""
    if value < 0:
        return f"-{-value // 10000}.{-value % 10000:04d}"
    return f"{value // 10000}.{value % 10000:04d}"


@lru_cache(maxsize=16_384)
def time_text(micros: int, zone: ZoneInfo) -> str:
    """`YYYY-MM-DD HH:MM:SS` on the shop's wall clock."""
    seconds = micros // 1_000_000
    if zone.key == "UTC":
        return str(EPOCH + timedelta(seconds=seconds))
    return str(datetime.fromtimestamp(seconds, zone).replace(tzinfo=None))


def load_time(raw: Any, shop: ShopFacts) -> datetime | None:
    """A time as `YYYY-MM-DD HH:MM:SS` or a date alone, on the shop's wall clock; empty means none."""
    written = text_of(raw).strip()
    if not written:
        return None
    if TIME_WRITTEN.fullmatch(written) is None:
        raise ValueError("must be a time as YYYY-MM-DD HH:MM:SS")
    try:
        value = datetime.fromisoformat(written)
        at = (value if value.tzinfo else value.replace(tzinfo=shop.zone)).astimezone(UTC)
        shop.local(at)  # what the shop's own wall clock cannot show is no time either
        return at
    except (ValueError, OverflowError):
        raise ValueError("must be a time as YYYY-MM-DD HH:MM:SS") from None


def load_day(raw: Any, _shop: ShopFacts) -> date | None:
    """A date as `YYYY-MM-DD`; empty means none."""
    written = text_of(raw).strip()
    if not written:
        return None
    if DAY_WRITTEN.fullmatch(written) is None:
        raise ValueError("must be a date as YYYY-MM-DD")
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise ValueError("must be a date as YYYY-MM-DD") from None


def load_object(raw: Any, _shop: ShopFacts) -> dict[str, Any]:
    """An object with any keys."""
    if not isinstance(raw, Mapping):
        raise ValueError("must be an object")
    return dict(raw)


def choice(words: Mapping[str, str], *, schema: Schema | None = None) -> Codec[str]:
    """One word of a list: wire word to stored word, matched exactly."""

    def load(raw: Any, _shop: ShopFacts) -> str:
        word = text_of(raw)
        if word not in words:
            shown = ", ".join(repr(one) for one in words)
            raise ValueError(f"must be one of {shown}")
        return words[word]

    back = {stored: wire for wire, stored in words.items()}
    same = all(wire == stored for wire, stored in words.items())
    return Codec(
        "choice", "text", "{v}" if same else "back.get({v}, {v})", load,
        schema or {"type": "string"}, {} if same else {"back": back},
        accepts={"type": "string", "enum": list(words)},
    )  # fmt: skip


NUMBER_TEXT: Schema = {"type": "string", "pattern": r"^-?\d+$"}
NUMBER_TEXT_OR_EMPTY: Schema = {"type": "string", "pattern": r"^(\d+)?$"}
TIME: Schema = {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$"}
TIME_OR_EMPTY: Schema = {"type": "string", "pattern": r"^(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2})?$"}

TEXT = text()
SHORT_TEXT = text(SHORT_TEXT_MAX)
NAME = text(SHORT_TEXT_MAX, required=True)
INT_AS_TEXT: Codec[int] = Codec("integer as text", "number", "str({v})", load_natural, NUMBER_TEXT)
ID_AS_TEXT_OR_ZERO: Codec[int | None] = Codec(
    "id as text, 0 for none", "number", "str({v} or 0)", load_link, NUMBER_TEXT, none_is_zero=True
)
ID_AS_TEXT_OR_EMPTY: Codec[int | None] = Codec(
    "id as text or empty", "number", "('' if {v} is None else str({v}))", load_link, NUMBER_TEXT_OR_EMPTY
)
INT: Codec[int] = Codec("integer", "number", "{v}", load_natural, {"type": "integer"})
INT_OR_ZERO: Codec[int | None] = Codec(
    "integer, 0 for none", "number", "({v} or 0)", load_link, {"type": "integer"}, none_is_zero=True
)
INT_OR_NULL: Codec[int | None] = Codec(
    "integer or null", "number", "{v}", load_link, {"type": ["integer", "null"]}
)
ON_OR_EMPTY: Codec[bool] = Codec(
    "on or empty", "flag", "('on' if {v} else '')", load_flag, {"type": "string", "enum": ["", "on"]}
)
ON_OR_OFF: Codec[bool] = Codec(
    "on or off", "flag", "('on' if {v} else 'off')", load_flag, {"type": "string", "enum": ["on", "off"]}
)
TRUE_AS_TEXT: Codec[bool] = Codec(
    "true or false as text", "flag", "('true' if {v} else 'false')", load_flag,
    {"type": "string", "enum": ["true", "false"]},
)  # fmt: skip
IS_LINKED: Codec[int | None] = Codec(
    "true as text when linked", "presence", "('false' if {v} is None else 'true')", load_link,
    {"type": "string", "enum": ["true", "false"]},
)  # fmt: skip
BOOLEAN: Codec[bool] = Codec("boolean", "flag", "bool({v})", load_flag, {"type": "boolean"})
AMOUNT4: Codec[int] = Codec(
    "amount with 4 decimals", "number", "e4_text4({v})", load_e4,
    {"type": "string", "pattern": r"^-?\d+\.\d{4}$"}, {"e4_text4": e4_text4}, 10_000, 4,
)  # fmt: skip
AMOUNT2: Codec[int] = Codec(
    "amount with 2 decimals", "number", "e4_text2({v})", load_e4,
    {"type": "string", "pattern": r"^-?\d+\.\d{2}$"}, {"e4_text2": e4_text2}, 10_000, 2,
)  # fmt: skip
TIME_TEXT: Codec[datetime | None] = Codec(
    "time", "time", "time_text({v}, s.zone)", load_time, TIME, {"time_text": time_text}
)
TIME_OR_EMPTY_TEXT: Codec[datetime | None] = Codec(
    "time or empty", "time", "('' if {v} is None else time_text({v}, s.zone))", load_time, TIME_OR_EMPTY,
    {"time_text": time_text},
)  # fmt: skip
TIME_OR_NULL: Codec[datetime | None] = Codec(
    "time or null", "time", "(None if {v} is None else time_text({v}, s.zone))", load_time,
    {**TIME, "type": ["string", "null"]}, {"time_text": time_text},
)  # fmt: skip
DAY_OR_EMPTY: Codec[date | None] = Codec(
    "date or empty", "day", "({v} or '')", load_day, {"type": "string", "pattern": r"^(\d{4}-\d{2}-\d{2})?$"}
)
JSON_OBJECT: Codec[Any] = Codec(
    "object", "text", "decode({v})", load_object, {"type": "object"},
    {"decode": msgspec.json.decode},
)  # fmt: skip
