"""Taking over line items that billed themselves elsewhere: how far they have come, and when they go on."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NotRequired, TypedDict

from comptoir.domain.errors import Invalid
from comptoir.domain.orders.errors import LineNotFound
from comptoir.domain.subscriptions.actions import EnrolmentImport, import_enrolments
from comptoir.domain.subscriptions.amounts import anchor_of, installments_in
from comptoir.domain.subscriptions.items import LineFacts, find_line, first_invoice
from comptoir.domain.subscriptions.models import CANCELED, COMPLETED, DECLINED, LIVE, RecurringItem
from comptoir.domain.subscriptions.recurring import SET_ENROLMENT, plan_of
from comptoir.domain.tx import Tx

STATUSES = (LIVE, CANCELED, COMPLETED, DECLINED)


class RecurringImport(TypedDict):
    """A line item that recurs as it was kept elsewhere; its newest installment's line is `order_line_id`.

    What is live says when it is billed next. `earlier` are the lines of the installments before it.
    """

    order_line_id: int
    installments: int
    status: str
    price_e4: int
    next_billing_at: datetime | None
    earlier: NotRequired[Sequence[int]]


def take_over_recurring(tx: Tx, *, order_id: int, item: RecurringImport) -> int:
    """Keep a recurring line item of the sale that began with this order, and give the enrolment's id.

    What is billed next is paid by hand, unless the sale gets a payment method.
    Refuses: LineNotFound, Invalid (status, next_billing_at, installments, recurrence, customer_id).
    """
    line = find_line(tx, item["order_line_id"])
    if line is None:
        raise LineNotFound(item["order_line_id"])
    _refuse_malformed(item, line)
    first = first_invoice(tx, order_id)
    if first.customer_id is None:
        raise Invalid("customer_id", "is missing: nobody can be billed again")
    live, next_at = item["status"] == LIVE, item["next_billing_at"]
    enrolment_id = tx.ids.next("enrolment")
    row = EnrolmentImport(
        id=enrolment_id,
        customer_id=first.customer_id,
        subscription_id=plan_of(tx, line, item["price_e4"], first.currency),
        starts_at=first.created_at,
        ends_at=None if live else tx.now,
        is_active=live,
        is_paid=item["status"] != DECLINED,
        parent_order_id=order_id,
        next_order_id=None,
        next_billing_at=next_at if live else None,
        anchor_day=anchor_of(next_at or first.created_at, tx.shop.zone),
    )
    for problem in import_enrolments(tx, [row]):
        if problem is not None:
            raise problem
    tx.insert(
        RecurringItem,
        enrolment_id=enrolment_id,
        sale_id=first.sale_id,
        order_line_id=line.order_line_id,
        price_e4=item["price_e4"],
        installments=item["installments"],
        installments_max=_installments_max(tx, line, first.created_at),
        status=item["status"],
        first_declined_at=None,
        declined_at=None,
        decline_code="",
    )
    for line_id in (line.order_line_id, *item.get("earlier", ())):
        tx.run(SET_ENROLMENT, key=line_id, enrolment_id=enrolment_id)
    after: dict[str, Any] = {"sale_id": first.sale_id, "order_id": line.order_id, "status": item["status"]}
    tx.note("recurring.imported", "line_item", line.order_line_id, after=after)
    return enrolment_id


def _refuse_malformed(item: RecurringImport, line: LineFacts) -> None:
    if line.recurrence_unit is None:
        raise Invalid("recurrence", f"line {line.order_line_id} has none")
    if item["status"] not in STATUSES:
        raise Invalid("status", f"{item['status']!r} is none of {', '.join(STATUSES)}")
    if item["status"] == LIVE and item["next_billing_at"] is None:
        raise Invalid("next_billing_at", "is missing of what is billed again")
    if item["installments"] < 1:
        raise Invalid("installments", "is not above zero")


def _installments_max(tx: Tx, line: LineFacts, began_at: datetime) -> int | None:
    if line.duration_unit is None:
        return None
    return installments_in(
        began_at,
        line.recurrence_unit or "",
        line.recurrence_count or 1,
        line.duration_unit,
        line.duration_count or 1,
        zone=tx.shop.zone,
    )
