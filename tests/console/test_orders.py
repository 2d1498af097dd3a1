"""Orders: listed and narrowed, looked at, changed, sent, remarked on, paid, split, cancelled, removed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from comptoir.domain.catalogue.pricings import create_pricing
from comptoir.domain.catalogue.products import create_product
from comptoir.domain.catalogue.variants import create_variant
from comptoir.domain.customers.actions import register_customer
from comptoir.domain.customers.queries import get_customer
from comptoir.domain.events.queries import list_events
from comptoir.domain.inventory.actions import create_warehouse
from comptoir.domain.inventory.queries import level_of
from comptoir.domain.inventory.stock import FROM_OUTSIDE, in_warehouse, move_stock
from comptoir.domain.merchant.actions import update_merchant
from comptoir.domain.orders.models import Order
from comptoir.domain.orders.placing import place_order
from comptoir.domain.sales.whole import get_whole
from tests.console.visiting import Visitor, signed_in
from tests.domain.orders.given import a_line, a_sale, e4
from tests.domain.refunds.given import a_paid_order

if TYPE_CHECKING:
    from comptoir.dialects.edge import ServedShop
    from comptoir.domain.tx import OpenShop, Tx

HOSTILE = '<script>alert("1")</script>'


def kept(shop: OpenShop, order_id: int) -> dict[str, Any]:
    return shop.read(lambda tx: get_whole(tx, Order, order_id))


def happened(shop: OpenShop, kind: str) -> Any:
    """The last event of a kind, which says who did it."""
    return next(
        row for row in reversed(shop.read(lambda tx: list_events(tx, limit=1000))) if row.kind == kind
    )


def test_orders_are_listed_narrowed_and_written_as_csv(shop: OpenShop, visitor: Visitor) -> None:
    def given(tx: Tx) -> tuple[int, int]:
        paid = a_paid_order(tx, billing_name="Ada Lovelace", billing_email="ada@example.com", number="A-1")
        return paid, place_order(
            tx, lines=[a_line("3")], billing_name="Bob", status="cancelled", number="B-2"
        )

    shop.write(given)
    rows = visitor.get("/orders").rows
    assert [(row[0], row[3], row[4], row[7]) for row in rows] == [
        ("B-2", "Bob", "cancelled", ""), ("A-1", "Ada Lovelace", "new", "paid"),
    ]  # fmt: skip
    for query, found in (
        ("status=cancelled", ["B-2"]), ("name=lovelace", ["A-1"]), ("email=ADA%40", ["A-1"]), ("number=B-2", ["B-2"]),
        ("total_from=3&total_to=3.00", ["B-2"]), ("placed_from=2026-03-01&placed_to=2026-03-01", ["B-2", "A-1"]),
        ("placed_from=2026-03-02", []), ("sale=1", ["A-1"]), ("total_from=1", ["A-1", "B-2"]),
        ("total_from=1&sort=smallest", ["B-2", "A-1"]), ("total_from=1&status=new", ["A-1"]),
        ("fraud=wait", []), ("sort=oldest", ["A-1", "B-2"]),
        ("invoice=approved", []), ("sort=changed", ["B-2", "A-1"]), ("number=%00", []), ("name=%ED%A0%80", []),
    ):  # fmt: skip
        assert [row[0] for row in visitor.get(f"/orders?{query}").rows] == found, query
    lines = visitor.get("/orders?format=csv&sort=oldest").text.splitlines()
    assert lines[0] == "id,Number,Sale,Placed,Customer,Status,Total,Refunded,Payment"
    assert lines[1].startswith("1,A-1,1,2026-03-01T")


def test_the_page_shows_what_was_sold_and_every_amount_opens(shop: OpenShop, visitor: Visitor) -> None:
    order_id = shop.write(a_paid_order)
    page = visitor.get(f"/orders/{order_id}")
    assert page.status == 200
    for said in ("45.10 AUD", "Still owed", "sandbox", "May be refunded", "order placed"):
        assert said in page.main, said
    for link in page.links():
        if "/explain/" in link:
            assert visitor.get(link).status == 200, link
    money = visitor.get(f"/orders/{order_id}/money")
    assert "Owed by customers" in money.main
    assert "payment recorded" not in visitor.get(f"/orders/{order_id}/events").main


def test_a_sales_number_and_a_lines_lead_to_the_order(shop: OpenShop, visitor: Visitor) -> None:
    placed = shop.write(a_sale)
    assert visitor.get(f"/orders/{placed.sale_id}").location == f"/console/orders/{placed.order_id}"
    line = visitor.get(f"/order-lines/{placed.line_ids[0]}")
    assert line.location == f"/console/orders/{placed.order_id}#line-{placed.line_ids[0]}"
    for path in ("/orders/999", "/order-lines/999", "/orders/99999999999999999999", "/orders/999/money"):
        assert visitor.get(path).status == 404, path


def test_a_change_is_kept_with_who_made_it(shop: OpenShop, visitor: Visitor) -> None:
    order_id = shop.write(a_paid_order)
    page = visitor.done(
        f"/orders/{order_id}", "/update", status="completed", custom3=HOSTILE, tracking_id="T1"
    )
    assert "The order was saved." in page.main
    order = kept(shop, order_id)
    assert (order["status"], order["custom3"], order["tracking_id"]) == ("completed", HOSTILE, "T1")
    event = happened(shop, "order.updated")
    assert (event.actor, event.dialect, event.operator_id) == ("Ada", "console", 1)
    assert HOSTILE not in page.text
    assert HOSTILE in page.main
    assert "Nothing was changed." in visitor.done(f"/orders/{order_id}", "/update").main


def test_the_second_of_two_tabs_is_told(shop: OpenShop, visitor: Visitor) -> None:
    order_id = shop.write(a_paid_order)
    mine = visitor.get(f"/orders/{order_id}")
    visitor.done(f"/orders/{order_id}", "/update", custom1="theirs")
    told = visitor.fill(mine, "/update", custom2="mine")
    assert told.status == 422
    assert "somebody else changed this" in told.problems[0].lower()
    assert kept(shop, order_id)["custom2"] == ""
    stale = visitor.fill(mine, "/cancel")
    assert (stale.status, kept(shop, order_id)["status"]) == (422, "new")


def test_an_order_is_sent_once(shop: OpenShop, visitor: Visitor) -> None:
    order_id = shop.write(lambda tx: a_sale(tx).order_id)
    page = visitor.get(f"/orders/{order_id}")
    sent = visitor.done(
        page, "/ship", tracking_number="1Z", carrier="UPS", tracking_url="https://ups.example/1Z"
    )
    assert "The order is on its way." in sent.main
    order = kept(shop, order_id)
    assert (order["status"], order["tracking_id"], order["carrier"]) == ("shipped", "1Z", "UPS")
    assert not [one for one in sent.tree.forms if (one.action or "").endswith("/ship")]
    csrf = page.form("/ship").fields["csrf"]
    again = visitor.post(f"/console/orders/{order_id}/ship", {"csrf": csrf})
    assert again.status == 422
    assert "was shipped before" in again.problems[0]


def test_a_remark_is_kept_and_the_customer_told(shop: OpenShop, visitor: Visitor) -> None:
    order_id = shop.write(lambda tx: a_sale(tx).order_id)
    page = visitor.done(f"/orders/{order_id}", "/comment", text=f"We wrote {HOSTILE}", tells="1")
    assert "the customer was told" in page.main
    assert f"We wrote {HOSTILE}" in page.main
    assert happened(shop, "notification.created").after is not None
    empty = visitor.fill(f"/orders/{order_id}", "/comment", text=" ")
    assert (empty.status, "must not be empty" in empty.problems) == (422, True)
    nobody = shop.write(lambda tx: place_order(tx, lines=[a_line()]))
    assert (
        "no customer who could be told"
        in visitor.done(f"/orders/{nobody}", "/comment", text="x", tells="1").main
    )


def test_a_payment_is_recorded_by_hand(shop: OpenShop, visitor: Visitor) -> None:
    order_id = shop.write(lambda tx: place_order(tx, lines=[a_line("20")]))
    page = visitor.get(f"/orders/{order_id}")
    assert page.form("/pay").fields["amount"] == "20.00"
    for wrong in ("0", "-5", "0.001", "x", "9" * 30):
        refused = visitor.fill(page, "/pay", amount=wrong)
        assert (refused.status, kept(shop, order_id)["paid_minor"]) == (422, 0), wrong
    page = visitor.done(f"/orders/{order_id}", "/pay", amount="12.50", identifier="bank 7")
    assert (kept(shop, order_id)["paid_minor"], "bank 7" in page.main) == (1250, True)
    assert page.form("/pay").fields["amount"] == "7.50"


def test_what_is_owed_is_charged_once(shop: OpenShop, visitor: Visitor) -> None:
    shop.write(lambda tx: update_merchant(tx, gateway="sandbox"))
    order_id = shop.write(lambda tx: place_order(tx, lines=[a_line("20")]))
    page = visitor.get(f"/orders/{order_id}")
    assert "The money was taken." in visitor.done(page, "/charge").main
    assert kept(shop, order_id)["paid_minor"] == 2000
    csrf = page.form("/charge").fields["csrf"]
    again = visitor.post(f"/console/orders/{order_id}/charge", {"csrf": csrf})
    assert (again.status, "nothing is owed" in again.problems[0].lower()) == (422, True)


def test_nobody_is_asked_where_money_comes_by_hand(shop: OpenShop, visitor: Visitor) -> None:
    shop.write(lambda tx: update_merchant(tx, gateway="manual"))
    order_id = shop.write(lambda tx: place_order(tx, lines=[a_line("20")]))
    page = visitor.get(f"/orders/{order_id}")
    assert (f"/console/orders/{order_id}/charge" in page.text, "Still owed" in page.main) == (False, True)
    assert "Still owed" in visitor.done(page, "/pay", amount="5.00").main


def test_more_than_is_owed_is_taken_only_when_it_is_meant_and_goes_back(
    shop: OpenShop, visitor: Visitor
) -> None:
    order_id = shop.write(lambda tx: place_order(tx, lines=[a_line("20")]))
    page = visitor.get(f"/orders/{order_id}")
    refused = visitor.fill(page, "/pay", amount="25.00")
    assert (refused.status, kept(shop, order_id)["paid_minor"]) == (422, 0)
    assert "more than is owed, which is 20.00 AUD" in refused.main
    page = visitor.done(page, "/pay", amount="25.00", keeps_surplus="1")
    assert "Paid too much" in page.main
    assert page.form("/give-back").fields["amount"] == "5.00"
    for amount in ("0", "-1", "5.01", "0.001", "x"):
        wrong = visitor.fill(page, "/give-back", amount=amount, gateway="manual")
        assert (wrong.status, kept(shop, order_id)["repaid_minor"]) == (422, 0), amount
    stranger = visitor.fill(page, "/give-back", amount="5", gateway="stripe")
    assert (stranger.status, kept(shop, order_id)["repaid_minor"]) == (422, 0)
    page = visitor.done(page, "/give-back", amount="5", gateway="manual")
    assert "The money was given back." in page.main
    assert (kept(shop, order_id)["repaid_minor"], "Paid too much" in page.main) == (500, False)
    event = shop.read(lambda tx: list_events(tx, subject="payment"))[-1]
    assert (event.kind, event.operator_id, event.dialect) == ("payment.recorded", 1, "console")
    csrf = page.form("/sign-out").fields["csrf"]
    again = visitor.post(
        f"/console/orders/{order_id}/give-back", {"csrf": csrf, "amount": "1", "gateway": "manual"}
    )
    assert again.status == 422


def test_an_order_is_split_by_the_parts_that_are_said(shop: OpenShop, visitor: Visitor) -> None:
    order_id = shop.write(a_paid_order)
    page = visitor.get(f"/orders/{order_id}")
    whole = visitor.fill(page, "/split")
    assert (whole.status, kept(shop, order_id)["status"]) == (422, "new")
    second = next(
        name for name in page.form("/split").fields if name.startswith("part_") and name != "part_1"
    )
    page = visitor.done(f"/orders/{order_id}", "/split", **{second: "2"})
    assert "split into 2 parts" in page.main
    assert kept(shop, order_id)["status"] == "split"
    part = visitor.get(f"/orders/{order_id + 1}")
    assert f"a part of order {order_id}" in part.main
    assert visitor.get(f"/orders/{order_id + 1}/money").status == 200


def test_an_order_is_cancelled_and_removed(shop: OpenShop, visitor: Visitor) -> None:
    order_id = shop.write(lambda tx: place_order(tx, lines=[a_line("20")]))
    page = visitor.done(f"/orders/{order_id}", "/cancel")
    order = kept(shop, order_id)
    assert (order["status"], order["sale_transfer_id"]) == ("cancelled", None)
    assert "cancelled" in page.main
    assert "The order was removed." in visitor.done(page, "/remove").main
    assert visitor.get(f"/orders/{order_id}").status == 404


def shelved(tx: Tx) -> tuple[int, int, int]:
    """A shirt, also in large, in a warehouse, and who buys it."""
    product = create_product(tx, name="Shirt", code="SH-1", price_rrp_e4=e4("20"))
    large = create_variant(tx, product_id=product, code="SH-1-L", name="Large")
    create_pricing(
        tx, product_id=product, name="Many", sign="-", price_e4=e4("10"), modifier="%", minimum_quantity=3,
        is_published=True,
    )  # fmt: skip
    house = create_warehouse(tx, name="Main", code="M")
    for variant, pieces in ((0, 4), (large, 1)):
        move_stock(
            tx, product_id=product, variant_id=variant, quantity=pieces, origin=FROM_OUTSIDE,
            destination=in_warehouse(house),
        )  # fmt: skip
    customer = register_customer(tx, username="ada", first_name="Ada", last_name="L", email="ada@example.com")
    return product, house, customer


def test_an_order_is_taken_by_hand(shop: OpenShop, visitor: Visitor) -> None:
    product, house, customer = shop.write(shelved)
    wrong = visitor.fill("/orders/new", "/orders/new", product_0="none", variant_1="x", quantity_2="2")
    assert (wrong.status, "there is no product none" in wrong.problems) == (422, True)
    many = visitor.fill(
        "/orders/new", "/orders/new", product_0="SH-1", variant_0="-", quantity_0="9", warehouse_id=str(house)
    )
    assert (many.status, any("holds 4" in said for said in many.problems)) == (422, True)
    assert visitor.get("/orders").rows == []
    wrongs: list[dict[str, Any]] = [
        {"customer_id": "77"},
        {"tax_ppm": "101"},
        {"tax_ppm": "-1"},
        {"discount_e4": "900"},
        {"quantity_0": "0"},
        {"price_0": "-1"},
        {"discount_0": "70"},
        {"variant_0": "XXL"},
    ]
    for strange in wrongs:
        typed = {"product_0": "SH-1", "variant_0": "-"} | strange
        refused = visitor.fill("/orders/new", "/orders/new", **typed)
        assert (refused.status, visitor.get("/orders").rows) == (422, []), strange
    page = visitor.done(
        f"/orders/new?customer={customer}", "/orders/new", product_0="sh-1", variant_0="-", quantity_0="3",
        product_1=str(product), variant_1="sh-1-l", price_1="5", delivery_e4="4", tax_ppm="10",
        warehouse_id=str(house), comments="By telephone",
    )  # fmt: skip
    (row,) = visitor.get("/orders").rows
    assert (row[3], row[5]) == ("Ada L", "63.00 AUD")
    assert "Large" in page.main
    assert shop.read(lambda tx: level_of(tx, warehouse_id=house, product_id=product)) == 1
    assert shop.read(lambda tx: get_customer(tx, customer))["first_name"] == "Ada"


def test_who_may_only_see_is_shown_no_buttons(shop: OpenShop, home: ServedShop) -> None:
    order_id = shop.write(a_paid_order)
    for role in ("read-only", "accountant"):
        reader = signed_in(home, role)
        page = reader.get(f"/orders/{order_id}")
        assert not [form.action for form in page.tree.forms if "/orders/" in (form.action or "")]
        csrf = page.form("/sign-out").fields["csrf"]
        for act in ("update", "ship", "comment", "pay", "charge", "capture", "release", "reauthorise", "review",
                    "split", "cancel", "remove", "give-back"):  # fmt: skip
            answer = reader.post(f"/console/orders/{order_id}/{act}", {"csrf": csrf, "status": "completed"})
            assert answer.status == 403, act
    assert kept(shop, order_id)["status"] == "new"


def test_support_sees_orders_but_not_the_books(shop: OpenShop, home: ServedShop) -> None:
    order_id = shop.write(a_paid_order)
    support = signed_in(home, "support")
    assert "Money" not in [
        one.text_content() for one in support.get(f"/orders/{order_id}").tree.xpath("//nav//a")
    ]
    assert support.get(f"/orders/{order_id}/money").status == 403


@pytest.mark.parametrize("act", ["update", "ship", "comment", "pay", "capture", "release", "reauthorise", "review",
                                 "split", "cancel", "remove", "give-back"])  # fmt: skip
def test_nothing_is_done_to_an_order_that_is_not_there(visitor: Visitor, act: str) -> None:
    csrf = visitor.get("/orders").form("/sign-out").fields["csrf"]
    values = {"csrf": csrf, "status": "pass", "text": "x", "amount": "5", "gateway": "manual", "version": "1"}
    assert visitor.post(f"/console/orders/999/{act}", values | {"status": "success"}).status == 404


STRANGE = (
    "",
    "-1",
    "0",
    "9" * 30,
    "%00",
    "%ED%A0%80",
    "%27%22%3Cscript%3E",
    "%F0%9F%A6%84",
    "1e309",
    "a" * 5000,
)


@pytest.mark.parametrize("path", ["/orders", "/refunds", "/payments", "/subscriptions", "/plans"])
def test_no_query_however_strange_breaks_a_list(shop: OpenShop, visitor: Visitor, path: str) -> None:
    shop.write(a_paid_order)
    names = [one.get("name") for one in visitor.get(path).tree.xpath("//form[@class='filters']//*[@name]")]
    assert names
    for name in (*names, "past", "before", "format"):
        for value in STRANGE:
            assert visitor.get(f"{path}?{name}={value}").status == 200, (path, name, value)


@pytest.mark.parametrize("value", ["\0", "\ud800", "9" * 40, "-1", "NaN", "<b>", "x" * 70_000])
def test_nothing_that_is_typed_breaks_an_order(shop: OpenShop, visitor: Visitor, value: str) -> None:
    order_id = shop.write(lambda tx: a_sale(tx).order_id)
    page = visitor.get(f"/orders/{order_id}")
    said = value.encode("utf-8", "surrogatepass")
    for form in page.tree.forms:
        if "/orders/" not in (form.action or "") or form.action.endswith("/remove"):
            continue
        for name in form.fields:
            if name in {"csrf", "once", "seen"}:
                continue
            sent = {**dict(form.form_values()), name: said}
            assert visitor.post(form.action, sent).status in {303, 409, 422}, (form.action, name)
    assert visitor.get(f"/orders/{order_id}").status == 200
