"""Refunds in the console: what is left is shown, previewed with every posting, then given back or drafted."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from comptoir.domain.events.queries import last_seq, list_events
from comptoir.domain.ledger.queries import list_postings_of_subject
from comptoir.domain.orders.commenting import list_comments
from comptoir.domain.orders.models import Order
from comptoir.domain.orders.placing import place_order
from comptoir.domain.payments.chargebacks import charge_back
from comptoir.domain.payments.queries import list_payments
from comptoir.domain.refunds.models import Refund
from comptoir.domain.refunds.queries import list_items, list_refunds_of_order
from comptoir.domain.sales.whole import get_whole, list_whole_lines
from tests.console.visiting import Paper, Visitor, signed_in
from tests.domain.orders.given import a_line, e4
from tests.domain.payments.given import FarGateway, follow, gateways, sell
from tests.domain.refunds.given import a_paid_order

if TYPE_CHECKING:
    from comptoir.dialects.edge import ServedShop
    from comptoir.domain.tx import OpenShop

HOSTILE = '"><script>alert(1)</script>'


def refunds(shop: OpenShop, order_id: int) -> list[dict[str, Any]]:
    return shop.read(lambda tx: [get_whole(tx, Refund, one) for one in list_refunds_of_order(tx, order_id)])


def posted(shop: OpenShop, order_id: int) -> list[tuple[str, str, int]]:
    rows = shop.read(lambda tx: list_postings_of_subject(tx, subject="order", subject_id=order_id))
    return [(row.kind, row.account_code, row.amount_minor) for row in rows]


def lines(shop: OpenShop, order_id: int) -> list[int]:
    return [row["id"] for row in shop.read(lambda tx: list_whole_lines(tx, order_id))]


def previewed(visitor: Visitor, order_id: int, **typed: Any) -> Paper:
    return visitor.fill(f"/orders/{order_id}/refund", "/refund", **typed)


def tables(page: Paper) -> dict[str, list[list[str]]]:
    """The page's tables by their names."""
    return {
        one.get("aria-label"): [
            [" ".join(cell.text_content().split()) for cell in row] for row in one.xpath(".//tbody/tr")
        ]
        for one in page.tree.find_class("scroll")
    }


def test_a_line_is_refunded_after_a_preview_of_every_posting(shop: OpenShop, visitor: Visitor) -> None:
    order_id = shop.write(a_paid_order)
    first, _ = lines(shop, order_id)
    before = posted(shop, order_id)
    said = {f"pieces_{first}": "1", "category": "3", "notes": HOSTILE}
    preview = previewed(visitor, order_id, **said)
    assert preview.status == 200
    assert (refunds(shop, order_id), posted(shop, order_id)) == ([], before), "a preview keeps nothing"
    shown = [(row[0], row[1], row[2], row[3]) for row in tables(preview)["What will be posted"]]
    page = visitor.done(preview, "/refund/confirm")
    (refund,) = refunds(shop, order_id)
    assert (refund["status"], refund["total_e4"], refund["category"]) == ("success", e4("10.70"), 3)
    made = posted(shop, order_id)[len(before) :]
    assert [Decimal((debit or credit).removesuffix(" AUD")) for _, _, debit, credit in shown] == [
        abs(Decimal(minor) / 100) for _, _, minor in made
    ]
    assert [bool(debit) for _, _, debit, _ in shown] == [minor > 0 for _, _, minor in made]
    assert "The money was given back." in page.main
    assert HOSTILE in page.main
    assert HOSTILE not in page.text
    assert page.tree.xpath("//main//script") == []
    comment, *_ = shop.read(lambda tx: list_comments(tx, order_id))
    assert (comment.author, comment.category) == ("Ada", 3)
    event = shop.read(lambda tx: list_events(tx, limit=1000, subject="refund"))[-1]
    assert (event.kind, event.operator_id, event.dialect) == ("refund.succeeded", 1, "console")


def test_a_preview_writes_nothing_at_all(shop: OpenShop, visitor: Visitor) -> None:
    order_id = shop.write(a_paid_order)
    seq = shop.read(last_seq)
    next_refund = shop.write(lambda tx: tx.ids.next("refund"))
    order = shop.read(lambda tx: get_whole(tx, Order, order_id))
    assert previewed(visitor, order_id, whole="1").status == 200
    assert shop.read(last_seq) == seq
    assert shop.read(lambda tx: get_whole(tx, Order, order_id)) == order
    assert shop.write(lambda tx: tx.ids.next("refund")) == next_refund + 1


