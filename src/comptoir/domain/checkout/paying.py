"""Paying for a checkout: what is charged is settled first, then the card is asked, then the sale is placed.

The number of the sale is taken before the card is asked, and one attempt has one key: a form sent twice, or a
process that dies in between, charges once and sells once.
"""

from collections.abc import Callable
from typing import NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.checkout.actions import refuse_over
from comptoir.domain.checkout.answers import Answers, CardEnds, Paying, kept
from comptoir.domain.checkout.bills import Bill
from comptoir.domain.checkout.errors import (
    CardDeclined,
    CheckoutClosed,
    CheckoutOver,
    NotReady,
    PaymentUnclear,
    PriceChanged,
)
from comptoir.domain.checkout.models import DEMO, OPEN, PAID, PAYING, Checkout
from comptoir.domain.checkout.placing import place_paid_sale
from comptoir.domain.checkout.queries import (
    CheckoutRow,
    CheckoutView,
    find_checkout,
    get_checkout,
    take_checkout,
    take_checkout_by_id,
    view_checkout,
)
from comptoir.domain.checkout.steps import unready_step
from comptoir.domain.checkout.stocktaking import put_back_pieces, take_pieces
from comptoir.domain.errors import ComptoirError
from comptoir.domain.money import Money
from comptoir.domain.orders.selling import NUMBERS
from comptoir.domain.payments.attempts import Attempt, begin_attempt, find_attempt
from comptoir.domain.payments.cards import CardFacts, check_card
from comptoir.domain.payments.charging import ask_once
from comptoir.domain.payments.errors import AttemptInFlight, GatewaySilent
from comptoir.domain.payments.models import AUTHORISE, FAIL
from comptoir.domain.payments.models import OPEN as IN_FLIGHT
from comptoir.domain.payments.port import Card, Charge, Gateway
from comptoir.domain.payments.sandbox import SandboxGateway
from comptoir.domain.tx import Actor, OpenShop, Tx

SUBJECT = "checkout"
BUYER = Actor("buyer", SUBJECT)
# Who tries more cards than this at one order is trying cards, not buying.
TRIES_MAX = 10
NO_REASON = "the card was not taken"

UNDER_WAY = (
    select(Checkout.key).where(Checkout.state == PAYING).order_by(Checkout.id).limit(bindparam("limit"))
)


class Handed(NamedTuple):
    """A card that a gateway keeps: whose, its name there, and what is known of it."""

    gateway: str
    method: str
    card: CardEnds


def pay_checkout(
    shop: OpenShop,
    gateway: Gateway,
    *,
    key: str,
    card: Card,
    shown: Money | None = None,
    actor: Actor = BUYER,
) -> CheckoutRow:
    """Charge a card for an open checkout and place the sale; a checkout that is paid is given as it is.

    `shown` is the amount that the buyer was shown.
    Refuses: CheckoutNotFound, CheckoutOver, CartRefused, NotReady, PriceChanged, CardRefused, NoCards,
    SoldOut, PaymentUnclear, CardDeclined, what placing the sale refuses.
    """
    row, now = shop.read(lambda tx: (_ready(tx, key, shown), tx.now), actor)
    if row.state in {PAID, DEMO}:
        return row
    if row.state == PAYING:
        raise PaymentUnclear("the card is being asked")
    facts = check_card(card, now)
    if row.is_demo:
        return _pay_in_demo(shop, key, card, actor)
    handed = Handed(gateway.name, gateway.tokenise(card), ends_of(facts))
    return charge(shop, gateway, lambda tx: begin_paying(tx, key, handed, shown), key=key, actor=actor)


def charge(
    shop: OpenShop, gateway: Gateway, begin: Callable[[Tx], Attempt], *, key: str, actor: Actor
) -> CheckoutRow:
    """Ask a gateway for what was begun, and give the checkout that was paid by it.

    Refuses: what `begin` refuses, PaymentUnclear, CardDeclined, what placing the sale refuses.
    """
    try:
        attempt = ask_once(shop, gateway, begin, conclude_checkout, actor=actor)
    except (AttemptInFlight, GatewaySilent) as error:
        raise PaymentUnclear("nobody knows yet whether the card was charged") from error
    except ComptoirError:
        shop.write(lambda tx: reopen_checkout(tx, key), actor)
        raise
    if attempt.status == FAIL:
        raise CardDeclined(attempt.response.get("gw_Message", NO_REASON))
    return shop.read(lambda tx: get_checkout(tx, key), actor)


def begin_paying(tx: Tx, key: str, handed: Handed, shown: Money | None = None) -> Attempt:
    """Settle what is charged, take the pieces and the number of the sale, and write the attempt down.

    Refuses: CheckoutNotFound, AttemptInFlight, CheckoutClosed, CheckoutOver, CartRefused, NotReady,
    PriceChanged, SoldOut, OutOfStock.
    """
    row = take_checkout(tx, key)
    if row.state != OPEN:
        return attempt_of(tx, row)
    refuse_over(tx, row)
    view = _view_ready(tx, row, shown)
    answers = view.answers
    take_pieces(tx, row.id, view.bill.lines)
    answers.tries += 1
    attempt_key = f"{SUBJECT}-{row.id}-{answers.tries}"
    answers.paying = Paying(view.bill, handed.gateway, handed.method, attempt_key, handed.card)
    write_paying(tx, row, answers)
    return attempt_of(tx, row._replace(answers=kept(answers)))


