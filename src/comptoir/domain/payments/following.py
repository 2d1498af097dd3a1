"""What becomes of invoices on the clock: reviewed for fraud, captured, deposited."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, or_, select

from comptoir.domain.errors import ComptoirError
from comptoir.domain.orders.invoicing import find_invoice, mark_deposited, set_fraud_status
from comptoir.domain.orders.models import APPROVED, FAIL, PASS, UNREVIEWED, WAIT, Invoice, Order
from comptoir.domain.orders.models import PENDING as SUBMITTED
from comptoir.domain.payments.capturing import capture_invoice, charge_of, release_invoice
from comptoir.domain.payments.models import SUCCESS, PaymentTransaction
from comptoir.domain.payments.port import Charge, Gateways
from comptoir.domain.payments.queries import get_payment
from comptoir.domain.tx import OpenShop, Tx

# Capture and deposit happen within two days (reference 6.4); the bank takes this long.
DEPOSITED_AFTER = timedelta(hours=24)
# When a gateway has not decided yet, it is asked again after this long.
REVIEWED_AGAIN_AFTER = timedelta(hours=1)


class _Review(NamedTuple):
    """A fraud review that should be over."""

    order_id: int
    gateway: str | None
    charge: Charge | None
    identifier: str
    age: timedelta


_AFTER = Invoice.order_id > bindparam("after")
REVIEWS = (
    select(Invoice.order_id, Invoice.payment_id, Order.created_at)
    .join(Order, Order.id == Invoice.order_id)
    .where(
        _AFTER,
        Invoice.status == APPROVED,
        Invoice.fraud_status == WAIT,
        or_(Invoice.fraud_due_at.is_(None), Invoice.fraud_due_at <= bindparam("now")),
        Order.removed_at.is_(None),
    )
    .order_by(Invoice.order_id)
    .limit(bindparam("limit"))
)
# What is sent is captured when it is; what nobody sends, as soon as it has passed.
CAPTURES = (
    select(Invoice.order_id)
    .join(Order, Order.id == Invoice.order_id)
    .outerjoin(PaymentTransaction, PaymentTransaction.id == Invoice.payment_id)
    .where(
        _AFTER,
        Invoice.status == APPROVED,
        or_(Invoice.fraud_status == PASS, Invoice.fraud_status == UNREVIEWED),
        or_(Invoice.is_shippable.is_(False), Order.shipped_at.is_not(None)),
        or_(
            PaymentTransaction.status == SUCCESS,
            and_(PaymentTransaction.id.is_(None), Order.total_minor == 0),
            and_(
                PaymentTransaction.status == "pending",
                or_(Invoice.authorised_until.is_(None), Invoice.authorised_until > bindparam("now")),
            ),
        ),
        Order.removed_at.is_(None),
    )
    .order_by(Invoice.order_id)
    .limit(bindparam("limit"))
)
DEPOSITS = (
    select(Invoice.order_id)
    .join(Order, Order.id == Invoice.order_id)
    .outerjoin(PaymentTransaction, PaymentTransaction.id == Invoice.payment_id)
    .where(
        _AFTER,
        Invoice.status == SUBMITTED,
        Invoice.pending_at <= bindparam("now"),
        or_(PaymentTransaction.id.is_(None), PaymentTransaction.status == SUCCESS),
        Order.removed_at.is_(None),
    )
    .order_by(Invoice.order_id)
    .limit(bindparam("limit"))
)


def review_due(shop: OpenShop, gateways: Gateways, *, limit: int = 100) -> int:
    """Ask gateways what their fraud reviews came to, outside any transaction, and say how many were decided.

    A failed one cancels the sale and lets its money go.
    Refuses: the first refusal, after all others were asked.
    """

    def page(after: int) -> list[_Review]:
        return shop.read(lambda tx: _reviews(tx, after, limit))

    def review(one: _Review) -> bool:
        verdict: str | None = PASS
        if one.gateway is not None and one.charge is not None:
            verdict = gateways(one.gateway).review(one.charge, one.identifier, one.age)
        return shop.write(lambda tx: _decide(tx, one.order_id, verdict, gateways))

    return _each(page, lambda one: one.order_id, review)


def capture_due(shop: OpenShop, gateways: Gateways, *, limit: int = 100) -> int:
    """Capture every invoice whose time has come, each in a transaction of its own, and say how many.

    Refuses: the first refusal, after all others were captured.
    """

    def capture(order_id: int) -> bool:
        shop.write(lambda tx: capture_invoice(tx, order_id=order_id, gateways=gateways))
        return True

    return _each(_pages(shop, CAPTURES, timedelta(0), limit), int, capture)


def deposit_due(shop: OpenShop, *, limit: int = 100) -> int:
    """Say of every invoice that was captured a day ago that its money has arrived, and say how many.

    Refuses: the first refusal, after all others were deposited.
    """

    def deposit(order_id: int) -> bool:
        shop.write(lambda tx: mark_deposited(tx, order_id=order_id))
        return True

    return _each(_pages(shop, DEPOSITS, DEPOSITED_AFTER, limit), int, deposit)


def _each(page: Callable[[int], list[Any]], key: Callable[[Any], int], work: Callable[[Any], bool]) -> int:
    """Do the work for each; one that is refused does not hold up the others. Refuses: the first refusal."""
    done = after = 0
    refused: ComptoirError | None = None
    while ones := page(after):
        for one in ones:
            try:
                done += work(one)
            except ComptoirError as refusal:
                refused = refused or refusal
        after = key(ones[-1])
    if refused is not None:
        raise refused
    return done


def _pages(shop: OpenShop, statement: Any, delay: timedelta, limit: int) -> Callable[[int], list[int]]:
    def page(after: int) -> list[int]:
        def look(tx: Tx) -> list[int]:
            return [row[0] for row in tx.all(statement, after=after, now=tx.now - delay, limit=limit)]

        return shop.read(look)

    return page


def _reviews(tx: Tx, after: int, limit: int) -> list[_Review]:
    rows = tx.all(REVIEWS, after=after, now=tx.now, limit=limit)
    return [_review(tx, order_id, payment_id, created_at) for order_id, payment_id, created_at in rows]


def _review(tx: Tx, order_id: int, payment_id: int | None, created_at: datetime) -> _Review:
    age = tx.now - created_at
    if payment_id is None:
        return _Review(order_id, None, None, "", age)
    payment = get_payment(tx, payment_id)
    return _Review(order_id, payment.gateway, charge_of(tx, payment), payment.identifier, age)


def _decide(tx: Tx, order_id: int, verdict: str | None, gateways: Gateways) -> bool:
    """Whether the review is over now. What somebody else decided meanwhile stays so."""
    invoice = find_invoice(tx, order_id)
    if invoice is None or invoice.fraud_status != WAIT:
        return False
    if verdict is None:
        set_fraud_status(tx, order_id=order_id, status=WAIT, due_at=tx.now + REVIEWED_AGAIN_AFTER)
        return False
    set_fraud_status(tx, order_id=order_id, status=verdict)
    if verdict == FAIL:
        release_invoice(tx, order_id=order_id, gateways=gateways)
    return True
