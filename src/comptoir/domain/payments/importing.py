"""Taking over payment transactions that were made elsewhere."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NotRequired, TypedDict

from sqlalchemy import select

from comptoir.domain.errors import Invalid
from comptoir.domain.orders.sales import OrderBooks, find_books
from comptoir.domain.payments.models import PAYMENT_STATUSES, SUCCESS, PaymentTransaction
from comptoir.domain.payments.writing import NewPayment, payable_minor, write_payments
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among


class PaymentImport(TypedDict):
    """A payment transaction as it was kept elsewhere; money given back has a negative amount."""

    id: int
    order_id: int
    date: datetime
    status: str
    amount_e4: int
    gateway: str
    currency: NotRequired[str]
    identifier: NotRequired[str]
    response: NotRequired[Mapping[str, Any]]


TAKEN = select(PaymentTransaction.id).where(among(PaymentTransaction.id, "ids"))


def import_payment(tx: Tx, payment: PaymentImport) -> int:
    """Keep one payment from elsewhere, and give its id.

    Refuses: Invalid (id, order_id, status, gateway, currency, amount).
    """
    (problem,) = import_payments(tx, [payment])
    if problem is not None:
        raise problem
    return payment["id"]


def import_payments(tx: Tx, rows: Sequence[PaymentImport]) -> list[Invalid | None]:
    """Keep many payments from elsewhere; for each row what is wrong with it, or None.

    The wrong ones are left out. No order may give back more than it received so far, in the rows' order.
    """
    orders = find_books(tx, [row["order_id"] for row in rows])
    orders |= find_books(tx, [books.root_id for books in orders.values()])
    taken = {payment_id for (payment_id,) in tx.all(TAKEN, ids=[row["id"] for row in rows])}
    kept: defaultdict[int, int] = defaultdict(int)
    for books in orders.values():
        kept[books.id] = books.paid_minor - books.repaid_minor
    problems: list[Invalid | None] = []
    payments: list[NewPayment] = []
    for row in rows:
        try:
            payment = _taken(row, orders, taken, kept)
        except Invalid as problem:
            problems.append(problem)
            continue
        if payment.status == SUCCESS:
            kept[payment.root_id] += payment.amount_minor
        taken.add(payment.id)
        problems.append(None)
        payments.append(payment)
    if payments:
        tx.ids.reach("payment", max(payment.id for payment in payments))
        write_payments(tx, payments, at_creation=True)
    for payment in payments:
        after = {"order_id": payment.order_id, "status": payment.status, "gateway": payment.gateway}
        tx.note("payment.imported", "payment", payment.id, after=after)
    return problems


def _taken(
    row: PaymentImport, orders: Mapping[int, OrderBooks], taken: set[int], kept: Mapping[int, int]
) -> NewPayment:
    """The row as a payment. Refuses: Invalid."""
    if row["id"] <= 0 or row["id"] in taken:
        raise Invalid("id", "is taken or not above zero")
    order = orders.get(row["order_id"])
    if order is None or order.removed_at is not None:
        raise Invalid("order_id", f"there is no order {row['order_id']}")
    if row["status"] not in PAYMENT_STATUSES:
        raise Invalid("status", f"{row['status']!r} is none of {', '.join(PAYMENT_STATUSES)}")
    if not row["gateway"].strip():
        raise Invalid("gateway", "is empty")
    if row.get("currency", order.currency) != order.currency:
        raise Invalid("currency", f"is not {order.currency}, that of the order")
    amount_minor = payable_minor(row["amount_e4"], order.currency)
    if row["status"] == SUCCESS and kept[order.root_id] + amount_minor < 0:
        raise Invalid("amount", "gives back more than was received")
    return NewPayment(
        id=row["id"],
        order_id=order.id,
        root_id=order.root_id,
        date=row["date"],
        status=row["status"],
        amount_minor=amount_minor,
        currency=order.currency,
        gateway=row["gateway"],
        identifier=row.get("identifier", ""),
        response=row.get("response", {}),
    )
