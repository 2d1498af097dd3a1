"""Verbs on recurring line items: they begin with a sale, are changed, stopped and started again."""

from datetime import timedelta
from typing import Any

from sqlalchemy import bindparam, select, update

from comptoir.domain.errors import Invalid
from comptoir.domain.money import minor_of_e4
from comptoir.domain.orders.commenting import add_comment
from comptoir.domain.orders.errors import LineNotFound
from comptoir.domain.orders.models import LineItem, OrderLine
from comptoir.domain.subscriptions.actions import subscribe
from comptoir.domain.subscriptions.advancing import ended, following, next_order
from comptoir.domain.subscriptions.amounts import YEAR_MAX, anchor_of, installments_in
from comptoir.domain.subscriptions.errors import NotByCard, NotRecurring, PriceNotLower, StillRecurring
from comptoir.domain.subscriptions.items import (
    ItemRow,
    LineFacts,
    find_item_of_line,
    find_line,
    first_invoice,
)
from comptoir.domain.subscriptions.models import CANCELED, COMPLETED, LIVE, RecurringItem, Subscription
from comptoir.domain.subscriptions.plans import create_plan
from comptoir.domain.subscriptions.queries import EnrolmentRow, get_enrolment, get_plan, lock_enrolment
from comptoir.domain.subscriptions.writing import note_item, write_change, write_item
from comptoir.domain.tx import Tx

SHIFT_DAYS_MAX = 3650
PAYPAL = "paypal"
PLAN_NAME_MAX = 255

PLAN_LIKE = (
    select(Subscription.id)
    .where(
        Subscription.name == bindparam("name"),
        Subscription.price_e4 == bindparam("price_e4"),
        Subscription.currency == bindparam("currency"),
        Subscription.interval_unit == bindparam("interval_unit"),
        Subscription.interval_count == bindparam("interval_count"),
        Subscription.product_id.is_not_distinct_from(bindparam("product_id")),
        Subscription.is_active,
    )
    .order_by(Subscription.id)
    .limit(1)
)
HAS_LINE = select(OrderLine.id).where(OrderLine.id == bindparam("order_line_id"))
SET_ENROLMENT = (
    update(LineItem)
    .where(LineItem.order_line_id == bindparam("key"))
    .values(enrolment_id=bindparam("enrolment_id"))
)


def start_recurring(tx: Tx, *, order_line_id: int, gateway: str | None = None) -> int:
    """Let a line item of a sale that was just placed bill itself again, and give the enrolment's id.

    The sale has paid for the first installment; the next falls due one recurrence later on the shop's
    calendar, until the duration is over. It is charged to what the sale's payment method says, or else asked
    of the gateway; without either, renewals are ordered and paid by hand.
    Refuses: LineNotFound, NotRecurring, StillRecurring, Invalid (customer_id, gateway).
    """
    line = _line(tx, order_line_id)
    if line.recurrence_unit is None:
        raise NotRecurring(order_line_id)
    if line.enrolment_id is not None:
        raise StillRecurring(order_line_id)
    sale = first_invoice(tx, line.order_id)
    if sale.customer_id is None:
        raise Invalid("customer_id", "is missing: nobody can be billed again")
    most = None
    if line.duration_unit is not None:
        span = (
            line.recurrence_unit,
            line.recurrence_count or 1,
            line.duration_unit,
            line.duration_count or 1,
        )
        most = installments_in(sale.created_at, *span, zone=tx.shop.zone)
    plan_id = plan_of(tx, line, line.recurring_e4, sale.currency)
    enrolment_id = subscribe(
        tx,
        customer_id=sale.customer_id,
        subscription_id=plan_id,
        starts_at=sale.created_at,
        parent_order_id=line.order_id,
        gateway=gateway,
        is_sale=True,
    )
    is_over = most is not None and most <= 1
    if is_over:
        write_change(tx, "enrolment.completed", get_enrolment(tx, enrolment_id), ended(tx.now))
    item = ItemRow(
        enrolment_id, sale.sale_id, order_line_id, line.recurring_e4, 1, most,
        COMPLETED if is_over else LIVE, None, None, "",
    )  # fmt: skip
    tx.insert(RecurringItem, **item._asdict())
    tx.run(SET_ENROLMENT, key=order_line_id, enrolment_id=enrolment_id)
    note_item(tx, "recurring.started", item, order_id=line.order_id)
    return enrolment_id


def stop_recurring(tx: Tx, *, order_line_id: int, ip_address: str = "") -> None:
    """Bill a line item no more; the sale is remarked on.

    Refuses: LineNotFound, NotRecurring.
    """
    item, row, line = _live(tx, order_line_id)
    write_change(tx, "enrolment.stopped", row, ended(tx.now))
    write_item(tx, item, status=CANCELED)
    text = f"Recurring billing stopped for {line.name}"
    add_comment(tx, sale_id=item.sale_id, order_id=line.order_id, text=text, ip_address=ip_address)
    note_item(tx, "recurring.stopped", item._replace(status=CANCELED), order_id=line.order_id)


