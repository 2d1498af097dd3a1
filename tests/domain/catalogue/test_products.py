from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import select

from comptoir.domain.catalogue.brands import create_brand, remove_brand
from comptoir.domain.catalogue.categories import create_category, remove_category
from comptoir.domain.catalogue.custom_fields import create_custom_field, remove_custom_field
from comptoir.domain.catalogue.errors import CodeTaken, NotLinked, ProductNotFound, SlugTaken
from comptoir.domain.catalogue.models import Product, ProductCategory, ProductCustomField
from comptoir.domain.catalogue.pricings import create_pricing
from comptoir.domain.catalogue.products import (
    create_product,
    remove_product,
    set_custom_value,
    unlink_category,
    update_product,
)
from comptoir.domain.catalogue.queries import get_row
from comptoir.domain.catalogue.variants import create_variant
from comptoir.domain.errors import Invalid
from comptoir.domain.events.models import Event
from comptoir.domain.tx import OpenShop, Tx

CATEGORIES = select(ProductCategory.category_id).order_by(ProductCategory.category_id)
VALUES = select(ProductCustomField.custom_field_id, ProductCustomField.value)
QUANTITIES = select(Event.before, Event.after).where(Event.kind == "product.updated").order_by(Event.seq)


def test_a_product_needs_a_name_and_gets_the_rest(tx: Tx) -> None:
    product = get_row(tx, Product, create_product(tx, name="Mr Sparkle", quantity=3))
    assert (product["slug"], len(product["code"]), product["status"]) == ("mr-sparkle", 10, "in_stock")
    assert (product["is_published"], product["has_inventory"], product["brand_id"]) == (True, False, None)
    assert product["created_at"] == product["updated_at"] == tx.now
    with pytest.raises(Invalid, match="name must not be empty"):
        create_product(tx, name=" ")


@pytest.mark.parametrize(
    ("name", "code", "slug"),
    [
        ("Crème  Brûlée!", "A", "creme-brulee"),
        ("洗剤", "Box 9", "box-9"),
        ("洗剤", "洗", "洗"),
        ("--A--", "x", "a"),
    ],
)
def test_a_slug_comes_of_the_name_or_else_of_the_code(tx: Tx, name: str, code: str, slug: str) -> None:
    assert get_row(tx, Product, create_product(tx, name=name, code=code))["slug"] == slug


def test_a_made_slug_finds_a_free_number_and_a_given_one_must_be_free(tx: Tx) -> None:
    slugs = [get_row(tx, Product, create_product(tx, name="Lamp"))["slug"] for _ in range(3)]
    assert slugs == ["lamp", "lamp-2", "lamp-3"]
    with pytest.raises(SlugTaken):
        create_product(tx, name="Other", slug="LAMP-2")


def test_a_code_is_one_products_own_without_regard_to_case(tx: Tx) -> None:
    first = create_product(tx, name="One", code="abc")
    with pytest.raises(CodeTaken):
        create_product(tx, name="Two", code="ABC")
    update_product(tx, product_id=first, code="Abc")
    second = create_product(tx, name="Two", code="abd")
    with pytest.raises(CodeTaken):
        update_product(tx, product_id=second, code="ABC")


def test_a_change_touches_only_what_is_named(tx: Tx) -> None:
    product = create_product(tx, name="Lamp", quantity=5)
    before = get_row(tx, Product, product)
    update_product(tx, product_id=product, quantity=0)
    assert get_row(tx, Product, product) == {**before, "quantity": 0}
    with pytest.raises(ProductNotFound):
        update_product(tx, product_id=product + 1, quantity=0)


def test_limits_must_leave_room(tx: Tx) -> None:
    product = create_product(tx, name="Lamp", limit_minimum=3)
    with pytest.raises(Invalid, match="above the maximum"):
        update_product(tx, product_id=product, limit_maximum=2)
    update_product(tx, product_id=product, limit_maximum=3)


@pytest.mark.parametrize(
    "fields", [{"brand_id": 9}, {"category_ids": [9]}, {"custom_values": {"Nobody": "x"}}]
)
def test_what_a_product_names_must_exist(tx: Tx, fields: dict[str, Any]) -> None:
    with pytest.raises(Invalid, match="does not exist"):
        create_product(tx, name="Lamp", **fields)


