"""What becomes of an invoice after checkout: reviewed, captured, deposited, declined."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select, update

from comptoir.domain.errors import Invalid
from comptoir.domain.orders.changing import update_order
from comptoir.domain.orders.errors import InvoiceSettled, NoInvoice
from comptoir.domain.orders.models import (
    APPROVED,
    CANCELLED,
    COMPLETED,
    DECLINED,
    DEPOSITED,
    FAIL,
    FRAUD_STATUSES,
    IN_PROGRESS,
    NEW,
    PENDING,
    REFUSED,
    SPLIT,
    UNREVIEWED,
    VOID_STATUSES,
    Invoice,
)
from comptoir.domain.orders.queries import OrderHead, get_head
from comptoir.domain.orders.sales import lock_order
from comptoir.domain.orders.selling import AUTHORISED_FOR
from comptoir.domain.tx import Tx

# From which statuses an invoice comes to each (reference 6.4).
WAYS = {PENDING: (APPROVED,), DEPOSITED: (APPROVED, PENDING), REFUSED: (APPROVED, PENDING)}
OPEN_ORDERS = frozenset({NEW, IN_PROGRESS})


class InvoiceState(NamedTuple):
    """Where an invoice stands."""

    order_id: int
    status: str
    fraud_status: str
    method: str
    is_shippable: bool
    payment_id: int | None
    authorised_at: datetime | None
    authorised_until: datetime | None
    reauthorised_at: datetime | None
    pending_at: datetime | None
    deposited_at: datetime | None


STATE = select(*(getattr(Invoice, name) for name in InvoiceState._fields)).where(
    Invoice.order_id == bindparam("order_id")
)
_OF_ORDER = Invoice.order_id == bindparam("key")
SET_FRAUD_STATUS = (
    update(Invoice)
    .where(_OF_ORDER)
    .values(fraud_status=bindparam("fraud_status"), fraud_due_at=bindparam("fraud_due_at"))
)
SET_STATUS = update(Invoice).where(_OF_ORDER).values(status=bindparam("status"))
SET_PENDING = SET_STATUS.values(pending_at=bindparam("at"))
SET_DEPOSITED = SET_STATUS.values(pending_at=bindparam("pending_at"), deposited_at=bindparam("at"))
SET_AUTHORISED = (
    update(Invoice)
    .where(_OF_ORDER)
    .values(reauthorised_at=bindparam("at"), authorised_until=bindparam("until"))
)
SET_PAYMENT = update(Invoice).where(_OF_ORDER).values(payment_id=bindparam("payment_id"))


def find_invoice(tx: Tx, order_id: int) -> InvoiceState | None:
    """Where the order's invoice stands; None for an order that was not sold at a checkout."""
    row = tx.one(STATE, order_id=order_id)
    return None if row is None else InvoiceState(*row)


def lock_invoice(tx: Tx, order_id: int) -> InvoiceState:
    """Where the order's invoice stands, locked until the transaction ends. Refuses: OrderNotFound, NoInvoice."""
    lock_order(tx, order_id)
    found = find_invoice(tx, order_id)
    if found is None:
        raise NoInvoice(order_id)
    return found


def set_fraud_status(tx: Tx, *, order_id: int, status: str, due_at: datetime | None = None) -> None:
    """Say what a fraud review came to; a failed one cancels the sale, and nothing of it is captured any more.

    Money that has come in stays until it is refunded. The status that it has already changes nothing. While it
    waits, `due_at` says until when.
    Refuses: Invalid (status), OrderNotFound, NoInvoice.
    """
    if status not in FRAUD_STATUSES or status == UNREVIEWED:
        raise Invalid("status", f"{status!r} is no state of a fraud review")
    invoice = lock_invoice(tx, order_id)
    tx.run(SET_FRAUD_STATUS, key=order_id, fraud_status=status, fraud_due_at=due_at)
    if status == invoice.fraud_status:
        return
    head = get_head(tx, order_id)
    before, after = {"fraud_status": invoice.fraud_status}, {"fraud_status": status}
    _note(tx, "invoice.fraud_status_changed", head, before, after | {"status": invoice.status})
    if status != FAIL:
        return
    if invoice.status in WAYS[REFUSED]:
        _move(tx, head, invoice._replace(fraud_status=status), REFUSED)
        tx.run(SET_STATUS, key=order_id, status=REFUSED)
    if head.status not in VOID_STATUSES | {SPLIT}:
        update_order(tx, order_id=order_id, status=CANCELLED)


