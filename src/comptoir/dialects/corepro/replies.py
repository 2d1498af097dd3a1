"""What a call answers when it has done what it was asked, and how values are written (reference 1.4 and 1.6)."""

from collections.abc import Mapping
from datetime import date, datetime, tzinfo
from decimal import Decimal
from http import HTTPStatus
from typing import Any, NamedTuple

from comptoir.dialects.corepro.refusals import Element, Refusal
from comptoir.dialects.edge import Reply

MONEY_PLACES = 2
RATE_PLACES = 11


class Failed(NamedTuple):
    """Refusals after which what was done is kept."""

    errors: tuple[Element, ...]


class RawFile(NamedTuple):
    """A file that is given out as it is, without an envelope."""

    content: bytes
    content_type: str


def ok(data: Mapping[str, Any] | list[Mapping[str, Any]] | None = None) -> Reply:
    """A success; None, and every None within, is left out."""
    return Reply(HTTPStatus.OK, data)


def failed(*refusals: Refusal) -> Reply:
    """A refusal after which what was done is kept: an attempt that is counted. Each needs its message."""
    elements = tuple(Element(refusal.code, refusal.message or "") for refusal in refusals)
    return Reply(refusals[0].status, Failed(elements))


def money(minor: int | None) -> Decimal | None:
    """An amount with two decimals."""
    return None if minor is None else Decimal(minor).scaleb(-MONEY_PLACES)


def rate(e11: int | None) -> Decimal | None:
    """A rate of interest from 1e-11 of the whole, without zeros at its end."""
    if e11 is None:
        return None
    shown = Decimal(e11).scaleb(-RATE_PLACES).normalize()
    return shown if int(shown.as_tuple().exponent) <= 0 else shown.quantize(Decimal(1))


def moment(at: datetime | None, zone: tzinfo) -> str | None:
    """A moment on the bank's clock, with milliseconds and offset: typed clients read no other form (1.6)."""
    if at is None:
        return None
    try:
        shown = at.astimezone(zone)
    except OverflowError:
        # The first and the last hours that can be counted are not there on every clock.
        shown = at
    return shown.isoformat(timespec="milliseconds")


def day(on: date | None) -> str | None:
    """A day, with a zero time and offset."""
    return None if on is None else f"{on.isoformat()}T00:00:00.000+00:00"


def masked(value: str | None, stars: int = 6) -> str | None:
    """A number that identifies somebody, down to its last four characters (4.3)."""
    return None if value is None else f"{'*' * stars}{value[-4:]}"


def without_nothing(value: Any) -> Any:
    """The value without anything that is None in an object, at every level (1.4)."""
    if isinstance(value, Mapping):
        return {key: without_nothing(each) for key, each in value.items() if each is not None}
    if isinstance(value, list | tuple):
        return [without_nothing(each) for each in value]
    return value
