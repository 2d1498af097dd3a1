"""Categories: listed, seen as a tree, made, moved below others, pictured, removed."""

from typing import Any

import pytest

from comptoir.domain.catalogue.categories import create_category, set_parent, update_category
from comptoir.domain.catalogue.models import Category
from comptoir.domain.catalogue.products import create_product
from comptoir.domain.catalogue.queries import get_row
from comptoir.domain.tx import OpenShop, Tx
from tests.console.test_brands import picture
from tests.console.visiting import Visitor


@pytest.fixture
def shelves(shop: OpenShop) -> None:
    """Clothes, with shirts below, with silk shirts below; and shoes."""

    def make(tx: Tx) -> None:
        for name in ("Clothes", "Shirts", "Silk", "Shoes"):
            create_category(tx, name=name)
        set_parent(tx, category_id=2, parent_id=1)
        set_parent(tx, category_id=3, parent_id=2)

    shop.write(make)


def test_a_category_is_made_below_another_one(shop: OpenShop, visitor: Visitor, shelves: None) -> None:
    page = visitor.done("/categories/new", "/categories/new", name="Socks", parent_id="1")
    assert "The category was created." in page.main
    row = shop.read(lambda tx: get_row(tx, Category, 5))
    assert (row["parent_id"], row["status"], row["is_published"], row["slug"]) == (
        1,
        "published",
        True,
        "socks",
    )
    assert [one[0] for one in visitor.get("/categories?parent=Clothes").rows] == ["Shirts", "Socks"]
    assert [one[0] for one in visitor.get("/categories?parent=1&sort=newest").rows] == ["Socks", "Shirts"]


def test_categories_are_seen_as_a_tree(visitor: Visitor, shelves: None) -> None:
    tree = visitor.get("/categories/tree").tree
    nested = tree.xpath("//div[contains(@class,'tree')]/ul/li/a/text()")
    assert nested == ["Clothes", "Shoes"]
    assert tree.xpath("//div[contains(@class,'tree')]/ul/li/ul/li/a/text()") == ["Shirts"]
    assert tree.xpath("//div[contains(@class,'tree')]/ul/li/ul/li/ul/li/a/text()") == ["Silk"]
    page = visitor.get("/categories/3")
    assert "Clothes / Shirts / Silk" in page.main
    assert visitor.get("/categories/1").rows == [["Shirts"]]


def test_a_category_is_changed_and_moved(shop: OpenShop, visitor: Visitor, shelves: None) -> None:
    page = visitor.done("/categories/2", "/update", parent_id="4", seo_title="Shirts for all")
    assert "The category was saved." in page.main
    row = shop.read(lambda tx: get_row(tx, Category, 2))
    assert (row["parent_id"], row["seo_title"]) == (4, "Shirts for all")
    told = visitor.fill("/categories/4", "/update", parent_id="3")
    assert told.status == 422
    assert "3 belongs to category 4 itself" in told.problems
    cases: tuple[tuple[dict[str, Any], str], ...] = (
        ({"name": ""}, "must not be empty"),
        ({"slug": "shoes"}, "'shoes' is taken by category 4"),
        ({"parent_id": "2"}, "must be one of the choices"),
        ({"status": "strange"}, "must be one of the choices"),
    )
    for values, problem in cases:
        told = visitor.fill("/categories/2", "/update", **values)
        assert (told.status, problem in told.problems) == (422, True), told.problems
    visitor.done("/categories/2", "/update", parent_id="")
    assert shop.read(lambda tx: get_row(tx, Category, 2))["parent_id"] is None
    mine = visitor.get("/categories/2")
    shop.write(lambda tx: update_category(tx, category_id=2, keywords="new"))
    assert visitor.fill(mine, "/update", name="Mine").status == 422


def test_its_products_and_its_picture_are_shown(shop: OpenShop, visitor: Visitor, shelves: None) -> None:
    shop.write(lambda tx: create_product(tx, name="Loafer", code="l", category_ids=[4]))
    page = visitor.get("/categories/4")
    (link,) = [one for one in page.links() if one.startswith("/console/products")]
    assert [row[1] for row in visitor.get(link).rows] == ["Loafer"]
    page = visitor.follow(
        visitor.fill(page, "/pictures", files={"image1": [("a.png", "image/png", picture())]})
    )
    (shown,) = page.tree.xpath("//figure//img/@src")
    assert shown == "/prodcatalogue/category/4/s_4.png"
    assert visitor.ask("GET", shown).status == 200
    gone = visitor.done(page, "/4/remove")
    assert [one[0] for one in gone.rows] == ["Clothes", "Shirts", "Silk"]
    assert visitor.ask("GET", shown).status == 404
