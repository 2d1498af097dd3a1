"""What a buyer has said so far, as it is kept between one page and the next. Card data is never among it."""

from dataclasses import dataclass, field
from typing import Any

import msgspec

from comptoir.domain.checkout.addresses import Address
from comptoir.domain.checkout.bills import Bill


@dataclass(slots=True)
class CardEnds:
    """What is known of a card: its kind, the ends of its number, and when it expires."""

    type: str = ""
    first_six: str = ""
    last_four: str = ""
    expiry_month: int = 0
    expiry_year: int = 0


@dataclass(slots=True)
class Paying:
    """A payment that was begun: what for, by which card at which gateway, and under which key."""

    bill: Bill
    gateway: str
    method: str
    key: str
    card: CardEnds = field(default_factory=CardEnds)


@dataclass(slots=True)
class Answers:
    """The buyer's answers. `tries` counts the payments begun; `paying` is the last of them."""

    billing: Address = field(default_factory=Address)
    shipping: Address = field(default_factory=Address)
    is_same: bool = True
    is_single: bool = False
    quantities: dict[str, int] = field(default_factory=dict)
    chosen: dict[str, dict[str, str]] = field(default_factory=dict)
    coupon: str = ""
    method_id: int | None = None
    tries: int = 0
    paying: Paying | None = None
    is_told: bool = False


def kept(answers: Answers) -> dict[str, Any]:
    """The answers as JSON has them."""
    written: dict[str, Any] = msgspec.to_builtins(answers)
    return written


def read_answers(written: Any) -> Answers:
    """The answers as they were kept."""
    return msgspec.convert(written, Answers)
