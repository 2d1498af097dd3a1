from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from comptoir.domain.customers.actions import remove_customer
from comptoir.domain.identity.shopkeeping import advance_clock, freeze_clock
from comptoir.domain.ledger.books import check_books
from comptoir.domain.orders.placing import place_order
from comptoir.domain.orders.queries import get_head
from comptoir.domain.payments.gateways import ManualGateway
from comptoir.domain.payments.queries import list_payments
from comptoir.domain.shop import Shop
from comptoir.domain.subscriptions.actions import stop
from comptoir.domain.subscriptions.errors import EnrolmentEnded, NotDue, SubscriptionClosed
from comptoir.domain.subscriptions.models import Enrolment, Subscription
from comptoir.domain.subscriptions.plans import update_plan
from comptoir.domain.subscriptions.queries import get_enrolment, list_due
from comptoir.domain.subscriptions.renewing import renew, renew_due, settle
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.orders.given import a_line, balances, order_value
from tests.domain.subscriptions.given import at, enrolled, plan

DAY = timedelta(days=1)
DECLINED_PRICE = "99.02"


def test_a_renewal_places_and_pays_the_order_that_was_announced(tx: Tx) -> None:
    before = enrolled(tx, plan(tx))
    renewal = renew(tx, enrolment_id=before.id)
    assert (renewal.outcome, renewal.order_id) == ("renewed", before.next_order_id)
    assert renewal.order_id is not None
    (payment,) = list_payments(tx, renewal.order_id)
    assert (payment.id, payment.status, payment.amount_e4, payment.gateway) == (
        renewal.payment_id,
        "success",
        200_000,
        "sandbox",
    )
    assert order_value(tx, renewal.order_id, "billing_name") == "Ada"
    assert order_value(tx, renewal.order_id, "customer_id") == before.customer_id
    after = get_enrolment(tx, before.id)
    assert after.next_billing_at == after.due_at == tx.now + 31 * DAY
    assert after.next_order_id not in {None, before.next_order_id}
    assert after.is_paid
    assert tx.changes[-1].kind == "enrolment.renewed"
    assert (tx.changes[-1].after or {})["order_id"] == renewal.order_id
    assert check_books(tx) == []


def test_nothing_is_billed_before_it_is_due(tx: Tx) -> None:
    row = enrolled(tx, plan(tx), starts_at=tx.now + DAY)
    with pytest.raises(NotDue):
        renew(tx, enrolment_id=row.id)
    assert renew_due(tx) == 0


def test_a_declined_payment_is_tried_again_and_given_up(tx: Tx) -> None:
    row = enrolled(tx, plan(tx, DECLINED_PRICE))
    moment, seen = tx.now, []
    for _ in range(5):
        with at(tx, moment):
            renewal = renew(tx, enrolment_id=row.id)
        now = get_enrolment(tx, row.id)
        seen.append((renewal.outcome, None if now.due_at is None else (now.due_at - moment).days))
        moment = now.due_at or moment
    assert seen == [("declined", 1), ("declined", 3), ("declined", 5), ("declined", 7), ("given_up", None)]
    now = get_enrolment(tx, row.id)
    assert (now.is_active, now.is_paid, now.next_order_id, now.next_billing_at) == (False, False, None, None)
    assert row.next_order_id is not None
    assert order_value(tx, row.next_order_id, "status") == "declined"
    assert [payment.status for payment in list_payments(tx, row.next_order_id)] == ["fail"] * 5
    assert balances(tx) == {}
    with pytest.raises(EnrolmentEnded):
        renew(tx, enrolment_id=row.id)


def test_a_later_success_keeps_the_billing_day(tx: Tx) -> None:
    plan_id = plan(tx, DECLINED_PRICE)
    row = enrolled(tx, plan_id)
    renew(tx, enrolment_id=row.id)
    assert not get_enrolment(tx, row.id).is_paid
    with at(tx, tx.now + DAY):
        renewal = renew(tx, enrolment_id=row.id, gateways=ManualGateway)
    after = get_enrolment(tx, row.id)
    assert renewal.order_id == row.next_order_id
    assert (after.is_paid, after.failed_attempts) == (True, 0)
    assert after.next_billing_at == tx.now + 31 * DAY


def test_without_a_gateway_the_order_waits_for_its_payment(tx: Tx) -> None:
    row = enrolled(tx, plan(tx), gateway=None)
    renewal = renew(tx, enrolment_id=row.id)
    assert (renewal.outcome, renewal.payment_id) == ("renewed", None)
    after = get_enrolment(tx, row.id)
    assert (after.is_paid, after.next_billing_at) == (False, tx.now + 31 * DAY)
    settle(tx, enrolment_id=row.id)
    assert get_enrolment(tx, row.id).is_paid


def test_what_costs_nothing_is_paid(tx: Tx) -> None:
    row = enrolled(tx, plan(tx, "0"))
    renewal = renew(tx, enrolment_id=row.id)
    assert (renewal.outcome, renewal.payment_id) == ("renewed", None)
    assert get_enrolment(tx, row.id).is_paid


