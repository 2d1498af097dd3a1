"""Renewals and dunning: the next order is placed and paid, tried again when declined, given up at last."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.customers.errors import CustomerNotFound
from comptoir.domain.customers.queries import get_customer
from comptoir.domain.errors import Invalid
from comptoir.domain.orders.changing import update_order
from comptoir.domain.orders.lines import LineFields
from comptoir.domain.orders.models import DECLINED, Order
from comptoir.domain.orders.placing import place_order
from comptoir.domain.payments.actions import charge_order
from comptoir.domain.payments.errors import NothingOwed
from comptoir.domain.payments.gateways import Gateway, gateway_named
from comptoir.domain.payments.models import FAIL, SUCCESS
from comptoir.domain.payments.queries import get_payment
from comptoir.domain.subscriptions.amounts import due_at, next_billing, retry_after
from comptoir.domain.subscriptions.errors import EnrolmentEnded, NotDue, SubscriptionClosed
from comptoir.domain.subscriptions.queries import EnrolmentRow, Plan, get_plan, list_due, lock_enrolment
from comptoir.domain.subscriptions.writing import write_change
from comptoir.domain.tx import Tx

RENEWED, REFUSED, GIVEN_UP, COMPLETED, POSTPONED = "renewed", "declined", "given_up", "completed", "postponed"
POSTPONED_BY = timedelta(days=1)
# A plan that sells no product of the catalogue still has a line on its order.
NO_PRODUCT = 0

Gateways = Callable[[str], Gateway]

FIND_ORDER = select(Order.customer_id, Order.removed_at).where(Order.id == bindparam("order_id"))


class Renewal(NamedTuple):
    """What came of a renewal."""

    enrolment_id: int
    outcome: str
    order_id: int | None = None
    payment_id: int | None = None


def renew_due(tx: Tx, *, limit: int = 100, gateways: Gateways = gateway_named) -> int:
    """Renew whoever is due, once each, and say how many; who missed more intervals is due again at once."""
    due = list_due(tx, limit=limit)
    for enrolment_id in due:
        renew(tx, enrolment_id=enrolment_id, gateways=gateways)
    return len(due)


def renew(tx: Tx, *, enrolment_id: int, gateways: Gateways = gateway_named) -> Renewal:
    """Bill the next interval of an enrolment, or complete it when its end has come.

    The order is dated at its billing date. A decline is an answer, not a refusal: the enrolment is no
    longer paid up and is tried again after 1, 3, 5 and 7 days, then given up and its order declined.
    Refuses: EnrolmentNotFound, EnrolmentEnded, SubscriptionClosed, NotDue.
    """
    row = lock_enrolment(tx, enrolment_id)
    plan = get_plan(tx, row.subscription_id)
    if not row.is_active:
        raise EnrolmentEnded(f"enrolment {enrolment_id} is over")
    if not plan.is_active:
        raise SubscriptionClosed(f"subscription {plan.id} is closed")
    if row.due_at is None or row.due_at > tx.now:
        raise NotDue(enrolment_id, row.due_at)
    customer = _find_customer(tx, row.customer_id)
    if customer is None or row.next_billing_at is None or _has_ended_before(row):
        return _complete(tx, row)
    try:
        order_id = _order(tx, row, plan, customer)
    except Invalid as problem:
        # It must not keep the others waiting; somebody has to look at it.
        write_change(tx, "enrolment.postponed", row, {"due_at": tx.now + POSTPONED_BY}, problem=str(problem))
        return Renewal(row.id, POSTPONED)
    return _collect(tx, row, plan, order_id, gateways)


def settle(tx: Tx, *, enrolment_id: int) -> None:
    """Say that an enrolment is paid up, when money came in by another way.

    Refuses: EnrolmentNotFound.
    """
    row = lock_enrolment(tx, enrolment_id)
    if not row.is_paid:
        write_change(tx, "enrolment.settled", row, {"is_paid": True})


def _collect(tx: Tx, row: EnrolmentRow, plan: Plan, order_id: int, gateways: Gateways) -> Renewal:
    """Ask for the order's money, if there is one to ask, and go on by what is answered."""
    payment_id = None
    status = FAIL
    try:
        if row.gateway is not None:
            payment_id = charge_order(tx, order_id=order_id, gateway=gateways(row.gateway))
            status = get_payment(tx, payment_id).status
    except NothingOwed:
        status = SUCCESS
    if row.gateway is not None and status == FAIL:
        outcome, changes = _declined(tx, row, order_id)
    else:
        is_paid = status == SUCCESS or plan.price_e4 == 0
        outcome, changes = RENEWED, _next_interval(tx, row, plan) | {"is_paid": is_paid}
    write_change(tx, f"enrolment.{outcome}", row, changes, order_id=order_id, payment_id=payment_id)
    return Renewal(row.id, outcome, order_id, payment_id)


