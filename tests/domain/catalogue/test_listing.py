from typing import Any

import pytest

from comptoir.domain.catalogue.listing import (
    ORDERS,
    OptionSearch,
    Page,
    ProductSearch,
    list_options,
    list_products,
)
from comptoir.domain.catalogue.options import NewValue, create_option, set_options
from comptoir.domain.catalogue.products import create_product
from comptoir.domain.catalogue.terms import set_terms
from comptoir.domain.tx import Tx

NAMES = ["Öl", "İstanbul lamp", "100% wool_lamp", "lamp", "LAMP oil", "x"]


@pytest.fixture
def shelf(tx: Tx) -> list[int]:
    """Six products, of which every other one has terms."""
    ids = [create_product(tx, name=name, code=f"C{place}") for place, name in enumerate(NAMES)]
    for product_id in ids[::2]:
        set_terms(
            tx,
            product_id=product_id,
            is_new=True,
            vendor_product_id=f"V-{product_id}",
            handling_e4=product_id,
        )
    return ids


def asked(tx: Tx, search: ProductSearch | None = None, **page: Any) -> Page:
    options: dict[str, Any] = {"order": "product_id", "is_descending": False, "limit": 100, "start": 0} | page
    return list_products(tx, search or ProductSearch(), **options)


@pytest.mark.parametrize(
    ("part", "places"),
    [
        ("lamp", [1, 2, 3, 4]),
        ("LAMP", [1, 2, 3, 4]),
        ("ö", [0]),
        ("%", [2]),
        ("l_l", [2]),
        ("oil", [4]),
        ("q", []),
    ],
)
def test_a_part_of_the_name_finds_products_whatever_its_case_and_length(
    tx: Tx, shelf: list[int], part: str, places: list[int]
) -> None:
    assert asked(tx, ProductSearch(name=part)) == ([shelf[place] for place in places], len(places))


def test_products_are_found_by_the_numbers_they_go_by(tx: Tx, shelf: list[int]) -> None:
    assert asked(tx, ProductSearch(vendor_product_id=f"v-{shelf[0]}")).ids == [shelf[0]]
    assert asked(tx, ProductSearch(vendor_product_id="c1")).ids == [shelf[1]]
    assert asked(tx, ProductSearch(vendor_product_id="C0")) == ([], 0)
    assert asked(tx, ProductSearch(assigned_id=shelf[1])).ids == [shelf[1]]
    assert asked(tx, ProductSearch(assigned_id=10**9)) == ([], 0)
    assert asked(tx, ProductSearch(name="lamp", vendor_product_id="c1", assigned_id=shelf[1])).ids == [
        shelf[1]
    ]


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("is_descending", [False, True])
def test_pages_of_any_order_hold_each_product_once(
    tx: Tx, shelf: list[int], order: str, *, is_descending: bool
) -> None:
    sorting: dict[str, Any] = {"order": order, "is_descending": is_descending}
    pages = [asked(tx, limit=4, start=start, **sorting) for start in (0, 4, 8)]
    assert [page.total for page in pages] == [6, 6, 6]
    assert sorted(one for page in pages for one in page.ids) == shelf
    assert [*pages[0].ids, *pages[1].ids] == asked(tx, **sorting).ids


def test_what_has_no_value_comes_before_what_has(tx: Tx, shelf: list[int]) -> None:
    without, having = shelf[1::2], shelf[::2]
    assert asked(tx, order="handling").ids == [*without, *having]
    assert asked(tx, order="handling", is_descending=True).ids == [*having[::-1], *without]


def test_options_are_found_by_parts_of_names(tx: Tx, shelf: list[int]) -> None:
    size = create_option(tx, name="Size", values=[NewValue("small", 0), NewValue("big_1", 0)])
    colour = create_option(tx, name="colour", values=[NewValue("red", 0)])
    set_options(tx, product_id=shelf[0], option_ids=[size])

    def found(name: str = "", value: str = "", **page: Any) -> list[int]:
        options: dict[str, Any] = {"order": "id", "is_descending": False, "limit": 9, "start": 0} | page
        return list_options(tx, OptionSearch(name, value), **options).ids

    assert found() == [size, colour]
    assert found(order="name") == [colour, size]
    assert found("SI") == [size]
    assert found(value="RED") == [colour]
    assert found("o", "g_1") == []
    assert found(value="g_1") == [size]
    assert found(start=1) == [colour]
