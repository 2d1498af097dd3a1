from typing import Any

from comptoir.domain.catalogue.products import create_product
from comptoir.domain.catalogue.terms import set_terms
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.exchange.given import imported, rows_of


def refused(shop: OpenShop, name: str, rows: list[dict[str, Any]]) -> list[tuple[int, str]]:
    return [(problem.row_number, problem.field) for problem in imported(shop, name, rows).refused]


def test_a_category_may_come_before_the_one_it_belongs_to(shop: OpenShop) -> None:
    rows = [{"id": 3, "name": "leaf", "parent_id": 7}, {"id": 7, "name": "branch", "parent_id": 9}]
    assert refused(shop, "categories", [*rows, {"id": 9, "name": "tree"}]) == []
    assert [(row["id"], row["parent_id"]) for row in rows_of(shop, "categories")] == [
        (3, 7),
        (7, 9),
        (9, None),
    ]


def test_categories_that_belong_to_each_other_or_to_nothing_are_refused(shop: OpenShop) -> None:
    rows = [
        {"id": 1, "name": "a", "parent_id": 2},
        {"id": 2, "name": "b", "parent_id": 1},
        {"id": 3, "name": "c", "parent_id": 3},
        {"id": 4, "name": "d", "parent_id": 99},
        {"id": 5, "name": "e", "parent_id": 0},
    ]
    assert refused(shop, "categories", rows) == [(number, "parent_id") for number in range(1, 6)]


def test_options_keep_their_ids_and_order_and_new_ones_go_above(shop: OpenShop) -> None:
    values = [{"id": 900, "name": "S"}, {"name": "M", "surcharge": "0.5000"}, {"id": 3, "name": "L"}]
    assert refused(shop, "options", [{"id": 50, "name": "Size", "values": values}]) == []
    (row,) = rows_of(shop, "options")
    assert [value["id"] for value in row["values"]] == [900, 901, 3]
    assert refused(shop, "products", [{"id": 1, "name": "Shirt", "option_ids": [50]}]) == []
    assert refused(shop, "options", [{"id": 51, "name": "Other", "values": [{"id": 3, "name": "x"}]}]) == [
        (1, "values")
    ]


def test_products_have_their_options_in_the_order_of_the_file(shop: OpenShop) -> None:
    options = [{"id": number, "name": "o", "values": [{"name": "v"}]} for number in (1, 2, 3)]
    assert refused(shop, "options", options) == []
    assert refused(shop, "products", [{"id": 7, "name": "Shirt", "option_ids": [3, 1, 2, 1]}]) == []
    assert rows_of(shop, "products")[0]["option_ids"] == [3, 1, 2]


def test_terms_keep_their_numbers_and_further_ones_go_above_the_small(shop: OpenShop) -> None:
    products = [{"id": number, "name": "p"} for number in (40, 41, 4_603_286)]
    assert refused(shop, "products", products) == []
    terms = [
        {"product_id": 40, "assigned_id": 12},
        {"product_id": 4_603_286, "assigned_id": 4_603_286},
        {"product_id": 41},
    ]
    assert refused(shop, "product_terms", terms) == []
    assert [row["assigned_id"] for row in rows_of(shop, "product_terms")] == [12, 41, 4_603_286]

    def sold(tx: Tx) -> int:
        return set_terms(tx, product_id=create_product(tx, name="New"), is_new=True)

    assert shop.write(sold) == 13
    assert refused(shop, "product_terms", [{"product_id": 41, "is_tangible": True}]) == [(1, "product_id")]
    more = [{"id": 42, "name": "p"}, {"id": 43, "name": "p"}]
    assert refused(shop, "products", more) == []
    twice = [{"product_id": 42, "assigned_id": 12}, {"product_id": 43, "assigned_id": 5}]
    assert refused(shop, "product_terms", [*twice, {"product_id": 43, "assigned_id": 6}]) == [
        (1, "assigned_id"), (3, "product_id"),
    ]  # fmt: skip


def test_of_two_coupons_with_one_code_the_second_is_refused(shop: OpenShop) -> None:
    coupon = {"code": "Spring", "type": "sale", "expires_on": "2030-01-31", "percent_ppm": 1}
    assert refused(shop, "coupons", [coupon, coupon | {"code": "SPRING"}]) == [(2, "code")]
    assert refused(shop, "coupons", [coupon | {"code": "sprinG"}]) == [(1, "code")]
    (kept,) = rows_of(shop, "coupons")
    assert (kept["code"], kept["percent_ppm"], kept["product_ids"]) == ("Spring", 1, [])
