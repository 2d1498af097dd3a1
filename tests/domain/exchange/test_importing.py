"""An import keeps what is right, says what is wrong, and can be rehearsed, broken off and run again."""

import io
from pathlib import Path
from typing import Any

import pytest

from comptoir.dialects.coredna.products import PRODUCT
from comptoir.dialects.coredna.products import PRODUCTS as SEARCH
from comptoir.domain.catalogue.models import Product
from comptoir.domain.catalogue.products import create_product
from comptoir.domain.catalogue.queries import get_row
from comptoir.domain.events.queries import list_events
from comptoir.domain.exchange.errors import UnknownKind
from comptoir.domain.exchange.importing import ImportReport, Source, import_kinds
from comptoir.domain.exchange.tables import KINDS, kind_named
from comptoir.domain.orders.changing import remove_order
from comptoir.domain.orders.placing import place_order
from comptoir.domain.payments.importing import import_payment
from comptoir.domain.proof import prove_books
from comptoir.domain.tx import OpenShop
from tests.domain.exchange.given import all_exported, exported, fresh_shop, imported, rows_of
from tests.domain.orders.given import LONG_AGO, a_line, e4
from tests.engines import Engines

PRODUCTS: list[dict[str, Any]] = [{"id": number, "name": f"Product {number}"} for number in range(1, 11)]


def an_order(order_id: int, **fields: Any) -> dict[str, Any]:
    line = {"product_id": 1, "unit_price": "10.0000"}
    order = {
        "id": order_id,
        "number": "5",
        "created_at": "2020-01-01T00:00:00Z",
        "total": "10",
        "lines": [line],
    }
    return order | fields


def test_what_is_not_said_is_as_in_a_new_product(shop: OpenShop) -> None:
    imported(shop, "products", [{"name": "Détergent"}, {"name": "detergent", "quantity": 3}])
    first, second = rows_of(shop, "products")
    assert (first["id"], first["slug"], first["status"]) == (1, "detergent", "out_of_stock")
    assert (second["id"], second["slug"], second["status"]) == (2, "detergent-2", "in_stock")
    assert len(first["code"]) == 10
    assert first["created_at"] == first["updated_at"] == "2026-03-01T12:00:00Z"


def test_numbers_go_on_above_imported_ones(shop: OpenShop) -> None:
    imported(shop, "products", [{"id": 4603286, "name": "The Ring", "seo_id": 900}, {"name": "Next"}])
    assert [row["id"] for row in rows_of(shop, "products")] == [4603286, 4603287]
    assert shop.write(lambda tx: create_product(tx, name="After")) == 4603288
    assert shop.read(lambda tx: get_row(tx, Product, 4603288))["seo_id"] == 902


def test_custom_values_are_named_by_id_or_by_name(shop: OpenShop) -> None:
    imported(
        shop,
        "custom_fields",
        [{"id": 5, "name": "Scent"}, {"id": 6, "name": "5"}, {"id": 9, "name": "scent"}],
    )
    values = {"5": "by id", "SCENT": "by name, of the oldest"}
    report = imported(shop, "products", [{"id": 1, "name": "A", "custom_values": {"5": "x"}}])
    assert report.refused == []
    imported(shop, "products", [{"id": 2, "name": "B", "custom_values": values}])
    assert [row["custom_values"] for row in rows_of(shop, "products")] == [
        {"5": "x"}, {"5": "by name, of the oldest"},
    ]  # fmt: skip


def test_every_record_leaves_an_event(shop: OpenShop) -> None:
    imported(shop, "products", PRODUCTS, chunk=3)
    events = shop.read(lambda tx: list_events(tx, subject="product"))
    assert [(event.kind, event.subject_id) for event in events] == [
        ("product.imported", number) for number in range(1, 11)
    ]


def test_refused_rows_stop_nobody_else(shop: OpenShop) -> None:
    rows = [*PRODUCTS[:4], {"id": 5, "name": ""}, *PRODUCTS[5:]]
    report = imported(shop, "products", rows, chunk=3)
    assert (report.read, report.created, report.refused_count, report.resume_at) == (10, 9, 1, 10)
    assert [(row.row_number, row.id, row.field) for row in report.refused] == [(5, 5, "name")]
    assert report.is_complete


def test_an_import_may_stop_at_the_first_refused_row(shop: OpenShop) -> None:
    rows = [*PRODUCTS[:4], {"id": 5, "name": ""}, *PRODUCTS[5:]]
    report = imported(shop, "products", rows, chunk=3, stop_at_first=True)
    assert (report.created, report.resume_at, report.is_complete) == (3, 3, False)
    assert [row.row_number for row in report.refused] == [5]
    assert len(rows_of(shop, "products")) == 3
    again = imported(shop, "products", PRODUCTS, chunk=3, resume_from=report.resume_at)
    assert (again.skipped, again.created, again.is_complete) == (3, 7, True)


def test_a_dry_run_tells_the_truth_and_changes_nothing(shop: OpenShop) -> None:
    rows = [*PRODUCTS, {"id": 3, "name": "Taken"}, {"id": 12, "name": "C", "slug": "product-1"}]
    before = all_exported(shop)
    preview = imported(shop, "products", rows, chunk=5, dry_run=True)
    assert all_exported(shop) == before
    assert shop.read(list_events) == []
    report = imported(shop, "products", rows, chunk=5)
    assert (preview.created, preview.refused) == (report.created, report.refused)
    assert [(row.row_number, row.field) for row in report.refused] == [(11, "id"), (12, "slug")]
    assert (preview.is_dry_run, preview.resume_at) == (True, 0)


