from comptoir.domain.catalogue.belongings import (
    FEW_PRODUCTS,
    Shelf,
    few_products_in,
    ids_called,
    list_children,
    names_of,
    paths_of,
)
from comptoir.domain.catalogue.categories import create_category, set_parent
from comptoir.domain.catalogue.models import Brand, Category, Product, ProductCategory
from comptoir.domain.catalogue.products import create_product
from comptoir.domain.tx import Tx


def test_names_are_found_of_what_there_is(tx: Tx) -> None:
    product = create_product(tx, name="Lamp")
    assert names_of(tx, Product, [product, 99, None]) == {product: "Lamp"}
    assert names_of(tx, Brand, []) == {}


def test_things_are_found_by_a_part_of_their_names_in_any_case(tx: Tx) -> None:
    found = [create_product(tx, name=name) for name in ("Desk LAMP", "Chair", "lampshade")]
    assert ids_called(tx, Product, "Lamp") == [found[0], found[2]]
    assert ids_called(tx, Product, "lamp", limit=1) == [found[0]]
    assert ids_called(tx, Category, "%") == []


def test_categories_are_told_from_the_top_down(tx: Tx) -> None:
    top, below = create_category(tx, name="Clothes"), create_category(tx, name="Shirts")
    set_parent(tx, category_id=below, parent_id=top)
    assert list_children(tx, top) == [Shelf(below, "Shirts", top)]


def test_paths_end_at_rings_and_at_what_is_not_known() -> None:
    shelves = [Shelf(1, "a", 2), Shelf(2, "b", 1), Shelf(3, "c", 9), Shelf(4, "d", 3)]
    assert paths_of(shelves) == {1: ["b", "a"], 2: ["a", "b"], 3: ["c"], 4: ["c", "d"]}


def test_a_full_category_is_not_counted_out(tx: Tx) -> None:
    product, few = create_product(tx, name="Lamp"), create_category(tx, name="Few")
    full = create_category(tx, name="Full")
    tx.insert(ProductCategory, product_id=product, category_id=few)
    assert few_products_in(tx, [few, full]) == [product]
    for number in range(FEW_PRODUCTS + 1):
        tx.insert(ProductCategory, product_id=create_product(tx, name=f"{number}"), category_id=full)
    assert few_products_in(tx, [full]) is None