def test_categories_are_replaced_and_custom_values_are_added_to(tx: Tx) -> None:
    left, right = create_category(tx, name="Left"), create_category(tx, name="Right")
    colour, size = create_custom_field(tx, name="Colour"), create_custom_field(tx, name="Size")
    product = create_product(tx, name="Lamp", category_ids=[left], custom_values={"COLOUR": "red"})
    update_product(tx, product_id=product, category_ids=[right, right], custom_values={str(size): "10"})
    assert [row[0] for row in tx.all(CATEGORIES)] == [right]
    assert dict(tx.all(VALUES)) == {colour: "red", size: "10"}
    update_product(tx, product_id=product, custom_values={"Colour": ""})
    assert dict(tx.all(VALUES)) == {size: "10"}


def test_a_field_that_shares_its_name_is_reached_by_its_number(tx: Tx) -> None:
    older, younger = create_custom_field(tx, name="Colour"), create_custom_field(tx, name="Colour")
    product = create_product(tx, name="Lamp", custom_values={"Colour": "red", younger: "green"})
    assert dict(tx.all(VALUES)) == {older: "red", younger: "green"}
    named_by_number = create_custom_field(tx, name=str(older))
    update_product(tx, product_id=product, custom_values={str(older): "by name", older: "by number"})
    assert dict(tx.all(VALUES)) == {older: "by number", younger: "green", named_by_number: "by name"}


def test_an_event_tells_what_categories_and_values_were(tx: Tx) -> None:
    shelf, field = create_category(tx, name="Shelf"), create_custom_field(tx, name="Colour")
    product = create_product(tx, name="Lamp", category_ids=[shelf])
    update_product(tx, product_id=product, category_ids=[], custom_values={"Colour": "red"})
    assert tx.changes[-1].before == {"category_ids": [shelf], "custom_values": {str(field): ""}}
    assert tx.changes[-1].after == {"category_ids": [], "custom_values": {str(field): "red"}}
    set_custom_value(tx, product_id=product, field_id=field, value="blue")
    assert tx.changes[-1].before == {"custom_values": {str(field): "red"}}


def test_a_product_is_taken_off_a_shelf_once(tx: Tx) -> None:
    shelf = create_category(tx, name="Shelf")
    product = create_product(tx, name="Lamp", category_ids=[shelf])
    unlink_category(tx, product_id=product, category_id=shelf)
    with pytest.raises(NotLinked):
        unlink_category(tx, product_id=product, category_id=shelf)
    with pytest.raises(ProductNotFound):
        unlink_category(tx, product_id=product + 1, category_id=shelf)


def test_what_hangs_on_a_product_goes_with_it_and_what_it_hangs_on_stays_behind(tx: Tx) -> None:
    brand, shelf, field = (
        create_brand(tx, name="B"),
        create_category(tx, name="C"),
        create_custom_field(tx, name="F"),
    )
    product = create_product(tx, name="P", brand_id=brand, category_ids=[shelf], custom_values={"F": "x"})
    create_variant(tx, product_id=product, code="V")
    create_pricing(tx, product_id=product, price_e4=10_000)
    remove_brand(tx, brand_id=brand)
    remove_category(tx, category_id=shelf)
    remove_custom_field(tx, field_id=field)
    assert get_row(tx, Product, product)["brand_id"] is None
    assert (tx.all(CATEGORIES), tx.all(VALUES)) == ([], [])
    remove_product(tx, product_id=product)
    with pytest.raises(ProductNotFound):
        get_row(tx, Product, product)


def test_numbers_go_on_above_the_one_that_is_kept(tx: Tx) -> None:
    assert create_product(tx, id=40, name="Kept") == 40
    assert create_product(tx, name="Next") == 41
    assert create_brand(tx, id=7, name="Kept") == 7
    assert create_brand(tx, name="Next") == 8


def test_products_of_one_name_made_at_once_get_slugs_of_their_own(shop: OpenShop) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: shop.write(lambda tx: create_product(tx, name="Lamp")), range(12)))
    slugs = shop.read(lambda tx: {row[0] for row in tx.all(select(Product.slug))})
    assert slugs == {"lamp", *(f"lamp-{number}" for number in range(2, 13))}


def test_changes_made_at_once_follow_each_other(shop: OpenShop) -> None:
    product = shop.write(lambda tx: create_product(tx, name="Lamp", quantity=0))

    def stock(quantity: int) -> None:
        shop.write(lambda tx: update_product(tx, product_id=product, quantity=quantity))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(stock, range(1, 13)))
    told = shop.read(lambda tx: tx.all(QUANTITIES))
    seen = [before["quantity"] for before, _ in told if before]
    assert seen == [0, *(after["quantity"] for _, after in told[:-1] if after)]