def test_all_that_is_left_is_refunded_and_then_nothing_is(shop: OpenShop, visitor: Visitor) -> None:
    order_id = shop.write(a_paid_order)
    first, second = lines(shop, order_id)
    visitor.done(previewed(visitor, order_id, **{f"amount_{first}": "3.33"}), "/refund/confirm")
    visitor.done(
        previewed(visitor, order_id, **{f"pieces_{second}": "1", "shipping": "2"}), "/refund/confirm"
    )
    visitor.done(previewed(visitor, order_id, of_order="0.5"), "/refund/confirm")
    rest = previewed(visitor, order_id, whole="1")
    assert "And afterwards0.00 AUD" in rest.main
    visitor.done(rest, "/refund/confirm")
    order = shop.read(lambda tx: get_whole(tx, Order, order_id))
    assert (order["refunded_minor"], order["repaid_minor"]) == (order["total_minor"], order["total_minor"])
    assert "Nothing is left to refund." in visitor.get(f"/orders/{order_id}/refund").main
    assert visitor.get("/orders").rows[0][7] == "refunded"


def test_what_cannot_be_refunded_is_said_where_it_was_typed(shop: OpenShop, visitor: Visitor) -> None:
    order_id = shop.write(a_paid_order)
    first, second = lines(shop, order_id)
    typed: dict[str, Any]
    for typed, words in (
        ({}, "nothing is chosen"),
        ({f"pieces_{first}": "4"}, "must be between 0 and 3"),
        ({f"pieces_{first}": "0"}, "must be above zero"),
        ({f"pieces_{first}": "x"}, "must be a whole number"),
        ({f"amount_{second}": "99"}, "is more than is left"),
        ({f"amount_{second}": "-1"}, "must be above zero"),
        ({f"amount_{second}": "0.001"}, "is no whole amount of AUD"),
        ({"shipping": "77"}, "is left to refund of the charges, and 77.00 AUD is wanted"),
        ({"of_order": "1000"}, "45.10 AUD is left to refund of order"),
        ({"whole": "1", "of_order": "1"}, "takes all"),
        ({"of_order": "9" * 40}, "is too large"),
    ):
        refused = previewed(visitor, order_id, **typed)
        assert refused.status == 422, typed
        assert words.lower() in refused.main.lower(), (typed, refused.problems)
    page = visitor.get(f"/orders/{order_id}/refund")
    values = {"csrf": page.form("/refund").fields["csrf"], "of_order": "1"}
    for category in ("7", "99", "x"):
        sent = visitor.post(f"/console/orders/{order_id}/refund", values | {"category": category})
        assert (sent.status, "must be one of the choices" in sent.problems) == (422, True)
    assert refunds(shop, order_id) == []


def test_what_was_not_previewed_is_not_refunded(shop: OpenShop, visitor: Visitor) -> None:
    order_id = shop.write(a_paid_order)
    mine, theirs = (previewed(visitor, order_id, whole="1") for _ in range(2))
    visitor.done(previewed(visitor, order_id, of_order="1"), "/refund/confirm")
    told = visitor.fill(mine, "/refund/confirm")
    assert (told.status, "has changed since the preview" in told.main) == (422, True)
    assert len(refunds(shop, order_id)) == 1
    forged = visitor.fill(theirs, "/refund/confirm", total="1")
    assert forged.status == 422


def test_a_refund_that_is_confirmed_twice_is_given_once(shop: OpenShop, visitor: Visitor) -> None:
    order_id = shop.write(a_paid_order)
    preview = previewed(visitor, order_id, of_order="1")
    first, second = (visitor.fill(preview, "/refund/confirm") for _ in range(2))
    assert (first.status, second.status, first.location) == (303, 303, second.location)
    assert len(refunds(shop, order_id)) == 1


def test_a_draft_is_processed_later_or_fails(shop: OpenShop, visitor: Visitor) -> None:
    order_id = shop.write(a_paid_order)
    first, _ = lines(shop, order_id)
    pages = []
    for _ in range(2):
        preview = previewed(visitor, order_id, **{f"pieces_{first}": "1"})
        pages.append(visitor.done(preview, "/refund/confirm", do="draft"))
    assert [one["status"] for one in refunds(shop, order_id)] == ["draft", "draft"]
    assert "Nothing has moved yet" in pages[0].main
    failed = visitor.done(pages[1], "/fail")
    assert "The refund is marked as failed." in failed.main
    preview = visitor.fill(pages[0], "/preview")
    assert (preview.status, "10.70 AUD" in preview.main) == (200, True)
    done = visitor.done(preview, "/process")
    assert "The money was given back." in done.main
    assert "Returns" in done.main or "Goods refunded" in done.main
    assert [one["status"] for one in refunds(shop, order_id)] == ["success", "error"]
    csrf = done.form("/sign-out").fields["csrf"]
    for act in ("preview", "process", "fail"):
        again = visitor.post(f"/console/refunds/1/{act}", {"csrf": csrf, "total": str(e4("10.70"))})
        assert (again.status, "nothing is left to refund" in again.main.lower()) == (422, True), act


