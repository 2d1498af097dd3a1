"""What shops are told when their buyers come back, and the three ways back."""

from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest

from comptoir.domain.merchant.actions import update_merchant
from comptoir.domain.merchant.models import DIRECT_RETURN, HEADER_REDIRECT, LINKS_BACK
from comptoir.domain.merchant.queries import MerchantFacts
from comptoir.domain.shop import Shop
from comptoir.domain.tx import OpenShop
from comptoir.storefront.passback import passback_key
from comptoir.storefront.rendering import headers_for
from comptoir.storefront.returning import may_lead_to
from tests.domain.checkout.shopping import ONE_SHIRT, SID, SILENT, add_product, be_seller
from tests.storefront.buying import BILLING, CARD, Buyer, hidden, said, served

THANKS = "https://shop.example.com/thanks?shop=1"
NAMES = (
    "sid order_number invoice_id merchant_order_id key total currency_code lang pay_method credit_card_processed"
    " demo card_holder_name first_name middle_initial last_name street_address street_address2 city state zip"
    " country email phone ip_country cart_weight cart_tangible x_receipt_link_url"
).split()


@pytest.mark.parametrize(
    ("order_number", "total", "key"),
    [
        ("4774380224", "0.01", "7AB926D469648F3305AE361D5BD2C3CB"),
        ("4789848870", "0.01", "CDF3E502AA1597DD4401760783432337"),
        ("4819138002", "1.00", "37497D9861B21618CDB9AEE6AC96E30A"),
        ("1", "0.01", "1BC47EA0D63EB76496E294F434138AD3"),
    ],
)
def test_the_key_is_the_published_one(order_number: str, total: str, key: str) -> None:
    assert passback_key("tango", "1817037", order_number, total) == key


@pytest.fixture
def buyer(shop: OpenShop, tmp_path: Path) -> Buyer:
    shop.write(lambda tx: be_seller(tx, return_url=THANKS))
    page = tmp_path / "web" / "shop.example.com" / "thanks"
    page.parent.mkdir(parents=True)
    page.write_text("<html><head><title>Shop</title></head><body>Bought!</body></html>")
    page.with_suffix(".html").write_text(page.read_text())
    return Buyer(served(shop, tmp_path, tmp_path / "web"))


def told(buyer: Buyer, parameters: dict[str, str], *, is_sent: bool = False) -> dict[str, str]:
    """What the button of the receipt sends to the shop."""
    return hidden(buyer.get(f"{buyer.buy(parameters, is_sent=is_sent)}/receipt").text)


# ------------------------------------------------------------------------------------ what is told


def test_every_parameter_is_told_in_its_order(buyer: Buyer) -> None:
    back = told(buyer, ONE_SHIRT | {"affiliate": "42", "note": 'a "quoted" <word>'})
    assert list(back)[: len(NAMES)] == NAMES
    number = back["order_number"]
    expected = {
        "sid": SID, "merchant_order_id": "abc-1", "total": "0.01", "currency_code": "AUD", "lang": "en",
        "pay_method": "CC", "credit_card_processed": "Y", "demo": "", "first_name": "Joan", "middle_initial": "Q",
        "last_name": "Shopper", "country": "USA", "phone": "6145550100 12", "cart_weight": "0", "cart_tangible": "N",
        "x_receipt_link_url": THANKS, "invoice_id": str(int(number) + 9),
        "key": passback_key("tango", SID, number, "0.01"),
    }  # fmt: skip
    assert {name: back[name] for name in expected} == expected
    assert {name: back[name] for name in list(back)[len(NAMES) :]} == {
        "li_0_type": "product", "li_0_name": "Test Product", "li_0_price": "0.01", "affiliate": "42",
        "note": 'a "quoted" <word>',
    }  # fmt: skip


def test_a_payment_that_is_not_sure_yet_is_told_as_pending(shop: OpenShop, buyer: Buyer) -> None:
    pending = "https://shop.example.com/pending"
    shop.write(lambda tx: update_merchant(tx, pending_return_url=pending))
    checkout = buyer.open(ONE_SHIRT)
    buyer.fill(checkout, "billing-information", BILLING)
    buyer.fill(checkout, "payment-method", CARD | {"card_number": SILENT})
    page = buyer.get(f"{checkout}/receipt").text
    back = hidden(page)
    assert f'action="{pending}"' in page
    assert (back["credit_card_processed"], back["x_receipt_link_url"]) == ("K", pending)
    assert back["key"] == passback_key("tango", SID, back["order_number"], "0.01")


