"""What waits for the merchant: renewals that failed, messages that do not arrive, sales under review, low stock.

Each is counted only so far as a glance needs: a count that reached the most says that there are more.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, func, literal, literal_column, or_, select

from comptoir.domain.banking.customers.models import MANUAL_REVIEW, BankCustomer
from comptoir.domain.catalogue.models import Product
from comptoir.domain.orders.models import APPROVED, PENDING, WAIT, Invoice, Order
from comptoir.domain.payments.models import OPEN, GatewayAttempt
from comptoir.domain.subscriptions.models import Enrolment, RecurringItem, Subscription
from comptoir.domain.tx import Tx
from comptoir.domain.webhooks.models import Delivery

MOST = 1_000
LOW_STOCK = 5
RECENT = timedelta(days=30)
LATELY = timedelta(days=7)
# A gateway that was asked and not heard for so long is no mere delay.
UNHEARD = timedelta(minutes=15)
SHOWN = 10


class Counted(NamedTuple):
    """How many there are; where there are more than anybody counts, at least so many."""

    number: int
    is_more: bool


class FailedRenewal(NamedTuple):
    """An enrolment whose last billing was declined; `due_at` None when it is not tried again."""

    enrolment_id: int
    customer_id: int
    plan: str
    sale_id: int | None
    price_e4: int
    currency: str
    failed_attempts: int
    declined_at: datetime | None
    decline_code: str | None
    is_active: bool
    due_at: datetime | None
    updated_at: datetime


class FraudReview(NamedTuple):
    """A sale that is looked at before it is anybody's; `due_at` is when the review is to end."""

    order_id: int
    number: str
    name: str
    total_minor: int
    currency: str
    due_at: datetime | None


class LowStock(NamedTuple):
    """A product of which little is left."""

    id: int
    code: str
    name: str
    quantity: int


class Troubles(NamedTuple):
    """How much of each waits."""

    failed_renewals: Counted
    retried_deliveries: Counted
    dead_deliveries: Counted
    fraud_reviews: Counted
    unheard_payments: Counted
    customer_reviews: Counted
    low_stock: Counted

    @property
    def is_any(self) -> bool:
        """Whether there is anything."""
        return any(one.number for one in self)


def _counted(statement: Select[Any]) -> Select[Any]:
    return select(func.count()).select_from(statement.limit(MOST + 1).subquery())


_is_failing: tuple[Any, ...] = (
    literal_column("enrolment.failed_attempts > 0"),
    Enrolment.updated_at >= bindparam("since"),
)
_is_retried: ColumnElement[Any] = literal_column("state = 'pending' AND attempts > 0")
_is_dead: tuple[Any, ...] = (literal_column("state = 'dead'"), Delivery.ended_at >= bindparam("lately"))
_is_low: tuple[Any, ...] = (literal_column("has_inventory"), Product.quantity <= literal(LOW_STOCK))
_is_reviewed = (
    or_(Invoice.status == literal(APPROVED), Invoice.status == literal(PENDING)),
    Invoice.fraud_status == literal(WAIT),
)
COUNTS = {
    "failed_renewals": _counted(select(Enrolment.id).where(*_is_failing)),
    "retried_deliveries": _counted(select(Delivery.id).where(_is_retried)),
    "dead_deliveries": _counted(select(Delivery.id).where(*_is_dead)),
    "fraud_reviews": _counted(select(Invoice.order_id).where(*_is_reviewed)),
    "unheard_payments": _counted(
        select(GatewayAttempt.id).where(
            GatewayAttempt.state == literal(OPEN), GatewayAttempt.created_at < bindparam("unheard")
        )
    ),
    "customer_reviews": _counted(
        select(BankCustomer.customer_id).where(
            literal_column("status IN ('Initiated', 'Manual Review')"),
            BankCustomer.status == literal(MANUAL_REVIEW),
        )
    ),
    "low_stock": _counted(select(Product.id).where(*_is_low)),
}
FAILED_RENEWALS = (
    select(
        Enrolment.id,
        Enrolment.customer_id,
        Subscription.name,
        RecurringItem.sale_id,
        func.coalesce(RecurringItem.price_e4, Subscription.price_e4),
        Subscription.currency,
        Enrolment.failed_attempts,
        RecurringItem.declined_at,
        RecurringItem.decline_code,
        Enrolment.is_active,
        Enrolment.due_at,
        Enrolment.updated_at,
    )
    .join(Subscription, Subscription.id == Enrolment.subscription_id)
    .outerjoin(RecurringItem, RecurringItem.enrolment_id == Enrolment.id)
    .where(*_is_failing)
    .order_by(Enrolment.updated_at.desc(), Enrolment.id.desc())
    .limit(bindparam("limit"))
)
FRAUD_REVIEWS = (
    select(
        Invoice.order_id,
        Order.number,
        Order.billing_name,
        Order.total_minor,
        Order.currency,
        Invoice.fraud_due_at,
    )
    .join(Order, Order.id == Invoice.order_id)
    .where(*_is_reviewed)
    .order_by(Invoice.order_id)
    .limit(bindparam("limit"))
)
LOWEST = (
    select(Product.id, Product.code, Product.name, Product.quantity)
    .where(*_is_low)
    .order_by(Product.quantity, Product.id)
    .limit(bindparam("limit"))
)


def troubles_of(tx: Tx) -> Troubles:
    """How much of each waits now."""
    bounds = {"since": tx.now - RECENT, "lately": tx.now - LATELY, "unheard": tx.now - UNHEARD}
    counts = {}
    for name, statement in COUNTS.items():
        found = int(tx.value(statement, **bounds))
        counts[name] = Counted(min(found, MOST), found > MOST)
    return Troubles(**counts)


def list_failed_renewals(tx: Tx, limit: int = SHOWN) -> Sequence[FailedRenewal]:
    """The renewals that failed in the last thirty days and did not succeed since, the latest first."""
    return [FailedRenewal(*row) for row in tx.all(FAILED_RENEWALS, since=tx.now - RECENT, limit=limit)]


def list_fraud_reviews(tx: Tx, limit: int = SHOWN) -> Sequence[FraudReview]:
    """The sales that wait for their review, the oldest first."""
    return [FraudReview(*row) for row in tx.all(FRAUD_REVIEWS, limit=limit)]


def list_low_stock(tx: Tx, limit: int = SHOWN) -> Sequence[LowStock]:
    """The products of which least is left."""
    return [LowStock(*row) for row in tx.all(LOWEST, limit=limit)]