def test_a_dry_run_of_several_files_sees_what_the_first_would_bring(shop: OpenShop) -> None:
    files = {"brands": b'{"id":1,"name":"B"}\n', "products": b'{"id":1,"name":"P","brand_id":1}\n'}
    sources = [Source(KINDS[name], io.BytesIO(content)) for name, content in files.items()]
    reports = import_kinds(shop, sources, dry_run=True)
    assert [(report.kind, report.created, report.refused) for report in reports] == [
        ("brands", 1, []), ("products", 1, []),
    ]  # fmt: skip
    assert rows_of(shop, "brands") == []


def test_a_row_that_says_the_same_is_unchanged_and_another_one_refused(shop: OpenShop) -> None:
    imported(shop, "products", PRODUCTS)
    rows = [PRODUCTS[0], PRODUCTS[1] | {"name": "Other", "quantity": 5}, {"id": 11, "name": "New"}]
    report = imported(shop, "products", rows)
    assert (report.created, report.unchanged) == (1, 1)
    (refused,) = report.refused
    assert (refused.id, refused.field) == (2, "id")
    assert refused.problem == "is taken by a record that differs in name, quantity"


def test_an_import_broken_off_is_run_again(shop: OpenShop) -> None:
    class Unplugged(Exception):
        pass

    def unplug(report: ImportReport) -> None:
        if report.created == 6:
            raise Unplugged

    with pytest.raises(Unplugged):
        imported(shop, "products", PRODUCTS, chunk=3, on_progress=unplug)
    assert len(rows_of(shop, "products")) == 6
    report = imported(shop, "products", PRODUCTS, chunk=3)
    assert (report.unchanged, report.created, report.refused) == (6, 4, [])


def test_progress_is_told_after_every_chunk(shop: OpenShop) -> None:
    told: list[tuple[int, int]] = []
    imported(
        shop,
        "products",
        PRODUCTS,
        chunk=4,
        on_progress=lambda report: told.append((report.read, report.resume_at)),
    )
    assert told == [(4, 4), (8, 8), (10, 10)]


def test_a_child_may_stand_before_its_parent(shop: OpenShop) -> None:
    rows = [an_order(1, parent_id=9), an_order(2), an_order(3, parent_id=8), an_order(9)]
    told: list[int] = []
    report = imported(shop, "orders", rows, chunk=2, on_progress=lambda state: told.append(state.resume_at))
    assert (report.created, report.resume_at) == (3, 4)
    assert [(row.row_number, row.id, row.field) for row in report.refused] == [(3, 3, "parent_id")]
    # Until the children are in, an import that is broken off would have to begin before them.
    assert told == [0, 0, 2, 2, 4]


def test_imported_orders_post_to_the_books(shop: OpenShop) -> None:
    imported(shop, "orders", [an_order(46)])
    payment = {"id": 49, "order_id": 46, "date": "2020-01-01T00:01:00Z", "status": "success", "gateway": "G"}
    imported(shop, "payments", [payment | {"amount": "10.00"}])
    refund = {
        "id": 5, "order_id": 46, "status": "success", "created_at": "2020-01-02T00:00:00Z",
        "items_total": "4", "shipping_total": "0", "total": "4",
    }  # fmt: skip
    (line,) = rows_of(shop, "orders")[0]["lines"]
    item = {"type": "product", "order_line_id": line["id"], "amount": "4"}
    report = imported(shop, "refunds", [refund | {"items": [item]}])
    assert report.refused == []
    assert shop.read(prove_books) == []


def test_placed_orders_come_back(shop: OpenShop, engine: str, engines: Engines, tmp_path: Path) -> None:
    def trade(tx: Any) -> None:
        lines = [a_line("19.99", 3, tax_rate_ppm=75_000), a_line("0.335", 7, tax_rate_ppm=190_000)]
        place_order(tx, lines=lines, delivery_e4=e4("4.95"), discount_e4=e4("3.33"), charges_tax_ppm=190_000)
        place_order(tx, lines=lines, tax_included=False, surcharge_e4=e4("0.99"))
        gone = place_order(tx, lines=lines)
        payment = {
            "id": 9,
            "order_id": gone,
            "date": LONG_AGO,
            "status": "success",
            "amount_e4": 0,
            "gateway": "G",
        }
        import_payment(tx, payment)  # type: ignore[arg-type]
        remove_order(tx, order_id=gone)

    shop.write(trade)
    assert [row["id"] for row in rows_of(shop, "orders")] == [1, 2]
    assert rows_of(shop, "payments") == []
    with fresh_shop(engines, engine, tmp_path / "other") as other:
        report = imported(other, "orders", exported(shop, "orders"))
        assert (report.created, report.refused) == (2, [])
        assert exported(other, "orders") == exported(shop, "orders")
        assert other.read(prove_books) == []


def test_kinds_have_the_names_of_the_api_too() -> None:
    assert kind_named("users") is KINDS["customers"]
    assert kind_named("transactions") is KINDS["payments"]
    with pytest.raises(UnknownKind, match="'vouchers' is none of brands, categories"):
        kind_named("vouchers")


def test_the_search_finds_what_came_in_bulk(shop: OpenShop) -> None:
    rows = [{"id": number, "name": f"Needle {number:05d}"} for number in range(1, 2501)]
    assert imported(shop, "products", rows).created == 2500
    filters = shop.read(lambda tx: SEARCH.filters("name_like=edle 0249", tx.shop))
    assert shop.read(lambda tx: PRODUCT.count(tx, filters)) == 10