def _declined(tx: Tx, row: EnrolmentRow, order_id: int) -> tuple[str, dict[str, Any]]:
    attempts = row.failed_attempts + 1
    wait = retry_after(attempts)
    changes: dict[str, Any] = {"is_paid": False, "failed_attempts": attempts, "next_order_id": order_id}
    if wait is not None:
        return REFUSED, changes | {"due_at": tx.now + wait}
    update_order(tx, order_id=order_id, status=DECLINED)
    ended = {"is_active": False, "ends_at": tx.now, "next_order_id": None, "next_billing_at": None}
    return GIVEN_UP, changes | ended | {"due_at": None}


def _next_interval(tx: Tx, row: EnrolmentRow, plan: Plan) -> dict[str, Any]:
    assert row.next_billing_at is not None
    following = next_billing(
        row.next_billing_at,
        unit=plan.interval_unit,
        count=plan.interval_count,
        anchor_day=row.anchor_day,
        zone=tx.shop.zone,
    )
    is_billed = row.ends_at is None or following < row.ends_at
    billed_at = following if is_billed else None
    return {
        "failed_attempts": 0,
        "next_order_id": tx.ids.next("order") if is_billed else None,
        "next_billing_at": billed_at,
        "due_at": due_at(billed_at, row.ends_at),
    }


def _complete(tx: Tx, row: EnrolmentRow) -> Renewal:
    changes = {
        "is_active": False,
        "ends_at": tx.now if row.ends_at is None else min(row.ends_at, tx.now),
        "next_order_id": None,
        "next_billing_at": None,
        "due_at": None,
    }
    write_change(tx, "enrolment.completed", row, changes)
    return Renewal(row.id, COMPLETED)


def _has_ended_before(row: EnrolmentRow) -> bool:
    """Whether the end comes before the interval that would be billed."""
    return row.ends_at is not None and row.next_billing_at is not None and row.ends_at <= row.next_billing_at


def _find_customer(tx: Tx, customer_id: int) -> dict[str, Any] | None:
    try:
        return get_customer(tx, customer_id)
    except CustomerNotFound:
        return None


def _order(tx: Tx, row: EnrolmentRow, plan: Plan, customer: dict[str, Any]) -> int:
    """The order that waits to be billed; placed now, unless it came along or was declined before.

    A number that somebody else's order has, or one that was removed, is given up for a fresh one.
    """
    order_id = row.next_order_id
    found = None if order_id is None else tx.one(FIND_ORDER, order_id=order_id)
    if order_id is not None and found is not None:
        customer_id, removed_at = found
        if customer_id == row.customer_id and removed_at is None:
            return order_id
        order_id = None
    assert row.next_billing_at is not None
    line: LineFields = {
        "product_id": NO_PRODUCT if plan.product_id is None else plan.product_id,
        "name": plan.name,
        "quantity": 1,
        "unit_price_e4": plan.price_e4,
    }
    return place_order(
        tx,
        id=tx.ids.next("order") if order_id is None else order_id,
        lines=[line],
        customer_id=row.customer_id,
        created_at=row.next_billing_at,
        currency=plan.currency,
        payment_method=row.gateway or "",
        billing_name=f"{customer['first_name']} {customer['last_name']}".strip(),
        billing_company=customer["company"],
        billing_address=customer["address1"],
        billing_suburb=customer["suburb"],
        billing_city=customer["city"],
        billing_state=customer["state_id"],
        billing_postcode=customer["postcode"],
        billing_email=customer["email"],
        billing_phone=customer["phone_day"],
    )