def test_an_enrolment_is_completed_at_its_end(tx: Tx) -> None:
    row = enrolled(tx, plan(tx), ends_at=tx.now + 40 * DAY)
    renewed = 0
    for days in (0, 31, 40):
        with at(tx, tx.now + days * DAY):
            renewed += renew_due(tx)
    after = get_enrolment(tx, row.id)
    assert renewed == 3
    assert (after.is_active, after.is_paid, after.ends_at) == (False, True, tx.now + 40 * DAY)
    assert tx.changes[-1].kind == "enrolment.completed"


def test_who_is_stopped_or_gone_is_billed_no_more(tx: Tx) -> None:
    plan_id = plan(tx)
    stopped, gone = enrolled(tx, plan_id), enrolled(tx, plan_id)
    stop(tx, enrolment_id=stopped.id)
    remove_customer(tx, customer_id=gone.customer_id)
    assert renew_due(tx) == 1
    assert not get_enrolment(tx, gone.id).is_active
    assert balances(tx) == {}


def test_a_closed_plan_bills_nobody(tx: Tx) -> None:
    plan_id = plan(tx)
    row = enrolled(tx, plan_id)
    update_plan(tx, subscription_id=plan_id, is_active=False)
    assert renew_due(tx) == 0
    with pytest.raises(SubscriptionClosed):
        renew(tx, enrolment_id=row.id)


def test_a_number_that_another_order_took_is_given_up(tx: Tx) -> None:
    plan_id = plan(tx)
    first, second = enrolled(tx, plan_id), enrolled(tx, plan_id)
    renew(tx, enrolment_id=first.id)
    tx.update(Enrolment, second.id, next_order_id=first.next_order_id)
    renewal = renew(tx, enrolment_id=second.id)
    assert renewal.outcome == "renewed"
    assert renewal.order_id != first.next_order_id


def test_what_cannot_be_ordered_does_not_keep_the_others_waiting(tx: Tx) -> None:
    bad, good = plan(tx), plan(tx)
    first, second = enrolled(tx, bad), enrolled(tx, good)
    tx.update(Subscription, bad, currency="nonsense")
    assert renew_due(tx) == 2
    assert get_enrolment(tx, first.id).due_at == tx.now + DAY
    assert get_enrolment(tx, second.id).next_billing_at == tx.now + 31 * DAY
    assert list_due(tx) == []


def test_a_year_on_the_sandbox_clock(shop: OpenShop) -> None:
    shop.write(lambda tx: tx.update(Shop, 1, is_sandbox=True, time_zone="Australia/Melbourne"))
    row = shop.write(lambda tx: enrolled(tx, plan(tx), starts_at=tx.now.replace(day=31, month=3)))
    shop.write(freeze_clock)
    orders = 0
    for _ in range(53):
        shop.write(lambda tx: advance_clock(tx, by=7 * DAY))
        orders += shop.write(renew_due)
    assert orders == 12
    after = shop.read(lambda tx: get_enrolment(tx, row.id))
    assert after.next_billing_at is not None
    assert after.next_billing_at.astimezone(ZoneInfo("Australia/Melbourne")).day == 31
    assert shop.read(check_books) == []


def test_missed_intervals_are_caught_up_one_by_one(tx: Tx) -> None:
    row = enrolled(tx, plan(tx))
    with at(tx, tx.now + 100 * DAY):
        runs = 0
        while renew_due(tx):
            runs += 1
        assert runs == 4
    assert row.next_order_id is not None
    assert order_value(tx, row.next_order_id, "created_at") == tx.now


def test_a_renewal_is_a_child_of_the_order_that_it_renews(tx: Tx) -> None:
    first = place_order(tx, lines=[a_line()])
    row = enrolled(tx, plan(tx), parent_order_id=first)
    gone = enrolled(tx, plan(tx), parent_order_id=first + 1_000)
    with at(tx, tx.now + 31 * DAY):
        renewal, orphan = (renew(tx, enrolment_id=one.id) for one in (row, gone))
    assert renewal.order_id is not None
    head = get_head(tx, renewal.order_id)
    assert (head.parent_id, head.is_renewal, head.sale_id) == (first, True, first)
    assert order_value(tx, first, "has_children")
    assert orphan.order_id is not None
    alone = get_head(tx, orphan.order_id)
    assert (alone.parent_id, alone.is_renewal) == (None, False)
    assert check_books(tx) == []


def test_what_began_without_a_card_is_not_asked_of_a_gateway_far_away(tx: Tx) -> None:
    row = enrolled(tx, plan(tx), gateway="stripe")
    assert renew(tx, enrolment_id=row.id).outcome == "postponed"
    assert "no card" in (tx.changes[-1].after or {})["problem"]
    after = get_enrolment(tx, row.id)
    assert (after.due_at, after.next_billing_at) == (tx.now + DAY, row.next_billing_at)
