"""Money that came in for an order beyond what it comes to: the customer's, until it is given back.

It went into no sale, so that giving it back is no refund: nothing that was sold is taken back.
"""

from datetime import datetime

from sqlalchemy import bindparam, func, literal, select

from comptoir.domain.errors import Invalid
from comptoir.domain.money import Money, minor_of_e4
from comptoir.domain.orders.models import Order
from comptoir.domain.orders.sales import OrderBooks, lock_root
from comptoir.domain.payments.actions import settle_payment, write_outcome
from comptoir.domain.payments.attempts import Attempt, find_attempt
from comptoir.domain.payments.errors import AttemptInFlight, MoreThanReturnable, NothingToReturn
from comptoir.domain.payments.gateways import MANUAL, Charge, Outcome, gateway_named
from comptoir.domain.payments.models import FAIL, OPEN, PENDING, SUCCESS, Chargeback, PaymentTransaction
from comptoir.domain.payments.queries import IS_OF_ROOT, OF_ROOT, STATUS, list_received
from comptoir.domain.payments.returning import (
    REPAYMENT,
    Source,
    begin_return,
    find_source,
    key_of_return,
    refuse_in_flight,
    source_of,
)
from comptoir.domain.payments.writing import payable_minor
from comptoir.domain.tx import Tx

CHARGED_BACK = (
    select(func.coalesce(func.sum(Chargeback.amount_minor), literal(0)))
    .join(Order, Order.id == Chargeback.order_id)
    .where(OF_ROOT)
)
# What gateways are being asked to give back, or somebody promised to.
UNDER_WAY = select(func.coalesce(-func.sum(PaymentTransaction.amount_e4), literal(0))).where(
    IS_OF_ROOT, bindparam("status") == STATUS, PaymentTransaction.amount_e4 < literal(0)
)


def surplus_minor(tx: Tx, root: OrderBooks) -> int:
    """How much of an order's money is the customer's and can be given back.

    What came in beyond the sale, or was refunded and never repaid; no more than is here.
    """
    out = minor_of_e4(int(tx.value(UNDER_WAY, root_id=root.id, status=PENDING)), root.currency)
    gone = root.repaid_minor + out
    sale = root.total_minor if root.sale_transfer_id is not None else 0
    theirs = max(root.paid_minor + root.refunded_minor - sale, root.refunded_minor) - gone
    here = root.paid_minor - gone - int(tx.value(CHARGED_BACK, root_id=root.id))
    return max(min(theirs, here), 0)


def list_ways(tx: Tx, root_id: int) -> list[str]:
    """The gateways by which the surplus may go: by hand, or as the money came."""
    names = dict.fromkeys(payment.gateway for payment in list_received(tx, root_id))
    return [*names, *([] if MANUAL in names else [MANUAL])]


def return_surplus(
    tx: Tx, *, order_id: int, amount_e4: int | None = None, gateway: str = "", at: datetime | None = None
) -> int:
    """Give back what came in beyond what the order comes to, or a part of it; the id of the transaction.

    It goes by the gateway that is named, else by that of the payment that came last. One far away is asked by
    the worker: until then the transaction is pending. One that refuses leaves a failed transaction.
    Refuses: OrderNotFound, Invalid (amount), NothingToReturn, MoreThanReturnable, Invalid (gateway),
    AttemptInFlight.
    """
    root = lock_root(tx, order_id)
    left = surplus_minor(tx, root)
    minor = left if amount_e4 is None else payable_minor(amount_e4, root.currency)
    if left <= 0:
        raise NothingToReturn(order_id)
    if minor <= 0:
        raise Invalid("amount", "is not above zero")
    if minor > left:
        raise MoreThanReturnable(Money(left, root.currency))
    source = _source(tx, root.id, minor, gateway)
    name = gateway or (MANUAL if source is None else source.payment.gateway)
    payment_id = tx.ids.next("payment")
    if source is None or not gateway_named(name).is_remote:
        identifier = "" if source is None else source.payment.identifier
        charge = Charge(str(payment_id), Money(minor, root.currency))
        outcome = gateway_named(name).refund(charge, identifier)
    else:
        if not source.has(minor):
            refuse_in_flight(tx, source.payment)
            raise MoreThanReturnable(Money(source.left_minor or 0, root.currency))
        begin_return(
            tx, subject=REPAYMENT, subject_id=payment_id, payment=source.payment, amount_minor=minor,
            returned_minor=root.repaid_minor,
        )  # fmt: skip
        outcome = Outcome(PENDING, "", {})
    return write_outcome(
        tx, root, outcome, order_id=order_id, payment_id=payment_id, gateway=name, amount_minor=-minor, at=at
    )


def conclude_repayment(tx: Tx, attempt: Attempt) -> None:
    """What a gateway answered means for the transaction that it was asked for.

    Refuses: PaymentNotFound, PaymentSettled, OrderNotFound.
    """
    status = SUCCESS if attempt.status == SUCCESS else FAIL
    tx.update(PaymentTransaction, attempt.subject_id, identifier=attempt.identifier)
    settle_payment(tx, payment_id=attempt.subject_id, status=status, response=attempt.response)


def refuse_asked(tx: Tx, payment_id: int) -> None:
    """While a gateway is asked to give money back, nobody says what came of it. Refuses: AttemptInFlight."""
    attempt = find_attempt(tx, key_of_return(REPAYMENT, payment_id))
    if attempt is not None and attempt.state == OPEN:
        raise AttemptInFlight(attempt.key)


def _source(tx: Tx, root_id: int, minor: int, gateway: str) -> Source | None:
    """The payment by which it goes. Refuses: Invalid (gateway)."""
    if not gateway:
        return find_source(tx, root_id, minor)
    if gateway == MANUAL:
        return None
    known = [source_of(tx, one) for one in list_received(tx, root_id) if one.gateway == gateway]
    if not known:
        raise Invalid("gateway", f"no money came for the order by {gateway}")
    return next((one for one in known if one.has(minor)), known[0])
