"""Giving money of a payment back: by which payment it goes, and asking a gateway far away for it.

What is asked for is written down now, asked by the worker, and concluded by the room that it was asked for.
"""

from itertools import count
from typing import NamedTuple

from sqlalchemy import and_, bindparam, func, literal, or_, select

from comptoir.domain.money import Money, rounded
from comptoir.domain.payments.attempts import Attempt, begin_attempt, find_attempt, find_last_attempt
from comptoir.domain.payments.capturing import charge_of
from comptoir.domain.payments.errors import AttemptInFlight
from comptoir.domain.payments.gateways import gateway_named
from comptoir.domain.payments.models import DONE, OPEN, SUCCESS, Chargeback, GatewayAttempt
from comptoir.domain.payments.models import REFUND as RETURN
from comptoir.domain.payments.queries import PaymentRow, list_received
from comptoir.domain.payments.writing import payable_minor
from comptoir.domain.tx import Tx

REFUND, REPAYMENT = "refund", "repayment"

# What a gateway was asked to give back of a payment, in the buyer's currency, unless it would not.
RETURNED = select(func.coalesce(func.sum(GatewayAttempt.amount_minor), literal(0))).where(
    GatewayAttempt.payment_id == bindparam("payment_id"),
    GatewayAttempt.verb == literal(RETURN),
    or_(
        GatewayAttempt.state == literal(OPEN),
        and_(GatewayAttempt.state == literal(DONE), GatewayAttempt.status == literal(SUCCESS)),
    ),
)
DISPUTED = select(func.coalesce(func.sum(Chargeback.amount_minor), literal(0))).where(
    Chargeback.order_id == bindparam("order_id"), Chargeback.payment_id == bindparam("payment_id")
)


class Source(NamedTuple):
    """A payment by which money can go back; how much of it is left, which nobody counts of what is near."""

    payment: PaymentRow
    left_minor: int | None

    def has(self, amount_minor: int) -> bool:
        """Whether so much of it is left."""
        return self.left_minor is None or amount_minor <= self.left_minor


def find_source(tx: Tx, root_id: int, amount_minor: int) -> Source | None:
    """The payment by which an amount goes back: the latest of which so much is left, or that has most left."""
    sources = [source_of(tx, payment) for payment in list_received(tx, root_id)]
    fitting = next((one for one in sources if one.has(amount_minor)), None)
    return fitting or max(sources, key=lambda one: one.left_minor or 0, default=None)


def source_of(tx: Tx, payment: PaymentRow) -> Source:
    """How much of a payment is left to go back by it, in the currency of the books.

    A unit of the buyer's currency may be worth several of the books': so much may go beyond what was counted.
    """
    if not gateway_named(payment.gateway).is_remote:
        return Source(payment, None)
    paid = payable_minor(payment.amount_e4, payment.currency)
    charged = charge_of(tx, payment).amount
    returned = int(tx.value(RETURNED, payment_id=payment.id))
    disputed = int(tx.value(DISPUTED, order_id=payment.order_id, payment_id=payment.id))
    left = paid - rounded(paid * returned, charged.minor) - disputed
    blur = 0 if charged.currency == payment.currency else paid // charged.minor + 1
    return Source(payment, max(left + blur, 0) if returned < charged.minor else 0)


def begin_return(
    tx: Tx, *, subject: str, subject_id: int, payment: PaymentRow, amount_minor: int, returned_minor: int
) -> Attempt:
    """Write down that money of a payment shall go back, in the currency that the buyer paid in.

    `returned_minor` is what went back before, so that all parts together are the whole to the last unit.
    Refuses: AttemptInFlight, Invalid (amount).
    """
    refuse_in_flight(tx, payment)
    charged = charge_of(tx, payment)
    paid = payable_minor(payment.amount_e4, payment.currency)
    left = charged.amount.minor - int(tx.value(RETURNED, payment_id=payment.id))
    minor = min(part_of_charge(charged.amount.minor, paid, returned_minor, amount_minor), left)
    return begin_attempt(
        tx,
        key=_free_key(tx, subject, subject_id),
        verb=RETURN,
        gateway=payment.gateway,
        amount=Money(minor, charged.amount.currency),
        subject=subject,
        subject_id=subject_id,
        method=charged.method,
        identifier=payment.identifier,
        payment_id=payment.id,
    )


def refuse_in_flight(tx: Tx, payment: PaymentRow) -> None:
    """While a gateway is asked to give money of a payment back, no more of it goes. Refuses: AttemptInFlight."""
    last = find_last_attempt(tx, payment_id=payment.id, verb=RETURN)
    if last is not None and last.state == OPEN:
        raise AttemptInFlight(last.key)


def part_of_charge(charged: int, paid: int, before: int, amount: int) -> int:
    """What an amount of the books is of what was charged, when so much of it went before."""
    return rounded(charged * (before + amount), paid) - rounded(charged * before, paid)


def key_of_return(subject: str, subject_id: int, number: int = 1) -> str:
    """What a gateway knows the asking by."""
    return f"{subject}-{subject_id}-{number}"


def _free_key(tx: Tx, subject: str, subject_id: int) -> str:
    """What failed may be asked for again, under another key."""
    keys = (key_of_return(subject, subject_id, number) for number in count(1))
    return next(key for key in keys if find_attempt(tx, key) is None)
