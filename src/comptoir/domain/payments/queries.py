"""Reading payments."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, func, literal, literal_column, or_, select

from comptoir.domain.orders.models import Order
from comptoir.domain.payments.errors import PaymentNotFound
from comptoir.domain.payments.models import SUCCESS, GatewayAttempt, PaymentTransaction
from comptoir.domain.tx import Tx

# So many payments are looked up by a reference at once; of more, a list is walked.
FEW = 2_000


class PaymentRow(NamedTuple):
    """One payment transaction."""

    id: int
    order_id: int
    date: datetime
    status: str
    amount_e4: int
    currency: str
    gateway: str
    identifier: str
    response: dict[str, Any]
    transfer_id: int | None


PAYMENTS = select(
    PaymentTransaction.id, PaymentTransaction.order_id, PaymentTransaction.date, PaymentTransaction.status,
    PaymentTransaction.amount_e4, PaymentTransaction.currency, PaymentTransaction.gateway,
    PaymentTransaction.identifier, PaymentTransaction.response, PaymentTransaction.transfer_id,
)  # fmt: skip
GET_PAYMENT = PAYMENTS.where(PaymentTransaction.id == bindparam("payment_id"))
PAYMENTS_OF_ORDER = PAYMENTS.where(PaymentTransaction.order_id == bindparam("order_id")).order_by(
    PaymentTransaction.id
)
# An order and its parts; what renews it has books of its own.
OF_ROOT = or_(
    Order.id == bindparam("root_id"),
    and_(Order.parent_id == bindparam("root_id"), Order.is_renewal.is_(False)),
)
# Most payments succeed: the index of their status leads to nearly all, and is kept from where another leads to few.
STATUS = func.coalesce(PaymentTransaction.status, literal_column("''"))
IS_OF_ROOT = PaymentTransaction.order_id.in_(select(Order.id).where(OF_ROOT))
RECEIVED = PAYMENTS.where(IS_OF_ROOT, literal(SUCCESS) == STATUS, PaymentTransaction.amount_e4 > 0).order_by(
    PaymentTransaction.date.desc(), PaymentTransaction.id.desc()
)
LAST_RECEIVED = RECEIVED.limit(1)
OF_REFERENCE = (
    select(PaymentTransaction.id)
    .where(
        PaymentTransaction.identifier == bindparam("identifier"),
        # What this index leaves out.
        literal_column("payment_transaction.identifier <> ''"),
    )
    .order_by(PaymentTransaction.id)
    .limit(bindparam("limit"))
)
# Only what was asked by attempts can be disputed at a gateway.
GATEWAYS = select(GatewayAttempt.gateway).distinct().order_by(GatewayAttempt.gateway)


def get_payment(tx: Tx, payment_id: int) -> PaymentRow:
    """One payment transaction. Refuses: PaymentNotFound."""
    row = tx.one(GET_PAYMENT, payment_id=payment_id)
    if row is None:
        raise PaymentNotFound(payment_id)
    return PaymentRow(*row)


def list_payments(tx: Tx, order_id: int) -> list[PaymentRow]:
    """All attempts to move money for an order, oldest first."""
    return [PaymentRow(*row) for row in tx.all(PAYMENTS_OF_ORDER, order_id=order_id)]


def find_last_received(tx: Tx, root_id: int) -> PaymentRow | None:
    """The latest payment that came in for an order or one of its children."""
    row = tx.one(LAST_RECEIVED, root_id=root_id)
    return None if row is None else PaymentRow(*row)


def list_received(tx: Tx, root_id: int) -> list[PaymentRow]:
    """The payments that came in for an order or its parts, the latest first."""
    return [PaymentRow(*row) for row in tx.all(RECEIVED, root_id=root_id)]


def find_few_of_reference(tx: Tx, identifier: str) -> list[int] | None:
    """The payments with a gateway's reference; None where they are many."""
    found = [row[0] for row in tx.all(OF_REFERENCE, identifier=identifier, limit=FEW + 1)]
    return found if len(found) <= FEW else None


def list_gateways(tx: Tx) -> list[str]:
    """The names of all gateways that were ever asked."""
    return [row[0] for row in tx.all(GATEWAYS)]
