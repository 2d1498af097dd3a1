"""The pages as a browser gets them: links, steps, what is said when something cannot be taken, headers."""

from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlencode

import falcon.testing
import pytest
from sqlalchemy import func, select

from comptoir.domain.catalogue.products import update_product
from comptoir.domain.checkout.answers import CardEnds
from comptoir.domain.checkout.models import Checkout
from comptoir.domain.checkout.paying import Handed, begin_paying
from comptoir.domain.checkout.queries import get_checkout
from comptoir.domain.coupons.actions import create_coupon
from comptoir.domain.merchant.actions import update_merchant
from comptoir.domain.merchant.offers import create_shipping_method
from comptoir.domain.orders.models import Order
from comptoir.domain.tx import OpenShop
from comptoir.operations.access import path_of
from tests.conftest import NOW
from tests.domain.checkout.shopping import BAD, ONE_SHIRT, SID, SILENT, add_product, be_seller
from tests.storefront.buying import BILLING, CARD, SHIPPING, Buyer, hidden, said, served

COUNT = select(func.count()).select_from(Order)
TANGIBLE = ONE_SHIRT | {"li_0_tangible": "Y"}


@pytest.fixture
def buyer(shop: OpenShop, tmp_path: Path) -> Buyer:
    shop.write(lambda tx: be_seller(tx, return_url="https://shop.example.com/thanks"))
    return Buyer(served(shop, tmp_path))


def orders(shop: OpenShop) -> int:
    return int(shop.read(lambda tx: tx.value(COUNT)))


def refused(buyer: Buyer, checkout: str, step: str, form: dict[str, str]) -> falcon.testing.Result:
    answer = buyer.post(f"{checkout}/{step}", form)
    assert answer.status_code == 422
    return answer


# ---------------------------------------------------------------------------------------- the way


def test_the_whole_way_from_the_link_to_the_receipt(shop: OpenShop, buyer: Buyer) -> None:
    assert buyer.landed(ONE_SHIRT).endswith("/review-cart")
    checkout = buyer.open(ONE_SHIRT)
    assert "Test Product" in said(buyer.get(f"{checkout}/review-cart"))
    assert buyer.fill(checkout, "review-cart", {"quantity.0": "3", "do": "continue"}) == "billing-information"
    assert buyer.fill(checkout, "billing-information", BILLING) == "payment-method"
    assert "Pay A$0.03" in said(buyer.get(f"{checkout}/payment-method"))
    assert buyer.fill(checkout, "payment-method", CARD) == "receipt"
    receipt = buyer.get(f"{checkout}/receipt")
    assert "Thank you for your order" in said(receipt)
    assert orders(shop) == 1
    assert hidden(receipt.text)["total"] == "0.03"


def test_what_is_sent_takes_two_steps_more(shop: OpenShop, buyer: Buyer) -> None:
    shirt = shop.write(lambda tx: add_product(tx, terms={"is_tangible": True}))
    fast = shop.write(lambda tx: create_shipping_method(tx, name="Fast", price_e4=50_000))
    checkout = buyer.open({"sid": SID, "product_id": str(shirt)})
    assert buyer.fill(checkout, "review-cart", {"do": "continue"}) == "shipping-information"
    assert buyer.fill(checkout, "shipping-information", SHIPPING) == "shipping-method"
    assert buyer.fill(checkout, "shipping-method", {"method": str(fast)}) == "billing-information"
    contact = {name: BILLING[name] for name in ("card_holder_name", "email")}
    assert buyer.fill(checkout, "billing-information", contact | {"same_address": "Y"}) == "payment-method"
    assert "Pay A$15.00" in said(buyer.get(f"{checkout}/payment-method"))
    buyer.fill(checkout, "payment-method", CARD)
    facts = select(Order.billing_address, Order.delivery_name, Order.shipping_method)
    assert shop.read(lambda tx: tx.one(facts)) == ("1234 Second Street", "Gift Receiver", "Fast")


