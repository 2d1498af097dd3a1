"""Products: found, made, described, priced, copied, removed; what is wrong is said and changes nothing."""

from typing import Any

import pytest

from comptoir.domain.catalogue.brands import create_brand
from comptoir.domain.catalogue.categories import create_category
from comptoir.domain.catalogue.models import Product
from comptoir.domain.catalogue.products import create_product, update_product
from comptoir.domain.catalogue.queries import get_row
from comptoir.domain.events.queries import list_events_of
from comptoir.domain.tx import OpenShop, Tx
from tests.console.visiting import Visitor, signed_in

HOSTILE = "<script>alert('x')</script>\"'&{{7*7}}\u202e=cmd|"


@pytest.fixture
def lamp(shop: OpenShop) -> int:
    """A lamp of a brand, in a category."""

    def make(tx: Tx) -> int:
        brand = create_brand(tx, name="Lumen")
        category = create_category(tx, name="Lights")
        return create_product(
            tx, name="Desk lamp", code="lamp", brand_id=brand, category_ids=[category],
            price_rrp_e4=250_000, price_special_e4=199_500, quantity=3,
        )  # fmt: skip

    return shop.write(make)


def kept(shop: OpenShop, product_id: int = 1) -> dict[str, Any]:
    return shop.read(lambda tx: get_row(tx, Product, product_id))


def test_a_product_is_made_shown_changed_and_removed(shop: OpenShop, visitor: Visitor) -> None:
    page = visitor.done(
        "/products/new", "/products/new", name="Lamp", price_rrp_e4="1,250.5", quantity="7", code="L-1"
    )
    assert "The product was created." in page.main
    assert "1,250.50 AUD" in page.main
    row = kept(shop)
    assert (row["price_rrp_e4"], row["quantity"], row["is_published"], row["status"]) == (
        12_505_000, 7, True, "in_stock",
    )  # fmt: skip
    page = visitor.done(page, "/1/update", name="Bright lamp", limit_maximum="4", is_published=None)
    assert "The product was saved." in page.main
    row = kept(shop)
    assert (row["name"], row["limit_maximum"], row["is_published"]) == ("Bright lamp", 4, False)
    happened = shop.read(lambda tx: list_events_of(tx, subject="product", subject_id=1))
    assert (happened[0].kind, happened[0].actor, happened[0].dialect) == ("product.updated", "Ada", "console")
    assert visitor.done("/products/1", "/1/update").main.startswith("Nothing was changed.")
    gone = visitor.done("/products/1", "/1/remove")
    assert gone.rows == []
    assert visitor.get("/products/1").status == 404


def test_products_are_found_by_what_people_know_of_them(shop: OpenShop, visitor: Visitor, lamp: int) -> None:
    other = shop.write(lambda tx: create_product(tx, name="Chair", code="chair", is_published=False))

    def found(query: str) -> list[str]:
        return [row[1] for row in visitor.get(f"/products?{query}").rows]

    assert found("") == ["Chair", "Desk lamp"]
    assert found("sort=oldest") == ["Desk lamp", "Chair"]
    assert found("sort=code") == ["Chair", "Desk lamp"]
    for query in (
        "name=LAMP", "code=amp", "brand=lum", "brand=1", "category=light", "category=1", "published=1",
        "stock=in_stock", "price_from=20", "quantity_from=3&quantity_to=3",
    ):  # fmt: skip
        assert found(query) == ["Desk lamp"], query
    for query in ("brand=nobody", "brand=99", "category=nothing", "quantity_from=x", "price_to=x", "stock=x"):
        assert found(query) == [], query
    assert other == 2
    row = visitor.get("/products?name=lamp").rows[0]
    assert row[2:4] == ["lamp", "19.95 AUD"]
    assert row[7] == "Lumen"
    lines = visitor.get("/products?format=csv&sort=oldest").text.splitlines()
    assert lines[0] == "id,Picture,Name,Code,Price,Quantity,Stock,Published,Brand,Changed"
    assert lines[1].startswith("1,,Desk lamp,lamp,19.9500,3,")


