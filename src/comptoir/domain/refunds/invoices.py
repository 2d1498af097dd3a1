"""Refunding invoices and their line items, as the card trade knows it: within a time, with a reason, in a currency."""

from datetime import timedelta
from decimal import Decimal
from typing import NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.errors import Invalid
from comptoir.domain.merchant.queries import get_merchant
from comptoir.domain.money import decimal_of_minor, minor_of_decimal
from comptoir.domain.orders.errors import LineNotFound
from comptoir.domain.orders.queries import OrderHead, find_worth, get_head, order_of_line
from comptoir.domain.refunds.actions import draft_items, standing_of
from comptoir.domain.refunds.errors import (
    AlreadyRefunded,
    CategoryReserved,
    NotRefundable,
    RefundTooLarge,
    RefundTooLate,
    RefundTooSmall,
)
from comptoir.domain.refunds.models import AMOUNT, PRODUCT, SHIPPING, Refund, RefundItem
from comptoir.domain.refunds.standing import Item, Standing
from comptoir.domain.tx import Tx

# Reasons for refunds (reference 6.8); the seventh is the processor's own.
CATEGORIES = {
    1: "Did not receive order",
    2: "Did not like item",
    3: "Item(s) not as described",
    4: "Fraud",
    5: "Other",
    6: "Item not available",
    7: "Internal use only",
    8: "No response from merchant",
    9: "Recurring last installment",
    10: "Cancellation",
    11: "Billed in error",
    12: "Prohibited product",
    13: "Service refunded at merchant's request",
    14: "Non delivery",
    15: "Not as described",
    16: "Out of stock",
    17: "Duplicate",
}
RESERVED_CATEGORY = 7


class Asked(NamedTuple):
    """An amount in one of the sale's currencies: `vendor`, `customer` or `usd`."""

    amount: Decimal
    currency: str


AMOUNT_ITEM = (
    select(RefundItem.id)
    .join(Refund, Refund.id == RefundItem.refund_id)
    .where(RefundItem.id == bindparam("item_id"), RefundItem.type == AMOUNT, Refund.removed_at.is_(None))
)


def draft_invoice_refund(
    tx: Tx,
    *,
    order_id: int,
    category: int,
    comment: str = "",
    asked: Asked | None = None,
) -> int:
    """Draft a refund of an amount of an invoice, or of all that is left of it, and give the refund's id.

    All that is left is given back line by line; an amount is of no line.
    Refuses: Invalid (category), OrderNotFound, CategoryReserved, RefundTooSmall, RefundTooLarge, RefundTooLate.
    """
    refuse_unheard_of(category)
    head = get_head(tx, order_id)
    refuse_reserved(category)
    standing = standing_of(tx, order_id)
    left = _balance(standing)
    wanted = left if asked is None else _wanted(tx, order_id, asked, left)
    if wanted > left or left <= 0:
        raise RefundTooLarge(f"invoice {order_id}", left=left, wanted=wanted)
    refuse_late(tx, head)
    items = standing.remainder() if wanted == standing.balance_minor else [Item(AMOUNT, 0, 1, wanted)]
    return draft_items(tx, standing, items, notes=comment, category=category)


def draft_line_refund(tx: Tx, *, line_id: int, category: int, comment: str = "") -> int:
    """Draft a refund of all that is left of a line item, and give the refund's id.

    Refuses: Invalid (category), LineNotFound, CategoryReserved, NotRefundable, RefundTooLarge,
    AlreadyRefunded, RefundTooLate.
    """
    refuse_unheard_of(category)
    head = _invoice_of_line(tx, line_id, category)
    refuse_reserved(category)
    standing = standing_of(tx, head.id)
    line = standing.lines[line_id]
    if line.paid_for_minor <= 0:
        raise NotRefundable(line_id)
    left = _balance(standing)
    wanted = max(line.left_minor, 0) or line.paid_for_minor
    if wanted > left:
        raise RefundTooLarge(line.name, left=left, wanted=wanted)
    if line.left_minor <= 0:
        raise AlreadyRefunded(line.name)
    refuse_late(tx, head)
    kind = SHIPPING if line_id in standing.shipping_ids else PRODUCT
    item = Item(kind, line_id, line.pieces_left, line.left_minor)
    return draft_items(tx, standing, [item], notes=comment, category=category)


def _invoice_of_line(tx: Tx, line_id: int, category: int) -> OrderHead:
    """Refuses: LineNotFound, or for what is shown as a line and is a refund CategoryReserved, NotRefundable."""
    try:
        return order_of_line(tx, line_id)
    except LineNotFound:
        if tx.value(AMOUNT_ITEM, item_id=line_id) is None:
            raise
    refuse_reserved(category)
    raise NotRefundable(line_id)


def _balance(standing: Standing) -> int:
    """What was paid for the invoice and not given back."""
    return min(standing.balance_minor, standing.purse.left_minor(is_paid_out=False))


def _wanted(tx: Tx, order_id: int, asked: Asked, left: int) -> int:
    """An amount in the order's currency. What is left, told in the other currency, is what is left.

    Refuses: RefundTooSmall, RefundTooLarge, Invalid (amount).
    """
    told = find_worth(tx, order_id).named(asked.currency)
    minor = minor_of_decimal(asked.amount, told.currency)
    if decimal_of_minor(minor, told.currency) != asked.amount:
        raise Invalid("amount", f"is no whole amount of {told.currency}")
    if minor <= 0:
        raise RefundTooSmall(f"invoice {order_id} is refunded by at least the smallest coin")
    if minor > told.of(left):
        raise RefundTooLarge(f"invoice {order_id}", left=told.of(left), wanted=minor)
    wanted = left if minor == told.of(left) else min(told.back(minor), left)
    if wanted <= 0:
        raise RefundTooSmall(f"{asked.amount} {told.currency} is less than the smallest coin of the order")
    return wanted


def refuse_unheard_of(category: int) -> None:
    """Refuses: Invalid (category)."""
    if category not in CATEGORIES:
        raise Invalid("category", "is none of the reasons for a refund")


def refuse_reserved(category: int) -> None:
    """Refuses: CategoryReserved."""
    if category == RESERVED_CATEGORY:
        raise CategoryReserved(category)


def refuse_late(tx: Tx, head: OrderHead) -> None:
    """Refuses: RefundTooLate."""
    days = get_merchant(tx).refund_days
    if head.created_at + timedelta(days=days) < tx.now:
        raise RefundTooLate(head.id, days)
