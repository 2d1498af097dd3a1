"""The year of trade: how much there is of it, that it is believable, and that it is the same each time."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import msgspec
import pytest

from comptoir.demo import DemoRefused, load_demo
from comptoir.domain.exchange.exporting import export_kind
from comptoir.domain.exchange.tables import KINDS
from comptoir.domain.identity.logins import login
from comptoir.domain.identity.passwords import Passwords
from comptoir.domain.identity.permissions import OWNER
from comptoir.domain.inventory.stock import check_stock
from comptoir.domain.proof import prove_books
from comptoir.domain.subscriptions.queries import list_due
from tests.conftest import NOW, SECRET
from tests.demo.conftest import SCALE, sandbox

if TYPE_CHECKING:
    from pathlib import Path

    from comptoir.domain.tx import OpenShop
    from tests.engines import Engines

YEAR = timedelta(days=365)


def exported(shop: OpenShop, name: str) -> bytes:
    sink = BytesIO()
    shop.read(lambda tx: export_kind(tx, KINDS[name], sink))
    return sink.getvalue()


def rows_of(shop: OpenShop, name: str) -> list[dict[str, Any]]:
    return [msgspec.json.decode(line) for line in exported(shop, name).splitlines()]


def drawn(shop: OpenShop, name: str) -> list[dict[str, Any]]:
    """The records of the year, which are all younger than the documented ones of this kind."""
    first = {"orders": 56456457, "payments": 79469, "customers": 56456457}[name]
    sold = {row["order_id"] for row in rows_of(shop, "invoices")}
    return [
        row
        for row in rows_of(shop, name)
        if row["id"] >= first and row.get("order_id", row["id"]) not in sold
    ]


def test_the_books_balance_and_the_stock_is_what_was_moved(demo: OpenShop) -> None:
    assert demo.read(prove_books) == []
    assert demo.read(check_stock) == []


def test_two_loads_are_the_same_on_both_engines(demo: OpenShop, engines: Engines, tmp_path: Path) -> None:
    again = sandbox(engines, "sqlite", tmp_path / "again")
    load_demo(again, secret=SECRET, scale=SCALE)
    for name in KINDS:
        if name != "assets":  # no media store, no pictures
            assert exported(again, name) == exported(demo, name), name
    engines.drop(again.database)


def test_orders_lie_in_the_last_year_and_grow(demo: OpenShop) -> None:
    placed = [row["created_at"] for row in drawn(demo, "orders")]
    first, last = (at.strftime("%Y-%m-%dT%H:%M:%SZ") for at in (NOW - YEAR, NOW))
    assert first < min(placed) <= max(placed) < last
    middle = (NOW - YEAR / 2).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert sum(at > middle for at in placed) > sum(at <= middle for at in placed)


def test_every_fate_of_an_order_is_met(demo: OpenShop) -> None:
    orders = drawn(demo, "orders")
    assert {row["status"] for row in orders} == {
        "new", "inprogress", "shipped", "completed", "cancelled", "declined", "split",
    }  # fmt: skip
    month_ago = (NOW - timedelta(days=30)).strftime("%Y-%m-%dT%H:%M:%SZ")
    old = [row for row in orders if row["created_at"] < month_ago]
    assert sum(row["status"] == "completed" for row in old) > len(old) * 0.9
    assert all(row["shipped_at"] for row in old if row["status"] == "completed")
    parents = {row["parent_id"] for row in orders} - {None}
    assert {row["id"] for row in orders if row["status"] == "split"} == parents


def test_payments_fail_and_are_given_back(demo: OpenShop) -> None:
    payments = drawn(demo, "payments")
    assert {row["status"] for row in payments} >= {"fail", "success"}
    refunds = [row for row in rows_of(demo, "refunds") if row["id"] > 123456]
    given = [row for row in refunds if row["status"] == "success"]
    assert 0.015 < len(given) / len(drawn(demo, "orders")) < 0.06
    assert {item["type"] for row in given for item in row["items"]} == {"product", "shipping"}


def test_nobody_buys_before_they_came(demo: OpenShop) -> None:
    came = {row["id"]: row["created_at"] for row in rows_of(demo, "customers")}
    assert all(came[row["customer_id"]] < row["created_at"] for row in drawn(demo, "orders"))


def test_the_next_renewal_is_always_to_come(demo: OpenShop) -> None:
    assert demo.read(lambda tx: list_due(tx, limit=10)) == []
    orders = {row["id"] for row in rows_of(demo, "orders")}
    enrolments = [row for row in rows_of(demo, "subscription_users") if row["id"] > 424234]
    going = [row for row in enrolments if row["is_active"]]
    assert going
    assert all(row["next_order_id"] not in orders for row in going)
    assert all(row["parent_order_id"] in orders for row in enrolments)


def test_the_operator_gets_in(engines: Engines, tmp_path: Path) -> None:
    shop = sandbox(engines, "sqlite", tmp_path / "entered")
    load_demo(shop, secret=SECRET, scale=0.001)
    entered = shop.write(
        lambda tx: login(tx, email="demo@example.com", password="demo", passwords=Passwords())
    )
    assert entered is not None
    assert entered.role == OWNER
    engines.drop(shop.database)


def test_only_an_empty_sandbox_becomes_the_demo(shop: OpenShop, demo: OpenShop) -> None:
    with pytest.raises(DemoRefused, match="sandbox"):
        load_demo(shop, secret=SECRET)
    with pytest.raises(DemoRefused, match="has products"):
        load_demo(demo, secret=SECRET)


def test_progress_is_told_to_the_end(engines: Engines, tmp_path: Path) -> None:
    told: dict[str, tuple[int, int]] = {}
    shop = sandbox(engines, "sqlite", tmp_path / "told")
    load_demo(
        shop,
        secret=SECRET,
        scale=0.001,
        on_progress=lambda label, done, all_: told.update({label: (done, all_)}),
    )
    assert {"Documented records", "Products", "Customers", "Orders"} <= told.keys()
    assert all(done == total for done, total in told.values())
    engines.drop(shop.database)


@pytest.mark.slow
def test_the_whole_demo_is_as_large_as_promised(engines: Engines, tmp_path: Path) -> None:
    shop = sandbox(engines, "sqlite", tmp_path / "whole")
    load_demo(shop, secret=SECRET)
    for name, least in (
        ("products", 2_000),
        ("customers", 5_000),
        ("orders", 20_000),
        ("brands", 25),
        ("stock", 5_000),
    ):
        assert len(rows_of(shop, name)) >= least, name
    assert {row["status"] for row in rows_of(shop, "payments")} == {"fail", "pending", "success"}
    assert {row["status"] for row in rows_of(shop, "refunds")} == {"draft", "error", "success"}
    assert shop.read(prove_books) == []
    engines.drop(shop.database)
