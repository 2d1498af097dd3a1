"""A shop that sells: products with and without terms, options, categories of categories, coupons of all types."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from comptoir.domain.catalogue.categories import create_category, set_parent
from comptoir.domain.catalogue.models import Product
from comptoir.domain.catalogue.options import NewValue, create_option, set_options
from comptoir.domain.catalogue.products import create_product
from comptoir.domain.catalogue.terms import set_terms
from comptoir.domain.coupons.actions import create_coupon

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop, Tx


def load(shop: OpenShop) -> None:
    """Fill the shelves."""
    shop.write(_categories)
    shop.write(_options)
    shop.write(_products)
    shop.write(_coupons)


def _categories(tx: Tx) -> None:
    create_category(tx, id=1, name="Art & Antiques")
    create_category(tx, id=17, name="Photography", description="Cameras and prints")
    create_category(tx, id=80, name="Education")
    set_parent(tx, category_id=17, parent_id=1)


def _options(tx: Tx) -> None:
    # Values get numbers 1 to 5, in this order.
    create_option(
        tx,
        id=4688550010,
        name="Volume",
        values=[NewValue("Low", 10_000), NewValue("Medium", 20_000), NewValue("High", 30_000)],
    )
    create_option(tx, id=4688550020, name="Colour", values=[NewValue("Red", 0), NewValue("Blüe", 1_500)])


def _products(tx: Tx) -> None:
    create_product(
        tx, id=4774388564, code="club", name="Monthly Club", preview="Once a month", description="Each month, again.",
        price_rrp_e4=300, weight_e4=15_000, category_ids=[80, 17],
    )  # fmt: skip
    set_terms(
        tx, product_id=4774388564, is_new=True, vendor_product_id="club-1", is_tangible=True, handling_e4=10_000,
        is_recurring=True, recurrence_unit="month", recurrence_count=1, startup_fee_e4=5_000,
        approved_url="https://shop.example/thanks", has_commission=True, commission_type="percentage",
        commission_e4=50_000,
    )  # fmt: skip
    set_options(tx, product_id=4774388564, option_ids=[4688550020, 4688550010])
    create_product(tx, id=4774388570, code="e-book", name="An E-Book", price_rrp_e4=29_999_900)
    set_terms(tx, product_id=4774388570, is_new=True, vendor_product_id="")
    # Known from elsewhere: nobody ever said how it is sold.
    create_product(
        tx, id=4774388580, code="LAMP-7", name="club lamp", price_rrp_e4=200_000, price_special_e4=150_050,
        weight_e4=12_345,
    )  # fmt: skip
    tx.update(Product, 4774388580, image1="4774388580.png", image3="4774388580_3.jpg")


def _coupons(tx: Tx) -> None:
    on = date(2026, 12, 31)
    create_coupon(tx, code="SHIPFREE", type="shipping", expires_on=on, minimum_e4=10_000)
    create_coupon(tx, code="5OFF", type="sale", expires_on=on, percent_ppm=50_000)
    create_coupon(
        tx, code="CLUB", type="product", expires_on=on, value_e4=5_000, product_ids=[4774388564, 4774388570]
    )
    create_coupon(tx, code="EVERY", type="product", expires_on=on, percent_ppm=125_000, is_for_all=True)