def test_a_products_head_leads_to_what_it_belongs_to(visitor: Visitor, lamp: int) -> None:
    page = visitor.get(f"/products/{lamp}")
    assert {"/console/brands/1", "/console/categories/1", "/console/explain/product/1/price"} <= set(
        page.links()
    )
    assert "19.95 AUD instead of 25.00 AUD" in page.main


@pytest.mark.parametrize(
    ("values", "field", "problem"),
    [
        ({"name": " "}, "name", "must not be empty"),
        ({"name": "x" * 256}, "name", "is longer than 255 characters"),
        ({"name": "a\0b"}, "name", "holds characters that cannot be kept"),
        ({"code": "TAKEN"}, "code", "'TAKEN' is taken by product 2"),
        ({"slug": "taken"}, "slug", "'taken' is taken by product 2"),
        ({"brand_id": "99"}, "brand_id", "must be one of the choices"),
        ({"brand_id": "9" * 30}, "brand_id", "must be one of the choices"),
        ({"category_ids": ["99"]}, "category_ids", "must be one of the choices"),
        ({"limit_minimum": "5", "limit_maximum": "4"}, "limit_minimum", "must not be above the maximum"),
        ({"limit_minimum": "-1"}, "limit_minimum", "must be 0 or more"),
        ({"limit_minimum": "9" * 25}, "limit_minimum", "must be a whole number"),
        ({"weight_e4": "1e999999"}, "weight_e4", "is too large"),
        ({"weight_e4": "0.00001"}, "weight_e4", "has more than four decimals"),
        ({"weight_e4": "-1"}, "weight_e4", "must be 0 or more"),
    ],
)
def test_what_cannot_be_taken_is_said_beside_its_field(  # noqa: PLR0917 - the case
    shop: OpenShop, visitor: Visitor, lamp: int, values: dict[str, Any], field: str, problem: str
) -> None:
    shop.write(lambda tx: create_product(tx, name="Other", code="taken", slug="taken"))
    before = kept(shop)
    answer = visitor.fill(f"/products/{lamp}", "/1/update", **values)
    assert answer.status == 422
    assert answer.tree.xpath(f"string(//*[@name='{field}']/ancestor::div[1]//*[@class='problem'])") == problem
    assert kept(shop) == before


def test_the_second_of_two_tabs_is_told(shop: OpenShop, visitor: Visitor, lamp: int) -> None:
    tabs: tuple[tuple[str, str, str, Any], ...] = (
        ("", "/update", "keywords", "mine"),
        ("/prices", "/prices", "price_cost_e4", "5"),
        ("/stock", "/stock", "status", "out_of_stock"),
    )
    for tab, ending, name, value in tabs:
        mine = visitor.get(f"/products/{lamp}{tab}")
        shop.write(
            lambda tx: update_product(
                tx,
                product_id=lamp,
                slug=f"s{tx.ids.text(5)}",
                price_rrp_e4=tx.ids.next("p"),
                quantity=tx.ids.next("p"),
            )
        )
        told = visitor.fill(mine, ending, **dict[str, Any]({name: value}))
        assert told.status == 422, tab
        assert "somebody else changed this" in told.problems[0].lower()
        assert told.form(ending).fields[name] == value


def test_prices_are_changed_and_explained(shop: OpenShop, visitor: Visitor, lamp: int) -> None:
    page = visitor.done(f"/products/{lamp}/prices", "/prices", price_special_e4="0", price_cost_e4="12.3456")
    row = kept(shop)
    assert (row["price_special_e4"], row["price_cost_e4"]) == (0, 123_456)
    assert "25.00 AUD" in page.main
    assert "List price (AUD)" in page.main
    explained = visitor.get("/explain/product/1/price")
    assert explained.status == 200
    assert "25.00" in explained.main