def write_paying(tx: Tx, row: CheckoutRow, answers: Answers) -> None:
    """Keep that a checkout is being paid, with the number of its sale."""
    sale_id = row.sale_id or tx.ids.next("order", NUMBERS)
    tx.update(Checkout, row.id, state=PAYING, sale_id=sale_id, answers=kept(answers))
    tx.note("checkout.paying", SUBJECT, row.id, before={"state": row.state}, after={"state": PAYING})


def attempt_of(tx: Tx, row: CheckoutRow) -> Attempt:
    """The attempt to charge what a checkout says; begun now, or given as it ended.

    Refuses: CheckoutClosed, AttemptInFlight.
    """
    paying = row.said.paying
    if paying is None:
        raise CheckoutClosed(f"the checkout is {row.state}")
    return begin_attempt(
        tx,
        key=paying.key,
        verb=AUTHORISE,
        gateway=paying.gateway,
        amount=amount_of(paying.bill),
        method=paying.method,
        subject=SUBJECT,
        subject_id=row.id,
    )


def conclude_checkout(tx: Tx, attempt: Attempt) -> None:
    """Place the sale that the money was promised for, or open the checkout again when it was not.

    Refuses: what placing the sale refuses.
    """
    row = take_checkout_by_id(tx, attempt.subject_id)
    paying = row.said.paying
    if row.state != PAYING or paying is None or paying.key != attempt.key:
        raise CheckoutClosed(f"the checkout is {row.state}")
    if attempt.status == FAIL:
        _open_again(tx, row)
        return
    placed = place_paid_sale(tx, row, paying, attempt)
    done = {"state": PAID, "sale_id": placed.sale_id, "order_id": placed.order_id}
    tx.update(Checkout, row.id, **done, completed_at=tx.now)
    tx.note("checkout.paid", SUBJECT, row.id, before={"state": PAYING}, after=done)


def reopen_checkout(tx: Tx, key: str) -> None:
    """Open a checkout again whose payment ended without a sale; one that was never begun stays so."""
    if find_checkout(tx, key) is None:
        return
    row = take_checkout(tx, key)
    paying = row.said.paying
    if row.state != PAYING or paying is None:
        return
    attempt = find_attempt(tx, paying.key)
    if attempt is None or attempt.state != IN_FLIGHT:
        _open_again(tx, row)


def reopen_checkouts(tx: Tx, *, limit: int = 100) -> int:
    """Open checkouts again whose payments ended without a sale; give how many were looked at."""
    keys = [row[0] for row in tx.all(UNDER_WAY, limit=limit)]
    for key in keys:
        reopen_checkout(tx, key)
    return len(keys)


def amount_of(bill: Bill) -> Money:
    """What the card is asked for: the total in the buyer's currency."""
    return Money(bill.customer_total_minor, bill.customer_currency)


def ends_of(card: CardFacts) -> CardEnds:
    """What is kept of a card."""
    return CardEnds(card.letters, card.first_six, card.last_four, card.expiry_month, card.expiry_year)


def _open_again(tx: Tx, row: CheckoutRow) -> None:
    put_back_pieces(tx, row.id)
    tx.update(Checkout, row.id, state=OPEN)
    tx.note("checkout.declined", SUBJECT, row.id, before={"state": row.state}, after={"state": OPEN})


def _ready(tx: Tx, key: str, shown: Money | None) -> CheckoutRow:
    """Refuses: CheckoutNotFound, CheckoutOver, CartRefused, NotReady, PriceChanged."""
    row = get_checkout(tx, key)
    if row.state == OPEN:
        refuse_over(tx, row)
        _view_ready(tx, row, shown)
    return row


def _view_ready(tx: Tx, row: CheckoutRow, shown: Money | None = None) -> CheckoutView:
    """Refuses: CheckoutOver, CartRefused, NotReady, PriceChanged."""
    view = view_checkout(tx, row)
    if view.answers.tries >= TRIES_MAX:
        raise CheckoutOver(f"{TRIES_MAX} cards were tried")
    step = unready_step(view)
    if step is not None:
        raise NotReady(step)
    if shown is not None and shown != amount_of(view.bill):
        raise PriceChanged(f"it is {amount_of(view.bill)}, not {shown}")
    return view


def _pay_in_demo(shop: OpenShop, key: str, card: Card, actor: Actor) -> CheckoutRow:
    """Answer as the sandbox does, and sell nothing: the number is thrown away (reference 6.11)."""
    sandbox = SandboxGateway()
    view = shop.read(lambda tx: view_checkout(tx, get_checkout(tx, key)), actor)
    try:
        outcome = sandbox.authorise(Charge(key, amount_of(view.bill), sandbox.tokenise(card)))
    except GatewaySilent as error:
        raise CardDeclined("the demo card gives no answer") from error
    if outcome.status == FAIL:
        raise CardDeclined(outcome.response.get("gw_Message", NO_REASON))

    def conclude(tx: Tx) -> CheckoutRow:
        row = take_checkout(tx, key)
        if row.state == OPEN:
            view = _view_ready(tx, row)
            answers = view.answers
            answers.paying = Paying(view.bill, sandbox.name, "", "")
            done = {"state": DEMO, "sale_id": tx.ids.next("order", NUMBERS), "completed_at": tx.now}
            tx.update(Checkout, row.id, **done, answers=kept(answers))
        return get_checkout(tx, key)

    return shop.write(conclude, actor)