def test_all_on_one_page_for_what_is_not_sent(shop: OpenShop, buyer: Buyer) -> None:
    assert buyer.landed(ONE_SHIRT, "/checkout/spurchase").endswith("/single-page")
    checkout = buyer.open(ONE_SHIRT, "/checkout/spurchase")
    assert buyer.fill(checkout, "single-page", BILLING | CARD) == "receipt"
    assert orders(shop) == 1


def test_the_older_address_leads_to_the_same_pages(buyer: Buyer) -> None:
    assert buyer.landed(ONE_SHIRT, "/2co/buyer/purchase").endswith("/review-cart")


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart"])
def test_a_shop_may_send_its_buyer_by_a_form(buyer: Buyer, kind: str) -> None:
    if kind == "multipart":
        parts = "".join(
            f'--xyz\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
            for name, value in ONE_SHIRT.items()
        )
        answer = buyer.send(
            "/checkout/purchase", f"{parts}--xyz--\r\n".encode(), "multipart/form-data; boundary=xyz"
        )
    else:
        answer = buyer.post("/checkout/purchase", ONE_SHIRT)
    assert answer.status_code == 303


def test_links_that_were_escaped_twice_work(buyer: Buyer) -> None:
    query = urlencode(ONE_SHIRT).replace("&", "&amp;")
    assert buyer.get(f"/checkout/purchase?{query}").status_code == 303


def test_a_buyer_cannot_skip_what_is_missing(buyer: Buyer) -> None:
    checkout = buyer.open(ONE_SHIRT)
    assert buyer.fill(checkout, "payment-method", CARD) == "billing-information"


def test_an_unknown_step_leads_to_the_beginning(buyer: Buyer) -> None:
    checkout = buyer.open(ONE_SHIRT)
    assert buyer.followed(f"{checkout}/no-such-step") == checkout
    assert buyer.followed(f"{checkout}/receipt") == checkout


# --------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    "parameters",
    [
        {}, {"sid": "7"}, {"sid": SID}, ONE_SHIRT | {"li_0_price": "free"}, {"sid": SID, "product_id": "404"},
        ONE_SHIRT | {"li_0_name": "<script>alert(1)</script>"}, ONE_SHIRT | {"x": "\0"},
    ],
)  # fmt: skip
def test_a_link_that_cannot_be_followed_says_so(
    shop: OpenShop, buyer: Buyer, parameters: dict[str, str]
) -> None:
    answer = buyer.get("/checkout/purchase", parameters)
    assert answer.status_code == 400
    assert "This link does not work" in said(answer)
    assert "<script>" not in answer.text
    assert shop.read(lambda tx: tx.value(select(func.count()).select_from(Checkout))) == 0


def test_a_body_without_end_is_refused(buyer: Buyer) -> None:
    assert buyer.post("/checkout/purchase", {"x": "y" * 3_000_000}).status_code == 400


@pytest.mark.parametrize("key", ["0" * 48, "..", "%00", "é"])
def test_a_checkout_that_is_none_is_not_found(buyer: Buyer, key: str) -> None:
    for path in (
        f"/checkout/purchase/{key}",
        f"/checkout/purchase/{key}/review-cart",
        f"/checkout/purchase/{key}/receipt",
    ):
        assert buyer.get(path).status_code == 404
    assert buyer.post(f"/checkout/purchase/{key}/payment-method", CARD).status_code == 404


def test_a_checkout_that_was_left_too_long_is_over(shop: OpenShop, buyer: Buyer) -> None:
    checkout = buyer.open(ONE_SHIRT)
    later = NOW + timedelta(hours=25)
    shop.system = lambda: later
    assert buyer.get(f"{checkout}/review-cart").status_code == 410
    assert buyer.post(f"{checkout}/billing-information", BILLING).status_code == 410