def test_a_pricing_is_added_changed_and_removed(visitor: Visitor, lamp: int) -> None:
    page = visitor.done(
        f"/products/{lamp}/prices",
        "/pricings",
        name="Ten",
        price_e4="10",
        modifier="%",
        sign="-",
        minimum_quantity="10",
    )
    assert page.rows == [["Ten", "10 % off the price", "10", "17.9550 AUD", "published"]]
    assert visitor.get("/pricings?product=lamp").rows == [
        ["Ten", "Desk lamp", "10 % off the price", "10", "published"]
    ]
    page = visitor.done("/pricings/1", "/update", modifier="$", sign="")
    assert "The pricing was saved." in page.main
    assert "10.00 AUD takes the place of the price" in visitor.get(f"/products/{lamp}/prices").main
    told = visitor.fill("/pricings/1", "/update", price_e4="0")
    assert (told.status, "must be a positive number" in told.problems) == (422, True)
    told = visitor.fill(f"/products/{lamp}/prices", "/pricings", price_e4="101", modifier="%", sign="-")
    assert (told.status, "cannot take off more than 100 %" in told.problems) == (422, True)
    back = visitor.done("/pricings/1", "/remove")
    assert "It costs the same in any quantity." in back.main


def test_a_copy_has_what_the_product_has_and_is_hidden(shop: OpenShop, visitor: Visitor, lamp: int) -> None:
    visitor.done(f"/products/{lamp}/choices", "/variants", name="Red", code="red", stock="5")
    visitor.done(f"/products/{lamp}/prices", "/pricings", price_e4="10", modifier="$", minimum_quantity="3")
    visitor.done(
        f"/products/{lamp}/terms", "/terms", is_recurring="1", recurrence_count="1", recurrence_unit="month"
    )
    page = visitor.done(f"/products/{lamp}", "/copy")
    assert "This is the copy." in page.main
    row = kept(shop, 2)
    assert (row["name"], row["price_rrp_e4"], row["quantity"], row["is_published"], row["brand_id"]) == (
        "Desk lamp (copy)", 250_000, 0, False, 1,
    )  # fmt: skip
    assert visitor.get("/products/2/choices").rows == [["Red", "red", "0", "published"]]
    assert len(visitor.get("/products/2/prices").rows) == 1
    assert visitor.get("/products/2/terms").form("/terms").fields["recurrence_unit"] == "month"


def test_hostile_names_are_only_names(visitor: Visitor) -> None:
    page = visitor.done("/products/new", "/products/new", name=HOSTILE, code=HOSTILE, description=HOSTILE)
    tabs = ("", "/prices", "/choices", "/stock", "/pictures", "/fields", "/terms")
    for path in (*(f"/products/1{tab}" for tab in tabs), "/products"):
        page = visitor.get(path)
        assert page.status == 200
        assert [one.get("src") for one in page.tree.xpath("//script")] == [
            one for one in page.tree.xpath("//script/@src") if one.startswith("/console/static/")
        ]
        assert HOSTILE in page.words
    assert visitor.get("/products?format=csv").text.splitlines()[1].startswith('1,,"<script>')


@pytest.mark.parametrize("path", ["9" * 15, "9" * 40, "0", "x", "1%00", "-1"])
def test_no_such_product_is_a_page_that_says_so(visitor: Visitor, path: str) -> None:
    for tab in ("", "/prices", "/choices", "/stock", "/pictures", "/fields", "/terms"):
        assert visitor.get(f"/products/{path}{tab}").status == 404


def test_who_may_only_see_is_shown_all_and_may_change_nothing(home: Any, shop: OpenShop, lamp: int) -> None:
    reader = signed_in(home, "read-only")
    for tab in ("", "/prices", "/choices", "/stock", "/pictures", "/fields", "/terms"):
        page = reader.get(f"/products/{lamp}{tab}")
        assert page.status == 200
        assert page.tree.xpath("//main//form[@method='post']") == []
    csrf = reader.get("/products").form("/sign-out").fields["csrf"]
    before = kept(shop)
    for act in (
        "update", "remove", "copy", "prices", "pricings", "variants", "options", "raise-option", "stock",
        "count", "move", "take-over", "pictures", "unpicture", "fetch-picture", "fields", "terms",
    ):  # fmt: skip
        assert reader.post(f"/console/products/{lamp}/{act}", {"csrf": csrf, "name": "Two"}).status == 403, (
            act
        )
    assert reader.get("/products/new").status == 200
    assert reader.post("/console/products/new", {"csrf": csrf, "name": "Two"}).status == 403
    assert kept(shop) == before
