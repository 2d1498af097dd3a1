from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from comptoir.domain.errors import Invalid
from comptoir.domain.orders.commenting import list_comments
from comptoir.domain.orders.errors import LineNotFound
from comptoir.domain.orders.selling import Every
from comptoir.domain.subscriptions.actions import stop
from comptoir.domain.subscriptions.amounts import installments_in
from comptoir.domain.subscriptions.errors import NotByCard, NotRecurring, PriceNotLower, StillRecurring
from comptoir.domain.subscriptions.items import ItemRow, find_item, find_line
from comptoir.domain.subscriptions.queries import get_enrolment, get_plan, list_due
from comptoir.domain.subscriptions.recurring import (
    change_recurring,
    restart_recurring,
    start_recurring,
    stop_recurring,
)
from comptoir.domain.subscriptions.renewing import renew
from comptoir.domain.tx import Tx
from tests.conftest import NOW
from tests.domain.orders.given import a_sale, e4
from tests.domain.subscriptions.given import at, monthly, sold

DAY = timedelta(days=1)


def item_of(tx: Tx, enrolment_id: int) -> ItemRow:
    item = find_item(tx, enrolment_id)
    assert item is not None
    return item


def noted(tx: Tx, kind: str) -> list[Any]:
    return [change for change in tx.changes if change.kind == kind]


def test_a_sale_starts_a_plan_an_enrolment_and_an_item(tx: Tx) -> None:
    line = monthly(
        "19.23", "9.62", surcharges=[{"id": 1, "name": "Size", "value": "L", "surcharge_e4": 10_000}]
    )
    line_e4 = line.amount_e4 + 10_000
    sale = sold(tx, monthly("19.23", "9.62", amount_e4=line_e4, surcharges=line.surcharges))
    row = get_enrolment(tx, sale.enrolment_id)
    plan = get_plan(tx, row.subscription_id)
    assert plan[1:7] == ("Download", None, e4("20.23"), "AUD", "month", 1)
    assert (row.parent_order_id, row.is_active, row.is_paid, row.gateway) == (
        sale.order_id,
        True,
        True,
        "sandbox",
    )
    assert row.next_billing_at == row.due_at == NOW + 31 * DAY
    assert row.next_order_id is not None
    assert row.next_order_id % 10 == sale.order_id % 10, "its order stands in a block of ten numbers"
    assert item_of(tx, sale.enrolment_id)[1:7] == (sale.sale_id, sale.line_id, e4("20.23"), 1, None, "live")
    known = find_line(tx, sale.line_id)
    assert known is not None
    assert known.enrolment_id == sale.enrolment_id
    assert list_due(tx) == []


def test_the_same_line_is_billed_by_the_same_plan(tx: Tx) -> None:
    first = sold(tx, monthly(), monthly(), monthly("21"))
    second = sold(tx)
    plans = [get_enrolment(tx, one).subscription_id for one in (*first.enrolments, *second.enrolments)]
    assert plans[0] == plans[1] == plans[3] != plans[2]


@pytest.mark.parametrize(
    ("recurrence", "duration", "most"),
    [
        ((1, "month"), (1, "year"), 12),
        ((1, "week"), (1, "year"), 52),
        ((1, "week"), (4, "week"), 4),
        ((2, "week"), (1, "month"), 2),
        ((3, "month"), (1, "year"), 4),
        ((5, "month"), (1, "year"), 2),
        ((1, "year"), (1, "year"), 1),
        ((1, "year"), (1, "month"), 1),
        ((1, "month"), (10, "year"), 120),
    ],
)
def test_a_duration_holds_so_many_installments(
    tx: Tx, recurrence: tuple[int, str], duration: tuple[int, str], most: int
) -> None:
    (count, unit), (span_count, span_unit) = recurrence, duration
    assert installments_in(NOW, unit, count, span_unit, span_count, zone=tx.shop.zone) == most
    sale = sold(tx, monthly(recurrence=Every(count, unit), duration=Every(span_count, span_unit)))
    item = item_of(tx, sale.enrolment_id)
    row = get_enrolment(tx, sale.enrolment_id)
    assert (item.installments_max, row.is_active) == (most, most > 1)
    assert item.status == ("live" if most > 1 else "completed")


def test_what_cannot_start(tx: Tx) -> None:
    sale = sold(tx)
    with pytest.raises(StillRecurring):
        start_recurring(tx, order_line_id=sale.line_id)
    with pytest.raises(LineNotFound):
        start_recurring(tx, order_line_id=99)
    with pytest.raises(NotRecurring):
        start_recurring(tx, order_line_id=a_sale(tx).line_ids[0])


def test_a_line_is_stopped_once_and_remarked_on(tx: Tx) -> None:
    sale = sold(tx)
    stop_recurring(tx, order_line_id=sale.line_id, ip_address="198.51.100.9")
    row, item = get_enrolment(tx, sale.enrolment_id), item_of(tx, sale.enrolment_id)
    assert (row.is_active, row.next_order_id, row.next_billing_at, row.ends_at) == (False, None, None, NOW)
    assert item.status == "canceled"
    (comment,) = list_comments(tx, sale.sale_id)
    assert (comment.text, comment.ip_address) == ("Recurring billing stopped for Download", "198.51.100.9")
    (change,) = noted(tx, "recurring.stopped")
    assert (change.subject, change.subject_id) == ("line_item", sale.line_id)
    assert change.after["status"] == "canceled"
    assert change.after["next_billing_at"] is None
    assert (change.after["sale_id"], change.after["order_id"]) == (sale.sale_id, sale.order_id)
    with pytest.raises(NotRecurring):
        stop_recurring(tx, order_line_id=sale.line_id)
    assert len(noted(tx, "recurring.stopped")) == 1


