"""Stock: warehouses, what lies in them, counting, moving, and the moves that tell of it."""

from typing import Any

import pytest

from comptoir.domain.catalogue.models import Product
from comptoir.domain.catalogue.products import create_product
from comptoir.domain.catalogue.queries import get_row
from comptoir.domain.catalogue.variants import create_variant
from comptoir.domain.inventory.actions import create_warehouse
from comptoir.domain.inventory.queries import level_of
from comptoir.domain.inventory.stock import FROM_OUTSIDE, check_stock, in_warehouse, move_stock
from comptoir.domain.tx import OpenShop, Tx
from tests.console.visiting import Visitor, signed_in


@pytest.fixture
def stocked(shop: OpenShop) -> None:
    """Ten lamps in Perth, none in Hobart; a lamp has a variant."""

    def make(tx: Tx) -> None:
        for name in ("Perth", "Hobart"):
            create_warehouse(tx, name=name, code=name.lower(), city=name)
        create_product(tx, name="Lamp", code="lamp", quantity=3)
        create_variant(tx, product_id=1, name="Red", code="red")
        move_stock(
            tx, product_id=1, quantity=10, origin=FROM_OUTSIDE, destination=in_warehouse(1), reason="bought"
        )

    shop.write(make)


def held(shop: OpenShop, warehouse_id: int, variant_id: int = 0) -> int:
    return shop.read(lambda tx: level_of(tx, warehouse_id=warehouse_id, product_id=1, variant_id=variant_id))


def test_a_warehouse_is_opened_and_changed(visitor: Visitor) -> None:
    page = visitor.done(
        "/warehouses/new",
        "/warehouses/new",
        name="Perth",
        code="per",
        latitude_e6="-31.95",
        longitude_e6="115.86",
    )
    assert "The warehouse was created." in page.main
    assert page.form("/update").fields["latitude_e6"] == "-31.950000"
    visitor.done(page, "/update", city="Perth", name="Perth West")
    assert visitor.get("/warehouses?city=perth").rows[0][:3] == ["Perth West", "per", "Perth"]
    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({"name": ""}, "must not be empty"),
        ({"latitude_e6": "91"}, "must be between -90000000 and 90000000"),
        ({"longitude_e6": "1e99999"}, "must be degrees with at most six decimals"),
        ({"city": "x" * 256}, "is longer than 255 characters"),
    )
    for values, problem in cases:
        told = visitor.fill("/warehouses/1", "/update", **values)
        assert (told.status, problem in told.problems) == (422, True), told.problems
    told = visitor.fill("/warehouses/new", "/warehouses/new", name="Again", code="PER")
    assert (told.status, "'PER' belongs to warehouse 1" in told.problems) == (422, True)


def test_pieces_are_moved_and_the_move_is_kept(shop: OpenShop, visitor: Visitor, stocked: None) -> None:
    page = visitor.done(
        "/products/1/stock", "/move", origin="1", destination="2", quantity="4", reason="the shop window"
    )
    assert "4 pieces were moved." in page.main
    assert (held(shop, 1), held(shop, 2)) == (6, 4)
    assert page.rows == [["Perth", "the product itself", "6"], ["Hobart", "the product itself", "4"]]
    moved = visitor.get("/stock-moves?product=1").rows[0]
    assert moved[1:] == ["Lamp", "", "4", "warehouse 1", "warehouse 2", "the shop window", "", "Ada"]
    assert "the shop window" in visitor.get("/stock-moves/2").main
    assert len(visitor.get("/stock-moves?from_warehouse=1").rows) == 1
    assert len(visitor.get("/stock-moves?from=outside&quantity_from=10").rows) == 1
    assert shop.read(check_stock) == []


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"quantity": "11"}, "Warehouse 1 holds 10 of product 1, not 11."),
        ({"quantity": "0"}, "must be between 1 and 1000000000000"),
        ({"quantity": "-3"}, "must be 0 or more"),
        ({"quantity": ""}, "must not be empty"),
        ({"destination": "1"}, "must be another place, and a warehouse at one end"),
        ({"origin": "outside", "destination": "sold"}, "must be another place, and a warehouse at one end"),
        ({"destination": "99"}, "must be one of the choices"),
        ({"variant_id": "99"}, "must be one of the choices"),
        ({"reason": "x" * 256}, "is longer than 255 characters"),
    ],
)
def test_a_move_that_cannot_be_moves_nothing(
    shop: OpenShop, visitor: Visitor, stocked: None, values: dict[str, Any], problem: str
) -> None:
    said: dict[str, Any] = {"origin": "1", "destination": "2", "quantity": "4", **values}
    told = visitor.fill("/products/1/stock", "/move", **said)
    assert told.status == 422
    assert problem in told.problems
    assert (held(shop, 1), held(shop, 2)) == (10, 0)


