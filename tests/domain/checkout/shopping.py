"""A seller with a catalogue, and buyers, for the tests of checkout."""

from collections.abc import Mapping
from typing import Any

from comptoir.domain.catalogue.products import create_product
from comptoir.domain.catalogue.terms import set_terms
from comptoir.domain.checkout.actions import fill_in, open_checkout
from comptoir.domain.checkout.addresses import Address
from comptoir.domain.checkout.paying import pay_checkout
from comptoir.domain.checkout.queries import CheckoutRow, CheckoutView, get_checkout, view_checkout
from comptoir.domain.merchant.actions import update_merchant
from comptoir.domain.payments.port import Card
from comptoir.domain.payments.sandbox import SandboxGateway
from comptoir.domain.tx import OpenShop, Tx

SID = "1817037"
GOOD, BAD = "4000000000000002", "4333433343334333"
SILENT, LOST = "4000000000000408", "4000000000000416"
HERE = Address(
    name="Joan Q Shopper", street="1 Main Street", city="Columbus", state="OH", postcode="43123",
    country="USA", email="joan@example.com", phone="6145550100",
)  # fmt: skip
THERE = Address(
    name="Gift Receiver",
    street="1234 Second Street",
    city="Columbus",
    state="OH",
    postcode="43001",
    country="USA",
)
ONE_SHIRT = {
    "sid": SID, "mode": "2CO", "li_0_type": "product", "li_0_name": "Test Product", "li_0_price": "0.01",
    "merchant_order_id": "abc-1",
}  # fmt: skip


def be_seller(tx: Tx, **more: Any) -> None:
    """Make the shop the documented seller, who takes cards through the sandbox."""
    terms: dict[str, Any] = {
        "vendor_id": int(SID), "name": "Tango Shop", "secret_word": "tango", "demo": "P", "gateway": "sandbox",
        "url": "https://shop.example.com/",
    }  # fmt: skip
    update_merchant(tx, **terms | more)


def add_product(tx: Tx, *, terms: Mapping[str, Any] | None = None, **fields: Any) -> int:
    """A product that links may call by its id."""
    product_id = create_product(tx, **{"name": "Shirt", "price_rrp_e4": 100_000, **fields})
    if terms:
        set_terms(tx, product_id=product_id, **terms)
    return product_id


def begun(tx: Tx, parameters: Mapping[str, str], *, is_single: bool = False) -> str:
    asked = list(parameters.items())
    return open_checkout(tx, parameters=asked, ip_address="203.0.113.9", is_single=is_single)


def seen(tx: Tx, key: str) -> CheckoutView:
    return view_checkout(tx, get_checkout(tx, key))


def card(number: str = GOOD) -> Card:
    return Card(number, 12, 2030, "123")


def opened(shop: OpenShop, parameters: Mapping[str, str] = ONE_SHIRT, **said: Any) -> str:
    """A checkout with the buyer's address filled in."""
    key = shop.write(lambda tx: begun(tx, parameters))
    shop.write(lambda tx: fill_in(tx, key=key, billing=HERE, shipping=THERE, **said))
    return key


def paid(shop: OpenShop, key: str, number: str = GOOD) -> CheckoutRow:
    return pay_checkout(shop, SandboxGateway(), key=key, card=card(number))
