"""Reading refunds."""

from typing import NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.orders.models import Order
from comptoir.domain.refunds.errors import RefundNotFound
from comptoir.domain.refunds.models import Refund, RefundItem
from comptoir.domain.tx import Tx


class RefundRow(NamedTuple):
    """One refund as its verbs see it."""

    id: int
    order_id: int
    parent_id: int
    status: str
    notes: str
    category: int | None
    currency: str
    total_e4: int
    transaction_id: int


class ItemRow(NamedTuple):
    """One item of a refund."""

    id: int
    type: str
    order_line_id: int
    quantity: int
    amount_e4: int


GET_REFUND = select(
    Refund.id, Refund.order_id, Refund.parent_id, Refund.status, Refund.notes,
    Refund.category, Refund.currency,
    Refund.total_e4, Refund.transaction_id,
).where(Refund.id == bindparam("refund_id"), Refund.removed_at.is_(None))  # fmt: skip
ITEMS = (
    select(
        RefundItem.id,
        RefundItem.type,
        RefundItem.order_line_id,
        RefundItem.quantity,
        RefundItem.amount_e4,
    )
    .where(RefundItem.refund_id == bindparam("refund_id"))
    .order_by(RefundItem.id)
)
REFUNDS_OF_CUSTOMER = (
    select(*GET_REFUND.selected_columns)
    .join(Order, Order.id == Refund.order_id)
    .where(Order.customer_id == bindparam("customer_id"), Refund.removed_at.is_(None))
    .order_by(Refund.id.desc())
    .limit(bindparam("limit"))
)
REFUNDS_OF_ORDER = (
    select(Refund.id)
    .where(Refund.order_id == bindparam("order_id"), Refund.removed_at.is_(None))
    .order_by(Refund.id)
)


def get_refund(tx: Tx, refund_id: int) -> RefundRow:
    """One refund. Refuses: RefundNotFound."""
    row = tx.one(GET_REFUND, refund_id=refund_id)
    if row is None:
        raise RefundNotFound(refund_id)
    return RefundRow(*row)


def list_items(tx: Tx, refund_id: int) -> list[ItemRow]:
    """What a refund is for."""
    return [ItemRow(*row) for row in tx.all(ITEMS, refund_id=refund_id)]


def list_refunds_of_order(tx: Tx, order_id: int) -> list[int]:
    """The ids of an order's refunds, oldest first."""
    return [row[0] for row in tx.all(REFUNDS_OF_ORDER, order_id=order_id)]


def list_refunds_of_customer(tx: Tx, customer_id: int, *, limit: int = 50) -> list[RefundRow]:
    """The refunds of a customer's orders, the newest first."""
    return [RefundRow(*row) for row in tx.all(REFUNDS_OF_CUSTOMER, customer_id=customer_id, limit=limit)]
