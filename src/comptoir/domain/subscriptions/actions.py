"""Verbs on enrolments: start, stop, take over from elsewhere."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Required, TypedDict

from sqlalchemy import select

from comptoir.domain.customers.errors import CustomerNotFound
from comptoir.domain.customers.models import Customer
from comptoir.domain.customers.queries import require_customer
from comptoir.domain.errors import Invalid
from comptoir.domain.identity.texts import SHORT_TEXT_MAX, text_problem
from comptoir.domain.subscriptions.advancing import ended, next_order
from comptoir.domain.subscriptions.amounts import YEAR_MAX, anchor_of, due_at, next_billing
from comptoir.domain.subscriptions.errors import EnrolmentEnded, SubscriptionClosed
from comptoir.domain.subscriptions.models import CANCELED, Enrolment, Subscription
from comptoir.domain.subscriptions.queries import get_plan, lock_enrolment
from comptoir.domain.subscriptions.writing import (
    NUMBER_MAX,
    end_item,
    number,
    refuse_taken,
    taken_ids,
    write_change,
    written,
)
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

DAYS_IN_MONTH = 31

PLANS_AMONG = select(Subscription.id).where(among(Subscription.id, "ids"))
CUSTOMERS_AMONG = select(Customer.id).where(among(Customer.id, "ids"))


class EnrolmentImport(TypedDict, total=False):
    """An enrolment as it was kept elsewhere."""

    id: int
    customer_id: Required[int]
    subscription_id: Required[int]
    starts_at: Required[datetime]
    ends_at: datetime | None
    is_active: bool
    is_paid: bool
    next_order_id: int | None
    next_billing_at: datetime | None
    due_at: datetime | None
    parent_order_id: int | None
    anchor_day: int
    gateway: str | None
    failed_attempts: int
    created_at: datetime
    updated_at: datetime


def subscribe(
    tx: Tx,
    *,
    customer_id: int,
    subscription_id: int,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    parent_order_id: int | None = None,
    gateway: str | None = None,
    is_sale: bool = False,
    id: int | None = None,
) -> int:
    """Enrol a customer on a plan and give the enrolment's id; `is_sale` when its orders are sales of a checkout.

    The first interval is billed when it starts, unless an order (`parent_order_id`) has paid for it; then
    the second is billed first. The next order's number is kept free from now on.
    Refuses: SubscriptionNotFound, SubscriptionClosed, Invalid (customer_id, starts_at, ends_at, gateway, id).
    """
    plan = get_plan(tx, subscription_id)
    if not plan.is_active:
        raise SubscriptionClosed(f"subscription {subscription_id} is closed")
    _refuse_unknown(tx, customer_id)
    starts = starts_at or tx.now
    row: dict[str, Any] = {"starts_at": starts, "ends_at": ends_at, "gateway": gateway}
    _refuse_malformed(row)
    refuse_taken(id, taken_ids(tx, Enrolment, [id]))
    anchor_day = anchor_of(starts, tx.shop.zone)
    first = starts
    if parent_order_id is not None:
        unit, count = plan.interval_unit, plan.interval_count
        first = next_billing(starts, unit=unit, count=count, anchor_day=anchor_day, zone=tx.shop.zone)
    is_billed = ends_at is None or first < ends_at
    row |= {
        "id": id,
        "customer_id": customer_id,
        "subscription_id": subscription_id,
        "parent_order_id": parent_order_id,
        "is_active": True,
        "is_paid": True,
        "next_order_id": next_order(tx, is_sale=is_sale) if is_billed else None,
        "next_billing_at": first if is_billed else None,
        "due_at": first if is_billed else ends_at,
        "anchor_day": anchor_day,
        "failed_attempts": 0,
    }
    number(tx, Enrolment, [row])
    tx.insert(Enrolment, **row, created_at=tx.now, updated_at=tx.now)
    tx.note("enrolment.started", "enrolment", row["id"], after=_said(row))
    return int(row["id"])


def stop(tx: Tx, *, enrolment_id: int, at: datetime | None = None) -> None:
    """End an enrolment, now or at a later time; what is billed before that is billed.

    Refuses: EnrolmentNotFound, EnrolmentEnded, Invalid (at).
    """
    old = lock_enrolment(tx, enrolment_id)
    if not old.is_active:
        raise EnrolmentEnded(f"enrolment {enrolment_id} is over")
    if at is not None and (at.tzinfo is None or at.year > YEAR_MAX):
        raise Invalid("at", f"must be a time with its zone, before the year {YEAR_MAX}")
    ends_at = max(at or tx.now, tx.now)
    is_billed = ends_at > tx.now and old.next_billing_at is not None and old.next_billing_at < ends_at
    changes: dict[str, Any] = {"ends_at": ends_at}
    if ends_at <= tx.now:
        changes = ended(tx.now)
    elif not is_billed:
        changes |= {"next_order_id": None, "next_billing_at": None, "due_at": ends_at}
    write_change(tx, "enrolment.stopped", old, changes)
    if ends_at <= tx.now:
        end_item(tx, enrolment_id, CANCELED, "recurring.stopped")


def import_enrolments(tx: Tx, rows: Sequence[EnrolmentImport]) -> list[Invalid | None]:
    """Keep many enrolments with their ids; for each row what is wrong with it, or None.

    The numbers of their next orders are kept free. Each row may fail on: id, subscription_id, customer_id,
    starts_at, ends_at, next_billing_at, anchor_day, next_order_id, gateway.
    """
    taken = taken_ids(tx, Enrolment, [row.get("id") for row in rows])
    plans = _known(tx, PLANS_AMONG, [row["subscription_id"] for row in rows])
    customers = _known(tx, CUSTOMERS_AMONG, [row["customer_id"] for row in rows])
    problems: list[Invalid | None] = []
    kept = []
    for fields in rows:
        row = _imported(tx, fields)
        try:
            refuse_taken(row["id"], taken)
            _refuse_strangers(row, plans, customers)
            _refuse_malformed(row)
        except Invalid as problem:
            problems.append(problem)
            continue
        problems.append(None)
        kept.append(row)
        taken.add(row["id"])
    number(tx, Enrolment, kept)
    tx.insert_many(Enrolment, kept)
    for column in ("next_order_id", "parent_order_id"):
        tx.ids.reach("order", max((row[column] or 0 for row in kept), default=0))
    for row in kept:
        tx.note("enrolment.imported", "enrolment", row["id"], after=_said(row))
    return problems


def _imported(tx: Tx, fields: EnrolmentImport) -> dict[str, Any]:
    created_at = fields.get("created_at", tx.now)
    billed_at, starts_at = fields.get("next_billing_at"), fields["starts_at"]
    row: dict[str, Any] = {
        "id": None,
        "ends_at": None,
        "is_active": True,
        "is_paid": True,
        "next_order_id": None,
        "next_billing_at": None,
        "parent_order_id": None,
        "anchor_day": anchor_of(billed_at or starts_at, tx.shop.zone),
        "gateway": None,
        "failed_attempts": 0,
        **fields,
        "created_at": created_at,
        "updated_at": fields.get("updated_at", created_at),
    }
    if "due_at" not in row:
        row["due_at"] = due_at(row["next_billing_at"], row["ends_at"]) if row["is_active"] else None
    return row


def _refuse_unknown(tx: Tx, customer_id: int) -> None:
    try:
        require_customer(tx, customer_id)
    except CustomerNotFound as error:
        raise Invalid("customer_id", f"names customer {customer_id}, who does not exist") from error


def _refuse_strangers(row: dict[str, Any], plans: set[int], customers: set[int]) -> None:
    if row["subscription_id"] not in plans:
        raise Invalid("subscription_id", f"names plan {row['subscription_id']}, which does not exist")
    if row["customer_id"] not in customers:
        raise Invalid("customer_id", f"names customer {row['customer_id']}, who does not exist")


def _refuse_malformed(row: dict[str, Any]) -> None:
    for name in ("starts_at", "ends_at", "next_billing_at", "due_at"):
        at = row.get(name)
        if at is not None and (at.tzinfo is None or at.year > YEAR_MAX):
            raise Invalid(name, f"must be a time with its zone, before the year {YEAR_MAX}")
    if row["ends_at"] is not None and row["ends_at"] < row["starts_at"]:
        raise Invalid("ends_at", "must not be before the start")
    if not 1 <= row.get("anchor_day", 1) <= DAYS_IN_MONTH:
        raise Invalid("anchor_day", f"must be between 1 and {DAYS_IN_MONTH}")
    for name in ("next_order_id", "parent_order_id"):
        if not 0 < (row.get(name) or 1) <= NUMBER_MAX:
            raise Invalid(name, "must be a number above zero")
    if row["gateway"] is not None and (problem := text_problem(row["gateway"], SHORT_TEXT_MAX)):
        raise Invalid("gateway", problem)


def _known(tx: Tx, statement: Any, ids: Sequence[int]) -> set[int]:
    return {row[0] for row in tx.all(statement, ids=sorted({one for one in ids if 0 < one <= NUMBER_MAX}))}


def _said(row: dict[str, Any]) -> dict[str, Any]:
    names = (
        "customer_id", "subscription_id", "parent_order_id", "starts_at", "ends_at", "is_active", "is_paid",
        "next_order_id", "next_billing_at",
    )  # fmt: skip
    return written({name: row[name] for name in names})
