"""Keeping line items that bill themselves again as another shop of ours kept them, many rows at once.

The enrolments that bill them and the invoices on which they stand are there already.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import select

from comptoir.domain.errors import Invalid
from comptoir.domain.identity.texts import refuse, text_problems
from comptoir.domain.orders.models import Invoice, LineItem, Order, OrderLine
from comptoir.domain.subscriptions.models import CANCELED, COMPLETED, DECLINED, LIVE, Enrolment, RecurringItem
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

Row = Mapping[str, Any]
Columns = dict[str, Any]
Problem = Invalid | None

STATUSES = (LIVE, CANCELED, COMPLETED, DECLINED)
NUMBER_MAX = 2**62
NEW: Columns = {
    "installments_max": None, "first_declined_at": None, "declined_at": None, "decline_code": "",
}  # fmt: skip

LINES = (
    select(LineItem.order_line_id, LineItem.enrolment_id, LineItem.recurrence_unit, Order.sale_id, Order.id)
    .join(OrderLine, OrderLine.id == LineItem.order_line_id)
    .join(Order, Order.id == LineItem.order_id)
    .where(among(LineItem.order_line_id, "ids"), Order.removed_at.is_(None))
)
ENROLMENTS = (
    select(Enrolment.id, Enrolment.is_active, Order.sale_id)
    .join(Invoice, Invoice.order_id == Enrolment.parent_order_id)
    .join(Order, Order.id == Invoice.order_id)
    .where(among(Enrolment.id, "ids"))
)
KEPT = select(RecurringItem.enrolment_id).where(among(RecurringItem.enrolment_id, "ids"))
BILLED = select(RecurringItem.order_line_id).where(among(RecurringItem.order_line_id, "ids"))


class _Line(NamedTuple):
    enrolment_id: int | None
    recurrence_unit: str | None
    sale_id: int
    order_id: int


class _Enrolled(NamedTuple):
    is_active: bool
    sale_id: int


def import_recurring(tx: Tx, rows: Sequence[Row]) -> list[Problem]:
    """Keep recurring line items.

    Refuses per row: Invalid (enrolment_id, order_line_id, status, price_e4, installments, installments_max,
    decline_code).
    """
    known = _Known(tx, rows)
    problems: list[Problem] = []
    good: list[Columns] = []
    for row in rows:
        try:
            good.append(known.taken({**NEW, **row}))
        except Invalid as problem:
            problems.append(problem)
        else:
            problems.append(None)
    tx.insert_many(RecurringItem, good)
    for row in good:
        line = known.lines[row["order_line_id"]]
        after = {"sale_id": line.sale_id, "order_id": line.order_id, "status": row["status"]}
        tx.note("recurring.imported", "line_item", row["order_line_id"], after=after)
    return problems


class _Known:
    """What decides whether recurring line items can be kept, before the first and after each of them."""

    def __init__(self, tx: Tx, rows: Sequence[Row]) -> None:
        ids = [row["enrolment_id"] for row in rows]
        line_ids = [row["order_line_id"] for row in rows]
        self.lines = {row[0]: _Line(*row[1:]) for row in tx.all(LINES, ids=line_ids)}
        self.enrolled = {row[0]: _Enrolled(*row[1:]) for row in tx.all(ENROLMENTS, ids=ids)}
        self.kept = {key for (key,) in tx.all(KEPT, ids=ids)}
        self.billed = {key for (key,) in tx.all(BILLED, ids=line_ids)}

    def taken(self, row: Columns) -> Columns:
        """The row with the sale it is of. Refuses: Invalid."""
        line = self._refuse_strangers(row)
        _refuse_malformed(row)
        if (row["status"] == LIVE) != self.enrolled[row["enrolment_id"]].is_active:
            raise Invalid("status", f"must be {LIVE} if, and only if, the enrolment is active")
        self.kept.add(row["enrolment_id"])
        self.billed.add(row["order_line_id"])
        return row | {"sale_id": line.sale_id}

    def _refuse_strangers(self, row: Columns) -> _Line:
        enrolment_id, line_id = row["enrolment_id"], row["order_line_id"]
        enrolled, line = self.enrolled.get(enrolment_id), self.lines.get(line_id)
        if enrolled is None or enrolment_id in self.kept:
            problem = "which began with no invoice, or bills a line item already"
            raise Invalid("enrolment_id", f"names enrolment {enrolment_id}, {problem}")
        if line is None or line.recurrence_unit is None or line.enrolment_id != enrolment_id:
            problem = "which is no line item that this enrolment bills"
            raise Invalid("order_line_id", f"names line {line_id}, {problem}")
        if line.sale_id != enrolled.sale_id or line_id in self.billed:
            raise Invalid("order_line_id", f"names line {line_id}, which is of another sale or enrolment")
        return line


def _refuse_malformed(row: Columns) -> None:
    if row["status"] not in STATUSES:
        raise Invalid("status", f"{row['status']!r} is none of {', '.join(STATUSES)}")
    if not 0 < row["installments"] <= NUMBER_MAX:
        raise Invalid("installments", "is not above zero")
    if row["installments_max"] is not None and not 0 < row["installments_max"] <= NUMBER_MAX:
        raise Invalid("installments_max", "is not above zero")
    if not 0 <= row["price_e4"] <= NUMBER_MAX:
        raise Invalid("price_e4", "is below zero, or a giant")
    refuse(text_problems(row, short=("decline_code",)))
