"""Chargebacks: money of a payment that the buyer's bank took back."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, literal, literal_column, select

from comptoir.domain.errors import Invalid
from comptoir.domain.ledger.accounts import accounts_for
from comptoir.domain.ledger.transfers import NewTransfer, post_transfers
from comptoir.domain.money import Money, rounded
from comptoir.domain.orders.chart import clearing
from comptoir.domain.orders.sales import lock_root
from comptoir.domain.payments.capturing import charge_of
from comptoir.domain.payments.chart import CHARGEBACKS
from comptoir.domain.payments.errors import PaymentUnsettled
from comptoir.domain.payments.models import (
    AUTHORISE,
    SUCCESS,
    Chargeback,
    GatewayAttempt,
    PaymentTransaction,
)
from comptoir.domain.payments.port import Dispute, Gateway, Taken
from comptoir.domain.payments.queries import STATUS, PaymentRow, get_payment
from comptoir.domain.payments.writing import payable_minor
from comptoir.domain.tx import OpenShop, Tx
from comptoir.storage.lists import among

# Banks take their time; a sandbox's take this much.
DISPUTED_AFTER = timedelta(days=3)

FIND_CHARGEBACK = select(Chargeback.id).where(Chargeback.identifier == bindparam("identifier"))
CHARGED_BACK = select(func.coalesce(func.sum(Chargeback.amount_minor), literal(0))).where(
    Chargeback.payment_id == bindparam("payment_id")
)
GIVEN_BACK = select(func.coalesce(-func.sum(PaymentTransaction.amount_e4), literal(0))).where(
    PaymentTransaction.order_id == bindparam("order_id"),
    PaymentTransaction.status == literal(SUCCESS),
    PaymentTransaction.amount_e4 < literal(0),
)
FIND_PAID = (
    select(PaymentTransaction.id)
    .where(
        PaymentTransaction.identifier == bindparam("identifier"),
        # What this index leaves out.
        literal_column("payment_transaction.identifier <> ''"),
        PaymentTransaction.gateway == bindparam("gateway"),
        literal(SUCCESS) == STATUS,
        PaymentTransaction.amount_e4 > 0,
    )
    .order_by(PaymentTransaction.id)
    .limit(1)
)
TAKEN = (
    select(
        PaymentTransaction.identifier, GatewayAttempt.method, GatewayAttempt.amount_minor,
        GatewayAttempt.currency, PaymentTransaction.date,
    )
    .join(GatewayAttempt, GatewayAttempt.payment_id == PaymentTransaction.id)
    .outerjoin(Chargeback, Chargeback.payment_id == PaymentTransaction.id)
    .where(
        GatewayAttempt.gateway == bindparam("gateway"),
        GatewayAttempt.verb == AUTHORISE,
        among(GatewayAttempt.method, "methods"),
        PaymentTransaction.status == SUCCESS,
        PaymentTransaction.date <= bindparam("before"),
        Chargeback.id.is_(None),
    )
    .order_by(PaymentTransaction.id)
)  # fmt: skip


def charge_back(
    tx: Tx,
    *,
    payment_id: int,
    identifier: str,
    reason: str = "",
    amount_minor: int | None = None,
    at: datetime | None = None,
) -> int:
    """Write down that a payment was taken back, all that is left of it unless told, and give the id.

    What is sold and owed stays as it is: the money is an expense. The same identifier is written once.
    Refuses: Invalid (identifier), PaymentNotFound, OrderNotFound, PaymentUnsettled, Invalid (amount).
    """
    if not identifier.strip():
        raise Invalid("identifier", "is empty")
    known: int | None = tx.value(FIND_CHARGEBACK, identifier=identifier)
    if known is not None:
        return known
    lock_root(tx, get_payment(tx, payment_id).order_id)
    payment = get_payment(tx, payment_id)
    left = payable_minor(payment.amount_e4, payment.currency) - tx.value(CHARGED_BACK, payment_id=payment_id)
    if payment.status != SUCCESS or payment.amount_e4 <= 0:
        raise PaymentUnsettled(payment_id, payment.status)
    minor = left if amount_minor is None else amount_minor
    if not 0 < minor <= left:
        raise Invalid("amount", "is not above zero, or more than was paid")
    return _write(tx, payment, identifier, reason, minor, at or tx.now)


def take_disputes(shop: OpenShop, gateway: Gateway) -> int:
    """Ask a gateway what was taken back of late, write down what is new, and say how much was.

    Refuses: GatewaySilent.
    """
    known = shop.read(lambda tx: _taken(tx, gateway)) if gateway.disputed_methods else []
    disputes = gateway.disputes(known)
    return (
        shop.write(lambda tx: sum(_take(tx, gateway.name, dispute) for dispute in disputes))
        if disputes
        else 0
    )


def _write(tx: Tx, payment: PaymentRow, identifier: str, reason: str, minor: int, at: datetime) -> int:  # noqa: PLR0917
    plans = [CHARGEBACKS, clearing(payment.gateway)]
    accounts = accounts_for(tx, plans, payment.currency)
    chargeback_id = tx.ids.next("chargeback")
    postings = [(accounts[CHARGEBACKS.code], minor), (accounts[clearing(payment.gateway).code], -minor)]
    (transfer_id,) = post_transfers(
        tx, [NewTransfer("chargeback", "chargeback", chargeback_id, postings, at, memo=reason)]
    )
    tx.insert(
        Chargeback,
        id=chargeback_id,
        order_id=payment.order_id,
        payment_id=payment.id,
        identifier=identifier,
        reason=reason,
        amount_minor=minor,
        currency=payment.currency,
        at=at,
        transfer_id=transfer_id,
    )
    after = {"chargeback_id": chargeback_id, "order_id": payment.order_id, "reason": reason}
    money = {"amount_minor": minor, "currency": payment.currency}
    tx.note("payment.charged_back", "payment", payment.id, after=after | money)
    return chargeback_id


def _taken(tx: Tx, gateway: Gateway) -> list[Taken]:
    before = tx.now - DISPUTED_AFTER
    rows: list[Any] = tx.all(
        TAKEN, gateway=gateway.name, methods=sorted(gateway.disputed_methods), before=before
    )
    return [Taken(row[0], row[1], Money(row[2], row[3]), row[4]) for row in rows]


def _take(tx: Tx, gateway: str, dispute: Dispute) -> bool:
    """Whether the dispute was new, and of a payment of ours."""
    if tx.value(FIND_CHARGEBACK, identifier=dispute.identifier) is not None:
        return False
    payment_id: int | None = tx.value(FIND_PAID, identifier=dispute.payment_identifier, gateway=gateway)
    if payment_id is None:
        return False
    payment = get_payment(tx, payment_id)
    minor = _left(tx, payment) if dispute.amount is None else _in_books(tx, payment, dispute.amount)
    if minor <= 0:
        return False
    charge_back(
        tx, payment_id=payment_id, identifier=dispute.identifier, reason=dispute.reason, amount_minor=minor
    )
    return True


def _left(tx: Tx, payment: PaymentRow) -> int:
    """What of a payment was neither taken back nor given back."""
    given_back_e4 = tx.value(GIVEN_BACK, order_id=payment.order_id)
    kept = payable_minor(payment.amount_e4 - given_back_e4, payment.currency)
    return int(kept - tx.value(CHARGED_BACK, payment_id=payment.id))


def _in_books(tx: Tx, payment: PaymentRow, amount: Money) -> int:
    """What an amount of the buyer's currency is in that of the books; never more than is left of the payment."""
    paid = payable_minor(payment.amount_e4, payment.currency)
    charged = charge_of(tx, payment).amount
    left: int = paid - tx.value(CHARGED_BACK, payment_id=payment.id)
    return min(rounded(paid * amount.minor, charged.minor), left)
