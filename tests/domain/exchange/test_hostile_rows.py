"""No row, however odd, does more than be refused, and what was refused has changed nothing."""

import random  # noqa: TID251 - a seed repeats it
from typing import Any

import pytest

from comptoir.domain.exchange.tables import KINDS
from comptoir.domain.proof import prove_books
from comptoir.domain.tx import OpenShop
from tests.dialects.worlds import load_world
from tests.domain.exchange.given import all_exported, imported, rows_of

ODD: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 46, 1234, 2**31, 2**62, 2**63 - 1, 2**63, -(2**63), 10**30, 1.5, 1e300, "", " ", "0",
    "1", "-1", "1.0000", "0.0001", "99999999999999.9999", "1e5", "x", "x" * 300, "x" * 3000, "a@example.com", "ß" * 255,
    "true", "on", "\u202e", "İ", "\ud83c\udf89", "a\0b", "AUD", "KWD", "success", "fail", "draft", "cancelled",
    "product", "bundle", "shipping", "-", "%", "month", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z",
    "2020-01-01", [], {}, [1], [0, 1], [[]], [{}], {"a": 1}, {"2": "x"}, {"status": {"new": 1}}, [None],
    {"new": {"new": []}},
)  # fmt: skip
ROUNDS = 60
UNIQUE = ("code", "slug", "username", "identifier")
# What the documented world holds none of.
MODELS: dict[str, list[dict[str, Any]]] = {
    "stock": [{"product_id": 1, "variant_id": 0, "warehouse_id": 1234, "quantity": 5}],
    "invoices": [
        {
            "order_id": 46,
            "status": "approved",
            "customer_total_minor": 1795,
            "line_items": [{"order_line_id": 46001}],
        },
        {"order_id": 1234, "status": "pending", "fraud_status": "wait"},
    ],
    "options": [{"name": "Size", "values": [{"name": "S", "surcharge": "1.0000"}, {"id": 7, "name": "M"}]}],
    "product_terms": [
        {
            "product_id": 1,
            "assigned_id": 3,
            "is_recurring": True,
            "recurrence_unit": "month",
            "recurrence_count": 1,
        },
        {"product_id": 123, "approved_url": "https://shop.example/", "handling": "1.0000"},
    ],
    "coupons": [
        {"code": "A", "type": "sale", "expires_on": "2030-01-31", "percent_ppm": 50000, "minimum": "5.0000"},
        {"code": "B", "type": "product", "expires_on": "2030-01-31", "value": "1.0000", "product_ids": [1]},
    ],
    "order_comments": [{"order_id": 46, "created_at": "2020-01-01T00:00:00Z", "author": "ann", "text": "Hm"}],
    "merchant": [
        {"id": 1, "name": "Fake Company", "vendor_id": 5, "fee_ppm": 55_000, "service_email": "a@b.example"}
    ],
    "exchange_rates": [{"currency": "EUR", "since": "2026-01-01", "rate": "0.92"}],
    "tax_rates": [{"country": "USA", "state": "OH", "rate_ppm": 72_500, "is_on_shipping": True}],
    "shipping_methods": [{"name": "Ground", "price": "7.50", "countries": ["USA"]}],
    "recurring_items": [
        {
            "enrolment_id": enrolment_id,
            "order_line_id": line_id,
            "price": "5.0000",
            "installments": 2,
            "status": "live",
        }
        for enrolment_id, line_id in ((900, 46001), (901, 79162))
    ],
    "payment_methods": [
        {"sale_id": sale_id, "gateway": "sandbox", "method": "sbx-approved"}
        for sale_id in (46, 123456, 1255433)
    ],
    "chargebacks": [
        {"payment_id": 49, "identifier": "cb", "amount_minor": 100, "at": "2020-01-01T00:00:00Z"},
        {
            "payment_id": 10308,
            "identifier": "dp",
            "amount_minor": 2,
            "at": "2020-01-01T00:00:00Z",
            "reason": "-",
        },
    ],
    "payouts": [
        {
            "id": 5,
            "state": "void",
            "amount_minor": 80,
            "created_at": "2020-01-01T00:00:00Z",
            "paid_at": "2020-01-08T00:00:00Z",
            "voided_at": "2020-01-09T00:00:00Z",
            "entries": [
                {"kind": "sale", "amount_minor": 100, "at": "2020-01-01T00:00:00Z", "gateway": "sandbox"},
                {
                    "kind": "fee",
                    "amount_minor": -20,
                    "at": "2020-01-01T00:00:00Z",
                    "order_id": 46,
                    "memo": "m",
                },
            ],
        },
        {"id": 6, "state": "open", "amount_minor": 0, "created_at": "2020-01-01T00:00:00Z"},
    ],
}
ENROLLED = {"customer_id": 3, "subscription_id": 2234, "starts_at": "2020-01-01T00:00:00Z"}
# What must be there before rows of a kind can be right.
FIRST: dict[str, dict[str, list[dict[str, Any]]]] = {
    "recurring_items": {
        "subscription_users": [
            ENROLLED | {"id": 900, "parent_order_id": 46},
            ENROLLED | {"id": 901, "parent_order_id": 359462},
        ],
        "invoices": [
            {
                "order_id": order_id,
                "line_items": [
                    {"order_line_id": line_id, "enrolment_id": enrolment_id, "recurrence_unit": "month"}
                ],
            }
            for order_id, line_id, enrolment_id in ((46, 46001, 900), (359462, 79162, 901))
        ],
    }
}


def odd_row(chance: random.Random, model: dict[str, Any]) -> dict[str, Any]:
    """A row like a good one under an id of its own, with a few fields replaced or left out, at any depth."""
    row = dict(model)
    if chance.random() < 0.8:
        number = chance.randrange(1000)
        row.pop("id", None)
        if chance.random() < 0.7:
            row["id"] = chance.choice((5_000_000, 10**17)) + number
        row |= {name: f"{row[name]}-{number}" for name in UNIQUE if name in row}
        if "path" in row:
            row["path"] = f"/web_images/{number}.png"
    for name, value in row.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            row[name] = [odd_row(chance, one) for one in value]
    for name in chance.sample(sorted(row), k=min(chance.choice((0, 0, 1, 2)), len(row))):
        if chance.random() < 0.2:
            del row[name]
        else:
            row[name] = chance.choice(ODD)
    return row


@pytest.mark.parametrize("name", KINDS)
def test_odd_rows_are_kept_or_refused(shop: OpenShop, name: str) -> None:
    load_world(shop, "documented")
    for other, needed in FIRST.get(name, {}).items():
        assert imported(shop, other, needed).refused == []
    models = rows_of(shop, name) or MODELS[name]
    chance = random.Random(name)
    rows = [odd_row(chance, chance.choice(models)) for _ in range(ROUNDS)]
    before = all_exported(shop)
    preview = imported(shop, name, rows, dry_run=True, chunk=20)
    assert all_exported(shop) == before
    report = imported(shop, name, rows, chunk=20)
    assert report.read == report.created + report.unchanged + report.refused_count == ROUNDS
    assert (report.created, report.refused) == (preview.created, preview.refused)
    assert report.created > 0
    assert report.refused_count > 0
    assert shop.read(prove_books) == []
    for other, content in all_exported(shop).items():
        again = imported(shop, other, content)
        assert (again.created, again.refused) == (0, []), other
