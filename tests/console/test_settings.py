"""Settings: seen by those who may look, changed by those who may, each change an event; hostile values refused."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from comptoir.console.settings import SECTIONS
from comptoir.dialects.edge import ServedShop
from comptoir.domain.events.queries import list_events
from comptoir.domain.merchant.actions import update_merchant
from comptoir.domain.merchant.queries import (
    get_merchant,
    list_rates,
    list_shipping_methods,
    list_taxes,
    shipping_methods,
    tax_rate_of,
)
from comptoir.domain.tx import OpenShop
from tests.console.visiting import Visitor, signed_in

Values = dict[str, Any]
HOSTILE = '"><script>alert(1)</script>'


def told(shop: OpenShop, kind: str) -> list[Any]:
    return [one for one in shop.read(list_events) if one.kind == kind]


def test_every_page_of_settings_is_reached_from_the_first(visitor: Visitor) -> None:
    page = visitor.get("/settings")
    tiles = page.tree.xpath("//ul[contains(@class, 'places')]//a/@href")
    assert len(tiles) == len(set(tiles)) == 11
    for path in (one for one in tiles if one.startswith("/console/settings")):
        assert visitor.get(path).status == 200, path


def test_the_shop_is_called_otherwise(shop: OpenShop, visitor: Visitor) -> None:
    page = visitor.done(
        "/settings/company", "/shop", name=HOSTILE, time_zone="Europe/Paris", site_url="https://shop.example"
    )
    assert "The settings were saved." in page.main
    assert "<script>alert" not in page.text
    facts = shop.read(lambda tx: tx.shop)
    assert (facts.name, facts.zone.key, facts.site_url) == (HOSTILE, "Europe/Paris", "https://shop.example")
    (event,) = told(shop, "shop.updated")
    assert (event.actor, event.dialect, event.before["time_zone"]) == ("Ada", "console", "UTC")


@pytest.mark.parametrize(
    ("values", "problem"),
    [
        ({"name": ""}, "must not be empty"),
        ({"time_zone": "Mars/Olympus"}, "must be one of the choices"),
        ({"site_url": "javascript:alert(1)"}, "must begin with http:// or https://"),
        ({"name": "a\0b"}, "holds characters that cannot be kept"),
    ],
)
def test_a_shop_that_cannot_be_is_refused(
    shop: OpenShop, visitor: Visitor, values: dict[str, Any], problem: str
) -> None:
    answer = visitor.fill("/settings/company", "/shop", **values)
    assert answer.status == 422
    assert problem in " ".join(answer.problems)
    assert told(shop, "shop.updated") == []


def test_the_company_is_told_to_clients(shop: OpenShop, visitor: Visitor) -> None:
    visitor.done(
        "/settings/company", "/company", name="Comptoir & Sons", service_email="help@example.com",
        mailing_country="FRA", mailing_city="Lyon", site_description="Lamps\nand shades",
    )  # fmt: skip
    merchant = shop.read(get_merchant)
    assert (merchant.name, merchant.service_email, merchant.mailing_country) == (
        "Comptoir & Sons", "help@example.com", "FRA",
    )  # fmt: skip
    page = visitor.get("/settings/company")
    assert page.form("/company").fields["mailing_country"] == "FRA"
    assert "merchant changed" in page.main
    answer = visitor.fill(page, "/company", service_email="nobody", mailing_country="XXX")
    assert answer.status == 422
    assert shop.read(get_merchant).service_email == "help@example.com"


def test_how_buyers_pay_and_come_back(shop: OpenShop, visitor: Visitor) -> None:
    visitor.done(
        "/settings/checkout", "/checkout", vendor_id="1817037", gateway="sandbox", demo="P",
        return_method="2", return_url="https://shop.example/thanks", secret_word="tango",
    )  # fmt: skip
    merchant = shop.read(get_merchant)
    assert (merchant.vendor_id, merchant.gateway, merchant.demo) == (1817037, "sandbox", "P")
    assert (merchant.return_method, merchant.secret_word) == (2, "tango")
    page = visitor.get("/settings/checkout")
    assert "tango" not in page.text
    assert "tango" not in str(told(shop, "merchant.changed")[0])
    visitor.done(page, "/checkout", vendor_id="1817038")
    assert shop.read(get_merchant).secret_word == "tango", "nothing typed leaves it as it is"


def test_what_the_2checkout_api_is_told(shop: OpenShop, visitor: Visitor) -> None:
    visitor.done("/settings/checkout", "/api", public_base="https://api.example", refuse_empty_payments="1")
    settings = shop.read(lambda tx: tx.shop.settings)
    assert settings == {"public_base": "https://api.example", "refuse_empty_payments": True}
    visitor.done("/settings/checkout", "/api", public_base="", refuse_empty_payments=None)
    assert shop.read(lambda tx: tx.shop.settings) == {}
    assert visitor.fill("/settings/checkout", "/api", public_base="ftp://x").status == 422


def test_fraud_refunds_payouts_and_fees(shop: OpenShop, visitor: Visitor) -> None:
    visitor.done("/settings/fraud", "/fraud", fraud_review_minutes="240", refund_days="90")
    visitor.done(
        "/settings/payouts", "/payouts", fee_ppm="5.5", fee_fixed_minor="0.45", reserve_ppm="3",
        payout_method="wire", payout_weekday="3", release_level_minor="1,000.00", reserve_days="60",
    )  # fmt: skip
    merchant = shop.read(get_merchant)
    assert (merchant.fraud_review_minutes, merchant.refund_days) == (240, 90)
    assert (merchant.fee_ppm, merchant.fee_fixed_minor, merchant.reserve_ppm) == (55_000, 45, 30_000)
    assert (merchant.payout_method, merchant.payout_weekday, merchant.release_level_minor) == (
        "wire",
        3,
        100_000,
    )
    page = visitor.get("/settings/payouts")
    assert page.form("/payouts").fields["fee_ppm"] == "5.5"
    wrong: list[Values] = [
        {"fee_ppm": "101"}, {"fee_ppm": "-1"}, {"fee_fixed_minor": "0.001"}, {"payout_weekday": "7"},
        {"payout_method": "By Wire!"}, {"reserve_days": "99999999999999999999"}, {"release_level_minor": "x"},
    ]  # fmt: skip
    for values in wrong:
        answer = visitor.fill(page, "/payouts", **values)
        assert answer.status == 422, values
        assert answer.problems
    assert shop.read(get_merchant) == merchant


def test_the_second_of_two_tabs_is_told(shop: OpenShop, visitor: Visitor) -> None:
    page = visitor.get("/settings/fraud")
    shop.write(lambda tx: update_merchant(tx, refund_days=30))
    answer = visitor.fill(page, "/fraud", refund_days="60")
    assert answer.status == 422
    assert "Somebody else changed this" in answer.problems[0]
    assert shop.read(get_merchant).refund_days == 30


def test_rates_are_entered_changed_and_forgotten(shop: OpenShop, visitor: Visitor) -> None:
    page = visitor.done(
        "/settings/rates/new", "/rates/new", currency="usd", since="2026-01-01", rate="0.65123456"
    )
    assert "The rate was created." in page.main
    assert visitor.get("/settings/rates").rows[0] == ["USD", "2026-01-01", "0.65123456"]
    assert len(visitor.get("/settings/rates?currency=usd").rows) == 1
    assert visitor.get("/settings/rates?currency=EUR").rows == []
    again = visitor.fill("/settings/rates/new", "/rates/new", currency="USD", since="2026-01-01", rate="2")
    assert "already" in " ".join(again.problems)
    visitor.done(page, "/update", rate="0.7")
    assert shop.read(list_rates)[0].rate_e8 == 70_000_000
    assert shop.read(list_rates)[0].since == date(2026, 1, 1)
    wrong: list[Values] = [
        {"rate": "0"},
        {"rate": "-1"},
        {"rate": "0.123456789"},
        {"rate": "1e30"},
        {"rate": ""},
    ]
    for values in wrong:
        assert visitor.fill(page, "/update", **values).status == 422, values
    wrong = [{"currency": "AUD"}, {"currency": "dollars"}, {"since": "soon"}]
    for values in wrong:
        given: Values = {"currency": "NZD", "since": "2026-01-01", "rate": "1"} | values
        assert visitor.fill("/settings/rates/new", "/rates/new", **given).status == 422, values
    visitor.done(page, "/remove")
    assert shop.read(list_rates) == []
    assert {one.actor for one in told(shop, "exchange_rate.set")} == {"Ada"}
    assert len(told(shop, "exchange_rate.removed")) == 1


def test_taxes_are_levied_where_they_are_entered(shop: OpenShop, visitor: Visitor) -> None:
    visitor.done(
        "/settings/taxes/new", "/taxes/new", country="AUS", name="GST", rate="10", is_on_shipping="1"
    )
    page = visitor.done(
        "/settings/taxes/new", "/taxes/new", country="AUS", state="vic", name="Vic", rate="12.5"
    )
    assert [row[:4] for row in visitor.get("/settings/taxes").rows] == [
        ["Australia", "", "GST", "10 %"],
        ["Australia", "VIC", "Vic", "12.5 %"],
    ]
    assert len(visitor.get("/settings/taxes?country=australia").rows) == 2
    assert visitor.get("/settings/taxes?country=NZL").rows == []
    assert "Country: is no country" in visitor.get("/settings/taxes?country=Nowhere").main
    again = visitor.fill("/settings/taxes/new", "/taxes/new", country="AUS", name="Twice", rate="1")
    assert "already" in " ".join(again.problems)
    visitor.done(page, "/update", rate="0", name=HOSTILE)
    found = shop.read(lambda tx: tax_rate_of(tx, "AUS", "VIC"))
    assert found is not None
    assert (found.rate_ppm, found.name, found.is_on_shipping) == (0, HOSTILE, False)
    assert visitor.fill(page, "/update", rate="100.1").status == 422
    visitor.done(page, "/remove")
    assert [one.state for one in shop.read(list_taxes)] == [""]


def test_ways_to_ship_are_offered_and_closed(shop: OpenShop, visitor: Visitor) -> None:
    page = visitor.done(
        "/settings/shipping/new", "/shipping/new", name="Post", carrier="AusPost", price_e4="9.95",
        countries=["AUS", "NZL"],
    )  # fmt: skip
    assert visitor.get("/settings/shipping").rows[0][:5] == [
        "Post",
        "AusPost",
        "9.95 AUD",
        "0.00 AUD",
        "AUS, NZL",
    ]
    assert [way.name for way in shop.read(lambda tx: shipping_methods(tx, "NZL"))] == ["Post"]
    visitor.done(page, "/update", is_active=None)
    assert shop.read(lambda tx: shipping_methods(tx, "NZL")) == []
    other = visitor.fill("/settings/shipping/new", "/shipping/new", name="Post")
    assert other.status == 422
    wrong: list[Values] = [{"price_e4": "-1"}, {"countries": "ZZZ"}, {"name": " "}]
    for values in wrong:
        assert visitor.fill(page, "/update", **values).status == 422, values
    visitor.done(page, "/remove")
    assert shop.read(list_shipping_methods) == []


def test_keys_of_the_payment_api_are_shown_once(shop: OpenShop, visitor: Visitor) -> None:
    page = visitor.get("/settings/payment-api")
    shown = visitor.fill(page, "/rotate")
    merchant = shop.read(get_merchant)
    assert shown.status == 200
    assert merchant.private_key in shown.text
    later = visitor.get("/settings/payment-api")
    assert merchant.publishable_key in later.text
    assert merchant.private_key not in later.text
    assert merchant.private_key not in str(told(shop, "merchant.changed"))


def test_who_may_only_look_sees_no_secrets_and_changes_nothing(shop: OpenShop, home: ServedShop) -> None:
    shop.write(lambda tx: update_merchant(tx, secret_word="tango", private_key="the-private-key"))
    reader = signed_in(home, "read-only")
    before = shop.read(get_merchant)
    paths = [one.path for one in SECTIONS] + ["/settings/payment-api", "/settings/rates", "/settings/taxes"]
    for path in paths:
        page = reader.get(path)
        assert page.status == 200, path
        assert "tango" not in page.text
        assert "the-private-key" not in page.text
        assert not [
            form for form in page.tree.forms if "/settings/" in (form.action or "") and form.method == "POST"
        ]
    csrf = reader.get("/settings").form("/sign-out").fields["csrf"]
    for path in (
        "fraud/fraud",
        "checkout/api",
        "company/shop",
        "payouts/payouts",
        "payment-api/rotate",
        "rates/new",
    ):
        assert reader.post(f"/console/settings/{path}", {"csrf": csrf}).status == 403, path
    assert shop.read(get_merchant) == before
    assert signed_in(home, "support").get("/settings").status == 403
