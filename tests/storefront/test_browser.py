"""Buying in a real browser: without script, on a phone, by keyboard; and the sale in every dialect afterwards."""

import json
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest

from comptoir.domain.catalogue.options import NewValue, create_option, set_options
from comptoir.domain.identity.api_users import create_api_user
from comptoir.domain.identity.keys import create_key
from comptoir.domain.identity.models import Operator
from comptoir.domain.merchant.offers import create_shipping_method
from comptoir.domain.tx import OpenShop, Tx
from tests.conftest import SECRET
from tests.domain.checkout.shopping import BAD, SID, add_product, be_seller
from tests.storefront.browsing import browser, running
from tests.storefront.buying import BILLING, CARD, SHIPPING, served

USER, PASSWORD = "APIuser1817037", "APIpass1817037"
WIDTHS = (320, 768, 1280)


def open_shop(tx: Tx) -> tuple[int, str]:
    """A seller with one product, an API user of one dialect, and a key of the other."""
    be_seller(tx)
    blanket = add_product(tx, name="Blanket", price_rrp_e4=1_290_000, terms={"is_tangible": True})
    size = create_option(tx, name="Size", values=[NewValue("Single", 0), NewValue("Double", 400_000)])
    set_options(tx, product_id=blanket, option_ids=[size])
    create_shipping_method(tx, name="Standard", carrier="Post", price_e4=60_000)
    tx.insert(
        Operator, id=1, email="tom@example.com", name="Tom", role="owner", password_hash="", is_active=True,
        created_at=tx.now,
    )  # fmt: skip
    create_api_user(
        tx, operator_id=1, name=USER, password=PASSWORD, dialect="twocheckout", may_update=True, secret=SECRET
    )
    return blanket, create_key(
        tx, operator_id=1, name="tests", dialect="coredna", scopes=["read"], secret=SECRET
    ).key


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as opened:
        yield opened


def fill(page: Any, values: dict[str, str]) -> None:
    for name, value in values.items():
        if name.endswith("country"):
            page.select_option(f"[name={name}]", value)
        else:
            page.fill(f"[name={name}]", value)


def asked(url: str, authorization: str) -> Any:
    request = Request(url, headers={"Authorization": authorization, "Accept": "application/json"})
    with urlopen(request, timeout=20) as answer:
        return json.load(answer)


def test_a_buyer_without_script_buys_and_every_dialect_shows_it(
    shop: OpenShop, tmp_path: Path, chromium: Any
) -> None:
    blanket, key = shop.write(open_shop)
    with running(served(shop, tmp_path)) as address:
        page = chromium.new_page(java_script_enabled=False, viewport={"width": 375, "height": 740})
        page.goto(
            f"{address}/checkout/purchase?{urlencode({'sid': SID, 'product_id': blanket, 'quantity': 2})}"
        )
        page.get_by_label("Size").select_option(label="Double (+A$40.00)")
        page.get_by_role("button", name="Continue").click()
        fill(page, SHIPPING)
        page.get_by_role("button", name="Continue").click()
        assert page.get_by_role("radio", name="Standard").is_checked()
        page.get_by_role("button", name="Continue").click()
        fill(page, {name: BILLING[name] for name in ("card_holder_name", "email", "phone")})
        page.get_by_role("button", name="Continue to payment").click()
        fill(page, CARD | {"card_number": BAD})
        page.get_by_role("button", name="Pay A$344.00").click()
        assert "declined" in page.get_by_role("alert").inner_text()
        fill(page, CARD)
        page.get_by_role("button", name="Pay A$344.00").click()
        assert page.get_by_role("heading", name="Thank you").is_visible()
        sale_id = int("".join(filter(str.isdigit, page.get_by_text("Its number is").inner_text())))

        basic = f"Basic {b64encode(f'{USER}:{PASSWORD}'.encode()).decode()}"
        sale = asked(f"{address}/api/sales/detail_sale?sale_id={sale_id}", basic)["sale"]
        (invoice,) = sale["invoices"]
        assert (int(sale["sale_id"]), invoice["vendor_total"], invoice["status"]) == (
            sale_id,
            "344.00",
            "approved",
        )
        assert [line["product_name"] for line in invoice["lineitems"]][:2] == ["Blanket", "Blanket"]
        assert sale["customer"]["email_address"] == "joan@example.com"
        order = asked(f"{address}/orders/{invoice['invoice_id']}", f"Bearer {key}")["data"]
        assert (float(order["totals"]["total"]), order["addresses"]["delivery"]["name"]) == (
            344.0,
            "Gift Receiver",
        )
        assert [item["name"] for item in order["items"]] == ["Blanket", "Blanket"]


