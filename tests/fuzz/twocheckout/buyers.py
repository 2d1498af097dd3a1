"""What buyers' browsers and shops send to the checkout, the token service and the payment API, gone wrong."""

from __future__ import annotations

import copy
import json
from base64 import b64encode
from typing import Any, NamedTuple

from hypothesis import strategies as st

from tests.dialects.twocheckout.worlds.everything import ADORNED, MARKUP, PRIVATE_KEY, PUBLISHED_KEY
from tests.fuzz.hostile import RAWS, TYPES
from tests.fuzz.twocheckout.hostile import ANY_TEXT, BAD
from tests.storefront.buying import BILLING, CARD, FORM, SHIPPING

SELLER = "1817037"
LINKS = [
    {
        "sid": SELLER, "mode": "2CO", "li_0_type": "product", "li_0_name": MARKUP, "li_0_price": "1.00",
        "li_0_quantity": "2", "li_0_tangible": "Y", "li_0_description": MARKUP, "li_0_option_0_name": "Size",
        "li_0_option_0_value": "Large", "li_0_option_0_surcharge": "0.50", "li_1_type": "shipping",
        "li_1_name": "Ground", "li_1_price": "2.00", "merchant_order_id": MARKUP,
        "x_receipt_link_url": "javascript:zz()",
    },
    {
        "sid": SELLER, "mode": "2CO", "li_0_name": "Club", "li_0_price": "3.00", "li_0_recurrence": "1 Month",
        "li_0_duration": "Forever", "li_0_startup_fee": "1.00", "currency_code": "EUR", "lang": "es_la",
    },
    {"sid": SELLER, "product_id1": str(ADORNED), "quantity1": "2", "coupon": "5OFF", "return_url": "javascript:zz()"},
    {"sid": SELLER, "product_id": "4774388564", "quantity": "1", "lang": MARKUP, "demo": "Y", **BILLING},
    {"sid": SELLER, "total": "12.00", "cart_order_id": MARKUP, "c_prod": "1,2", "c_name": MARKUP, "fixed": "Y"},
    {"x_login": SELLER, "x_amount": "5.00", "x_invoice_num": "7", "x_First_Name": MARKUP, "x_Last_Name": MARKUP},
]  # fmt: skip
DOORS = ["/checkout/purchase", "/checkout/spurchase", "/2co/buyer/purchase"]
NUMBERS = ["4000 0000 0000 0002", "4333433343334333", "4000000000000408", "4000000000000003", "0" * 19]
# The forms of the steps in the order in which a buyer comes to them; a page that is only looked at sends nothing.
STEPS: list[tuple[str, dict[str, str]]] = [
    ("review-cart", {"quantity.0": "3", "do": "update", "coupon": "SHIPFREE", "option.0.4688550010": "2"}),
    ("review-cart", {"quantity.0": "0", "do": "continue", "coupon": MARKUP}),
    ("shipping-information", SHIPPING),
    ("shipping-information", SHIPPING | {"ship_name": MARKUP, "ship_city": MARKUP, "ship_country": "ZZZ"}),
    ("shipping-method", {"method": "1"}),
    ("billing-information", BILLING),
    ("billing-information", BILLING | {"card_holder_name": MARKUP, "city": '"><img src=x onerror=zz()>'}),
    ("payment-method", CARD),
    ("single-page", BILLING | CARD),
    ("receipt", {}),
    ("nowhere", {}),
]
ADDRESS = {
    "name": "Joan Q Shopper", "addrLine1": "1 Main Street", "city": "Columbus", "state": "OH", "zipCode": "43123",
    "country": "USA", "email": "joan@example.com", "phoneNumber": "6145550100",
}  # fmt: skip
ORDER: dict[str, Any] = {
    "sellerId": SELLER, "privateKey": PRIVATE_KEY, "merchantOrderId": "1", "token": "", "currency": "USD",
    "billingAddr": ADDRESS,
    "lineItems": [
        {
            "type": "product", "name": "Lamp", "price": "4.00", "quantity": "2", "tangible": "N", "productId": "L-1",
            "recurrence": "1 Month", "duration": "1 Year", "startupFee": "1.00",
            "options": [{"optName": "Size", "optValue": "L", "optSurcharge": "1.00"}],
        },
        {"type": "tax", "name": "Tax", "price": "1.00"},
    ],
}  # fmt: skip
PAYLOADS: list[dict[str, Any]] = [
    {"sellerId": SELLER, "publicKey": b64encode(PUBLISHED_KEY.encode()).decode(), "userPref": ""},
    {"sellerId": SELLER, "paymentMethod": b64encode(b64encode(b"\x01" * 256)).decode()},
]
WRONG: list[Any] = [
    None, True, False, -1, 0, 1.5, 10**25, 1e300, [], {}, [[]], [None], {"a": 1}, "", " ", "0", "-1", *BAD,
]  # fmt: skip
CALLBACKS = [
    "",
    "",
    "cb",
    "jQuery.x1",
    "alert(1)//",
    "<script>",
    "a" * 129,
    "a.b.c.d.e.f.g.h.i",
    "é",
    "\u2028",
]


