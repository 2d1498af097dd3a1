"""From one billing to the next: when it is, which order waits for it, and when nothing is billed any more."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from comptoir.domain.orders.models import Order
from comptoir.domain.orders.selling import INVOICE_AFTER, NUMBERS
from comptoir.domain.subscriptions.amounts import due_at, next_billing
from comptoir.domain.subscriptions.queries import EnrolmentRow, Plan
from comptoir.domain.tx import Tx

IS_TAKEN = select(Order.id).where(Order.id == bindparam("order_id"))


def following(tx: Tx, row: EnrolmentRow, plan: Plan, after: datetime) -> datetime:
    """One interval after a billing."""
    return next_billing(
        after,
        unit=plan.interval_unit,
        count=plan.interval_count,
        anchor_day=row.anchor_day,
        zone=tx.shop.zone,
    )


def to_next_interval(tx: Tx, row: EnrolmentRow, plan: Plan, *, is_sale: bool = False) -> dict[str, Any]:
    """The columns of an enrolment whose present interval is billed."""
    assert row.next_billing_at is not None
    billed_at: datetime | None = following(tx, row, plan, row.next_billing_at)
    if row.ends_at is not None and billed_at is not None and billed_at >= row.ends_at:
        billed_at = None
    return {
        "failed_attempts": 0,
        "next_order_id": None if billed_at is None else next_order(tx, is_sale=is_sale),
        "next_billing_at": billed_at,
        "due_at": due_at(billed_at, row.ends_at),
    }


def ended(at: datetime) -> dict[str, Any]:
    """The columns of an enrolment that is over."""
    return {
        "is_active": False,
        "ends_at": at,
        "next_order_id": None,
        "next_billing_at": None,
        "due_at": None,
    }


def next_order(tx: Tx, *, is_sale: bool) -> int:
    """The number of an order that is kept free; those of sales stand in a block of ten (reference 6.2)."""
    return tx.ids.next("order", NUMBERS) + INVOICE_AFTER if is_sale else tx.ids.next("order")


def free_order(tx: Tx, order_id: int | None) -> int:
    """The number that was kept free for a sale, or another one when an order came that has it."""
    if order_id is None or tx.value(IS_TAKEN, order_id=order_id) is not None:
        return next_order(tx, is_sale=True)
    return order_id
