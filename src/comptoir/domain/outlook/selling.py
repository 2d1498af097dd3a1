"""What falls due in the shop: renewals, reviews, captures, deposits, lapses, paydays, messages."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from sqlalchemy import bindparam, select

from comptoir.domain.merchant.queries import get_merchant
from comptoir.domain.orders.models import APPROVED, Invoice, Order
from comptoir.domain.outlook.due import Due
from comptoir.domain.payments.following import CAPTURES, DEPOSITED_AFTER, DEPOSITS, REVIEWS
from comptoir.domain.payouts.amounts import DAYS_OF_WEEK, last_payday
from comptoir.domain.payouts.queries import OPEN_PAYOUT, PayoutRow
from comptoir.domain.subscriptions.queries import list_due_after
from comptoir.domain.tx import Tx
from comptoir.domain.webhooks.models import PENDING, Delivery, Endpoint

WEEK = timedelta(days=DAYS_OF_WEEK)

LAPSES = (
    select(Invoice.order_id, Invoice.authorised_until)
    .join(Order, Order.id == Invoice.order_id)
    .where(
        Invoice.status == APPROVED,
        Invoice.authorised_until > bindparam("since"),
        Invoice.authorised_until <= bindparam("until"),
        Order.removed_at.is_(None),
    )
    .order_by(Invoice.authorised_until, Invoice.order_id)
    .limit(bindparam("limit"))
)
DELIVERIES = (
    select(Delivery.id, Delivery.due_at, Delivery.kind)
    .join(Endpoint, Endpoint.id == Delivery.endpoint_id)
    .where(Endpoint.is_active, Delivery.state == PENDING, Delivery.due_at <= bindparam("now"))
    .order_by(Delivery.due_at, Delivery.id)
    .limit(bindparam("limit"))
)


def renewals(tx: Tx, _since: datetime, limit: int) -> Iterator[Due]:
    """Subscriptions that are billed; each for the first time only."""
    for one in list_due_after(tx, None, limit=limit):
        yield Due("enrolment", one.enrolment_id, one.due_at)


def reviews(tx: Tx, _since: datetime, limit: int) -> Iterator[Due]:
    """Invoices whose fraud review is over."""
    for order_id, *_ in tx.all(REVIEWS, after=0, now=tx.now, limit=limit):
        yield Due("order", order_id)


def captures(tx: Tx, _since: datetime, limit: int) -> Iterator[Due]:
    """Invoices whose money is taken: reviewed, and sent if they are to be sent."""
    for (order_id,) in tx.all(CAPTURES, after=0, now=tx.now, limit=limit):
        yield Due("order", order_id)


def deposits(tx: Tx, _since: datetime, limit: int) -> Iterator[Due]:
    """Invoices whose money arrives."""
    for (order_id,) in tx.all(DEPOSITS, after=0, now=tx.now - DEPOSITED_AFTER, limit=limit):
        yield Due("order", order_id)


def lapses(tx: Tx, since: datetime, limit: int) -> Iterator[Due]:
    """Authorisations that run out before anything was sent."""
    for order_id, until in tx.all(LAPSES, since=since, until=tx.now, limit=limit):
        yield Due("order", order_id, until)


def paydays(tx: Tx, since: datetime, limit: int) -> Iterator[Due]:
    """Days on which a payout leaves, if enough has come together by then."""
    row = tx.one(OPEN_PAYOUT)
    if row is None:
        return
    payout = PayoutRow(*row)
    day, begins_at = last_payday(tx.now, get_merchant(tx).payout_weekday, tx.shop.zone)
    days = []
    while begins_at > max(since, payout.created_at):
        days.append(Due("payout", payout.id, begins_at.astimezone(UTC)))
        day -= WEEK
        begins_at = datetime.combine(day, time(), tx.shop.zone)
    yield from days[::-1][:limit]


def deliveries(tx: Tx, _since: datetime, limit: int) -> Iterator[Due]:
    """Messages to endpoints, first attempts and further ones."""
    for delivery_id, due_at, kind in tx.all(DELIVERIES, now=tx.now, limit=limit):
        yield Due("delivery", delivery_id, due_at, kind)
