"""Reads the documented world back: every record is shown exactly as it was written down."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from tests.dialects.expectations import envelope_of
from tests.dialects.published import facts
from tests.dialects.shapes import faults_of_shape

if TYPE_CHECKING:
    from tests.dialects.wire import Wire, World

WORLD = facts("worlds/documented")

# Each kind with its shape and the path under which one of it is read.
KINDS = {
    "brands": ("Brand", "/products/brands/{id}"),
    "categories": ("Category", "/products/categories/{id}"),
    "custom_fields": ("CustomField", "/products/custom_fields/{id}"),
    "pricings": ("Pricing", "/products/pricings/{id}"),
    "products": ("Product", "/products/{id}"),
    "variants": ("Variant", "/products/products/variants/{id}"),
    "warehouses": ("Warehouse", "/warehouses/{id}"),
    "users": ("User", "/users/{id}"),
    "groups": ("Group", "/groups/{id}"),
    "notifications": ("Notification", "/users/notifications/{id}"),
    "orders": ("Order", "/orders/{id}"),
    "logs": ("OrderLog", "/orders/{order_id}/logs/{id}"),
    "refunds": ("Refund", "/refunds/{id}"),
    "subscription_users": ("SubscriptionUser", "/subscriptions/users/{id}"),
}


def _comparable(value: Any, key: str = "") -> Any:
    """The value without the id of an SEO record, which is the server's to give."""
    if isinstance(value, dict):
        return {name: _comparable(each, name) for name, each in value.items() if (key, name) != ("seo", "id")}
    if isinstance(value, list):
        return [_comparable(each, key) for each in value]
    return value


@pytest.mark.parametrize("kind", KINDS)
def test_records_are_shown_as_written(kind: str, wire: Wire, world: World) -> None:
    world("documented")
    shape, path = KINDS[kind]
    for record in WORLD[kind]:
        answer = wire.request("GET", path.format(**record))
        shown = envelope_of(answer)["data"]
        assert _comparable(shown) == _comparable(record)
        assert faults_of_shape(shown, shape, facts("shapes")) == []


def test_payment_transactions_are_shown_as_written(wire: Wire, world: World) -> None:
    world("documented")
    for order in WORLD["orders"]:
        answer = wire.request("GET", f"/orders/{order['id']}/transactions")
        written = [each for each in WORLD["transactions"] if each["order_id"] == order["id"]]
        assert envelope_of(answer)["data"] == written


@pytest.mark.parametrize("kind", [*KINDS, "transactions"])
def test_the_world_is_written_in_the_documented_shapes(kind: str) -> None:
    shape = KINDS[kind][0] if kind in KINDS else "PaymentTransaction"
    faults = [fault for record in WORLD[kind] for fault in faults_of_shape(record, shape, facts("shapes"))]
    assert faults == []


def test_the_money_of_the_world_adds_up() -> None:
    for order in WORLD["orders"]:
        totals = {name: Decimal(text) for name, text in order["totals"].items()}
        lines = sum(
            int(line["quantity"]) * (Decimal(line["unit_price"]) - Decimal(line["discount"]))
            for line in order["items"]
        )
        added = lines + totals["delivery"] + totals["insurance"] + totals["surcharge"] - totals["discount"]
        assert added == totals["total"], order["id"]
    for refund in WORLD["refunds"]:
        total = {name: Decimal(text) for name, text in refund["total"].items()}
        assert total["items"] + total["shipping"] == total["total"]
        assert sum(Decimal(item["amount"]) for item in refund["items"]) == total["total"]
