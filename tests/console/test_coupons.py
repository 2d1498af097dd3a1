"""Coupons: made, found, changed, put on products, removed."""

from datetime import date
from typing import Any

import pytest

from comptoir.domain.catalogue.products import create_product
from comptoir.domain.coupons.actions import create_coupon, update_coupon
from comptoir.domain.coupons.amounts import CouponFacts
from comptoir.domain.coupons.queries import get_coupon
from comptoir.domain.events.queries import list_events_of
from comptoir.domain.tx import OpenShop, Tx
from tests.console.visiting import Visitor, signed_in

LAST = date(2026, 12, 31)


def kept(shop: OpenShop, code: str) -> CouponFacts:
    return shop.read(lambda tx: get_coupon(tx, code))


def test_a_coupon_is_made_found_changed_and_removed(shop: OpenShop, visitor: Visitor) -> None:
    page = visitor.done(
        "/coupons/new",
        "/coupons/new",
        code="TEN/OFF?",
        percent_ppm="10",
        expires_on="2026-12-31",
        minimum_e4="50",
    )
    assert "The coupon was created." in page.main
    coupon = kept(shop, "ten/off?")
    assert (coupon.type, coupon.percent_ppm, coupon.minimum_e4, coupon.expires_on) == (
        "sale",
        100_000,
        500_000,
        LAST,
    )
    assert visitor.get("/coupons?code=off").rows[0][:5] == [
        "TEN/OFF?",
        "sale",
        "10 %",
        "50.00 AUD",
        "2026-12-31",
    ]
    assert visitor.get("/coupons?until_to=2026-12-30").rows == []
    assert len(visitor.get("/coupons?until_from=2026-12-31&type=sale&all=0").rows) == 1
    assert visitor.get("/coupons?until_from=soon").rows == []
    assert visitor.get("/coupons/by-code?code=Ten%2Foff%3F").location == "/console/coupons/1"
    for code in ("none", "a%00b", ""):
        assert visitor.get(f"/coupons/by-code?code={code}").status == 404
    page = visitor.done(page, "/update", code="FIVE", percent_ppm="", value_e4="5")
    coupon = kept(shop, "five")
    assert (coupon.percent_ppm, coupon.value_e4) == (None, 50_000)
    assert "coupon updated" in page.main
    (newest, *_) = shop.read(lambda tx: list_events_of(tx, subject="coupon", subject_id=1))
    assert (newest.actor, newest.dialect) == ("Ada", "console")
    assert visitor.done(page, "/1/remove").rows == []


def test_a_code_is_made_when_none_is_given(shop: OpenShop, visitor: Visitor) -> None:
    page = visitor.done("/coupons/new", "/coupons/new", type="shipping", expires_on="2026-12-31")
    code = page.tree.xpath("string(//h1)")
    assert kept(shop, code).type == "shipping"
    assert "the delivery" in page.main


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"expires_on": ""}, "must not be empty"),
        ({"expires_on": "tomorrow"}, "must be a day such as 2026-01-31"),
        ({"percent_ppm": "0"}, "must be above 0 and at most 100 %"),
        ({"percent_ppm": "101"}, "must be above 0 and at most 100 %"),
        ({"percent_ppm": "1e999999"}, "is too large"),
        ({"percent_ppm": ""}, "or a value must be given"),
        ({"value_e4": "5"}, "must not be given with a percentage"),
        ({"value_e4": "-5"}, "must be 0 or more"),
        ({"minimum_e4": "-5"}, "must be 0 or more"),
        ({"code": "taken"}, "'taken' is taken by coupon 1"),
        ({"code": "x" * 256}, "is longer than 255 characters"),
        ({"type": "gift"}, "must be one of the choices"),
        ({"type": "product", "product_ids": "7"}, "names product 7, which does not exist"),
        ({"type": "product", "product_ids": "lamp"}, "must be a whole number"),
        ({"type": "product", "product_ids": "9" * 30}, "must be a whole number"),
    ],
)
def test_a_coupon_that_cannot_be_is_not_made(
    shop: OpenShop, visitor: Visitor, values: dict[str, Any], problem: str
) -> None:
    shop.write(lambda tx: create_coupon(tx, code="TAKEN", type="shipping", expires_on=LAST))
    said: dict[str, Any] = {"code": "new", "percent_ppm": "10", "expires_on": "2026-12-31", **values}
    told = visitor.fill("/coupons/new", "/coupons/new", **said)
    assert told.status == 422
    assert problem in told.problems
    assert len(visitor.get("/coupons").rows) == 1


def test_a_coupon_is_put_on_products_that_are_looked_for(shop: OpenShop, visitor: Visitor) -> None:
    def make(tx: Tx) -> None:
        for name in ("Lamp", "Lampshade", "Chair"):
            create_product(tx, name=name, code=name)
        create_coupon(tx, code="C", type="product", percent_ppm=100_000, expires_on=LAST)

    shop.write(make)
    assert "It is for no product yet" in visitor.get("/coupons/1").main
    page = visitor.get("/coupons/1?find=lamp")
    assert "Add Lampshade" in page.main
    assert "Add Chair" not in page.main
    page = visitor.done(page, "/add-product", product="2")
    assert kept(shop, "C").product_ids == {2}
    csrf = page.form("/sign-out").fields["csrf"]
    for product, status in (("1", 303), ("99", 422), ("x", 422), ("9" * 30, 422)):
        answer = visitor.post("/console/coupons/1/add-product", {"csrf": csrf, "product": product})
        assert answer.status == status
    assert kept(shop, "C").product_ids == {1, 2}
    assert visitor.get("/coupons/1").form("/update").fields["product_ids"] == "1, 2"
    visitor.done("/coupons/1", "/drop-product", product="2")
    assert kept(shop, "C").product_ids == {1}
    visitor.done("/coupons/1", "/update", product_ids="3 1", is_for_all=None)
    assert kept(shop, "C").product_ids == {1, 3}
    mine = visitor.get("/coupons/1")
    shop.write(lambda tx: update_coupon(tx, coupon_code="C", product_ids=[1]))
    assert visitor.fill(mine, "/update", product_ids="2").status == 422


def test_who_sees_sales_only_changes_no_coupon(home: Any, shop: OpenShop) -> None:
    shop.write(lambda tx: create_coupon(tx, code="C", type="shipping", expires_on=LAST))
    accountant = signed_in(home, "accountant")
    page = accountant.get("/coupons/1")
    assert (page.status, page.tree.xpath("//main//form[@method='post']")) == (200, [])
    csrf = page.form("/sign-out").fields["csrf"]
    for act in ("update", "remove", "add-product", "drop-product"):
        assert accountant.post(f"/console/coupons/1/{act}", {"csrf": csrf, "product": "1"}).status == 403
    assert accountant.post("/console/coupons/new", {"csrf": csrf}).status == 403
    assert len(accountant.get("/coupons").rows) == 1
