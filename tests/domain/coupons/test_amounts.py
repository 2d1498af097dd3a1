from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.domain.coupons.amounts import CouponFacts, Discount, discount_of
from comptoir.domain.coupons.errors import BelowMinimum, WrongProduct
from comptoir.domain.coupons.models import COUPON_TYPES

LINES = [(1, 1000), (2, 335), (1, 1000)]


def coupon(kind: str, **facts: Any) -> CouponFacts:
    plain: dict[str, Any] = {
        "id": 1, "code": "C", "percent_ppm": None, "value_e4": None, "minimum_e4": None,
        "expires_on": date(2030, 1, 1), "is_for_all": False,
    }  # fmt: skip
    return CouponFacts(type=kind, **plain | facts)


def taken_off(
    one: CouponFacts, lines: list[tuple[int, int]] | None = None, currency: str = "USD"
) -> Discount:
    return discount_of(one, lines=LINES if lines is None else lines, shipping_minor=700, currency=currency)


@pytest.mark.parametrize(
    ("kind", "facts", "on_lines", "on_shipping"),
    [
        ("shipping", {}, (0, 0, 0), 700),
        ("sale", {"percent_ppm": 100_000}, (101, 33, 100), 0),
        ("sale", {"percent_ppm": 1_000_000}, (1000, 335, 1000), 0),
        ("sale", {"value_e4": 10_000}, (43, 14, 43), 0),
        ("sale", {"value_e4": 100_000_000}, (1000, 335, 1000), 0),
        ("product", {"percent_ppm": 500_000, "product_ids": frozenset({2})}, (0, 168, 0), 0),
        ("product", {"value_e4": 50_000, "product_ids": frozenset({1, 9})}, (500, 0, 500), 0),
        ("product", {"value_e4": 50_000, "is_for_all": True}, (500, 335, 500), 0),
        ("product", {"value_e4": 50_000, "is_for_all": True, "minimum_e4": 233_500}, (500, 335, 500), 0),
    ],
)
def test_a_coupon_takes_off_what_it_says(
    kind: str, facts: dict[str, Any], on_lines: tuple[int, ...], on_shipping: int
) -> None:
    discount = taken_off(coupon(kind, **facts))
    assert discount == Discount(on_lines, on_shipping)
    assert discount.total == sum(on_lines) + on_shipping


def test_amounts_are_minor_units_of_the_currency() -> None:
    assert taken_off(coupon("sale", value_e4=10_000), [(1, 1000)], "JPY").on_lines == (1,)
    assert taken_off(coupon("sale", value_e4=10_000), [(1, 9000)], "KWD").on_lines == (1000,)


def test_a_coupon_for_other_products_is_refused_before_too_small_a_purchase() -> None:
    narrow = coupon("product", value_e4=1, minimum_e4=10**9, product_ids=frozenset({3}))
    with pytest.raises(WrongProduct):
        taken_off(narrow)
    with pytest.raises(WrongProduct):
        taken_off(coupon("product", value_e4=1))
    with pytest.raises(WrongProduct):
        taken_off(coupon("product", value_e4=1, is_for_all=True), [])


def test_a_purchase_below_the_minimum_is_refused() -> None:
    with pytest.raises(BelowMinimum) as refusal:
        taken_off(coupon("shipping", minimum_e4=233_600))
    assert (refusal.value.minimum_minor, refusal.value.amount_minor) == (2336, 2335)


@given(
    kind=st.sampled_from(COUPON_TYPES),
    percent=st.none() | st.integers(1, 1_000_000),
    value=st.integers(1, 10**9),
    lines=st.lists(st.tuples(st.integers(1, 3), st.integers(0, 10**7)), min_size=1, max_size=6),
    shipping=st.integers(0, 10**5),
    currency=st.sampled_from(["USD", "JPY", "KWD"]),
)
def test_nothing_is_taken_off_that_is_not_there(
    *, kind: str, percent: int | None, value: int, lines: list[tuple[int, int]], shipping: int, currency: str
) -> None:
    one = coupon(kind, percent_ppm=percent, value_e4=None if percent else value, is_for_all=True)
    discount = discount_of(one, lines=lines, shipping_minor=shipping, currency=currency)
    assert len(discount.on_lines) == len(lines)
    assert all(0 <= off <= amount for off, (_, amount) in zip(discount.on_lines, lines, strict=True))
    assert 0 <= discount.on_shipping <= shipping
    assert (discount.on_shipping > 0) <= (kind == "shipping")
