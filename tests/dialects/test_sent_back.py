"""What was read can be sent back whole, and nothing but its time of change moves (Core dna reference 1.9)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from comptoir.domain.catalogue.custom_fields import create_custom_field
from comptoir.domain.catalogue.models import Product, Variant
from comptoir.domain.catalogue.products import update_product
from comptoir.domain.orders.models import Order

PRICES = select(Product.price_special_e4, Product.weight_e4, Product.price_cost_e4).where(Product.id == 1234)

if TYPE_CHECKING:
    from comptoir.domain.tx import Tx
    from tests.dialects.conftest import LocalWire

RESOURCES = (
    ("/products", "/products/{}"),
    ("/products/brands", "/products/brands/{}"),
    ("/products/categories", "/products/categories/{}"),
    ("/products/custom_fields", "/products/custom_fields/{}"),
    ("/products/variants", "/products/variants/{}"),
    ("/products/pricings", "/products/pricings/{}"),
    ("/orders", "/orders/{}"),
    ("/users", "/users/{}"),
    ("/users/notifications", "/user/notification/{}"),
    ("/groups", "/group/{}"),
)


@pytest.fixture
def documented(wire: LocalWire, world: Any) -> LocalWire:
    """A client of the documented world."""
    world("documented")
    return wire


def read(wire: LocalWire, path: str) -> Any:
    """The data of an answer."""
    got = wire.request("GET", path)
    assert got.status == 200, got.body
    return json.loads(got.body)["data"]


def send_back(wire: LocalWire, path: str) -> None:
    """Send a record back whole, and see that it stays."""
    before = read(wire, path)
    got = wire.request("PUT", path, json=before)
    assert got.status == 200, got.body
    before.pop("updated_at", None)
    after = read(wire, path)
    after.pop("updated_at", None)
    assert after == before


@pytest.mark.parametrize(("places", "place"), RESOURCES)
def test_a_record_sent_back_stays(documented: LocalWire, places: str, place: str) -> None:
    records = read(documented, places)
    assert records
    for record in records[:5]:
        send_back(documented, place.format(record["id"]))


def test_what_is_rounded_when_it_is_read_is_not_rounded_when_it_is_sent_back(documented: LocalWire) -> None:
    documented.shop.write(lambda tx: tx.update(Product, 1234, price_special_e4=12_345, weight_e4=1))
    send_back(documented, "/products/1234")
    documented.request("PUT", "/products/1234", json={"prices": {"cost": "1.23", "special": "1.23"}})
    stored = documented.shop.read(lambda tx: tx.one(PRICES))
    assert stored == (12_345, 1, 12_300)


def test_a_value_that_only_other_ways_can_give_is_sent_back(documented: LocalWire) -> None:
    def strange(tx: Tx) -> None:
        tx.update(Order, 123456, status="split")
        tx.update(Variant, 12, stock=-3)

    documented.shop.write(strange)
    send_back(documented, "/orders/123456")
    send_back(documented, "/products/variants/12")
    assert documented.request("PUT", "/products/variants/12", form={"stock": "-4"}).status == 400


def test_custom_fields_that_share_a_name_keep_their_values(documented: LocalWire) -> None:
    def twins(tx: Tx) -> None:
        ids = [create_custom_field(tx, name="Colour") for _ in range(2)]
        update_product(tx, product_id=1234, custom_values=dict(zip(ids, ("red", "green"), strict=True)))

    documented.shop.write(twins)
    send_back(documented, "/products/1234")


def test_an_unknown_code_is_said_before_a_bad_body(documented: LocalWire) -> None:
    path = "/products/variants?code="
    assert documented.request("PUT", path + "nobodys", form={"stock": "x"}).status == 404
    assert documented.request("PUT", path + "nobodys", json=[]).status == 404


@pytest.mark.parametrize("images", ["text", ["x"], {"image1": ["x"]}, {"image1": 5}])
def test_images_of_another_shape_are_refused(documented: LocalWire, images: Any) -> None:
    assert documented.request("PUT", "/products/1234", json={"images": images}).status == 400
