"""What a coupon takes off, in minor units of the shop's currency; arithmetic without I/O."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from comptoir.domain.coupons.errors import BelowMinimum, WrongProduct
from comptoir.domain.coupons.models import PRODUCT, SALE, SHIPPING
from comptoir.domain.money import minor_of_e4, rounded, shares

PPM = 1_000_000


@dataclass(frozen=True, slots=True)
class CouponFacts:
    """A coupon as it is redeemed: `product_ids` are what it is for, if it is of the type product."""

    id: int
    code: str
    type: str
    percent_ppm: int | None
    value_e4: int | None
    minimum_e4: int | None
    expires_on: date
    is_for_all: bool
    product_ids: frozenset[int] = field(default=frozenset())

    def is_for(self, product_id: int) -> bool:
        """Whether a line with this product gets cheaper by it."""
        return self.type == SALE or (
            self.type == PRODUCT and (self.is_for_all or product_id in self.product_ids)
        )


@dataclass(frozen=True, slots=True)
class Discount:
    """What is taken off each line and off the shipping; nothing is below zero."""

    on_lines: tuple[int, ...]
    on_shipping: int

    @property
    def total(self) -> int:
        """All that is taken off."""
        return sum(self.on_lines) + self.on_shipping


def discount_of(
    coupon: CouponFacts, *, lines: Sequence[tuple[int, int]], shipping_minor: int, currency: str
) -> Discount:
    """What a coupon takes off lines of (product, amount), each one piece, and off the shipping.

    A value is taken off the sale once, off each piece of its products, never more than there is to pay for
    it. What is taken off the sale is shared by the lines as their amounts are.
    Refuses: WrongProduct, BelowMinimum.
    """
    if coupon.type == PRODUCT and not any(coupon.is_for(product_id) for product_id, _ in lines):
        raise WrongProduct(coupon.code)
    bought = sum(amount for _, amount in lines)
    minimum = minor_of_e4(coupon.minimum_e4 or 0, currency)
    if bought < minimum:
        raise BelowMinimum(coupon.code, minimum, bought)
    amounts = [amount for _, amount in lines]
    if coupon.type == SHIPPING:
        return Discount((0,) * len(lines), shipping_minor)
    if coupon.type == SALE:
        return Discount(tuple(_shared(_off(coupon, bought, currency), amounts)), 0)
    on_lines = (
        _off(coupon, amount, currency) if coupon.is_for(product_id) else 0 for product_id, amount in lines
    )
    return Discount(tuple(on_lines), 0)


def _off(coupon: CouponFacts, amount: int, currency: str) -> int:
    if coupon.percent_ppm is not None:
        return min(rounded(amount * coupon.percent_ppm, PPM), amount)
    return min(minor_of_e4(coupon.value_e4 or 0, currency), amount)


def _shared(total: int, amounts: Sequence[int]) -> list[int]:
    """Shares of the total, of which none is above its amount: the total is not above their sum."""
    return shares(total, amounts) if any(amounts) else [0] * len(amounts)
