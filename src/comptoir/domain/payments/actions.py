"""Taking payments for orders."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update

from comptoir.domain.errors import Invalid
from comptoir.domain.ledger.transfers import post_pending_transfer, void_transfer
from comptoir.domain.money import Money, e4_of_minor
from comptoir.domain.orders.models import Order
from comptoir.domain.orders.sales import OrderBooks, lock_order, lock_root
from comptoir.domain.payments.errors import MoreThanOwed, NothingOwed, PaymentSettled
from comptoir.domain.payments.gateways import MANUAL, Charge, Gateway, Outcome
from comptoir.domain.payments.models import FAIL, PAYMENT_STATUSES, PENDING, SUCCESS, PaymentTransaction
from comptoir.domain.payments.queries import PaymentRow, get_payment
from comptoir.domain.payments.writing import NewPayment, count_payments, payable_minor, write_payments
from comptoir.domain.tx import Tx

# The order shows the payment that first succeeded, unless it was placed with another reference.
SHOW_ON_ORDER = (
    update(Order)
    .where(Order.id == bindparam("order_id"), Order.payment_transaction_id == "")
    .values(payment_transaction_id=bindparam("reference"))
)


def record_payment(
    tx: Tx,
    *,
    order_id: int,
    amount_e4: int,
    status: str = SUCCESS,
    gateway: str = MANUAL,
    identifier: str = "",
    response: Mapping[str, Any] | None = None,
    at: datetime | None = None,
    keeps_surplus: bool = False,
) -> int:
    """Record money received for an order, or an attempt at it, and give the transaction's id.

    Only who `keeps_surplus` records more than is owed: the customer then has money with us, until
    `surplus.return_surplus` gives it back.
    Refuses: Invalid (status, gateway), OrderNotFound, Invalid (amount), MoreThanOwed.
    """
    if status not in PAYMENT_STATUSES:
        raise Invalid("status", f"{status!r} is none of {', '.join(PAYMENT_STATUSES)}")
    if not gateway.strip():
        raise Invalid("gateway", "is empty")
    root = lock_root(tx, order_id)
    minor = payable_minor(amount_e4, root.currency)
    if minor <= 0:
        raise Invalid("amount", "is not above zero")
    if status != FAIL and not keeps_surplus:
        _refuse_above(minor, payable_now(root), root.currency)
    outcome = Outcome(status, identifier, dict(response or {}))
    return write_outcome(
        tx,
        root,
        outcome,
        order_id=order_id,
        payment_id=tx.ids.next("payment"),
        gateway=gateway,
        amount_minor=minor,
        at=at,
    )


def charge_order(
    tx: Tx, *, order_id: int, gateway: Gateway, amount_e4: int | None = None, capture: bool = True
) -> int:
    """Ask a gateway for what is owed for an order, or another amount, and give the transaction's id.

    What the gateway answers is kept: a decline is a failed transaction, not a refusal. Without `capture`
    the money stays authorised until `capture_payment`.
    Refuses: OrderNotFound, Invalid (amount), NothingOwed, MoreThanOwed.
    """
    root = lock_root(tx, order_id)
    owed = owed_minor(root)
    minor = owed if amount_e4 is None else payable_minor(amount_e4, root.currency)
    if minor <= 0 or owed <= 0:
        raise NothingOwed(order_id)
    _refuse_above(minor, owed, root.currency)
    payment_id = tx.ids.next("payment")
    charge = Charge(str(payment_id), Money(minor, root.currency))
    outcome = gateway.authorise(charge)
    if outcome.status == PENDING and capture:
        outcome = gateway.capture(charge, outcome.identifier)
    return write_outcome(
        tx, root, outcome, order_id=order_id, payment_id=payment_id, gateway=gateway.name, amount_minor=minor
    )


def capture_payment(tx: Tx, *, payment_id: int, gateway: Gateway) -> str:
    """Take authorised money, and give the status it came to. Refuses: PaymentNotFound, PaymentSettled."""
    payment = _pending(tx, payment_id)
    charge = Charge(
        str(payment_id), Money(payable_minor(payment.amount_e4, payment.currency), payment.currency)
    )
    outcome = gateway.capture(charge, payment.identifier)
    settle_payment(tx, payment_id=payment_id, status=outcome.status, response=outcome.response)
    return outcome.status


def settle_payment(
    tx: Tx,
    *,
    payment_id: int,
    status: str,
    response: Mapping[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """Say what became of a pending payment.

    Refuses: Invalid (status), PaymentNotFound, PaymentSettled, OrderNotFound.
    """
    if status not in {SUCCESS, FAIL}:
        raise Invalid("status", f"{status!r} is neither {SUCCESS} nor {FAIL}")
    payment = _pending(tx, payment_id)
    root = lock_root(tx, payment.order_id)
    if payment.transfer_id is not None and status == SUCCESS:
        post_pending_transfer(tx, transfer_id=payment.transfer_id, at=at)
    elif payment.transfer_id is not None:
        void_transfer(tx, transfer_id=payment.transfer_id)
    answer = payment.response if response is None else dict(response)
    tx.update(PaymentTransaction, payment_id, status=status, response=answer)
    if status == SUCCESS:
        count_payments(tx, [(root.id, payable_minor(payment.amount_e4, payment.currency))])
        if payment.amount_e4 > 0:
            tx.run(SHOW_ON_ORDER, order_id=payment.order_id, reference=str(payment_id))
    tx.note("payment.settled", "payment", payment_id, before={"status": PENDING}, after={"status": status})


def owed_minor(root: OrderBooks) -> int:
    """What is still owed for an order; below zero when the customer has money with us."""
    sale = root.total_minor if root.sale_transfer_id is not None else 0
    return sale - root.paid_minor + root.repaid_minor - root.refunded_minor


def payable_now(root: OrderBooks) -> int:
    """What may still come in for an order; money that comes for a cancelled one lets its sale stand again."""
    return max(root.total_minor - root.paid_minor + root.repaid_minor - root.refunded_minor, 0)


def write_outcome(
    tx: Tx,
    root: OrderBooks,
    outcome: Outcome,
    *,
    order_id: int,
    payment_id: int,
    gateway: str,
    amount_minor: int,
    at: datetime | None = None,
) -> int:
    """Write what a gateway answered as a transaction; a negative amount is money given back."""
    write_payments(
        tx,
        [
            NewPayment(
                id=payment_id,
                order_id=order_id,
                root_id=root.id,
                date=at or tx.now,
                status=outcome.status,
                amount_minor=amount_minor,
                currency=root.currency,
                gateway=gateway,
                identifier=outcome.identifier,
                response=outcome.response,
            )
        ],
    )
    if outcome.status == SUCCESS and amount_minor > 0:
        tx.run(SHOW_ON_ORDER, order_id=order_id, reference=str(payment_id))
    after = {
        "order_id": order_id,
        "status": outcome.status,
        "amount_e4": e4_of_minor(amount_minor, root.currency),
        "currency": root.currency,
        "gateway": gateway,
    }
    tx.note("payment.recorded", "payment", payment_id, after=after)
    return payment_id


def _refuse_above(minor: int, owed_minor: int, currency: str) -> None:
    """Refuses: MoreThanOwed."""
    if minor > owed_minor:
        raise MoreThanOwed(Money(owed_minor, currency))


def _pending(tx: Tx, payment_id: int) -> PaymentRow:
    lock_order(tx, get_payment(tx, payment_id).order_id)
    payment = get_payment(tx, payment_id)
    if payment.status != PENDING:
        raise PaymentSettled(payment_id, payment.status)
    return payment
