"""Amounts and times of sales as they are shown (reference 1.7)."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from comptoir.domain.money import decimal_of_minor, exponent_of
from comptoir.domain.orders.worth import Amount
from comptoir.domain.shop import ShopFacts

# A zone follows, which the wire leaves out.
SECONDS_END = len("2012-07-19 17:01:19")
CENT = Decimal("0.01")


def text2(minor: int, currency: str) -> str:
    """Minor units with two decimals, whatever the currency has."""
    if exponent_of(currency) == 2:
        whole, cents = divmod(abs(minor), 100)
        return f"{'-' if minor < 0 else ''}{whole}.{cents:02d}"
    return f"{decimal_of_minor(minor, currency).quantize(CENT, ROUND_HALF_UP):f}"


def in_currency(minor: int, currency: str) -> str:
    """Minor units with as many decimals as the currency has."""
    return f"{decimal_of_minor(minor, currency):.{exponent_of(currency)}f}"


def told(minor: int, amount: Amount) -> str:
    """An amount of an order in another currency, with two decimals."""
    return text2(amount.of(minor), amount.currency)


def total_told(kept_minor: int | None, total_minor: int, amount: Amount) -> str:
    """A total as the invoice keeps it; of an order without an invoice, by the rates."""
    return told(total_minor, amount) if kept_minor is None else text2(kept_minor, amount.currency)


def timestamp(at: datetime, shop: ShopFacts) -> str:
    """A time on the shop's clock."""
    return shop.local(at).isoformat(" ", "seconds")[:SECONDS_END]


def day(at: datetime | None, shop: ShopFacts) -> str | None:
    """The day of a time on the shop's calendar."""
    return None if at is None else day_text(shop.local(at).date())


def day_text(on: date) -> str:
    """A day."""
    return on.isoformat()
