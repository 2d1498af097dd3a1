"""The four sets of parameters: what each sells, and what cannot be sold."""

from collections.abc import Mapping
from typing import Any

import pytest

from comptoir.domain.catalogue.options import NewValue, create_option, set_options
from comptoir.domain.checkout.actions import fill_in, open_checkout
from comptoir.domain.checkout.asking import kind_of, read_cart
from comptoir.domain.checkout.carts import Cart, Choice, Period, read_price
from comptoir.domain.checkout.errors import CartRefused, SellerUnknown
from comptoir.domain.checkout.parameters import read_parameters
from comptoir.domain.tx import Tx
from tests.domain.checkout.shopping import SID, add_product, be_seller, begun, seen

LINE = {"mode": "2CO", "li_0_name": "Shirt", "li_0_price": "10.00"}


def cart_of(tx: Tx, parameters: Mapping[str, str], **more: Any) -> Cart:
    asked = read_parameters(parameters.items())
    return read_cart(tx, asked, **{"quantities": {}, "chosen": {}, **more})


def refused(tx: Tx, parameters: Mapping[str, str]) -> list[str]:
    with pytest.raises(CartRefused) as error:
        cart_of(tx, parameters)
    return [name for name, _ in error.value.problems]


# ---------------------------------------------------------------------------------- which set it is


@pytest.mark.parametrize(
    ("parameters", "kind"),
    [
        ({"mode": "2CO", "product_id": "1", "total": "1", "cart_order_id": "a"}, "pass-through"),
        ({"product_id": "1", "total": "1", "cart_order_id": "a"}, "plug-and-play"),
        ({"product_id2": "1"}, "plug-and-play"),
        ({"total": "1", "cart_order_id": "a", "x_login": "1"}, "third-party"),
        ({"x_login": "1", "x_amount": "1", "x_invoice_num": "a"}, "authorize-net"),
    ],
)
def test_the_first_set_that_fits_is_meant(parameters: dict[str, str], kind: str) -> None:
    assert kind_of(read_parameters(parameters.items())) == kind


def test_a_link_that_says_nothing_of_what_is_bought_is_refused(tx: Tx) -> None:
    assert refused(tx, {"sid": SID}) == ["mode"]


# --------------------------------------------------------------------------------------- pass-through


def test_lines_stand_in_the_order_of_their_numbers_with_gaps_between_them(tx: Tx) -> None:
    cart = cart_of(tx, {
        "mode": "2CO", "li_10_name": "Third", "li_10_price": "3", "li_2_name": "First", "li_2_price": "1",
        "li_3_type": "shipping", "li_3_price": "2.50",
    })  # fmt: skip
    assert [(line.key, line.name, line.type, line.price_e4) for line in cart.lines] == [
        ("2", "First", "product", 10_000), ("3", "Shipping", "shipping", 25_000), ("10", "Third", "product", 30_000),
    ]  # fmt: skip
    assert [line.is_tangible for line in cart.lines] == [False, True, False]


def test_the_total_counts_options_startup_fees_and_quantities_and_takes_coupons_off(tx: Tx) -> None:
    cart = cart_of(tx, LINE | {
        "li_0_quantity": "2", "li_0_recurrence": "1 Month", "li_0_duration": "1 Year", "li_0_startup_fee": "-1.50",
        "li_0_option_0_name": "Size", "li_0_option_0_value": "L", "li_0_option_0_surcharge": "0.25",
        "li_1_type": "coupon", "li_1_name": "Spring", "li_1_price": "3.00", "li_2_type": "tax", "li_2_price": "1.10",
    })  # fmt: skip
    line = cart.lines[0]
    assert line.choices == (Choice("Size", "L", 2_500),)
    assert (line.recurrence, line.duration) == (Period(1, "month"), Period(1, "year"))
    assert cart.minor("USD") == 2 * (1000 + 25 - 150) - 300 + 110


