"""What is sold is the same in both dialects, and a long list costs no more questions than a short one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select

from comptoir.dialects.coredna.products import PRODUCT as OF_CORE_DNA
from comptoir.dialects.twocheckout.products import PRODUCT
from comptoir.domain.catalogue.options import NewValue, create_option, set_options
from comptoir.domain.catalogue.products import create_product, update_product
from comptoir.domain.catalogue.terms import set_terms
from comptoir.domain.orders.models import OrderLine
from comptoir.domain.proof import prove_books
from comptoir.domain.subscriptions.plans import create_plan
from comptoir.storage.reading import fetch
from tests.dialects.twocheckout.asking import credentials, read_json
from tests.domain.orders.given import a_sale, a_sale_line

if TYPE_CHECKING:
    import pytest

    from comptoir.domain.orders.selling import PlacedSale
    from comptoir.domain.tx import OpenShop, Tx
    from tests.dialects.conftest import LocalWire
    from tests.dialects.wire import World

LINES = select(OrderLine.product_id, OrderLine.name).where(OrderLine.order_id == bindparam("order_id"))


def asked(wire: LocalWire, call: str, form: dict[str, str]) -> Any:
    """The answer of a call of products, in JSON."""
    headers = {"Authorization": credentials("updating"), "Accept": "application/json"}
    return read_json(
        wire.request("POST", f"/api/products/{call}", headers=headers, key="none", form=form).body
    )


def test_a_product_created_here_is_one_of_core_dna(wire: LocalWire, world: World) -> None:
    world("catalogue")
    form = {
        "name": "Lamp", "price": "9.95", "vendor_product_id": "L-1", "description": "Short", "long_description": "Long",
        "tangible": "1", "weight": "1.5", "handling": "2", "category_id": "80",
    }  # fmt: skip
    made = asked(wire, "create_product", form)
    shown = wire.shop.read(lambda tx: OF_CORE_DNA.get(tx, int(made["product_id"])))
    assert (shown["name"], shown["code"], shown["prices"]["rrp"]) == ("Lamp", "L-1", "9.9500")
    assert (shown["preview"], shown["description"], shown["shipping"]["weight"]) == ("Short", "Long", "1.50")
    assert [category["id"] for category in shown["categories"]] == ["80"]


def test_a_code_that_is_taken_is_no_hindrance_to_a_number_of_the_sellers(
    wire: LocalWire, world: World
) -> None:
    world("catalogue")
    made = asked(wire, "create_product", {"name": "Club", "price": "1", "vendor_product_id": "CLUB"})
    product = asked(wire, "detail_product", {"product_id": made["product_id"]})["product"]
    assert product["vendor_product_id"] == "CLUB"
    assert wire.shop.read(lambda tx: OF_CORE_DNA.get(tx, int(made["product_id"])))["code"] != "CLUB"


def test_what_core_dna_changes_is_seen_here(wire: LocalWire, world: World) -> None:
    world("catalogue")
    wire.shop.write(
        lambda tx: update_product(tx, product_id=4774388564, price_special_e4=200, name="Changed")
    )
    product = asked(wire, "detail_product", {"product_id": "4774388564"})["product"]
    assert (product["price"], product["name"], product["recurrence"]) == ("0.02", "Changed", "1 Month")


def test_a_product_that_was_sold_and_is_billed_again_is_removed_and_its_sale_keeps_its_copy(
    wire: LocalWire, world: World
) -> None:
    world("catalogue")
    product_id = 4774388564

    def sold(tx: Tx) -> PlacedSale:
        create_plan(tx, name="Club", price_e4=300, product_id=product_id)
        return a_sale(tx, lines=[a_sale_line("Monthly Club", "0.03", product_id=product_id)])

    sale = wire.shop.write(sold)
    assert asked(wire, "delete_product", {"product_id": str(product_id)})["response_code"] == "OK"
    lines = wire.shop.read(lambda tx: tx.all(LINES, order_id=sale.order_id))
    assert lines == [(product_id, "Monthly Club")]
    assert wire.shop.read(prove_books) == []
    refused = asked(wire, "detail_product", {"product_id": str(product_id)})
    assert refused["errors"][0]["code"] == "RECORD_NOT_FOUND"


def test_a_long_list_costs_no_more_questions_than_a_short_one(
    shop: OpenShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = shop.write(_filled)
    asked_for: list[int] = []

    def counted(*given: Any, **more: Any) -> Any:
        asked_for.append(1)
        return fetch(*given, **more)

    monkeypatch.setattr("comptoir.dialects.wire.fetch", counted)
    costs = []
    for wanted in (ids[:2], ids):
        asked_for.clear()
        assert len(shop.read(lambda tx, wanted=wanted: PRODUCT.get_many(tx, wanted))) == len(wanted)  # type: ignore[misc]
        costs.append(len(asked_for))
    assert costs[0] == costs[1] > 0


def _filled(tx: Tx) -> list[int]:
    ids = [create_product(tx, name=f"Product {number}") for number in range(40)]
    option_id = create_option(tx, name="Size", values=[NewValue("S", 0), NewValue("M", 0)])
    for product_id in ids:
        set_terms(tx, product_id=product_id, is_new=True)
        set_options(tx, product_id=product_id, option_ids=[option_id])
    return ids
