"""What a buyer is about to buy: lines with their prices, as the shop's link or the catalogue has them.

Prices are in the shop's currency, or for the payment API in the one that it names.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from comptoir.domain.checkout.errors import CartRefused
from comptoir.domain.money import E4_PER_UNIT, minor_of_e4
from comptoir.domain.orders.models import COUPON, ITEMISED_TYPES, PRODUCT, SHIPPING, TAX
from comptoir.domain.subscriptions.amounts import INTERVAL_MAX

LINE_TYPES = (PRODUCT, SHIPPING, TAX, COUPON)
PRICE_MAX_E4 = 99_999_999 * E4_PER_UNIT + 9_900
QUANTITY_MAX = 999
# Every piece becomes a line of the order, so there is an end to them.
PIECES_MAX = 2_000
FOREVER = "forever"

PASS_THROUGH, PLUG_AND_PLAY, THIRD_PARTY, AUTHORIZE_NET, API = (
    "pass-through", "plug-and-play", "third-party", "authorize-net", "api",
)  # fmt: skip

_PERIOD = re.compile(r"\s*(\d{1,3})\s+(week|month|year)s?\s*", re.ASCII | re.IGNORECASE)
_PRICE = re.compile(r"(-?)(\d{1,8})(?:\.(\d*))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Period:
    """So many weeks, months or years."""

    count: int
    unit: str

    def __str__(self) -> str:
        """As the trade writes it: `1 Month`, never in the plural."""
        return f"{self.count} {self.unit.capitalize()}"


class Choice(NamedTuple):
    """An option, the value that was chosen, and what it adds to the price."""

    name: str
    value: str
    surcharge_e4: int = 0
    option_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CartLine:
    """One line of a cart: so many pieces of a product, or what is charged or given on the whole.

    Of a product at least `least` and at most `most` are sold at once, if these are above zero; of one that
    `is_counted` no more than there are.
    """

    name: str
    type: str = PRODUCT
    quantity: int = 1
    price_e4: int = 0
    code: str = ""
    description: str = ""
    product_id: int = 0
    is_catalogue: bool = False
    is_tangible: bool = False
    is_cart: bool = False
    recurrence: Period | None = None
    duration: Period | None = None
    startup_fee_e4: int | None = None
    handling_e4: int | None = None
    choices: tuple[Choice, ...] = ()
    approved_url: str = ""
    pending_url: str = ""
    key: str = ""
    least: int = 0
    most: int = 0
    is_counted: bool = False

    @property
    def lasting_e4(self) -> int:
        """What a piece costs every time."""
        return self.price_e4 + sum(choice.surcharge_e4 for choice in self.choices)

    @property
    def piece_e4(self) -> int:
        """What a piece costs the first time."""
        return self.lasting_e4 + (self.startup_fee_e4 or 0)

    def minor(self, currency: str) -> int:
        """What the line adds to the total; a coupon takes away."""
        sign = -1 if self.type == COUPON else 1
        return sign * self.quantity * minor_of_e4(self.piece_e4, currency)

    def lasting_minor(self, currency: str) -> int:
        """What a piece costs every time, as it is paid."""
        return minor_of_e4(self.lasting_e4, currency)

    @property
    def is_goods(self) -> bool:
        """Whether it is something that is sold, not what is charged on the whole."""
        return self.type not in ITEMISED_TYPES


@dataclass(frozen=True, slots=True)
class Cart:
    """The lines of a cart, and the set of parameters that they came in."""

    kind: str
    lines: tuple[CartLine, ...]

    @property
    def goods(self) -> tuple[CartLine, ...]:
        """What is sold."""
        return tuple(line for line in self.lines if line.is_goods and line.quantity)

    @property
    def is_tangible(self) -> bool:
        """Whether anything must be sent."""
        return any(line.is_tangible and line.quantity for line in self.lines)

    @property
    def pieces(self) -> int:
        """How many pieces are sold."""
        return sum(line.quantity for line in self.goods)

    def minor(self, currency: str) -> int:
        """What the lines come to."""
        return sum(line.minor(currency) for line in self.lines)

    def with_lines(self, lines: Iterable[CartLine]) -> "Cart":
        """The same cart with other lines."""
        return replace(self, lines=tuple(lines))


def checked(cart: Cart, currency: str) -> Cart:
    """A cart that can be sold. Refuses: CartRefused (quantity, price, total)."""
    if not cart.goods:
        raise CartRefused([("quantity", "of everything is nothing: there is no product to buy")])
    if sum(line.quantity for line in cart.lines) > PIECES_MAX:
        raise CartRefused([("quantity", f"comes to more than {PIECES_MAX} pieces in all")])
    for line in cart.lines:
        if line.piece_e4 < 0 or (line.startup_fee_e4 or 0) <= -line.lasting_e4 < 0:
            raise CartRefused([("startup_fee", f"of {line.name!r} is not below its price")])
        if line.quantity and not line.least <= line.quantity <= (line.most or line.quantity):
            raise CartRefused([("quantity", f"of {line.name!r} {_limits(line)}")])
    total = cart.minor(currency)
    if total <= 0:
        raise CartRefused([("total", "is not above zero: there is nothing to pay for")])
    if total > minor_of_e4(PRICE_MAX_E4, currency):
        raise CartRefused([("total", "is above 99999999.99")])
    return cart


def _limits(line: CartLine) -> str:
    words = [f"at least {line.least}"] if line.least else []
    return f"must be {' and '.join([*words, f'at most {line.most}'] if line.most else words)}"


def read_period(text: str) -> Period:
    """A period such as `3 Month`. Refuses: ValueError."""
    match = _PERIOD.fullmatch(text)
    if match is None or int(match[1]) == 0:
        raise ValueError("must be a number and one of Week, Month, Year, such as `1 Month`")
    return Period(int(match[1]), match[2].lower())


def read_recurrence(text: str) -> Period | None:
    """How often something is billed; None for once. Refuses: ValueError."""
    if not text.strip():
        return None
    period = read_period(text)
    if period.count > INTERVAL_MAX[period.unit]:
        raise ValueError(f"must be at most {INTERVAL_MAX[period.unit]} {period.unit}s")
    return period


def read_duration(text: str) -> Period | None:
    """How long something recurs; None for ever. Refuses: ValueError."""
    return None if text.strip().lower() in {"", FOREVER} else read_period(text)


def read_price(text: str, *, may_be_negative: bool = False) -> int:
    """A price in ten-thousandths, at most 99999999.99 and to the cent. Refuses: ValueError."""
    match = _PRICE.fullmatch(text.strip())
    if match is None or len((match[3] or "").rstrip("0")) > 2:
        raise ValueError("must be an amount from 0.00 to 99999999.99, without a currency sign")
    if match[1] and not may_be_negative:
        raise ValueError("must not be negative")
    cents = Decimal(f"{match[2]}.{(match[3] or '0').rstrip('0') or '0'}")
    return int(cents * E4_PER_UNIT) * (-1 if match[1] else 1)


def numbered(lines: Sequence[CartLine]) -> tuple[CartLine, ...]:
    """The lines with a key each, by which forms name them."""
    return tuple(replace(line, key=line.key or str(number)) for number, line in enumerate(lines, 1))