class Asked(NamedTuple):
    """One request."""

    method: str
    path: str
    pairs: list[tuple[str, str]]
    body: bytes | None = None
    label: str = FORM


@st.composite
def links(draw: st.DrawFn) -> Asked:
    """A shop's link or form, good or not."""
    pairs = draw(_spoilt(draw(st.sampled_from(LINKS))))
    return Asked(
        draw(st.sampled_from(["GET", "POST"])), draw(st.sampled_from(DOORS)), pairs, label=draw(_labels())
    )


@st.composite
def visits(draw: st.DrawFn) -> list[Asked]:
    """Steps of a checkout that is open, their pages and forms, mostly in their order."""
    places = draw(st.lists(st.integers(0, len(STEPS) - 1), max_size=6))
    if draw(st.integers(0, 3)):
        places.sort()
    return [draw(_step(*STEPS[place])) for place in places]


@st.composite
def _step(draw: st.DrawFn, step: str, good: dict[str, str]) -> Asked:
    form = dict(good)
    if "card_number" in form:
        form["card_number"] = draw(st.sampled_from(NUMBERS))
    pairs = draw(_spoilt(form))
    method = draw(st.sampled_from(["POST", "POST", "POST", "GET", "PUT"] if form else ["GET", "POST"]))
    return Asked(method, step, pairs, label=draw(_labels()))


@st.composite
def orders(draw: st.DrawFn, token: str) -> Asked:
    """A request of the payment API."""
    order = copy.deepcopy(ORDER)
    order |= {"token": token, "merchantOrderId": str(draw(st.integers(0, 3)))}
    for _ in range(draw(st.integers(0, 2))):
        draw(_bend(order))
    body = json.dumps(order).encode() if draw(st.integers(0, 9)) else draw(st.sampled_from(RAWS))
    method = (
        "POST" if draw(st.integers(0, 19)) else draw(st.sampled_from(["GET", "PUT", "DELETE", "OPTIONS"]))
    )
    seller = (
        SELLER if draw(st.integers(0, 9)) else draw(st.sampled_from(["0", "x", "%00", "1" * 30, "%ed%a0%80"]))
    )
    label = draw(st.sampled_from(["application/json", *TYPES]))
    return Asked(method, f"/checkout/api/1/{seller}/rs/authService", [], body, label)


@st.composite
def token_calls(draw: st.DrawFn) -> Asked:
    """A request of the token service."""
    payload = copy.deepcopy(draw(st.sampled_from(PAYLOADS)))
    if draw(st.booleans()):
        draw(_bend(payload))
    text = json.dumps(payload) if draw(st.integers(0, 4)) else draw(ANY_TEXT)
    pairs = [("payload", text), ("callback", draw(st.sampled_from(CALLBACKS)))]
    name = draw(st.sampled_from(["preTokenService", "tokenService"]))
    seller = SELLER if draw(st.integers(0, 9)) else draw(st.sampled_from(["0", "x", "%00"]))
    return Asked(draw(st.sampled_from(["GET", "POST", "PUT"])), f"/checkout/api/1/{seller}/rs/{name}", pairs)


@st.composite
def _bend(draw: st.DrawFn, said: Any) -> None:
    """Put something wrong somewhere into a document."""
    while True:
        keys = list(said) if isinstance(said, dict) else list(range(len(said)))
        key = draw(st.sampled_from(keys))
        if not isinstance(said[key], dict | list) or not said[key] or not draw(st.integers(0, 4)):
            said[key] = draw(st.sampled_from(WRONG))
            return
        said = said[key]


@st.composite
def _spoilt(draw: st.DrawFn, good: dict[str, str]) -> list[tuple[str, str]]:
    """A form with up to three of its values changed, repeated or left out."""
    pairs = list(good.items())
    for _ in range(draw(st.sampled_from([0, 0, 0, 1, 2, 3]))):
        place = draw(st.integers(0, max(len(pairs) - 1, 0)))
        change = draw(st.sampled_from(["value", "name", "again", "without"]))
        kept = [*pairs[:place], *pairs[place + 1 :]]
        name = pairs[place][0] if place < len(pairs) else "x"
        if change == "name":
            name = draw(
                st.sampled_from([f"amp;{name}", name.upper(), f"{name}[]", "li_99999_name", "product_id0"])
            )
        added = [] if change == "without" else [(name, draw(ANY_TEXT))]
        pairs = [*(pairs if change == "again" else kept), *added]
    return pairs


def _labels() -> st.SearchStrategy[str]:
    return st.sampled_from(
        [FORM] * 6 + ["multipart/form-data; boundary=x", "multipart/form-data", "application/json", ""]
    )