def test_what_does_not_recur_is_not_stopped(tx: Tx) -> None:
    line = a_sale(tx).line_ids[0]
    with pytest.raises(NotRecurring):
        stop_recurring(tx, order_line_id=line)
    with pytest.raises(LineNotFound):
        stop_recurring(tx, order_line_id=99)


def test_only_the_newest_line_of_a_chain_is_stopped(tx: Tx) -> None:
    sale = sold(tx)
    with at(tx, NOW + 31 * DAY):
        renew(tx, enrolment_id=sale.enrolment_id)
        with pytest.raises(NotRecurring):
            stop_recurring(tx, order_line_id=sale.line_id)
        newest = item_of(tx, sale.enrolment_id).order_line_id
        stop_recurring(tx, order_line_id=newest)
    assert not get_enrolment(tx, sale.enrolment_id).is_active


def test_stopping_the_enrolment_stops_the_line(tx: Tx) -> None:
    sale = sold(tx)
    stop(tx, enrolment_id=sale.enrolment_id)
    assert item_of(tx, sale.enrolment_id).status == "canceled"
    assert len(noted(tx, "recurring.stopped")) == 1


def test_a_stopped_line_starts_again_on_its_next_day(tx: Tx) -> None:
    sale = sold(tx)
    with pytest.raises(StillRecurring):
        restart_recurring(tx, order_line_id=sale.line_id)
    stop_recurring(tx, order_line_id=sale.line_id)
    with at(tx, NOW + 70 * DAY):
        restart_recurring(tx, order_line_id=sale.line_id)
    row = get_enrolment(tx, sale.enrolment_id)
    assert row.is_active
    assert row.next_billing_at == NOW.replace(month=6)
    assert item_of(tx, sale.enrolment_id).status == "live"
    (change,) = noted(tx, "recurring.restarted")
    assert change.after["next_billing_at"] == row.next_billing_at.isoformat()
    with at(tx, row.next_billing_at):
        assert renew(tx, enrolment_id=sale.enrolment_id).outcome == "renewed"


def test_what_was_completed_does_not_start_again(tx: Tx) -> None:
    sale = sold(tx, monthly(duration=Every(1, "month")))
    with pytest.raises(NotRecurring):
        restart_recurring(tx, order_line_id=sale.line_id)


def test_the_next_billing_is_put_off_and_later_ones_follow(tx: Tx) -> None:
    sale = sold(tx)
    change_recurring(tx, order_line_id=sale.line_id, shift_days=9, comment="asked by phone")
    row = get_enrolment(tx, sale.enrolment_id)
    assert row.next_billing_at == row.due_at == NOW.replace(month=4, day=10)
    assert [comment.text for comment in list_comments(tx, sale.sale_id)] == ["asked by phone"]
    with at(tx, NOW.replace(month=4, day=10)):
        renew(tx, enrolment_id=sale.enrolment_id)
    assert get_enrolment(tx, sale.enrolment_id).next_billing_at == NOW.replace(month=5, day=10)


def test_the_price_is_lowered_from_the_next_installment_on(tx: Tx) -> None:
    sale = sold(tx)
    change_recurring(tx, order_line_id=sale.line_id, price_e4=e4("12.50"))
    assert item_of(tx, sale.enrolment_id).price_e4 == e4("12.50")
    row = get_enrolment(tx, sale.enrolment_id)
    assert get_plan(tx, row.subscription_id).price_e4 == e4("12.50")
    with at(tx, NOW + 31 * DAY):
        renew(tx, enrolment_id=sale.enrolment_id)
    line = find_line(tx, item_of(tx, sale.enrolment_id).order_line_id)
    assert line is not None
    assert (line.unit_price_e4, line.startup_fee_e4) == (e4("12.50"), None)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({}, Invalid),
        ({"shift_days": 0}, Invalid),
        ({"shift_days": -1}, Invalid),
        ({"shift_days": 3651}, Invalid),
        ({"price_e4": 0}, Invalid),
        ({"price_e4": -1}, Invalid),
        ({"price_e4": 200_000}, PriceNotLower),
        ({"price_e4": 200_001, "shift_days": 2}, PriceNotLower),
        ({"shift_days": 2, "comment": " "}, Invalid),
    ],
)
def test_what_may_not_be_changed(tx: Tx, changes: dict[str, Any], refusal: type[Exception]) -> None:
    sale = sold(tx)
    with pytest.raises(refusal):
        change_recurring(tx, order_line_id=sale.line_id, **changes)


def test_what_paypal_pays_is_not_changed(tx: Tx) -> None:
    sale = sold(tx, method="paypal ec")
    with pytest.raises(NotByCard):
        change_recurring(tx, order_line_id=sale.line_id, shift_days=1)
    stop_recurring(tx, order_line_id=sale.line_id)
