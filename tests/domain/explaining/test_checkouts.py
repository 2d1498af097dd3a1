"""What was bought at a checkout: list and special prices, pricings, options, coupons, taxes by their rules."""

from datetime import date
from typing import Any

from comptoir.domain.catalogue.options import NewValue, create_option, set_options
from comptoir.domain.catalogue.pricings import create_pricing
from comptoir.domain.coupons.actions import create_coupon, remove_coupon
from comptoir.domain.explaining.asking import explain
from comptoir.domain.explaining.nodes import TIMES
from comptoir.domain.merchant.offers import create_shipping_method, remove_tax, set_tax
from comptoir.domain.orders.placing import place_order
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.checkout.shopping import SID, add_product, be_seller, opened, paid
from tests.domain.explaining.given import prove_everything, prove_kept, shown
from tests.domain.orders.given import a_line

SALE_DAY = date(2026, 3, 2)
TERMS = {"is_tangible": True, "startup_fee_e4": 12_345, "is_recurring": True, "recurrence_unit": "month",
         "recurrence_count": 1}  # fmt: skip


def a_shop(tx: Tx) -> dict[str, str]:
    """A shirt on special offer with an option, a coupon, a tax and a way to ship; the link to buy two."""
    be_seller(tx)
    shirt = add_product(tx, price_special_e4=80_000, terms=TERMS)
    size = create_option(tx, name="Size", values=[NewValue("XL", 20_000)])
    set_options(tx, product_id=shirt, option_ids=[size])
    create_coupon(tx, code="TEN", type="sale", percent_ppm=100_000, expires_on=SALE_DAY)
    create_shipping_method(tx, name="Ground", carrier="UPS", price_e4=50_000)
    set_tax(tx, country="USA", state="OH", name="Sales tax", rate_ppm=72_500, is_on_shipping=True)
    return {"sid": SID, "product_id": str(shirt), "quantity": "2"}


def test_a_checkout_is_told_by_its_rules(shop: OpenShop) -> None:
    asked = shop.write(a_shop)
    key = opened(shop, asked, coupon="TEN")
    order_id = paid(shop, key).order_id
    assert order_id is not None
    told = shop.read(lambda tx: shown(explain(tx, "order", order_id).made_of))
    assert told[:1] + told[8:] == [
        "total: 27.04",
        f"  1 {TIMES} Shirt: 11.23",
        "    price: 11.2345",
        "      list price: 10.00",
        "      special price: -2.00",
        "      option Size: XL: 2.00",
        "      startup fee: 1.2345",
        "    rounded to what can be paid: -0.0045",
        "  Ground: 5.00",
        "    Delivery: 5.00",
        "  coupon TEN: -2.25",
        "    off Shirt: -1.13",
        "    off Shirt: -1.12",
        "  Sales tax: 1.83",
        "    7.25 % of 25.21: 1.8277",
        "    rounding remainder of the tax: 0.0023",
    ]
    shop.read(prove_everything)
    shop.read(prove_kept)
    shop.write(lambda tx: remove_coupon(tx, coupon_code="TEN"))
    shop.write(lambda tx: remove_tax(tx, country="USA", state="OH"))
    coupon, tax = shop.read(lambda tx: explain(tx, "order", order_id).made_of).parts[-2:]
    assert (coupon.amount, coupon.parts, tax.amount, tax.parts) == ("-2.25", (), "1.83", ())
    assert "as it was when the order was placed" in coupon.why
    shop.read(prove_everything)


def test_the_pricing_that_a_price_comes_from_is_named(tx: Tx) -> None:
    shirt = add_product(tx)
    given: dict[str, Any] = {"product_id": shirt, "name": "Wholesale", "sign": "-", "modifier": "%"}
    pricing = create_pricing(tx, **given, price_e4=125_000, minimum_quantity=5)
    order_id = place_order(tx, lines=[a_line("8.75", 6, product_id=shirt)])
    assert shown(explain(tx, "order", order_id).made_of)[2:] == [
        "    price: 52.50",
        "      list price: 60.00",
        "      pricing Wholesale: -7.50",
    ]
    assert explain(tx, "pricing", pricing).made_of.amount == "8.75"
    assert "Wholesale: -12.50 % from 5 pieces on" in explain(tx, "product", shirt).made_of.why
    few = place_order(tx, lines=[a_line("8.75", 4, product_id=shirt)])
    assert "as it came" in shown(explain(tx, "order", few).made_of)[3]
    prove_everything(tx)
