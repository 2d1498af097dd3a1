"""Renewals and dunning: the next order is placed and paid, tried again when declined, given up at last."""

from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.customers.errors import CustomerNotFound
from comptoir.domain.customers.queries import get_customer
from comptoir.domain.errors import ComptoirError
from comptoir.domain.orders.changing import update_order
from comptoir.domain.orders.lines import LineFields
from comptoir.domain.orders.models import DECLINED, Order
from comptoir.domain.orders.placing import OrderFields, place_order
from comptoir.domain.payments.actions import charge_order
from comptoir.domain.payments.errors import NothingOwed
from comptoir.domain.payments.gateways import gateway_named
from comptoir.domain.payments.models import FAIL, SUCCESS
from comptoir.domain.payments.port import Gateways
from comptoir.domain.payments.queries import get_payment
from comptoir.domain.subscriptions.advancing import ended, to_next_interval
from comptoir.domain.subscriptions.amounts import retry_after
from comptoir.domain.subscriptions.errors import EnrolmentEnded, NoMethod, NotDue, SubscriptionClosed
from comptoir.domain.subscriptions.installments import bill_installment
from comptoir.domain.subscriptions.items import find_item
from comptoir.domain.subscriptions.models import CANCELED
from comptoir.domain.subscriptions.outcomes import (
    COMPLETED,
    GIVEN_UP,
    POSTPONED,
    REFUSED,
    RENEWED,
    Renewal,
)
from comptoir.domain.subscriptions.queries import (
    Due,
    EnrolmentRow,
    Plan,
    get_plan,
    list_due_after,
    lock_enrolment,
)
from comptoir.domain.subscriptions.writing import POSTPONED_BY, end_item, write_change
from comptoir.domain.tx import Tx, savepoint

# A plan that sells no product of the catalogue still has a line on its order.
NO_PRODUCT = 0

FIND_ORDER = select(Order.customer_id, Order.removed_at).where(Order.id == bindparam("order_id"))
FIND_PARENT = select(Order.id, Order.parent_id, Order.is_renewal, Order.sale_id).where(
    Order.id == bindparam("order_id"), Order.removed_at.is_(None)
)


class Batch(NamedTuple):
    """Some renewals, and from where to go on; None when nothing more is due."""

    renewals: list[Renewal]
    last: Due | None


def renew_due(tx: Tx, *, limit: int = 100, gateways: Gateways = gateway_named) -> int:
    """Renew whoever is due, once each, and say how many; who missed more intervals is due again at once."""
    return len(renew_batch(tx, limit=limit, gateways=gateways).renewals)


def renew_batch(
    tx: Tx, *, after: Due | None = None, limit: int = 100, gateways: Gateways = gateway_named
) -> Batch:
    """Renew some of those who are due, the longest due first; what one is refused does not undo the others.

    Whose gateway is far away has an attempt, to be asked when the transaction has ended.
    """
    due = list_due_after(tx, after, limit=limit)
    renewals = [renew(tx, enrolment_id=one.enrolment_id, gateways=gateways) for one in due]
    return Batch(renewals, due[-1] if due else None)


def renew(tx: Tx, *, enrolment_id: int, gateways: Gateways = gateway_named) -> Renewal:
    """Bill the next interval of an enrolment, or complete it when its end has come.

    The order is dated at its billing date. A decline is an answer, not a refusal: the enrolment is no
    longer paid up and is tried again after 1, 3, 5 and 7 days, then given up and its order declined. What
    cannot be ordered is put off by a day.
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
        with savepoint(tx):
            return _bill(tx, row, plan, customer, gateways)
    except ComptoirError as problem:
        write_change(tx, "enrolment.postponed", row, {"due_at": tx.now + POSTPONED_BY}, problem=str(problem))
        return Renewal(row.id, POSTPONED)


def _bill(tx: Tx, row: EnrolmentRow, plan: Plan, customer: dict[str, Any], gateways: Gateways) -> Renewal:
    """Bill a sale's recurring line item, or order what a plan has. Refuses: Invalid, NoExchangeRate, NoMethod."""
    item = find_item(tx, row.id)
    if item is not None:
        return bill_installment(tx, row, item, gateways)
    if row.gateway is not None and gateways(row.gateway).is_remote:
        raise NoMethod(row.id, row.gateway)
    return _collect(tx, row, plan, _order(tx, row, plan, customer), gateways)


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
        outcome, changes = RENEWED, to_next_interval(tx, row, plan) | {"is_paid": is_paid}
    write_change(tx, f"enrolment.{outcome}", row, changes, order_id=order_id, payment_id=payment_id)
    return Renewal(row.id, outcome, order_id, payment_id)


def _declined(tx: Tx, row: EnrolmentRow, order_id: int) -> tuple[str, dict[str, Any]]:
    attempts = row.failed_attempts + 1
    wait = retry_after(attempts)
    changes: dict[str, Any] = {"is_paid": False, "failed_attempts": attempts, "next_order_id": order_id}
    if wait is not None:
        return REFUSED, changes | {"due_at": tx.now + wait}
    update_order(tx, order_id=order_id, status=DECLINED)
    return GIVEN_UP, changes | ended(tx.now)


def _complete(tx: Tx, row: EnrolmentRow) -> Renewal:
    write_change(tx, "enrolment.completed", row, ended(min(row.ends_at or tx.now, tx.now)))
    end_item(tx, row.id, CANCELED, "recurring.stopped")
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
    fields = OrderFields(
        id=tx.ids.next("order") if order_id is None else order_id,
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
    return place_order(tx, lines=[line], **(fields | _child_of(tx, row)))


def _child_of(tx: Tx, row: EnrolmentRow) -> OrderFields:
    """A renewal is a child of the order that it renews, and of its sale, as long as that is there."""
    found = None if row.parent_order_id is None else tx.one(FIND_PARENT, order_id=row.parent_order_id)
    if found is None:
        return {}
    order_id, parent_id, _, sale_id = found
    return {"parent_id": parent_id or order_id, "is_renewal": True, "sale_id": sale_id}
