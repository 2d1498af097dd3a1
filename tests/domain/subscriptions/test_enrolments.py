from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from comptoir.domain.catalogue.products import create_product
from comptoir.domain.customers.actions import register_customer
from comptoir.domain.errors import Invalid
from comptoir.domain.subscriptions.actions import import_enrolments, stop, subscribe
from comptoir.domain.subscriptions.errors import (
    EnrolmentEnded,
    EnrolmentNotFound,
    SubscriptionClosed,
    SubscriptionNotFound,
)
from comptoir.domain.subscriptions.plans import create_plan, import_plans, update_plan
from comptoir.domain.subscriptions.queries import (
    get_enrolment,
    get_plan,
    list_due,
    list_enrolments_of_customer,
    list_plans,
)
from comptoir.domain.tx import Tx
from tests.domain.subscriptions.given import enrolled, plan

START = datetime(2024, 8, 30, 12, 22, 33, tzinfo=UTC)
BILLED = datetime(2024, 9, 29, 10, tzinfo=UTC)


def test_a_plan_is_offered_and_changed(tx: Tx) -> None:
    lamp = create_product(tx, name="Lamp")
    first = create_plan(tx, id=2234, name="Lamp a month", price_e4=200_000, product_id=lamp)
    assert get_plan(tx, first)[:7] == (2234, "Lamp a month", lamp, 200_000, "AUD", "month", 1)
    update_plan(tx, subscription_id=first, price_e4=250_000, interval_unit="week", interval_count=2)
    assert tx.changes[-1].before == {"price_e4": 200_000, "interval_unit": "month", "interval_count": 1}
    assert plan(tx) == 2235
    assert [one.id for one in list_plans(tx)] == [2234, 2235]
    with pytest.raises(SubscriptionNotFound):
        update_plan(tx, subscription_id=1, name="x")


@pytest.mark.parametrize(
    "change",
    [
        {"name": ""},
        {"name": "a\0"},
        {"price_e4": -1},
        {"price_e4": 10**15},
        {"currency": "aud"},
        {"id": 0},
        {"interval_unit": "moon"},
        {"interval_count": 0},
        {"product_id": 99},
    ],
)
def test_what_a_plan_may_not_be(tx: Tx, change: dict[str, Any]) -> None:
    facts: dict[str, Any] = {"name": "x", "price_e4": 1} | change
    with pytest.raises(Invalid, match=next(iter(change))):
        create_plan(tx, **facts)
    (problem,) = import_plans(tx, [facts])  # type: ignore[list-item]
    assert problem is not None
    assert problem.field == next(iter(change))


def test_the_first_interval_is_billed_at_the_start(tx: Tx) -> None:
    row = enrolled(tx, plan(tx))
    assert row.next_billing_at == row.due_at == row.starts_at == tx.now
    assert (row.is_active, row.is_paid, row.failed_attempts) == (True, True, 0)
    assert row.next_order_id is not None
    assert list_due(tx) == [row.id]
    assert list_enrolments_of_customer(tx, row.customer_id) == [row]


def test_an_order_at_the_start_has_paid_the_first_interval(tx: Tx) -> None:
    row = enrolled(tx, plan(tx), parent_order_id=46)
    assert row.next_billing_at == tx.now + timedelta(days=31)
    assert list_due(tx) == []


def test_nothing_is_billed_after_the_end(tx: Tx) -> None:
    end = tx.now + timedelta(days=7)
    row = enrolled(tx, plan(tx), parent_order_id=46, ends_at=end)
    assert (row.next_order_id, row.next_billing_at, row.due_at) == (None, None, end)


def test_an_enrolment_stops_now_or_later(tx: Tx) -> None:
    plan_id = plan(tx)
    now, later = enrolled(tx, plan_id), enrolled(tx, plan_id, parent_order_id=46)
    stop(tx, enrolment_id=now.id)
    row = get_enrolment(tx, now.id)
    assert (row.is_active, row.ends_at, row.next_order_id, row.due_at) == (False, tx.now, None, None)
    with pytest.raises(EnrolmentEnded):
        stop(tx, enrolment_id=now.id)
    stop(tx, enrolment_id=later.id, at=tx.now + timedelta(days=90))
    row = get_enrolment(tx, later.id)
    assert (row.is_active, row.next_billing_at, row.due_at) == (True, later.next_billing_at, later.due_at)
    stop(tx, enrolment_id=later.id, at=tx.now + timedelta(days=1))
    row = get_enrolment(tx, later.id)
    assert (row.is_active, row.next_billing_at, row.due_at) == (True, None, tx.now + timedelta(days=1))
    with pytest.raises(EnrolmentNotFound):
        stop(tx, enrolment_id=99)


def test_who_may_not_be_enrolled(tx: Tx) -> None:
    plan_id, ada = plan(tx), register_customer(tx, username="ada")
    with pytest.raises(SubscriptionNotFound):
        subscribe(tx, customer_id=ada, subscription_id=99)
    with pytest.raises(Invalid, match="customer_id"):
        subscribe(tx, customer_id=99, subscription_id=plan_id)
    with pytest.raises(Invalid, match="ends_at"):
        subscribe(tx, customer_id=ada, subscription_id=plan_id, ends_at=tx.now - timedelta(days=1))
    with pytest.raises(Invalid, match="gateway"):
        subscribe(tx, customer_id=ada, subscription_id=plan_id, gateway="a\0")
    update_plan(tx, subscription_id=plan_id, is_active=False)
    with pytest.raises(SubscriptionClosed):
        subscribe(tx, customer_id=ada, subscription_id=plan_id)


def test_enrolments_are_taken_over_with_ids_and_next_orders(tx: Tx) -> None:
    assert import_plans(tx, [{"id": 2234, "name": "Plan", "price_e4": 999_500, "is_active": True}]) == [None]
    ada = register_customer(tx, username="ada", id=56456456)
    usual: dict[str, Any] = {"customer_id": ada, "subscription_id": 2234, "starts_at": START}
    rows: list[Any] = [
        usual | {"id": 424234, "next_order_id": 1255433, "next_billing_at": BILLED, "created_at": START},
        usual | {"id": 1234, "ends_at": BILLED, "is_active": False, "is_paid": False},
        usual | {"ends_at": BILLED},
        usual | {"next_billing_at": START, "due_at": BILLED, "failed_attempts": 2},
        usual | {"id": 1234},
        usual | {"customer_id": 2},
        usual | {"subscription_id": 2},
        usual | {"ends_at": START - timedelta(seconds=1)},
        usual | {"anchor_day": 32},
        usual | {"next_order_id": -1},
        usual | {"starts_at": START.replace(tzinfo=None)},
    ]
    problems = import_enrolments(tx, rows)
    assert [None if one is None else one.field for one in problems] == [
        None,
        None,
        None,
        None,
        "id",
        "customer_id",
        "subscription_id",
        "ends_at",
        "anchor_day",
        "next_order_id",
        "starts_at",
    ]
    row = get_enrolment(tx, 424234)
    assert (row.next_order_id, row.next_billing_at, row.due_at, row.anchor_day) == (
        1255433,
        BILLED,
        BILLED,
        29,
    )
    assert get_enrolment(tx, 1234).due_at is None
    assert get_enrolment(tx, 424235).due_at == BILLED
    assert get_enrolment(tx, 424236).due_at == BILLED
    assert tx.ids.next("order") == 1255434
    assert import_enrolments(tx, []) == []