def test_no_page_is_wider_than_a_phone_and_nothing_is_blocked(
    shop: OpenShop, tmp_path: Path, chromium: Any
) -> None:
    blanket, _ = shop.write(open_shop)
    link = urlencode({"sid": SID, "product_id": blanket})
    single = urlencode(
        {"sid": SID, "mode": "2CO", "li_0_name": "A" * 128, "li_0_price": "19.00", "demo": "Y"}
    )
    with running(served(shop, tmp_path)) as address:
        for width in WIDTHS:
            page = chromium.new_page(viewport={"width": width, "height": 800})
            complaints: list[str] = []
            page.on("console", lambda message, kept=complaints: kept.append(message.text))
            page.goto(f"{address}/checkout/purchase?{link}")
            seen = [page.evaluate("document.documentElement.scrollWidth")]
            checkout = page.url.rpartition("/")[0]
            page.goto(f"{checkout}/shipping-information")
            seen.append(page.evaluate("document.documentElement.scrollWidth"))
            page.get_by_role("button", name="Continue").click()
            seen.append(page.evaluate("document.documentElement.scrollWidth"))
            # The first wrong field has the focus, so that a keyboard or a reader begins there.
            assert page.evaluate("document.activeElement.name") == "ship_name"
            page.goto(f"{address}/checkout/spurchase?{single}")
            seen.append(page.evaluate("document.documentElement.scrollWidth"))
            assert max(seen) <= width, f"{width}: {seen}"
            # What the form answered, 422, is told on the console; anything else is a page's fault.
            assert [text for text in complaints if "422" not in text] == []
            page.close()


def test_every_field_has_a_label_that_is_read_aloud(shop: OpenShop, tmp_path: Path, chromium: Any) -> None:
    blanket, _ = shop.write(open_shop)
    with running(served(shop, tmp_path)) as address:
        page = chromium.new_page()
        page.goto(f"{address}/checkout/purchase?{urlencode({'sid': SID, 'product_id': blanket})}")
        checkout = page.url.rpartition("/")[0]
        for step in ("review-cart", "shipping-information", "billing-information"):
            page.goto(f"{checkout}/{step}")
            nameless = page.evaluate(
                "[...document.querySelectorAll('input:not([type=hidden]), select')]"
                ".filter(field => !field.labels.length).map(field => field.name)"
            )
            assert nameless == []
            assert page.locator("h1").count() == 1
        assert page.evaluate("document.querySelector('[name=email]').autocomplete") == "billing email"


def test_the_whole_way_can_be_gone_by_keyboard(shop: OpenShop, tmp_path: Path, chromium: Any) -> None:
    shop.write(open_shop)
    link = urlencode({"sid": SID, "mode": "2CO", "li_0_name": "E-book", "li_0_price": "19.00"})
    with running(served(shop, tmp_path)) as address:
        page = chromium.new_page()
        page.goto(f"{address}/checkout/spurchase?{link}")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        fill(page, BILLING)
        page.focus("[name=card_number]")
        for name in ("card_number", "card_expiry", "card_code"):
            page.keyboard.type(CARD[name])
            if name != "card_code":
                page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Thank you").wait_for()
