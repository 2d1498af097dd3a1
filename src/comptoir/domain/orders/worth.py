"""What an order's amounts are in the three currencies that a sale is told in.

An invoice keeps its total in the buyer's currency and in US dollars; their ratio to the order's total converts
every other amount of it, rounded half up. Of an order that was not sold at a checkout its own currency is the
buyer's, and the rates of its day tell the others.
"""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import TypeAlias

from comptoir.domain.merchant.queries import find_ratio
from comptoir.domain.money import exponent_of, rounded
from comptoir.domain.tx import Tx

VENDOR, CUSTOMER, DOLLARS = "vendor", "customer", "usd"
USD = "USD"
ONE = Fraction(1)

# What is known of exchange rates, by source, target and day.
Rates: TypeAlias = dict[tuple[str, str, date], Fraction | None]


@dataclass(frozen=True, slots=True)
class Priced:
    """What an order comes to: its own total, and the totals that its invoice keeps, if it has one."""

    currency: str
    total_minor: int
    created_at: datetime
    customer_currency: str | None = None
    customer_total_minor: int = 0
    usd_total_minor: int = 0


@dataclass(frozen=True, slots=True)
class Amount:
    """How an order's minor units become those of another currency."""

    currency: str
    ratio: Fraction

    def of(self, minor: int) -> int:
        """An amount of the order in this currency."""
        ratio = self.ratio
        return rounded(minor * ratio.numerator, ratio.denominator)

    def back(self, minor: int) -> int:
        """An amount of this currency in the order's own."""
        ratio = self.ratio
        return rounded(minor * ratio.denominator, ratio.numerator)


@dataclass(frozen=True, slots=True)
class Worth:
    """One order in three currencies: the merchant's, the buyer's, US dollars."""

    vendor: Amount
    customer: Amount
    usd: Amount

    def named(self, name: str) -> Amount:
        """By the name that a caller gives the currency."""
        return {VENDOR: self.vendor, CUSTOMER: self.customer, DOLLARS: self.usd}[name]


def worth_of(tx: Tx, priced: Priced, rates: Rates | None = None) -> Worth:
    """How the amounts of an order are told; where no rate is known, as they are.

    Rates are looked up once for all orders of a day that are told together.
    """
    own, shop = priced.currency, tx.shop.currency
    known = {} if rates is None else rates
    if priced.customer_currency is None:
        return Worth(_by_rate(tx, priced, shop, known), Amount(own, ONE), _by_rate(tx, priced, USD, known))
    customers = _by_total(priced, priced.customer_currency, priced.customer_total_minor)
    dollars = _by_total(priced, USD, priced.usd_total_minor)
    return Worth(
        Amount(own, ONE),
        customers or _by_rate(tx, priced, priced.customer_currency, known),
        dollars or _by_rate(tx, priced, USD, known),
    )


def _by_total(priced: Priced, currency: str, total_minor: int) -> Amount | None:
    """By the invoice's own ratio; a total of nothing has none."""
    if priced.total_minor <= 0 or total_minor <= 0:
        return None
    return Amount(currency, Fraction(total_minor, priced.total_minor))


def _by_rate(tx: Tx, priced: Priced, currency: str, known: Rates) -> Amount:
    own = priced.currency
    if own == currency:
        return Amount(currency, ONE)
    day = tx.shop.local(priced.created_at).date()
    key = (own, currency, day)
    if key not in known:
        known[key] = find_ratio(tx, own, currency, day)
    ratio = known[key]
    if ratio is None:
        return Amount(currency, ONE)
    return Amount(currency, ratio * Fraction(10) ** (exponent_of(currency) - exponent_of(own)))