def test_every_field_says_what_is_wrong_with_it(buyer: Buyer) -> None:
    checkout = buyer.open(ONE_SHIRT)
    page = refused(buyer, checkout, "billing-information", BILLING | {"email": "joan", "city": " "}).text
    assert 'aria-invalid="true" aria-describedby="email-hint email-error"' in page
    assert 'aria-invalid="true" aria-describedby="city-error"' in page
    assert page.count('role="alert"') == 1
    assert page.count(" autofocus") == 1
    assert 'value="joan"' in page


@pytest.mark.parametrize(
    ("card", "words"),
    [
        ({"card_number": "4000000000000003"}, "no card number"),
        ({"card_number": ""}, "no card number"),
        ({"card_expiry": "13/30"}, "month and year"),
        ({"card_expiry": "soon"}, "month and year"),
        ({"card_expiry": "02/26"}, "expired"),
        ({"card_code": "12"}, "security code"),
        ({"card_number": BAD}, "Your card was declined"),
        ({"card_number": "4000000000009995"}, "not enough money"),
    ],
)
def test_a_card_that_is_not_taken_is_never_shown_again(
    shop: OpenShop, buyer: Buyer, card: dict[str, str], words: str
) -> None:
    checkout = buyer.open(ONE_SHIRT)
    buyer.fill(checkout, "billing-information", BILLING)
    form = CARD | card
    answer = refused(buyer, checkout, "payment-method", form)
    assert words in said(answer)
    assert form["card_number"].replace(" ", "") not in answer.text.replace(" ", "") or not form["card_number"]
    assert 'name="card_code" type="text" value=""' in answer.text
    assert orders(shop) == 0


def test_a_coupon_says_why_it_is_not_taken(shop: OpenShop, buyer: Buyer) -> None:
    shop.write(
        lambda tx: create_coupon(tx, code="OLD", type="sale", percent_ppm=1, expires_on=date(2026, 1, 1))
    )
    checkout = buyer.open(ONE_SHIRT)
    assert "no such coupon" in said(refused(buyer, checkout, "review-cart", {"coupon": "nothing"}))
    assert "no longer valid" in said(refused(buyer, checkout, "review-cart", {"coupon": "old"}))


@pytest.mark.parametrize("quantity", ["-1", "one", "1.5", "1000", "0"])
def test_a_quantity_that_is_none_is_refused(buyer: Buyer, quantity: str) -> None:
    refused(buyer, buyer.open(ONE_SHIRT), "review-cart", {"quantity.0": quantity})


def test_fixed_carts_have_no_field_for_quantities(buyer: Buyer) -> None:
    checkout = buyer.open(ONE_SHIRT | {"fixed": "Y", "return_url": "https://shop.example.com/"})
    page = buyer.get(f"{checkout}/review-cart").text
    assert "quantity.0" not in page
    assert "Continue shopping" not in page


# ------------------------------------------------------------------------------------- sent twice


def test_a_form_that_is_sent_twice_sells_once(shop: OpenShop, buyer: Buyer) -> None:
    checkout = buyer.open(ONE_SHIRT)
    buyer.fill(checkout, "billing-information", BILLING)
    for _ in range(2):
        answer = buyer.post(f"{checkout}/payment-method", CARD)
        assert answer.status_code == 303
    assert orders(shop) == 1


def test_an_amount_that_changed_meanwhile_is_not_charged(shop: OpenShop, buyer: Buyer) -> None:
    shirt = shop.write(add_product)
    checkout = buyer.open({"sid": SID, "product_id": str(shirt)})
    buyer.fill(checkout, "billing-information", BILLING)
    form = hidden(buyer.get(f"{checkout}/payment-method").text) | CARD
    shop.write(lambda tx: update_product(tx, product_id=shirt, price_rrp_e4=200_000))
    assert "The amount has changed" in said(refused(buyer, checkout, "payment-method", form))
    assert orders(shop) == 0
    again = hidden(buyer.get(f"{checkout}/payment-method").text) | CARD
    assert buyer.fill(checkout, "payment-method", again) == "receipt"


