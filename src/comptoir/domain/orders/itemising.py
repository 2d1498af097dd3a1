"""Orders whose shipping, tax and coupons are lines of their own, as checkouts bill them.

Such lines say what is charged and given on the order; a coupon's price is taken off. Product lines then carry
no tax and no share of a discount: each line is refunded for what it says.
"""

from collections.abc import Sequence
from typing import NamedTuple

from comptoir.domain.errors import Invalid
from comptoir.domain.money import e4_of_minor, minor_of_e4
from comptoir.domain.orders.amounts import LineAmounts, LinePrice, OrderAmounts, refuse_wrong_price
from comptoir.domain.orders.lines import LineFields
from comptoir.domain.orders.models import COUPON, ITEMISED_TYPES, SHIPPING, TAX


class Itemised(NamedTuple):
    """The order's columns that its lines fill, and what it comes to."""

    charges: dict[str, int]
    amounts: OrderAmounts


def is_itemised(lines: Sequence[LineFields]) -> bool:
    """Whether an order with these lines has its charges among them."""
    return any(line.get("type") in ITEMISED_TYPES for line in lines)


def itemise_order(lines: Sequence[tuple[str, LinePrice]], currency: str) -> Itemised:
    """Compute an order from its lines, each with its type. Refuses: Invalid (quantity, tax, discount, total)."""
    amounts = [_amounts(kind, price, currency) for kind, price in lines]
    sums = {
        kind: sum(amount.amount_minor for (one, _), amount in zip(lines, amounts, strict=True) if one == kind)
        for kind in ITEMISED_TYPES
    }
    total = sum(amount.amount_minor for amount in amounts)
    if total < 0:
        raise Invalid("total", "is below zero: the coupons are worth more than what they are for")
    charges = {
        "delivery_e4": e4_of_minor(sums[SHIPPING], currency),
        "discount_e4": e4_of_minor(-sums[COUPON], currency),
        "insurance_e4": 0,
        "surcharge_e4": 0,
    }
    return Itemised(charges, OrderAmounts(amounts, True, 0, 0, sums[TAX], total))  # noqa: FBT003 - tax is in the sum


def _amounts(kind: str, price: LinePrice, currency: str) -> LineAmounts:
    refuse_wrong_price(price)
    minor = minor_of_e4(price.amount_e4, currency)
    return LineAmounts(-minor if kind == COUPON else minor, 0, minor if kind == TAX else 0)
