from typing import Any

import pytest

from comptoir.domain.catalogue.belongings import (
    custom_values_of,
    list_pricings,
    list_variants,
    option_ids_of,
)
from comptoir.domain.catalogue.categories import create_category
from comptoir.domain.catalogue.copying import copy_product
from comptoir.domain.catalogue.custom_fields import create_custom_field
from comptoir.domain.catalogue.errors import ProductNotFound
from comptoir.domain.catalogue.models import Product
from comptoir.domain.catalogue.options import NewValue, create_option, set_options
from comptoir.domain.catalogue.pricings import create_pricing
from comptoir.domain.catalogue.products import create_product
from comptoir.domain.catalogue.queries import get_row
from comptoir.domain.catalogue.terms import set_terms, terms_of
from comptoir.domain.catalogue.variants import create_variant
from comptoir.domain.tx import Tx

MONTHLY: dict[str, Any] = {"is_recurring": True, "recurrence_unit": "month", "recurrence_count": 1}


def furnished(tx: Tx) -> int:
    """A product with one of everything that hangs on products."""
    field = create_custom_field(tx, name="Fabric")
    product = create_product(
        tx, name="Shirt", code="shirt", price_rrp_e4=500_000, quantity=4, seo_title="Shirts",
        category_ids=[create_category(tx, name="Clothes")], custom_values={field: "Silk"},
    )  # fmt: skip
    option = create_option(tx, name="Size", values=[NewValue("Small", 0)])
    set_options(tx, product_id=product, option_ids=[option])
    create_pricing(
        tx, product_id=product, name="Ten", price_e4=100_000, modifier="%", sign="-", minimum_quantity=10
    )
    create_variant(tx, product_id=product, name="Red", code="red", stock=3, description="As red as can be")
    set_terms(tx, product_id=product, **MONTHLY)
    return product


def test_a_copy_has_all_that_hangs_on_the_product(tx: Tx) -> None:
    product = furnished(tx)
    copy = copy_product(tx, product_id=product)
    row = get_row(tx, Product, copy)
    assert (row["name"], row["price_rrp_e4"], row["seo_title"]) == ("Shirt (copy)", 500_000, "Shirts")
    assert custom_values_of(tx, copy) == custom_values_of(tx, product)
    assert option_ids_of(tx, copy) == option_ids_of(tx, product)
    assert [one[1:] for one in list_pricings(tx, copy)] == [one[1:] for one in list_pricings(tx, product)]
    assert [(one.name, one.stock) for one in list_variants(tx, copy)] == [("Red", 0)]
    assert terms_of(tx, [copy])[copy].recurrence_unit == "month"


def test_a_copy_is_called_by_names_of_its_own_and_has_no_pieces(tx: Tx) -> None:
    product = furnished(tx)
    copies = [get_row(tx, Product, copy_product(tx, product_id=product)) for _ in range(2)]
    assert len({row["code"] for row in copies} | {"shirt"}) == 3
    assert len({row["slug"] for row in copies}) == 2
    assert {(row["quantity"], row["is_published"], row["status"]) for row in copies} == {
        (0, False, "out_of_stock")
    }
    numbers = [terms_of(tx, [row["id"]])[row["id"]] for row in copies]
    assert [one.vendor_product_id for one in numbers] == [row["code"] for row in copies]
    assert len({one.assigned_id for one in numbers}) == 2


def test_a_copy_of_a_plain_product_has_no_terms(tx: Tx) -> None:
    product = create_product(tx, name="x" * 255)
    copy = copy_product(tx, product_id=product)
    assert len(get_row(tx, Product, copy)["name"]) == 255
    assert terms_of(tx, [copy])[copy].assigned_id == copy


def test_what_is_not_there_is_not_copied(tx: Tx) -> None:
    with pytest.raises(ProductNotFound):
        copy_product(tx, product_id=9)
