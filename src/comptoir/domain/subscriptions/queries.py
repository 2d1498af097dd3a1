"""Reading plans and enrolments."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, or_, select

from comptoir.domain.subscriptions.errors import EnrolmentNotFound, SubscriptionNotFound
from comptoir.domain.subscriptions.models import Enrolment, Subscription
from comptoir.domain.tx import Tx
from comptoir.storage.columns import EPOCH


class Plan(NamedTuple):
    """A subscription that customers may be enrolled on."""

    id: int
    name: str
    product_id: int | None
    price_e4: int
    currency: str
    interval_unit: str
    interval_count: int
    is_active: bool


class EnrolmentRow(NamedTuple):
    """A customer on a plan."""

    id: int
    customer_id: int
    subscription_id: int
    parent_order_id: int | None
    starts_at: datetime
    ends_at: datetime | None
    is_active: bool
    is_paid: bool
    next_order_id: int | None
    next_billing_at: datetime | None
    due_at: datetime | None
    anchor_day: int
    gateway: str | None
    failed_attempts: int


PLANS = select(
    Subscription.id, Subscription.name, Subscription.product_id, Subscription.price_e4, Subscription.currency,
    Subscription.interval_unit, Subscription.interval_count, Subscription.is_active,
)  # fmt: skip
GET_PLAN = PLANS.where(Subscription.id == bindparam("subscription_id"))
LIST_PLANS = PLANS.order_by(Subscription.id)
GET_ENROLMENT = select(*(Enrolment.__table__.columns[name] for name in EnrolmentRow._fields)).where(
    Enrolment.id == bindparam("enrolment_id")
)
LOCK_ENROLMENT = GET_ENROLMENT.with_for_update()
ENROLMENTS_OF_CUSTOMER = (
    select(*(Enrolment.__table__.columns[name] for name in EnrolmentRow._fields))
    .where(Enrolment.customer_id == bindparam("customer_id"))
    .order_by(Enrolment.id)
)
# Those who owe longest first; what was declined waits for its own day, so nobody is passed over.
DUE = (
    select(Enrolment.due_at, Enrolment.id)
    .join(Subscription, Subscription.id == Enrolment.subscription_id)
    .where(
        Enrolment.is_active,
        Enrolment.due_at <= bindparam("now"),
        Subscription.is_active,
        Enrolment.due_at >= bindparam("after_due"),
        or_(Enrolment.due_at > bindparam("after_due"), Enrolment.id > bindparam("after_id")),
    )
    .order_by(Enrolment.due_at, Enrolment.id)
    .limit(bindparam("limit"))
)


class Due(NamedTuple):
    """An enrolment for which something must be done, and since when."""

    due_at: datetime
    enrolment_id: int


FIRST = Due(EPOCH, 0)


def get_plan(tx: Tx, subscription_id: int) -> Plan:
    """One plan. Refuses: SubscriptionNotFound."""
    row = tx.one(GET_PLAN, subscription_id=subscription_id)
    if row is None:
        raise SubscriptionNotFound(subscription_id)
    return Plan(*row)


def list_plans(tx: Tx) -> list[Plan]:
    """All plans, by id."""
    return [Plan(*row) for row in tx.all(LIST_PLANS)]


def get_enrolment(tx: Tx, enrolment_id: int) -> EnrolmentRow:
    """One enrolment. Refuses: EnrolmentNotFound."""
    row = tx.one(GET_ENROLMENT, enrolment_id=enrolment_id)
    if row is None:
        raise EnrolmentNotFound(enrolment_id)
    return EnrolmentRow(*row)


def lock_enrolment(tx: Tx, enrolment_id: int) -> EnrolmentRow:
    """One enrolment that nobody else changes until the transaction ends. Refuses: EnrolmentNotFound."""
    row = tx.one(LOCK_ENROLMENT, enrolment_id=enrolment_id)
    if row is None:
        raise EnrolmentNotFound(enrolment_id)
    return EnrolmentRow(*row)


def list_enrolments_of_customer(tx: Tx, customer_id: int) -> list[EnrolmentRow]:
    """All plans that a customer is or was on."""
    return [EnrolmentRow(*row) for row in tx.all(ENROLMENTS_OF_CUSTOMER, customer_id=customer_id)]


def list_due(tx: Tx, *, limit: int = 100) -> list[int]:
    """The ids of the enrolments for which something must be done now, the longest due first."""
    return [one.enrolment_id for one in list_due_after(tx, None, limit=limit)]


def list_due_after(tx: Tx, after: Due | None, *, limit: int) -> list[Due]:
    """Those for whom something must be done now, behind another one, the longest due first."""
    last = after or FIRST
    rows = tx.all(DUE, now=tx.now, after_due=last.due_at, after_id=last.enrolment_id, limit=limit)
    return [Due(due_at or last.due_at, enrolment_id) for due_at, enrolment_id in rows]