def test_a_count_makes_the_level_what_was_counted(shop: OpenShop, visitor: Visitor, stocked: None) -> None:
    page = visitor.done("/products/1/stock", "/count", warehouse_id="1", counted="7", reason="yearly count")
    assert "The count is kept: -3 pieces." in page.main
    page = visitor.done("/products/1/stock", "/count", warehouse_id="2", counted="5", variant_id="1")
    assert (held(shop, 1), held(shop, 2, 1)) == (7, 5)
    assert "variant=1" in page.tree.xpath("string(//a[text()='All moves']/@href)")
    page = visitor.done("/products/1/stock", "/count", warehouse_id="1", counted="7")
    assert "The count is what was there already." in page.main
    assert visitor.fill("/products/1/stock", "/count", warehouse_id="1", counted="1" + "0" * 13).status == 422


def test_what_the_warehouses_hold_can_be_offered(shop: OpenShop, visitor: Visitor, stocked: None) -> None:
    page = visitor.get("/products/1/stock")
    assert "The warehouses hold 10, and 3 are for sale." in page.main
    done = visitor.done(page, "/take-over")
    assert "10 pieces are for sale now." in done.main
    row = shop.read(lambda tx: get_row(tx, Product, 1))
    assert (row["quantity"], row["status"]) == (10, "in_stock")
    visitor.done("/products/1/stock", "/count", warehouse_id="2", counted="5", variant_id="1")
    page = visitor.done("/products/1/stock", "/take-over")
    assert "15 pieces are for sale now." in page.main
    assert visitor.get("/variants").rows[0][3] == "5"
    shop.write(
        lambda tx: move_stock(
            tx, product_id=1, quantity=1, origin=in_warehouse(1), destination=in_warehouse(2)
        )
    )
    shop.write(
        lambda tx: move_stock(tx, product_id=1, quantity=1, origin=in_warehouse(1), destination=FROM_OUTSIDE)
    )
    stale = {"csrf": page.form("/sign-out").fields["csrf"], "held": "15"}
    assert visitor.post("/console/products/1/take-over", stale).status == 422


def test_a_warehouse_shows_what_lies_there_page_by_page(
    shop: OpenShop, visitor: Visitor, stocked: None
) -> None:
    def fill(tx: Tx) -> None:
        for number in range(60):
            product = create_product(tx, name=f"Thing {number}", code=f"t{number}")
            move_stock(
                tx, product_id=product, quantity=number + 1, origin=FROM_OUTSIDE, destination=in_warehouse(1)
            )
        move_stock(
            tx, product_id=1, variant_id=1, quantity=2, origin=FROM_OUTSIDE, destination=in_warehouse(1)
        )

    shop.write(fill)
    page = visitor.get("/warehouses/1")
    assert page.rows[:2] == [["Lamp", "", "10"], ["Lamp", "Red", "2"]]
    (following,) = page.tree.xpath("//a[@rel='next']/@href")
    rest = visitor.get(following)
    assert len(page.rows) + len(rest.rows) == 62
    assert rest.rows[-1] == ["Thing 59", "", "60"]
    lines = visitor.get("/warehouses/1/stock.csv").text.splitlines()
    assert (lines[0], lines[2], len(lines)) == (
        "product_id,variant_id,Product,Variant,Pieces",
        "1,1,Lamp,Red,2",
        63,
    )
    for past in ("x", "9" * 40, "1-1-1", "-"):
        assert visitor.get(f"/warehouses/1?past={past}").status == 200


def test_who_may_only_see_moves_nothing(home: Any, shop: OpenShop, stocked: None) -> None:
    accountant = signed_in(home, "accountant")
    page = accountant.get("/warehouses/1")
    assert (page.status, page.tree.xpath("//main//form[@method='post']")) == (200, [])
    csrf = page.form("/sign-out").fields["csrf"]
    assert accountant.post("/console/warehouses/1/update", {"csrf": csrf, "name": "No"}).status == 403
    assert accountant.get("/stock-moves").status == 200
    assert accountant.get("/stock-moves/99").status == 404
