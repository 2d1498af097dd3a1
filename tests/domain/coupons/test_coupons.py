import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from comptoir.domain.catalogue.products import create_product, remove_product
from comptoir.domain.coupons.actions import create_coupon, remove_coupon, update_coupon
from comptoir.domain.coupons.errors import CouponCodeTaken, CouponExpired, CouponNotFound
from comptoir.domain.coupons.models import CouponProduct
from comptoir.domain.coupons.queries import get_coupon, list_coupons, usable_coupon
from comptoir.domain.errors import Invalid
from comptoir.domain.identity.shopkeeping import change_shop
from comptoir.domain.tx import OpenShop, Tx
from tests.conftest import NOW

SALE: dict[str, Any] = {"type": "sale", "expires_on": date(2026, 3, 31), "percent_ppm": 50_000}
BOUND = select(func.count()).select_from(CouponProduct)


def test_a_coupon_is_found_by_its_code_in_any_case(tx: Tx) -> None:
    assert create_coupon(tx, code="Spring", **SALE) == "Spring"
    coupon = get_coupon(tx, "sPRING")
    assert (coupon.code, coupon.percent_ppm, coupon.value_e4) == ("Spring", 50_000, None)
    with pytest.raises(CouponNotFound):
        get_coupon(tx, "Autumn")
    with pytest.raises(CouponCodeTaken):
        create_coupon(tx, code="SPRING", **SALE)


def test_a_code_is_made_where_none_is_given(tx: Tx) -> None:
    codes = {create_coupon(tx, **SALE) for _ in range(20)}
    assert len(codes) == 20
    assert all(re.fullmatch("[A-Z0-9]{7}", code) for code in codes)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"type": "gift"}, "type"),
        ({"percent_ppm": None}, "percent_ppm"),
        ({"percent_ppm": 0}, "percent_ppm"),
        ({"percent_ppm": 1_000_001}, "percent_ppm"),
        ({"value_e4": 1}, "value_e4"),
        ({"percent_ppm": None, "value_e4": 0}, "value_e4"),
        ({"minimum_e4": -1}, "minimum_e4"),
        ({"type": "product", "product_ids": [7]}, "product_ids"),
        ({"code": "   "}, "code"),
    ],
)
def test_a_coupon_that_does_not_fit_is_refused(tx: Tx, fields: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        create_coupon(tx, **SALE | fields)
    assert refusal.value.field == field
    assert list_coupons(tx) == []


def test_a_coupon_goes_until_the_end_of_its_day_where_the_shop_is(shop: OpenShop) -> None:
    def at(moment: datetime) -> None:
        shop.system = lambda: moment
        shop.read(lambda tx: usable_coupon(tx, "spring"))

    shop.write(lambda tx: create_coupon(tx, code="SPRING", **SALE))
    shop.write(lambda tx: change_shop(tx, time_zone="America/New_York"))
    over = datetime(2026, 4, 1, 4, 0, tzinfo=UTC)  # midnight there
    at(NOW)
    at(over - timedelta(microseconds=1))
    with pytest.raises(CouponExpired) as refusal:
        at(over)
    assert refusal.value.expired_on == date(2026, 3, 31)
    shop.system = lambda: NOW


def test_a_percentage_and_a_value_take_each_others_place(tx: Tx) -> None:
    create_coupon(tx, code="C", **SALE)
    update_coupon(tx, coupon_code="c", value_e4=7)
    assert (get_coupon(tx, "C").percent_ppm, get_coupon(tx, "C").value_e4) == (None, 7)
    update_coupon(tx, coupon_code="C", percent_ppm=8, minimum_e4=5)
    assert (get_coupon(tx, "C").percent_ppm, get_coupon(tx, "C").value_e4) == (8, None)
    with pytest.raises(Invalid):
        update_coupon(tx, coupon_code="C", percent_ppm=None)
    update_coupon(tx, coupon_code="C", type="shipping")
    assert (get_coupon(tx, "C").percent_ppm, get_coupon(tx, "C").minimum_e4) == (None, 5)


def test_a_code_is_changed_unless_another_coupon_has_it(tx: Tx) -> None:
    create_coupon(tx, code="A", **SALE)
    create_coupon(tx, code="B", **SALE)
    with pytest.raises(CouponCodeTaken):
        update_coupon(tx, coupon_code="A", code="b")
    assert update_coupon(tx, coupon_code="A", code="a") == "a"
    assert update_coupon(tx, coupon_code="a", code="C") == "C"
    with pytest.raises(CouponNotFound):
        update_coupon(tx, coupon_code="A", code="D")


def test_a_coupon_is_for_products_as_long_as_they_are_there(tx: Tx) -> None:
    first, second = (create_product(tx, name=name) for name in ("one", "two"))
    create_coupon(tx, code="P", **SALE | {"type": "product", "product_ids": [second, first, first]})
    assert get_coupon(tx, "P").product_ids == {first, second}
    remove_product(tx, product_id=first)
    assert get_coupon(tx, "P").product_ids == {second}
    update_coupon(tx, coupon_code="P", is_for_all=True, product_ids=[])
    assert (get_coupon(tx, "P").is_for_all, get_coupon(tx, "P").product_ids) == (True, frozenset())
    update_coupon(tx, coupon_code="P", product_ids=[second], is_for_all=False)
    update_coupon(tx, coupon_code="P", type="sale")
    assert tx.value(BOUND) == 0


def test_a_removed_coupon_is_gone_with_what_it_was_for(tx: Tx) -> None:
    product_id = create_product(tx, name="one")
    create_coupon(tx, code="P", **SALE | {"type": "product", "product_ids": [product_id]})
    remove_coupon(tx, coupon_code="p")
    assert (list_coupons(tx), tx.value(BOUND)) == ([], 0)
    with pytest.raises(CouponNotFound):
        remove_coupon(tx, coupon_code="P")


def test_every_change_is_noted(tx: Tx) -> None:
    create_coupon(tx, code="C", **SALE)
    update_coupon(tx, coupon_code="C", expires_on=date(2027, 1, 1), code="D")
    remove_coupon(tx, coupon_code="D")
    assert [change.kind for change in tx.changes] == ["coupon.created", "coupon.updated", "coupon.removed"]
    changed = tx.changes[1]
    assert changed.before == {"code": "C", "expires_on": "2026-03-31"}
    assert changed.after == {"code": "D", "expires_on": "2027-01-01"}