def test_a_list_of_refunds_leads_to_their_orders(shop: OpenShop, visitor: Visitor) -> None:
    order_id = shop.write(a_paid_order)
    visitor.done(previewed(visitor, order_id, of_order="1.25"), "/refund/confirm")
    (row,) = visitor.get("/refunds?status=success&total_from=1&total_to=2&order=" + str(order_id)).rows
    assert (row[1], row[2], row[5]) == (str(order_id), "success", "1.25 AUD")
    assert visitor.get("/refunds?status=draft").rows == []
    assert "1.2500" in visitor.get("/refunds?format=csv").text
    page = visitor.get("/refunds/1")
    for link in page.links():
        if "/explain/" in link:
            assert visitor.get(link).status == 200, link
    assert visitor.get("/refunds/99").status == 404
    (item,) = shop.read(lambda tx: list_items(tx, 1))
    assert item.type == "amount"


def test_money_that_a_bank_took_back_is_not_refunded_too(shop: OpenShop, visitor: Visitor) -> None:
    order_id = shop.write(a_paid_order)
    shop.write(
        lambda tx: charge_back(
            tx, payment_id=list_payments(tx, order_id)[0].id, identifier="dp_1", amount_minor=4000
        )
    )
    page = visitor.get(f"/orders/{order_id}/refund")
    assert "has taken 40.00 AUD back already" in page.main
    refused = previewed(visitor, order_id, of_order="6")
    assert (refused.status, "5.10 AUD is left to refund of the money" in refused.main) == (422, True)
    assert refunds(shop, order_id) == []


def test_an_unpaid_order_has_nothing_to_give_back(shop: OpenShop, visitor: Visitor) -> None:
    order_id = shop.write(lambda tx: place_order(tx, lines=[a_line()]))
    page = visitor.get(f"/orders/{order_id}/refund")
    assert "No money has come in" in page.main
    csrf = page.form("/sign-out").fields["csrf"]
    refused = visitor.post(f"/console/orders/{order_id}/refund", {"csrf": csrf, "whole": "1"})
    assert (refused.status, "no money was received" in refused.main.lower()) == (422, True)


def test_who_may_only_see_refunds_nothing(shop: OpenShop, home: ServedShop) -> None:
    order_id = shop.write(a_paid_order)
    reader = signed_in(home, "read-only")
    csrf = reader.get("/refunds").form("/sign-out").fields["csrf"]
    for path in (f"/orders/{order_id}/refund", f"/orders/{order_id}/refund/confirm", "/refunds/1/process"):
        assert reader.post(f"/console{path}", {"csrf": csrf, "whole": "1", "total": "1"}).status == 403
    assert refunds(shop, order_id) == []


def test_an_order_of_another_currency_is_refunded_in_its_own(shop: OpenShop, visitor: Visitor) -> None:
    order_id = shop.write(
        lambda tx: a_paid_order(tx, currency="JPY", lines=[a_line("900")], delivery_e4=0, discount_e4=0)
    )
    page = visitor.get(f"/orders/{order_id}/refund")
    assert "900 JPY may still be refunded" in page.main
    assert "Of the order as a whole, in JPY" in page.main
    broken = previewed(visitor, order_id, of_order="0.5")
    assert (broken.status, "is no whole amount of JPY" in broken.main) == (422, True)
    preview = previewed(visitor, order_id, of_order="250")
    assert "250 JPY" in preview.main
    visitor.done(preview, "/refund/confirm")
    assert [one["total_e4"] for one in refunds(shop, order_id)] == [e4("250")]
    assert "Amount in JPY" in visitor.get(f"/orders/{order_id}").main


def test_a_gateway_far_away_is_asked_after_the_confirmation_and_once(
    shop: OpenShop, home: ServedShop
) -> None:
    far = FarGateway()
    object.__setattr__(home, "gateways", gateways(far))
    placed = sell(shop, gateway=far, method="far-1", fraud_status="pass")
    visitor = signed_in(home)
    captured = visitor.done(f"/orders/{placed.order_id}", "/capture")
    assert "The gateway is being asked" in captured.main
    follow(shop, far)
    asked = len(far.asked)
    preview = previewed(visitor, placed.order_id, of_order="40")
    assert "which is asked afterwards" in preview.main
    assert "60.00 AUD" in preview.main
    assert len(far.asked) == asked, "a preview asks nobody"
    page = visitor.done(preview, "/refund/confirm")
    assert "The gateway is being asked to give the money back" in page.main
    assert not [one for one in page.tree.forms if (one.action or "").endswith("/preview")]
    again = previewed(visitor, placed.order_id, of_order="1")
    assert (again.status, "is being asked" in again.main) == (422, True)
    follow(shop, far)
    assert [(one["status"], one["total_e4"]) for one in refunds(shop, placed.order_id)] == [
        ("success", e4("40"))
    ]
    assert [amount.minor for amount in far.moved("refund")] == [4000]
