"""What the calls on sales do besides what they answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from comptoir.domain.customers.models import Notification
from comptoir.domain.orders.placing import place_order
from comptoir.domain.refunds.models import Refund
from tests.dialects.twocheckout.asking import ask, read_json
from tests.domain.orders.given import e4

if TYPE_CHECKING:
    from tests.dialects.conftest import LocalWire

NOTIFICATIONS = select(Notification.customer_id, Notification.content).order_by(Notification.id)
REFUNDS = select(Refund.status, Refund.category, Refund.notes).order_by(Refund.id)


def post(wire: LocalWire, call: str, **form: str) -> int:
    return ask(wire, {"ask": f"POST /api/sales/{call}", "form": form}, "json").status


def test_copies_for_the_buyer_are_notifications(wire: LocalWire, world: Any) -> None:
    world("sales")
    post(wire, "create_comment", sale_id="4774380224", sale_comment="Hello", cc_customer="1")
    post(wire, "create_comment", sale_id="4774380224", sale_comment="To us", cc_vendor="1")
    post(wire, "mark_shipped", sale_id="4774380224", tracking_number="1Z", cc_customer="1")
    post(wire, "mark_shipped", sale_id="4789848870", tracking_number="2Z")

    told = wire.shop.read(lambda tx: tx.all(NOTIFICATIONS))
    assert [content for _, content in told] == [
        "Hello",
        "Order 4774380224 was shipped. Tracking number: 1Z.",
    ]


def test_a_bundle_of_core_dna_is_one_product_here(wire: LocalWire, world: Any) -> None:
    world("sales")
    bundle: Any = {"product_id": 1, "name": "Set", "type": "bundle", "unit_price_e4": e4("70")}
    bundle["parts"] = [
        {"product_id": 1, "name": name, "unit_price_e4": e4("35")} for name in ("Cup", "Saucer")
    ]
    wire.shop.write(lambda tx: place_order(tx, id=47, lines=[bundle]))
    sale = read_json(ask(wire, {"ask": "GET /api/sales/detail_sale?sale_id=47"}, "json").body)["sale"]
    (line,) = sale["invoices"][0]["lineitems"]
    assert (line["type"], line["product_name"], line["vendor_amount"]) == ("product", "Set", "70.00")


def test_a_refund_that_the_card_did_not_take_is_kept(wire: LocalWire, world: Any) -> None:
    world("sales")
    assert post(wire, "refund_invoice", sale_id="4800001000", category="5", comment="Sorry") == 400
    assert wire.shop.read(lambda tx: tx.all(REFUNDS))[-1] == ("error", 5, "Sorry")
