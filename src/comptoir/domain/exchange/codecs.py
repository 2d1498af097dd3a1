"""How kinds of values are written in files: JSON values, which the cells of a CSV file hold as text.

Times are ISO 8601 in UTC, amounts are decimals in text, so that no reader makes floats of them.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, TypeAlias

import msgspec

from comptoir.domain.money import e4_of_decimal

# What a cell holds: text itself, a word for a scalar (`true`, `12`), JSON, or text that may be null.
Cell: TypeAlias = Literal["text", "word", "json", "text or null"]

INTEGER_MAX = 2**63 - 1
# Numbers go on above the highest that is kept, so an imported one leaves room above it.
ID_MAX = 10**18
# A name whose key is indexed: four bytes for each character is what an index of PostgreSQL takes.
NAME_MAX = 600
TEXT_MAX = 1_000_000
DEGREES_MAX = 180
DEGREE_PLACES = 6
RATE_PLACES = 8
WHOLE = re.compile(r"-?\d{1,19}", re.ASCII)
DECIMAL = re.compile(r"-?\d{1,30}(\.\d{1,30})?", re.ASCII)
FILE_NAME = re.compile(r"([A-Za-z0-9_-][A-Za-z0-9._-]{0,99})?", re.ASCII)
ISO_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII)
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


class Unfit(ValueError):
    """A value that cannot be taken, and why."""


@dataclass(frozen=True, slots=True)
class Codec:
    """How one kind of value is read and written. `load` raises ValueError, whose text says what is wrong."""

    name: str
    load: Callable[[Any], Any]
    dump: Callable[[Any], Any]
    cell: Cell = "word"
    is_nullable: bool = False


def text_codec(name: str, maximum: int) -> Codec:
    """Text of at most so many characters."""

    def load(raw: Any) -> str:
        if not isinstance(raw, str):
            raise Unfit("must be a text")
        if len(raw) > maximum:
            raise Unfit(f"must have at most {maximum} characters")
        if "\0" in raw:
            raise Unfit("must not hold NUL characters")
        return raw

    return Codec(name, load, _same, "text")


def _load_file_name(raw: Any) -> str:
    if not isinstance(raw, str) or not FILE_NAME.fullmatch(raw):
        raise Unfit("must be the name of a file such as 1234.png, or empty")
    return raw


def _same(value: Any) -> Any:
    return value


def whole_codec(name: str, minimum: int, maximum: int) -> Codec:
    """A whole number within bounds."""

    def load(raw: Any) -> int:
        if isinstance(raw, str) and WHOLE.fullmatch(raw):
            raw = int(raw)
        if not isinstance(raw, int) or isinstance(raw, bool):
            raise Unfit("must be a whole number")
        if not minimum <= raw <= maximum:
            raise Unfit(f"must be between {minimum} and {maximum}")
        return raw

    return Codec(name, load, _same)


def or_null(codec: Codec) -> Codec:
    """The same, or null for none."""
    load, dump = codec.load, codec.dump
    return Codec(
        f"{codec.name} or null",
        lambda raw: None if raw is None else load(raw),
        lambda value: None if value is None else dump(value),
        "text or null" if codec.cell == "text" else codec.cell,
        is_nullable=True,
    )


def _load_flag(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    if raw == "true":
        return True
    if raw == "false":
        return False
    raise Unfit("must be true or false")


def _decimal_of(raw: Any) -> Decimal:
    if isinstance(raw, str) and DECIMAL.fullmatch(raw):
        return Decimal(raw)
    if isinstance(raw, int) and not isinstance(raw, bool):
        return Decimal(raw)
    if isinstance(raw, msgspec.Raw):
        return Decimal(bytes(raw).decode())
    raise Unfit("must be a decimal number such as 29.9500")


@lru_cache(maxsize=65_536)
def _e4_of_text(raw: str) -> int:
    return e4_of_decimal(_decimal_of(raw))


def _load_amount(raw: Any) -> int:
    return _e4_of_text(raw) if isinstance(raw, str) else e4_of_decimal(_decimal_of(raw))


def _load_price(raw: Any) -> int:
    value = _load_amount(raw)
    if value < 0:
        raise Unfit("must be 0 or more")
    return value


@lru_cache(maxsize=65_536)
def _dump_amount(e4: int) -> str:
    whole, rest = divmod(abs(e4), 10_000)
    return f"{'-' if e4 < 0 else ''}{whole}.{rest:04d}"


def _load_degrees(raw: Any) -> int:
    value = _decimal_of(raw)
    scaled = value.scaleb(DEGREE_PLACES)
    if abs(value) > DEGREES_MAX or scaled != scaled.to_integral_value():
        raise Unfit("must be degrees with at most six decimals")
    return int(scaled)


def _dump_degrees(e6: int) -> str:
    whole, rest = divmod(abs(e6), 10**DEGREE_PLACES)
    return f"{'-' if e6 < 0 else ''}{whole}.{rest:06d}"


def _load_rate(raw: Any) -> int:
    scaled = _decimal_of(raw).scaleb(RATE_PLACES)
    if scaled != scaled.to_integral_value() or not 0 <= scaled <= INTEGER_MAX:
        raise Unfit("must be a rate of 0 or more with at most eight decimals")
    return int(scaled)


def _dump_rate(e8: int) -> str:
    whole, rest = divmod(e8, 10**RATE_PLACES)
    return f"{whole}.{rest:08d}"


@lru_cache(maxsize=16_384)
def _time_of_text(raw: str) -> datetime:
    if not ISO_TIME.fullmatch(raw):
        raise Unfit("must be a time such as 2016-06-28T13:35:35Z")
    try:
        at = datetime.fromisoformat(raw)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Unfit("is no time of any calendar") from None


def _load_time(raw: Any) -> datetime:
    return _time_of_text(raw if isinstance(raw, str) else "")


def _dump_time(at: datetime) -> str:
    return f"{at.replace(tzinfo=None).isoformat()}Z"


def _load_day(raw: Any) -> date:
    if not isinstance(raw, str) or not ISO_DAY.fullmatch(raw):
        raise Unfit("must be a date such as 2016-06-28")
    try:
        return date.fromisoformat(raw)
    except ValueError:
        raise Unfit("is no day of any calendar") from None


def decode_json(text: str | bytes) -> Any:
    """JSON with its decimals as they are written. Raises ValueError."""
    try:
        return _DECODER.decode(text)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise Unfit(f"is no JSON: {error}") from None


# Decimals stay as they are written, digit by digit, wherever they become JSON again.
_DECODER = msgspec.json.Decoder(float_hook=lambda digits: msgspec.Raw(digits.encode()))


def _load_object(raw: Any) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise Unfit("must be an object")
    return raw


def list_of(codec: Codec) -> Codec:
    """A list of values."""
    load, dump = codec.load, codec.dump

    def load_list(raw: Any) -> list[Any]:
        if not isinstance(raw, list):
            raise Unfit("must be a list")
        return [load(one) for one in raw]

    def dump_list(values: Sequence[Any]) -> list[Any]:
        return [dump(one) for one in values]

    return Codec(f"list of {codec.name}", load_list, dump_list, "json")


def map_of(codec: Codec) -> Codec:
    """An object whose values are all of one kind."""
    load = codec.load

    def load_map(raw: Any) -> dict[str, Any]:
        return {key: load(one) for key, one in _load_object(raw).items()}

    return Codec(f"object of {codec.name}", load_map, _same, "json")


def set_of(codec: Codec) -> Codec:
    """A list in which order and repetition mean nothing."""
    plain = list_of(codec)
    return Codec(plain.name, lambda raw: sorted(set(plain.load(raw))), plain.dump, "json")


TEXT = text_codec("text", TEXT_MAX)
# Text that is looked up by an index, which takes no more.
NAME = text_codec("short text", NAME_MAX)
FILE = Codec("file name", _load_file_name, _same, "text")
ID = whole_codec("id", 1, ID_MAX)
LINK = whole_codec("id of another record", 0, ID_MAX)
WHOLE_SIGNED = whole_codec("whole number of either sign", -INTEGER_MAX, INTEGER_MAX)
NATURAL = whole_codec("whole number", 0, INTEGER_MAX)
FLAG = Codec("true or false", _load_flag, bool)
AMOUNT = Codec("amount", _load_amount, _dump_amount)
PRICE = Codec("amount of 0 or more", _load_price, _dump_amount)
DEGREES = Codec("degrees", _load_degrees, _dump_degrees)
RATE = Codec("exchange rate", _load_rate, _dump_rate)
TIME = Codec("time", _load_time, _dump_time)
DAY = Codec("date", _load_day, date.isoformat)
OBJECT = Codec("object", _load_object, _same, "json")
ID_SET = set_of(ID)
