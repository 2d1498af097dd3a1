"""Subscriptions and plans in the console: offered, begun, changed, stopped, started again, billed at once."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from comptoir.domain.customers.actions import register_customer
from comptoir.domain.events.queries import list_events
from comptoir.domain.merchant.actions import update_merchant
from comptoir.domain.subscriptions.items import find_item
from comptoir.domain.subscriptions.queries import EnrolmentRow, get_enrolment, get_plan
from tests.conftest import NOW
from tests.console.visiting import Visitor, signed_in
from tests.domain.orders.given import e4
from tests.domain.subscriptions.given import enrolled, plan, sold

if TYPE_CHECKING:
    from comptoir.dialects.edge import ServedShop
    from comptoir.domain.tx import OpenShop

HOSTILE = "<svg/onload=alert(1)>"


def kept(shop: OpenShop, enrolment_id: int = 1) -> EnrolmentRow:
    return shop.read(lambda tx: get_enrolment(tx, enrolment_id))


def events(shop: OpenShop, subject: str) -> list[Any]:
    return shop.read(lambda tx: list_events(tx, subject=subject, limit=1000))


def test_a_plan_is_offered_changed_and_closed(shop: OpenShop, visitor: Visitor) -> None:
    wrongs: list[dict[str, Any]] = [
        {"name": " "}, {"price_e4": "-1"}, {"interval_count": "0"}, {"interval_count": "999999"},
        {"product_id": "7"}, {"currency": "dollars"}, {"interval_unit": "fortnight"},
    ]  # fmt: skip
    for wrong in wrongs:
        sent = visitor.fill("/plans/new", "/plans/new", **{"name": "Club", "price_e4": "9.99", **wrong})
        assert (sent.status, visitor.get("/plans").rows) == (422, []), wrong
    page = visitor.done(
        "/plans/new", "/plans/new", name=HOSTILE, price_e4="9.99", interval_unit="week", currency="USD"
    )
    assert HOSTILE in page.main
    assert HOSTILE not in page.text
    assert visitor.get("/plans?unit=week").rows[0] == [HOSTILE, "9.99 USD", "1", "week", "", "active"]
    visitor.done(page, "/update", price_e4="8", is_active=None)
    changed = shop.read(lambda tx: get_plan(tx, 1))
    assert (changed.price_e4, changed.is_active, changed.currency) == (e4("8"), False, "USD")
    assert events(shop, "subscription")[-1].operator_id == 1
    assert "explain/subscription/1/price" in visitor.get("/plans/1").text


def test_a_customer_subscribes_and_stops(shop: OpenShop, visitor: Visitor) -> None:
    shop.write(plan)
    shop.write(
        lambda tx: register_customer(tx, username="ada", first_name="Ada", last_name="L", email="a@x.org")
    )
    for wrong in ({"customer_id": "99"}, {"subscription_id": "9"}, {"ends_at": "2020-01-01T00:00"}):
        values: Any = {"customer_id": "1", "subscription_id": "1", **wrong}
        refused = visitor.fill("/subscriptions/new", "/subscriptions/new", **values)
        assert (refused.status, visitor.get("/subscriptions").rows) == (422, []), wrong
    page = visitor.done(
        "/subscriptions/new?customer=1",
        "/subscriptions/new",
        subscription_id="1",
        starts_at="2026-04-01T09:00",
    )
    (row,) = visitor.get("/subscriptions?active=1&plan=1&customer=1").rows
    assert (row[1], row[2], row[7], row[8], row[9]) == ("active", "paid", "Ada L", "Coffee", "20.00 AUD")
    assert visitor.get("/subscriptions?billing_from=2026-04-01&billing_to=2026-04-01").rows == [row]
    assert visitor.get("/subscriptions?failing=1").rows == []
    later = visitor.done(page, "/stop", at="2026-05-15T00:00")
    assert "will end then" in later.main
    assert (kept(shop).is_active, kept(shop).next_order_id is not None) == (True, True)
    over = visitor.done(later, "/stop", at="")
    assert "The subscription was stopped." in over.main
    assert (kept(shop).is_active, kept(shop).next_billing_at) == (False, None)
    csrf = over.form("/sign-out").fields["csrf"]
    again = visitor.post("/console/subscriptions/1/stop", {"csrf": csrf})
    assert (again.status, "is over" in again.main) == (422, True)
    restarted = visitor.post("/console/subscriptions/1/restart", {"csrf": csrf})
    assert (restarted.status, kept(shop).is_active) == (422, False)


def test_what_began_at_a_checkout_is_changed_stopped_and_started_again(
    shop: OpenShop, visitor: Visitor
) -> None:
    began = shop.write(sold)
    page = visitor.get(f"/subscriptions/{began.enrolment_id}")
    before = kept(shop, began.enrolment_id).next_billing_at
    assert before is not None
    for wrong in ({}, {"shift_days": "0"}, {"shift_days": "99999"}, {"price": "20"}, {"price": "0"}):
        refused = visitor.fill(page, "/change", **wrong)  # type: ignore[arg-type]
        assert (refused.status, kept(shop, began.enrolment_id).next_billing_at) == (422, before), wrong
    page = visitor.done(page, "/change", shift_days="3", price="15", text="A favour")
    assert kept(shop, began.enrolment_id).next_billing_at == before + timedelta(days=3)
    item = shop.read(lambda tx: find_item(tx, began.enrolment_id))
    assert item is not None
    assert item.price_e4 == e4("15")
    assert "15.00 AUD" in page.main
    stopped = visitor.done(page, "/stop")
    assert "canceled" in stopped.main
    sale = visitor.get(f"/orders/{began.order_id}")
    assert "Recurring billing stopped for Download" in sale.main
    assert "A favour" in sale.main
    assert f"subscription {began.enrolment_id}" in sale.main
    again = visitor.done(stopped, "/restart")
    assert kept(shop, began.enrolment_id).is_active
    assert "enrolment restarted" in again.main
    for link in again.links():
        if "/explain/" in link:
            assert visitor.get(link).status == 200, link


def test_a_declined_renewal_is_tried_again_at_once(shop: OpenShop, home: ServedShop) -> None:
    began = shop.write(lambda tx: sold(tx, card="sbx-declined"))
    visitor = signed_in(home)
    csrf = visitor.get("/orders").form("/sign-out").fields["csrf"]
    early = visitor.post(f"/console/subscriptions/{began.enrolment_id}/retry", {"csrf": csrf})
    assert (early.status, "is due" in early.main) == (422, True)
    shop.system = lambda: NOW + timedelta(days=40)
    visitor = signed_in(home)
    page = visitor.done(f"/subscriptions/{began.enrolment_id}", "/retry")
    assert "The gateway declined" in page.main
    assert kept(shop, began.enrolment_id).failed_attempts == 1
    assert visitor.get("/subscriptions?failing=1").rows[0][3] == "1"
    page = visitor.done(page, "/retry")
    assert kept(shop, began.enrolment_id).failed_attempts == 2
    assert "enrolment brought forward" in page.main
    assert [one.operator_id for one in events(shop, "enrolment") if one.kind == "enrolment.declined"] == [
        1,
        1,
    ]


def test_a_renewal_that_is_overdue_is_billed_and_paid_up(shop: OpenShop, home: ServedShop) -> None:
    shop.write(lambda tx: update_merchant(tx, name="Shop", gateway="sandbox"))
    row = shop.write(lambda tx: enrolled(tx, plan(tx), gateway=None))
    page = signed_in(home).done(f"/subscriptions/{row.id}", "/retry")
    assert "The next installment was billed." in page.main
    visitor = signed_in(home)
    assert kept(shop, row.id).is_paid is False
    assert "paid up" in visitor.done(f"/subscriptions/{row.id}", "/settle").main
    assert kept(shop, row.id).is_paid is True
    assert visitor.get("/orders").rows[0][5] == "20.00 AUD"


def test_who_may_only_see_changes_nothing(shop: OpenShop, home: ServedShop) -> None:
    row = shop.write(lambda tx: enrolled(tx, plan(tx)))
    reader = signed_in(home, "read-only")
    page = reader.get(f"/subscriptions/{row.id}")
    assert not [one for one in page.tree.forms if "/subscriptions/" in (one.action or "")]
    csrf = page.form("/sign-out").fields["csrf"]
    for act in ("stop", "restart", "change", "settle", "retry"):
        assert reader.post(f"/console/subscriptions/{row.id}/{act}", {"csrf": csrf}).status == 403, act
    for path in ("/subscriptions/99", "/plans/99"):
        assert reader.get(path).status == 404
    assert kept(shop, row.id).is_active
