"""Asking a gateway far away to give money back: written down now, asked by the worker, concluded by the refund."""

from itertools import count

from comptoir.domain.money import Money, rounded
from comptoir.domain.payments.attempts import Attempt, begin_attempt, find_attempt, find_last_attempt
from comptoir.domain.payments.capturing import charge_of
from comptoir.domain.payments.errors import AttemptInFlight
from comptoir.domain.payments.models import OPEN
from comptoir.domain.payments.models import REFUND as RETURN
from comptoir.domain.payments.queries import PaymentRow
from comptoir.domain.payments.writing import payable_minor
from comptoir.domain.tx import Tx

REFUND = "refund"


def begin_return(
    tx: Tx, *, refund_id: int, payment: PaymentRow, amount_minor: int, returned_minor: int
) -> Attempt:
    """Write down that money of a payment shall go back, in the currency that the buyer paid in.

    `returned_minor` is what went back before, so that all parts together are the whole to the last unit.
    Refuses: AttemptInFlight, Invalid (amount).
    """
    refuse_in_flight(tx, payment)
    charged = charge_of(tx, payment)
    paid = payable_minor(payment.amount_e4, payment.currency)
    minor = part_of_charge(charged.amount.minor, paid, returned_minor, amount_minor)
    return begin_attempt(
        tx,
        key=_free_key(tx, refund_id),
        verb=RETURN,
        gateway=payment.gateway,
        amount=Money(minor, charged.amount.currency),
        subject=REFUND,
        subject_id=refund_id,
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


def _free_key(tx: Tx, refund_id: int) -> str:
    """A refund that failed may be asked for again, under another key."""
    keys = (f"{REFUND}-{refund_id}-{number}" for number in count(1))
    return next(key for key in keys if find_attempt(tx, key) is None)