def test_while_the_card_is_asked_the_buyer_waits(shop: OpenShop, buyer: Buyer) -> None:
    checkout = buyer.open(ONE_SHIRT)
    buyer.fill(checkout, "billing-information", BILLING)
    handed = Handed("sandbox", "sbx-approved", CardEnds())
    shop.write(lambda tx: begin_paying(tx, checkout.rpartition("/")[2], handed))
    assert buyer.post(f"{checkout}/payment-method", CARD).headers["location"] == checkout
    waiting = buyer.get(f"{checkout}/receipt")
    assert waiting.headers["refresh"] == "4"
    assert "not be charged twice" in said(waiting)


def test_a_bank_that_does_not_answer_leaves_the_buyer_waiting(buyer: Buyer) -> None:
    checkout = buyer.open(ONE_SHIRT)
    buyer.fill(checkout, "billing-information", BILLING)
    assert buyer.fill(checkout, "payment-method", CARD | {"card_number": SILENT}) == "receipt"


# ------------------------------------------------------------------------------ headers and language


def test_pages_may_do_nothing_but_send_their_form_here(buyer: Buyer) -> None:
    headers = buyer.get(f"{buyer.open(ONE_SHIRT)}/review-cart").headers
    assert headers["cache-control"] == "no-store"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'self' https://shop.example.com"
    )
    assert "set-cookie" not in headers


def test_the_style_sheet_is_kept_by_browsers(buyer: Buyer) -> None:
    answer = buyer.get("/checkout/static/checkout.css")
    assert answer.headers["content-type"].startswith("text/css")
    assert "immutable" in answer.headers["cache-control"]
    assert "url(" not in answer.text
    assert "@import" not in answer.text


def test_pages_name_no_other_host_and_no_script(shop: OpenShop, buyer: Buyer) -> None:
    shop.write(lambda tx: update_merchant(tx, return_url=""))
    checkout = buyer.buy(ONE_SHIRT)
    for page in (buyer.get(f"{buyer.open(TANGIBLE)}/shipping-information"), buyer.get(f"{checkout}/receipt")):
        assert "http" not in page.text
        assert "<script" not in page.text
        assert "style=" not in page.text


def test_amounts_are_written_in_the_language_that_is_asked_for(buyer: Buyer) -> None:
    page = buyer.get(f"{buyer.open(ONE_SHIRT | {'lang': 'xx'})}/review-cart")
    assert '<html lang="en">' in page.text


def test_what_a_shop_says_is_escaped(buyer: Buyer) -> None:
    link = {"sid": SID, "total": "1.00", "cart_order_id": '"><img src=x onerror=alert(1)>'}
    page = buyer.get(f"{buyer.open(link)}/review-cart").text
    assert "<img" not in page


def test_the_log_does_not_know_the_key_of_a_checkout(buyer: Buyer) -> None:
    key = buyer.open(ONE_SHIRT).rpartition("/")[2]
    paths = [path_of({"PATH_INFO": f"/checkout/purchase/{key}{page}"}) for page in ("", "/review-cart")]
    assert paths == ["/checkout/purchase/-", "/checkout/purchase/-/review-cart"]
    assert path_of({"PATH_INFO": "/products/1"}) == "/products/1"


def test_demo_pages_say_so_and_sell_nothing(shop: OpenShop, buyer: Buyer) -> None:
    checkout = buyer.buy(ONE_SHIRT | {"demo": "Y"})
    receipt = buyer.get(f"{checkout}/receipt")
    assert "This was a demonstration" in said(receipt)
    assert (orders(shop), hidden(receipt.text)["demo"]) == (0, "Y")


def test_each_seller_of_a_process_has_its_own_checkouts(shop: OpenShop, tmp_path: Path) -> None:
    shop.write(be_seller)
    home = served(shop, tmp_path)
    pair = Buyer(home, home)
    checkout = pair.buy(ONE_SHIRT)
    key = checkout.rpartition("/")[2]
    assert shop.read(lambda tx: get_checkout(tx, key)).order_id