def test_a_demo_is_hashed_over_order_one(buyer: Buyer) -> None:
    back = told(buyer, ONE_SHIRT | {"demo": "Y"})
    assert (back["key"], back["demo"]) == ("1BC47EA0D63EB76496E294F434138AD3", "Y")
    assert int(back["order_number"]) > 0


def test_where_it_is_sent_is_told_of_what_is_sent(buyer: Buyer) -> None:
    back = told(buyer, ONE_SHIRT | {"li_0_tangible": "Y", "fixed": "Y"}, is_sent=True)
    assert (back["cart_tangible"], back["fixed"]) == ("Y", "Y")
    assert (back["ship_name"], back["ship_zip"], back["ship_country"]) == ("Gift Receiver", "43001", "USA")


def test_products_of_the_catalogue_are_numbered_from_the_second(shop: OpenShop, buyer: Buyer) -> None:
    shirt = shop.write(lambda tx: add_product(tx, preview="A blue shirt"))
    mug = shop.write(lambda tx: add_product(tx, name="Mug", terms={"vendor_product_id": "mug-1"}))
    back = told(buyer, {"sid": SID, "product_id1": str(shirt), "quantity1": "2", "product_id2": str(mug)})
    assert (back["product_id"], back["quantity"], back["product_description"]) == (
        str(shirt),
        "2",
        "A blue shirt",
    )
    assert (back["product_id1"], back["quantity1"], back["merchant_product_id1"]) == (str(mug), "1", "mug-1")
    assert back["product_description1"] == "Mug"
    assert "product_id2" not in back


def test_third_party_carts_are_told_their_number(buyer: Buyer) -> None:
    back = told(buyer, {"sid": SID, "total": "25.99", "cart_order_id": "77", "c_prod": "shirt"})
    assert (back["cart_order_id"], back["total"], back["c_prod"]) == ("77", "25.99", "shirt")


def test_custom_parameters_do_not_take_the_place_of_ours(buyer: Buyer) -> None:
    back = told(buyer, ONE_SHIRT | {"key": "0" * 32, "order_number": "1", "credit_card_processed": "K"})
    assert back["key"] == passback_key("tango", SID, back["order_number"], "0.01")
    assert back["credit_card_processed"] == "Y"


# ----------------------------------------------------------------------------------------- where to


@pytest.mark.parametrize(
    ("url", "may"),
    [
        ("https://example.com/thanks", True),
        ("http://www.example.com:8080/", True),
        ("https://example.com.evil.net/", False),
        ("https://evilexample.com/", False),
        ("https://example.com@evil.net/", False),
        ("https://evil.net/?https://example.com", False),
        ("https://evil.net\\@example.com/", False),
        ("javascript:alert(1)//example.com", False),
        ("//example.com/", False),
        ("https://example.com/\r\nSet-Cookie: a=b", False),
        ("https://[::1", False),
        ("", False),
    ],
)
def test_a_link_leads_back_to_the_shops_own_domain_only(url: str, may: bool) -> None:
    for registered in ("https://www.example.com/", "www.example.com"):
        merchant = MerchantFacts("Shop", url=registered)
        assert may_lead_to(url, merchant, is_sandbox=False) is may


@pytest.mark.parametrize(
    ("registered", "allowed"),
    [("www.example.com", "'self' https://www.example.com"), ("", "'self'"), ("an example", "'self'")],
)
def test_the_shops_registered_domain_may_show_the_checkout_in_a_frame(registered: str, allowed: str) -> None:
    policy = headers_for(MerchantFacts("Shop", url=registered))["Content-Security-Policy"]
    assert policy.endswith(f"frame-ancestors {allowed}")


def test_a_sandbox_may_lead_to_any_page() -> None:
    merchant = MerchantFacts("Shop", url="https://www.example.com/")
    assert may_lead_to("http://localhost:3000/", merchant, is_sandbox=True)
    assert not may_lead_to("javascript:alert(1)", merchant, is_sandbox=True)


