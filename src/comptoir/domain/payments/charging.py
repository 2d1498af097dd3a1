"""Asking a gateway in three steps, so that no money moves unseen and none twice.

What is to be asked is written down and durable; the gateway is asked outside any transaction; what it answered
is concluded in another. Whoever dies or waits in vain between the steps leaves an open attempt, which
`reconciling` looks up at the gateway by its key.
"""

from collections.abc import Callable

from comptoir.domain.errors import ComptoirError
from comptoir.domain.money import Money
from comptoir.domain.orders.invoicing import attach_payment, find_invoice
from comptoir.domain.orders.sales import lock_root
from comptoir.domain.payments.actions import owed_minor, write_outcome
from comptoir.domain.payments.attempts import (
    Attempt,
    begin_attempt,
    end_attempt,
    find_attempt,
    keep_payment,
)
from comptoir.domain.payments.errors import AttemptEnded
from comptoir.domain.payments.models import AUTHORISE, CAPTURE, FAIL, OPEN, PENDING, REFUND, SUCCESS, VOID
from comptoir.domain.payments.port import Gateway, Outcome
from comptoir.domain.tx import SYSTEM, Actor, OpenShop, Tx
from comptoir.storage.errors import UniqueTaken

ATTEMPT = "attempt"

Begin = Callable[[Tx], Attempt]
Conclude = Callable[[Tx, Attempt], None]


def ask_once(
    shop: OpenShop, gateway: Gateway, begin: Begin, conclude: Conclude, *, actor: Actor = SYSTEM
) -> Attempt:
    """Begin an attempt, ask the gateway, and conclude; give the attempt with what was answered.

    An attempt that was ended before is given as it is: nobody is asked again. `conclude` runs in the
    transaction that keeps the answer, for a decline too; what it refuses lets the money go again.
    Refuses: what `begin` refuses, GatewaySilent, what `conclude` refuses.
    """
    try:
        attempt = shop.write(begin, actor)
    except UniqueTaken:
        # Somebody else was quicker under the same key; another look sees what they wrote.
        attempt = shop.write(begin, actor)
    if attempt.state != OPEN:
        return attempt
    return finish(shop, attempt, asked(gateway, attempt), conclude, actor=actor)


def authorise(
    shop: OpenShop,
    gateway: Gateway,
    conclude: Conclude,
    *,
    key: str,
    amount: Money,
    method: str,
    subject: str,
    subject_id: int,
    actor: Actor = SYSTEM,
) -> Attempt:
    """Ask a card for money once under a key, and conclude.

    Refuses: Invalid (key, amount), AttemptKeyReused, AttemptInFlight, GatewaySilent, what `conclude` refuses.
    """

    def begin(tx: Tx) -> Attempt:
        return begin_attempt(
            tx,
            key=key,
            verb=AUTHORISE,
            gateway=gateway.name,
            amount=amount,
            method=method,
            subject=subject,
            subject_id=subject_id,
        )

    return ask_once(shop, gateway, begin, conclude, actor=actor)


def asked(gateway: Gateway, attempt: Attempt) -> Outcome:
    """What the gateway answers to an attempt. Refuses: GatewaySilent."""
    if attempt.verb == AUTHORISE:
        return gateway.authorise(attempt.charge)
    ask = {CAPTURE: gateway.capture, VOID: gateway.void, REFUND: gateway.refund}[attempt.verb]
    return ask(attempt.charge, attempt.identifier)


def finish(
    shop: OpenShop, attempt: Attempt, outcome: Outcome, conclude: Conclude, *, actor: Actor = SYSTEM
) -> Attempt:
    """Keep what the gateway answered and conclude; what somebody else concluded meanwhile stays so.

    Refuses: what `conclude` refuses, after which the money that was promised is let go.
    """

    def keep(tx: Tx) -> Attempt:
        ended = end_attempt(tx, attempt.id, outcome)
        conclude(tx, ended)
        return ended

    def give_up(tx: Tx) -> None:
        let_go(tx, end_attempt(tx, attempt.id, outcome))

    try:
        return shop.write(keep, actor)
    except AttemptEnded:
        known = shop.read(lambda tx: find_attempt(tx, attempt.key), actor)
        assert known is not None, "attempts are never removed"
        return known
    except ComptoirError:
        shop.write(give_up, actor)
        raise


def let_go(tx: Tx, attempt: Attempt) -> None:
    """Ask for money to be given back that nobody wants after all; the worker asks the gateway."""
    verb = {PENDING: VOID, SUCCESS: REFUND}.get(attempt.status)
    if attempt.verb != AUTHORISE or verb is None:
        return
    begin_attempt(
        tx,
        key=f"{attempt.key}-{verb}",
        verb=verb,
        gateway=attempt.gateway,
        amount=attempt.charge.amount,
        method=attempt.method,
        identifier=attempt.identifier,
        subject=ATTEMPT,
        subject_id=attempt.id,
    )


def keep_authorisation(tx: Tx, attempt: Attempt, *, order_id: int) -> int:
    """Write what a gateway answered for an order as its payment, and give the transaction's id.

    The payment is for what is owed, in the order's currency, whatever currency the card was asked in.
    A decline is a failed transaction; money promised or taken becomes the invoice's payment.
    Refuses: OrderNotFound.
    """
    root = lock_root(tx, order_id)
    payment_id = tx.ids.next("payment")
    write_outcome(
        tx,
        root,
        attempt.outcome,
        order_id=order_id,
        payment_id=payment_id,
        gateway=attempt.gateway,
        amount_minor=owed_minor(root),
    )
    keep_payment(tx, attempt.id, payment_id)
    if attempt.status != FAIL and find_invoice(tx, order_id) is not None:
        attach_payment(tx, order_id=order_id, payment_id=payment_id)
    return payment_id