def test_a_duration_of_forever_has_no_end(tx: Tx) -> None:
    cart = cart_of(tx, LINE | {"li_0_recurrence": "2 week", "li_0_duration": "Forever"})
    assert (cart.lines[0].recurrence, cart.lines[0].duration) == (Period(2, "week"), None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("li_0_type", "gift"), ("li_0_type", "Product"), ("li_0_name", "x" * 129), ("li_0_name", "<b>"),
        ("li_0_quantity", "1000"), ("li_0_quantity", "-1"), ("li_0_quantity", "1.5"), ("li_0_quantity", "one"),
        ("li_0_price", "-0.01"), ("li_0_price", "100000000"), ("li_0_price", "$1"), ("li_0_price", "1.001"),
        ("li_0_price", "1e3"), ("li_0_price", "1,50"), ("li_0_tangible", "maybe"), ("li_0_description", "x" * 256),
        ("li_0_recurrence", "monthly"), ("li_0_recurrence", "0 Month"), ("li_0_recurrence", "11 Year"),
        ("li_0_option_0_name", "<x>"), ("li_0_option_0_value", "x" * 65), ("li_0_option_0_surcharge", "-1"),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_meant_is_refused_by_its_name(tx: Tx, name: str, value: str) -> None:
    assert refused(tx, LINE | {name: value}) == [name]


def test_every_problem_is_told_at_once(tx: Tx) -> None:
    parameters = LINE | {"li_0_price": "a", "li_1_type": "b", "li_7_quantity": "c"}
    assert refused(tx, parameters) == ["li_0_price", "li_1_type", "li_7_quantity"]


@pytest.mark.parametrize(
    "more",
    [
        {"li_0_quantity": "0"},
        {"li_0_price": "0"},
        {"li_1_type": "coupon", "li_1_price": "10.00"},
        {"li_1_type": "coupon", "li_1_price": "10.01"},
        {"li_0_price": "99999999.99", "li_0_quantity": "2"},
        {"li_0_recurrence": "1 Month", "li_0_startup_fee": "-10.00"},
        {f"li_{n}_{what}": value for n in range(3) for what, value in (("price", "1"), ("quantity", "999"))},
        {"li_0_type": "shipping"},
    ],
)
def test_a_cart_that_comes_to_nothing_or_to_too_much_is_refused(tx: Tx, more: dict[str, str]) -> None:
    assert len(refused(tx, LINE | more)) == 1


def test_links_escaped_twice_are_read(tx: Tx) -> None:
    parameters = {"mode": "2CO", "amp;li_0_price": "5", "amp;amp;li_0_name": "Mug", "amp;": "lost"}
    assert [(line.name, line.price_e4) for line in cart_of(tx, parameters).lines] == [("Mug", 50_000)]


@pytest.mark.parametrize(("text", "e4"), [("0", 0), ("0.5", 5_000), (" 12.340000 ", 123_400), ("7.", 70_000)])
def test_prices_are_read_to_the_cent(text: str, e4: int) -> None:
    assert read_price(text) == e4


# ---------------------------------------------------------------------------------------- third party


def test_the_total_is_billed_whatever_the_lines_say(tx: Tx) -> None:
    cart = cart_of(tx, {
        "total": "25.99", "cart_order_id": "Order 12", "id_type": "1", "c_prod_1": "shirt,2", "c_name_1": "Shirt",
        "c_price_1": "99.00", "c_prod_2": "mug", "c_tangible_2": "Y",
    })  # fmt: skip
    (line,) = cart.lines
    assert (line.name, line.price_e4, line.is_cart, line.is_tangible) == ("Order 12", 259_900, True, True)
    assert line.description == "2 x Shirt, mug"


def test_another_gateways_words_mean_the_same(tx: Tx) -> None:
    cart = cart_of(tx, {"x_login": SID, "x_amount": "25.99", "x_invoice_num": "12"})
    assert [(line.name, line.price_e4) for line in cart.lines] == [("12", 259_900)]


@pytest.mark.parametrize(
    ("parameters", "names"),
    [
        ({"total": "1.00"}, ["cart_order_id"]),
        ({"cart_order_id": "1"}, ["total"]),
        ({"cart_order_id": "1", "total": "1", "c_prod": "a,b"}, ["c_prod"]),
        ({"cart_order_id": "1", "total": "1", "c_price_3": "free"}, ["c_price_3"]),
        ({"cart_order_id": "x" * 129, "total": "1"}, ["cart_order_id"]),
        ({"x_login": SID}, ["x_amount", "x_invoice_num"]),
    ],
)
def test_what_a_third_party_cart_must_say(tx: Tx, parameters: dict[str, str], names: list[str]) -> None:
    assert refused(tx, parameters) == names


# -------------------------------------------------------------------------------------- plug-and-play


def test_products_come_from_the_catalogue_with_their_terms(tx: Tx) -> None:
    shirt = add_product(tx, price_special_e4=80_000)
    plan = add_product(tx, name="Plan", terms={
        "is_recurring": True, "recurrence_unit": "month", "recurrence_count": 1, "startup_fee_e4": 5_000,
        "vendor_product_id": "plan-1",
    })  # fmt: skip
    cart = cart_of(tx, {"product_id": str(shirt), "quantity": "2", "product_id1": str(plan)})
    assert [(line.key, line.name, line.quantity, line.piece_e4, line.code) for line in cart.lines] == [
        ("p", "Shirt", 2, 80_000, cart.lines[0].code), ("p1", "Plan", 1, 105_000, "plan-1"),
    ]  # fmt: skip
    assert cart.lines[1].recurrence == Period(1, "month")


def test_options_are_the_first_values_until_the_buyer_chooses(tx: Tx) -> None:
    shirt = add_product(tx)
    size = create_option(tx, name="Size", values=[NewValue("S", 0), NewValue("XL", 20_000)])
    set_options(tx, product_id=shirt, option_ids=[size])
    be_seller(tx)
    key = begun(tx, {"sid": SID, "product_id": str(shirt)})
    offered = seen(tx, key).options["p"][0]
    assert seen(tx, key).cart.lines[0].choices == (Choice("Size", "S", 0, size),)
    view = fill_in(tx, key=key, chosen={"p": {str(size): str(offered.choices[1].id)}})
    assert (view.cart.lines[0].choices[0].value, view.bill.total_minor) == ("XL", 1200)


@pytest.mark.parametrize(
    "more", [{"product_id": "9999"}, {"product_id": "shirt"}, {"product_id": "1" * 30}, {"quantity": "100"}]
)
def test_a_product_that_is_not_sold_is_refused(tx: Tx, more: dict[str, str]) -> None:
    parameters = {"product_id": str(add_product(tx))} | more
    assert refused(tx, parameters) == list(more)


def test_a_product_that_is_not_published_is_not_for_sale(tx: Tx) -> None:
    assert refused(tx, {"product_id": str(add_product(tx, is_published=False))}) == ["product_id"]


def test_a_products_own_limits_hold(tx: Tx) -> None:
    shirt = str(add_product(tx, limit_minimum=2, limit_maximum=4))
    assert refused(tx, {"product_id": shirt}) == ["quantity"]
    assert refused(tx, {"product_id": shirt, "quantity": "5"}) == ["quantity"]
    assert cart_of(tx, {"product_id": shirt, "quantity": "4"}).pieces == 4


# ------------------------------------------------------------------------------------------ the seller


@pytest.mark.parametrize("sid", ["", "1", "abc", "1817037 OR 1=1"])
def test_another_sellers_link_opens_nothing(tx: Tx, sid: str) -> None:
    be_seller(tx)
    with pytest.raises(SellerUnknown):
        open_checkout(tx, parameters=[*LINE.items(), ("sid", sid)])


@pytest.mark.parametrize(
    "pair",
    [
        ("x" * 200, "1"),
        ("note", "x" * 5_000),
        ("note", "\0"),
        ("note", "\ud800"),
        ("merchant_order_id", "x" * 51),
    ],
)
def test_parameters_that_cannot_be_kept_are_refused(tx: Tx, pair: tuple[str, str]) -> None:
    be_seller(tx)
    with pytest.raises(CartRefused):
        open_checkout(tx, parameters=[*LINE.items(), ("sid", SID), pair])


def test_too_many_parameters_are_refused(tx: Tx) -> None:
    with pytest.raises(CartRefused):
        read_parameters((f"p{n}", "") for n in range(20_000))