def test_the_links_own_page_comes_first_then_the_products_then_the_shops(
    shop: OpenShop, buyer: Buyer
) -> None:
    own = "https://shop.example.com/own"
    product = shop.write(
        lambda tx: add_product(tx, terms={"approved_url": "https://shop.example.com/product"})
    )
    link = {"sid": SID, "product_id": str(product)}
    assert told(buyer, link | {"x_receipt_link_url": own})["x_receipt_link_url"] == own
    assert told(buyer, link)["x_receipt_link_url"] == "https://shop.example.com/product"
    assert told(buyer, ONE_SHIRT)["x_receipt_link_url"] == THANKS
    elsewhere = told(buyer, ONE_SHIRT | {"x_receipt_link_url": "https://evil.example/"})
    assert elsewhere["x_receipt_link_url"] == THANKS


# ---------------------------------------------------------------------------------------- the ways


def test_links_back_is_a_button_that_posts_to_the_shop(shop: OpenShop, buyer: Buyer) -> None:
    shop.write(lambda tx: update_merchant(tx, return_method=LINKS_BACK))
    page = buyer.get(f"{buyer.buy(ONE_SHIRT)}/receipt")
    assert f'<form method="post" action="{THANKS}" target="_top">' in page.text
    assert "form-action 'self' https://shop.example.com;" in page.headers["content-security-policy"]
    assert "Finish at Tango Shop" in said(page)


def test_header_redirect_leads_there_with_everything_in_the_address(shop: OpenShop, buyer: Buyer) -> None:
    shop.write(lambda tx: update_merchant(tx, return_method=HEADER_REDIRECT))
    checkout = buyer.buy(ONE_SHIRT)
    back = urlsplit(buyer.followed(f"{checkout}/receipt"))
    asked = dict(parse_qsl(back.query, keep_blank_values=True))
    assert (back.netloc, back.path, asked["shop"]) == ("shop.example.com", "/thanks", "1")
    assert [name for name in asked if name in NAMES] == NAMES
    page = buyer.get(f"{buyer.open(ONE_SHIRT)}/review-cart")
    assert "form-action 'self' https://shop.example.com;" in page.headers["content-security-policy"]


def test_direct_return_shows_the_shops_page_as_a_stranger_once(shop: OpenShop, buyer: Buyer) -> None:
    url = "https://shop.example.com/thanks.html"
    shop.write(lambda tx: update_merchant(tx, return_method=DIRECT_RETURN, return_url=url))
    checkout = buyer.buy(ONE_SHIRT)
    page = buyer.get(f"{checkout}/receipt")
    assert page.text == (
        f'<html><head><base href="{url}"><title>Shop</title></head><body>Bought!</body></html>'
    )
    assert page.headers["content-security-policy"].startswith("sandbox ")
    assert "allow-same-origin" not in page.headers["content-security-policy"]
    assert "Thank you for your order" in said(buyer.get(f"{checkout}/receipt"))


def test_direct_return_falls_back_to_the_button(shop: OpenShop, buyer: Buyer) -> None:
    gone = "https://shop.example.com/no-such-page"
    shop.write(lambda tx: update_merchant(tx, return_method=DIRECT_RETURN, return_url=gone))
    page = buyer.get(f"{buyer.buy(ONE_SHIRT)}/receipt")
    assert f'action="{gone}"' in page.text


def test_a_shop_without_a_page_ends_at_the_receipt(shop: OpenShop, buyer: Buyer) -> None:
    shop.write(lambda tx: update_merchant(tx, return_method=HEADER_REDIRECT, return_url=""))
    page = buyer.get(f"{buyer.buy(ONE_SHIRT)}/receipt")
    assert page.status_code == 200
    assert "<form" not in page.text


def test_a_sandboxs_own_page_is_led_to(shop: OpenShop, buyer: Buyer) -> None:
    shop.write(lambda tx: tx.update(Shop, 1, is_sandbox=True, version=tx.shop.version + 1))
    back = told(buyer, ONE_SHIRT | {"x_receipt_link_url": "http://localhost:3000/done"})
    assert back["x_receipt_link_url"] == "http://localhost:3000/done"