def attach_payment(tx: Tx, *, order_id: int, payment_id: int) -> None:
    """Name the payment transaction that an invoice is paid by. Refuses: OrderNotFound, NoInvoice."""
    lock_invoice(tx, order_id)
    tx.run(SET_PAYMENT, key=order_id, payment_id=payment_id)
    after = {"payment_id": payment_id}
    _note(tx, "invoice.payment_attached", get_head(tx, order_id), None, after)


def mark_pending(tx: Tx, *, order_id: int) -> None:
    """Say that the capture was submitted. Refuses: OrderNotFound, NoInvoice, InvoiceSettled."""
    invoice = lock_invoice(tx, order_id)
    head = get_head(tx, order_id)
    _move(tx, head, invoice, PENDING)
    tx.run(SET_PENDING, key=order_id, status=PENDING, at=tx.now)
    if head.status == NEW:
        update_order(tx, order_id=order_id, status=IN_PROGRESS)


def mark_deposited(tx: Tx, *, order_id: int) -> None:
    """Say that the money has arrived; an order of which nothing is shipped is completed by it.

    Refuses: OrderNotFound, NoInvoice, InvoiceSettled.
    """
    invoice = lock_invoice(tx, order_id)
    head = get_head(tx, order_id)
    _move(tx, head, invoice, DEPOSITED)
    pending_at = invoice.pending_at or tx.now
    tx.run(SET_DEPOSITED, key=order_id, status=DEPOSITED, pending_at=pending_at, at=tx.now)
    if head.status in OPEN_ORDERS:
        update_order(tx, order_id=order_id, status=IN_PROGRESS if invoice.is_shippable else COMPLETED)


def decline_invoice(tx: Tx, *, order_id: int) -> None:
    """Say that the money will not come. Refuses: OrderNotFound, NoInvoice, InvoiceSettled."""
    invoice = lock_invoice(tx, order_id)
    head = get_head(tx, order_id)
    _move(tx, head, invoice, REFUSED)
    tx.run(SET_STATUS, key=order_id, status=REFUSED)
    if head.status in OPEN_ORDERS:
        update_order(tx, order_id=order_id, status=DECLINED)


def extend_authorisation(tx: Tx, *, order_id: int) -> None:
    """Say that the money was promised anew, for seven days from now.

    Refuses: OrderNotFound, NoInvoice, InvoiceSettled.
    """
    invoice = lock_invoice(tx, order_id)
    if invoice.status != APPROVED:
        raise InvoiceSettled(order_id, invoice.status, APPROVED)
    until = tx.now + AUTHORISED_FOR
    tx.run(SET_AUTHORISED, key=order_id, at=tx.now, until=until)
    before = {"authorised_until": invoice.authorised_until and invoice.authorised_until.isoformat()}
    after = {"authorised_until": until.isoformat()}
    _note(tx, "invoice.reauthorised", get_head(tx, order_id), before, after)


def _move(tx: Tx, head: OrderHead, invoice: InvoiceState, status: str) -> None:
    """Refuses: InvoiceSettled."""
    if invoice.status not in WAYS[status]:
        raise InvoiceSettled(head.id, invoice.status, status)
    after = {"status": status, "fraud_status": invoice.fraud_status}
    _note(tx, "invoice.status_changed", head, {"status": invoice.status}, after)


def _note(tx: Tx, kind: str, head: OrderHead, before: dict[str, Any] | None, after: dict[str, Any]) -> None:
    tx.note(kind, "invoice", head.id, before=before, after={"sale_id": head.sale_id, **after})
