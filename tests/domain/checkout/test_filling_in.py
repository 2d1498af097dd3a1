"""What a buyer fills in: addresses, quantities, coupons, shipping, tax, currency; and the bill that follows."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import select

from comptoir.domain.checkout.actions import fill_in, forget_checkouts
from comptoir.domain.checkout.addresses import Address, address_problems, person_name
from comptoir.domain.checkout.errors import (
    CardDeclined,
    CartRefused,
    CheckoutClosed,
    CheckoutNotFound,
    CouponTooMuch,
    SoldOut,
)
from comptoir.domain.checkout.models import Checkout
from comptoir.domain.checkout.queries import get_checkout
from comptoir.domain.checkout.steps import SINGLE, landing, step_after, steps_of
from comptoir.domain.coupons.actions import create_coupon
from comptoir.domain.coupons.errors import BelowMinimum, CouponNotFound
from comptoir.domain.errors import Invalid, Problems
from comptoir.domain.inventory.actions import create_warehouse
from comptoir.domain.inventory.queries import stock_of
from comptoir.domain.inventory.stock import FROM_OUTSIDE, in_warehouse, move_stock
from comptoir.domain.merchant.offers import create_shipping_method, set_rate, set_tax
from comptoir.domain.orders.models import Invoice, Order, OrderLine
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.checkout.shopping import (
    BAD,
    HERE,
    ONE_SHIRT,
    SID,
    THERE,
    add_product,
    be_seller,
    begun,
    opened,
    paid,
    seen,
)

LINES = select(OrderLine.type, OrderLine.name, OrderLine.amount_minor).order_by(OrderLine.id)
TANGIBLE = {"is_tangible": True, "handling_e4": 5_000}
TOMORROW = date(2026, 3, 2)


def currency_of(key: str, tx: Tx) -> str:
    return seen(tx, key).bill.customer_currency


def shirt_link(tx: Tx, **fields: Any) -> dict[str, str]:
    return {"sid": SID, "product_id": str(add_product(tx, **fields))}


# -------------------------------------------------------------------------------- addresses and steps


@pytest.mark.parametrize(
    ("address", "names"),
    [
        (Address(), {"name", "street", "city", "country", "email"}),
        (replace(HERE, state="", postcode=""), {"state", "postcode"}),
        (replace(HERE, country="DEU", state="", postcode=""), set()),
        (replace(HERE, country="JPN"), {"street2"}),
        (replace(HERE, country="Atlantis"), {"country"}),
        (replace(HERE, email="joan"), {"email"}),
        (replace(HERE, street="x" * 65, phone="1" * 17), {"street", "phone"}),
        (replace(HERE, city="a\0b"), {"city"}),
    ],
)
def test_what_an_address_must_have(address: Address, names: set[str]) -> None:
    assert {name for name, _ in address_problems(address)} == names


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("Joan Shopper", ("Joan", "", "Shopper")),
        ("Joan Q. Shopper", ("Joan", "Q", "Shopper")),
        ("Joan van der Shopper", ("Joan", "", "van der Shopper")),
        ("Joan", ("Joan", "", "")),
        ("", ("", "", "")),
    ],
)
def test_a_name_is_told_in_parts(name: str, parts: tuple[str, str, str]) -> None:
    assert person_name(name) == parts


def test_an_address_that_is_refused_is_not_kept(shop: OpenShop) -> None:
    shop.write(be_seller)
    key = shop.write(lambda tx: begun(tx, ONE_SHIRT))
    with pytest.raises(Problems) as refused:
        shop.write(lambda tx: fill_in(tx, key=key, billing=Address(name="Joan")))
    assert ("billing.city", "is missing") in refused.value.problems
    assert shop.read(lambda tx: seen(tx, key).answers.billing) == Address()


def test_what_the_link_says_of_the_buyer_is_filled_in(tx: Tx) -> None:
    be_seller(tx)
    link = ONE_SHIRT | {
        "card_holder_name": "Joan Shopper", "street_address": "1 Main Street", "city": "Columbus", "state": "OH",
        "zip": "43123", "country": "United States", "email": "joan@example.com", "phone": "1" * 40,
        "ship_name": "Gift", "ship_street_address": "2 Side Street", "ship_country": "us",
    }  # fmt: skip
    answers = seen(tx, begun(tx, link)).answers
    assert (answers.billing.country, answers.billing.phone, answers.billing.city) == ("USA", "", "Columbus")
    assert (answers.shipping.name, answers.shipping.country, answers.is_same) == ("Gift", "USA", False)


def test_another_gateways_words_fill_in_too(tx: Tx) -> None:
    be_seller(tx)
    link = {
        "x_login": SID, "x_amount": "1", "x_invoice_num": "7", "x_First_Name": "Joan", "x_last_name": "Shopper",
        "x_address": "1 Main Street", "x_ship_to_first_name": "Gift",
    }  # fmt: skip
    answers = seen(tx, begun(tx, link)).answers
    assert (answers.billing.name, answers.billing.street) == ("Joan Shopper", "1 Main Street")
    assert answers.shipping.name == "Gift"


def test_only_what_is_sent_asks_where_to(tx: Tx) -> None:
    be_seller(tx)
    assert steps_of(seen(tx, begun(tx, ONE_SHIRT))) == (
        "review-cart",
        "billing-information",
        "payment-method",
    )
    tangible = seen(tx, begun(tx, ONE_SHIRT | {"li_0_tangible": "Y"}))
    assert steps_of(tangible)[1:3] == ("shipping-information", "shipping-method")


@pytest.mark.parametrize(
    ("more", "step"),
    [
        ({}, "review-cart"),
        ({"skip_landing": "1"}, "billing-information"),
        ({"purchase_step": "payment-method"}, "billing-information"),
        ({"purchase_step": "no-such-step"}, "review-cart"),
    ],
)
def test_where_a_buyer_lands(tx: Tx, more: dict[str, str], step: str) -> None:
    be_seller(tx)
    assert landing(seen(tx, begun(tx, ONE_SHIRT | more))) == step


def test_a_buyer_who_is_known_lands_at_the_card(tx: Tx) -> None:
    be_seller(tx)
    key = begun(tx, ONE_SHIRT | {"purchase_step": "payment-method"})
    view = fill_in(tx, key=key, billing=HERE)
    assert (landing(view), step_after(view, "review-cart")) == ("payment-method", "billing-information")


def test_a_single_page_is_for_what_is_not_sent(tx: Tx) -> None:
    be_seller(tx)
    key = begun(tx, ONE_SHIRT, is_single=True)
    assert steps_of(seen(tx, key)) == (SINGLE,)
    key = begun(tx, ONE_SHIRT | {"li_0_tangible": "Y"}, is_single=True)
    assert steps_of(seen(tx, key))[0] == "review-cart"


# ------------------------------------------------------------------------------------------ quantities


def test_quantities_may_be_changed_unless_they_are_fixed(tx: Tx) -> None:
    be_seller(tx)
    key = begun(tx, ONE_SHIRT)
    assert fill_in(tx, key=key, quantities={"0": 3}).bill.total_minor == 3
    fixed = begun(tx, ONE_SHIRT | {"fixed": "Y"})
    with pytest.raises(Invalid):
        fill_in(tx, key=fixed, quantities={"0": 3})
    whole = begun(tx, {"sid": SID, "total": "1", "cart_order_id": "1"})
    with pytest.raises(Invalid):
        fill_in(tx, key=whole, quantities={"1": 3})


@pytest.mark.parametrize("quantities", [{"0": 1000}, {"0": -1}, {"9": 1}])
def test_quantities_have_limits(tx: Tx, quantities: dict[str, int]) -> None:
    be_seller(tx)
    key = begun(tx, ONE_SHIRT)
    with pytest.raises(Invalid):
        fill_in(tx, key=key, quantities=quantities)


def test_a_cart_cannot_be_emptied(tx: Tx) -> None:
    be_seller(tx)
    key = begun(tx, ONE_SHIRT)
    with pytest.raises(CartRefused):
        fill_in(tx, key=key, quantities={"0": 0})


# ---------------------------------------------------------------------- coupon, shipping, tax, currency


def test_shipping_coupon_and_tax_are_lines_of_the_order(shop: OpenShop) -> None:
    def prepare(tx: Tx) -> dict[str, str]:
        be_seller(tx)
        create_shipping_method(tx, name="Slow", carrier="Post", price_e4=30_000, further_piece_e4=10_000)
        create_shipping_method(tx, name="Fast", carrier="Courier", price_e4=90_000)
        create_shipping_method(tx, name="Never", price_e4=1, countries=["NZL"])
        set_tax(tx, country="USA", state="OH", name="Sales tax", rate_ppm=72_500, is_on_shipping=False)
        create_coupon(tx, code="TEN", type="sale", percent_ppm=100_000, expires_on=TOMORROW)
        return shirt_link(tx, terms=TANGIBLE) | {"quantity": "2", "coupon": "ten"}

    key = opened(shop, shop.write(prepare))
    view = shop.read(lambda tx: seen(tx, key))
    assert [way.name for way in view.ways] == ["Slow", "Fast"]
    shop.write(lambda tx: fill_in(tx, key=key, method_id=view.ways[1].id))
    row = paid(shop, key)
    # 2 x 10.00, 9.00 and twice 0.50 to ship, 10 % off the goods, 7.25 % of what is left of them.
    assert shop.read(lambda tx: tx.all(LINES)) == [
        ("product", "Shirt", 1000), ("product", "Shirt", 1000), ("shipping", "Fast", 1000),
        ("coupon", "TEN", -200), ("tax", "Sales tax", 131),
    ]  # fmt: skip
    facts = select(Order.total_minor, Order.shipping_method, Order.carrier, Order.delivery_name)
    assert shop.read(lambda tx: tx.one(facts)) == (2931, "Fast", "Courier", "Gift Receiver")
    assert row.order_id


def test_a_coupon_in_the_link_that_is_not_good_is_left_out(tx: Tx) -> None:
    be_seller(tx)
    assert seen(tx, begun(tx, ONE_SHIRT | {"coupon": "NONE"})).bill.coupon == ""


def test_a_coupon_that_is_typed_in_is_refused_with_its_reason(tx: Tx) -> None:
    be_seller(tx)
    key = begun(tx, ONE_SHIRT)
    with pytest.raises(CouponNotFound):
        fill_in(tx, key=key, coupon="NONE")
    create_coupon(tx, code="BIG", type="sale", percent_ppm=100_000, minimum_e4=10_000, expires_on=TOMORROW)
    with pytest.raises(BelowMinimum):
        fill_in(tx, key=key, coupon="BIG")
    assert fill_in(tx, key=key, quantities={"0": 100}).bill.total_minor == 100
    assert fill_in(tx, key=key, coupon="big").bill.total_minor == 90
    assert isinstance(fill_in(tx, key=key, quantities={"0": 50}).coupon_refusal, BelowMinimum)
    assert fill_in(tx, key=key, coupon="").bill.total_minor == 50


def test_a_coupon_that_leaves_nothing_to_pay_is_refused(tx: Tx) -> None:
    be_seller(tx)
    create_coupon(tx, code="ALL", type="sale", value_e4=50_000, expires_on=TOMORROW)
    link = ONE_SHIRT | {"li_0_price": "4.00"}
    assert seen(tx, begun(tx, link | {"coupon": "ALL"})).bill.coupon == ""
    key = begun(tx, link)
    with pytest.raises(CouponTooMuch):
        fill_in(tx, key=key, coupon="ALL")
    assert fill_in(tx, key=key, coupon="ALL", quantities={"0": 2}).bill.total_minor == 300
    view = fill_in(tx, key=key, quantities={"0": 1})
    assert (view.bill.total_minor, type(view.coupon_refusal)) == (400, CouponTooMuch)


def test_a_way_to_ship_must_go_there(tx: Tx) -> None:
    be_seller(tx)
    never = create_shipping_method(tx, name="Never", price_e4=1, countries=["NZL"])
    key = begun(tx, shirt_link(tx, terms=TANGIBLE))
    with pytest.raises(Invalid):
        fill_in(tx, key=key, shipping=THERE, method_id=never)


def test_the_buyer_pays_in_a_currency_that_has_a_rate(shop: OpenShop) -> None:
    shop.write(be_seller)
    shop.write(lambda tx: set_rate(tx, currency="JPY", since=date(2026, 1, 1), rate_e8=97_25000000))
    key = opened(shop, ONE_SHIRT | {"li_0_price": "10.01", "currency_code": "jpy"})
    paid(shop, key)
    facts = select(Invoice.customer_currency, Invoice.customer_total_minor)
    assert shop.read(lambda tx: tx.one(facts)) == ("JPY", 973)
    shop.write(lambda tx: set_rate(tx, currency="BTX", since=date(2026, 1, 1), rate_e8=10))
    for tiny_or_unknown in ("XYZ", "BTX"):
        key = opened(shop, ONE_SHIRT | {"currency_code": tiny_or_unknown})
        assert shop.read(partial(currency_of, key)) == "AUD"


# ----------------------------------------------------------------------------------------------- stock


def counted_link(tx: Tx, pieces: int) -> dict[str, str]:
    be_seller(tx)
    link = shirt_link(tx, has_inventory=True)
    for number, held in enumerate((pieces - 1, 1)):
        house = create_warehouse(tx, name=f"House {number}", code=f"h{number}")
        product_id = int(link["product_id"])
        move_stock(
            tx, product_id=product_id, quantity=held, origin=FROM_OUTSIDE, destination=in_warehouse(house)
        )
    return link


def test_what_is_sold_leaves_the_warehouses_and_no_more_than_there_is(shop: OpenShop) -> None:
    link = shop.write(lambda tx: counted_link(tx, 5))
    product_id = int(link["product_id"])
    first, second = opened(shop, link | {"quantity": "5"}), opened(shop, link)
    paid(shop, first)
    assert shop.read(lambda tx: stock_of(tx, product_id=product_id)) == 0
    with pytest.raises(SoldOut) as refused:
        paid(shop, second)
    assert refused.value.left == 0
    assert shop.read(lambda tx: get_checkout(tx, second).state) == "open"


def test_what_is_not_paid_for_is_put_back(shop: OpenShop) -> None:
    link = shop.write(lambda tx: counted_link(tx, 5))
    key = opened(shop, link | {"quantity": "5"})
    for _ in range(2):
        with pytest.raises(CardDeclined):
            paid(shop, key, BAD)
        assert shop.read(lambda tx: stock_of(tx, product_id=int(link["product_id"]))) == 5
    paid(shop, key)
    assert shop.read(lambda tx: stock_of(tx, product_id=int(link["product_id"]))) == 0


def test_more_than_there_is_cannot_be_put_into_the_cart(shop: OpenShop) -> None:
    key = opened(shop, shop.write(lambda tx: counted_link(tx, 5)))
    with pytest.raises(SoldOut):
        shop.write(lambda tx: fill_in(tx, key=key, quantities={"p": 6}))


# ------------------------------------------------------------------------------------------- its end


def test_what_is_paid_cannot_be_changed(shop: OpenShop) -> None:
    shop.write(be_seller)
    key = opened(shop)
    paid(shop, key)
    with pytest.raises(CheckoutClosed):
        shop.write(lambda tx: fill_in(tx, key=key, quantities={"0": 2}))


def test_what_nobody_paid_for_is_forgotten_after_a_month(tx: Tx) -> None:
    be_seller(tx)
    key, kept = begun(tx, ONE_SHIRT), begun(tx, ONE_SHIRT)
    tx.update(Checkout, get_checkout(tx, key).id, expires_at=tx.now - timedelta(days=31))
    assert forget_checkouts(tx) == 1
    with pytest.raises(CheckoutNotFound):
        get_checkout(tx, key)
    assert get_checkout(tx, kept)