def restart_recurring(tx: Tx, *, order_line_id: int) -> None:
    """Bill a line item again that was stopped, or given up; from the next billing day to come.

    Refuses: LineNotFound, NotRecurring (one that was completed too), StillRecurring.
    """
    line = _line(tx, order_line_id)
    item = find_item_of_line(tx, order_line_id)
    if item is None or item.status == COMPLETED:
        raise NotRecurring(order_line_id)
    row = lock_enrolment(tx, item.enrolment_id)
    if row.is_active:
        raise StillRecurring(order_line_id)
    plan = get_plan(tx, row.subscription_id)
    at = first_invoice(tx, line.order_id).created_at
    while at <= tx.now:
        at = following(tx, row, plan, at)
    changes: dict[str, Any] = {
        "is_active": True,
        "is_paid": True,
        "ends_at": None,
        "failed_attempts": 0,
        "next_order_id": next_order(tx, is_sale=True),
        "next_billing_at": at,
        "due_at": at,
    }
    write_change(tx, "enrolment.restarted", row, changes)
    write_item(tx, item, status=LIVE, first_declined_at=None, declined_at=None, decline_code="")
    note_item(tx, "recurring.restarted", item._replace(status=LIVE), order_id=line.order_id)


def change_recurring(
    tx: Tx,
    *,
    order_line_id: int,
    shift_days: int | None = None,
    price_e4: int | None = None,
    comment: str | None = None,
    ip_address: str = "",
) -> None:
    """Put the next billing of a line item off by some days, or lower its price; only what a card pays.

    Refuses: LineNotFound, NotRecurring, NotByCard, Invalid (shift_or_price, shift_days, price),
    PriceNotLower, Invalid (text).
    """
    item, row, line = _live(tx, order_line_id)
    sale = first_invoice(tx, line.order_id)
    if sale.method.startswith(PAYPAL):
        raise NotByCard(order_line_id)
    if shift_days is None and price_e4 is None:
        raise Invalid("shift_or_price", "is missing")
    changes = {} if shift_days is None else _shifted(tx, row, shift_days)
    if price_e4 is not None:
        _refuse_dearer(item, price_e4, sale.currency)
        changes |= {"subscription_id": plan_of(tx, line, price_e4, sale.currency, row.subscription_id)}
        write_item(tx, item, price_e4=price_e4)
        item = item._replace(price_e4=price_e4)
    write_change(tx, "enrolment.changed", row, changes)
    if comment is not None:
        add_comment(tx, sale_id=item.sale_id, order_id=line.order_id, text=comment, ip_address=ip_address)
    note_item(tx, "recurring.changed", item, order_id=line.order_id)


def plan_of(tx: Tx, line: LineFacts, price_e4: int, currency: str, like: int | None = None) -> int:
    """The plan that bills a line at a price: found, or offered from now on."""
    terms: dict[str, Any] = {
        "name": line.name[:PLAN_NAME_MAX],
        "product_id": line.product_id or None,
        "price_e4": price_e4,
        "currency": currency,
    }
    if like is None:
        terms |= {"interval_unit": line.recurrence_unit, "interval_count": line.recurrence_count}
    else:
        plan = get_plan(tx, like)
        terms |= {"interval_unit": plan.interval_unit, "interval_count": plan.interval_count}
    found: int | None = tx.value(PLAN_LIKE, **terms)
    return create_plan(tx, **terms) if found is None else found


def _line(tx: Tx, order_line_id: int) -> LineFacts:
    """Refuses: LineNotFound; NotRecurring, for a line that no checkout sold."""
    line = find_line(tx, order_line_id)
    if line is None:
        if tx.value(HAS_LINE, order_line_id=order_line_id) is None:
            raise LineNotFound(order_line_id)
        raise NotRecurring(order_line_id)
    return line


def _live(tx: Tx, order_line_id: int) -> tuple[ItemRow, EnrolmentRow, LineFacts]:
    """What bills itself again by this line. Refuses: LineNotFound, NotRecurring."""
    line = _line(tx, order_line_id)
    item = find_item_of_line(tx, order_line_id)
    if item is None:
        raise NotRecurring(order_line_id)
    row = lock_enrolment(tx, item.enrolment_id)
    item = find_item_of_line(tx, order_line_id)
    if item is None or item.status != LIVE or not row.is_active:
        raise NotRecurring(order_line_id)
    return item, row, line


def _shifted(tx: Tx, row: EnrolmentRow, days: int) -> dict[str, Any]:
    """The columns of an enrolment whose next billing is put off; later ones follow from that day."""
    if not 1 <= days <= SHIFT_DAYS_MAX:
        raise Invalid("shift_days", f"must be between 1 and {SHIFT_DAYS_MAX}")
    assert row.next_billing_at is not None, "what is live is billed again"
    at = row.next_billing_at + timedelta(days=days)
    if at.year >= YEAR_MAX:
        raise Invalid("shift_days", f"leads beyond the year {YEAR_MAX}")
    due = at if row.failed_attempts == 0 else max(at, row.due_at or at)
    return {"next_billing_at": at, "due_at": due, "anchor_day": anchor_of(at, tx.shop.zone)}


def _refuse_dearer(item: ItemRow, price_e4: int, currency: str) -> None:
    """Refuses: Invalid (price), PriceNotLower."""
    if minor_of_e4(price_e4, currency) <= 0:
        raise Invalid("price", "must be above zero")
    if price_e4 >= item.price_e4:
        raise PriceNotLower(item.order_line_id)
