"""The shop that the published clients' own tests name: seller 1817037 with its user, secret and sales."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from comptoir.domain.catalogue.options import NewValue, create_option
from comptoir.domain.catalogue.products import create_product
from comptoir.domain.coupons.actions import create_coupon
from comptoir.domain.merchant.actions import update_merchant
from comptoir.domain.orders.invoicing import attach_payment, mark_deposited, set_fraud_status
from comptoir.domain.orders.selling import Every, SaleTerms, place_sale
from comptoir.domain.payments.actions import record_payment
from comptoir.domain.subscriptions.recurring import start_recurring
from comptoir.domain.tx import Tx
from comptoir.opening import open_shop
from comptoir.settings import Settings
from tests.domain.orders.given import A_BUYER, a_sale_line, e4
from tests.e2e.conftest import Installation

SELLER, SECRET_WORD = 1817037, "tango"
USER, PASSWORD = "APIuser1817037", "APIpass1817037"
PRIVATE_KEY, PUBLISHED_KEY = "9999999", "3508079E-5383-44D4-BF69-DC619C0D9811"
SALE, LAMP, SHIPPING, LICENCE = 4774380224, 4774380301, 4774380302, 4834917634
LICENCES = 4834917619
OTHER_SALES = {4632527448: 4632527493, LICENCES: LICENCE}
COUPON = "TANGO1"
OPTIONS: dict[str, Any] = {
    "apiUser": USER,
    "apiPass": PASSWORD,
    "sellerId": str(SELLER),
    "privateKey": PRIVATE_KEY,
    "secretWord": SECRET_WORD,
    "demo": True,
    "sandbox": False,
}


def found_shop(installation: Installation) -> str:
    """Make the shop, and give the key that opens it for Core dna's clients."""
    key: str = installation.run("init", "--currency", "USD", "--sandbox")["key"]
    installation.run("users", "api", "create", USER, "--password", PASSWORD)
    home = open_shop(Settings(data_dir=Path(installation.folder) / "data"), "main")
    try:
        home.shop.write(fill)
    finally:
        home.shop.database.close()
    return key


def fill(tx: Tx) -> None:
    """Say who sells, and put in two products, two options, a coupon and three paid sales."""
    update_merchant(
        tx,
        name="Tango",
        vendor_id=SELLER,
        secret_word=SECRET_WORD,
        private_key=PRIVATE_KEY,
        publishable_key=PUBLISHED_KEY,
        gateway="sandbox",
    )
    for name in ("Lamp", "Licence"):
        create_product(tx, name=name, price_rrp_e4=e4("20"))
        create_option(tx, name=f"{name} size", values=[NewValue("large", e4("1"))])
    create_coupon(tx, code=COUPON, type="sale", value_e4=e4("1"), expires_on=date(2099, 1, 1))
    lines = [
        a_sale_line("Lamp", "100", id=LAMP, is_tangible=True, vendor_product_id="LAMP"),
        a_sale_line("Ground", "10", id=SHIPPING, type="shipping"),
    ]
    paid(tx, place_sale(tx, lines=lines, buyer=A_BUYER, terms=SaleTerms(sale_id=SALE)).order_id, "110")
    for sale_id, line_id in OTHER_SALES.items():
        line = a_sale_line("Licence", "20", id=line_id, recurrence=Every(1, "month"))
        placed = place_sale(tx, lines=[line], buyer=A_BUYER, terms=SaleTerms(sale_id=sale_id))
        paid(tx, placed.order_id, "20")
        start_recurring(tx, order_line_id=line_id)


def paid(tx: Tx, order_id: int, amount: str) -> None:
    """Let the money of an invoice arrive."""
    set_fraud_status(tx, order_id=order_id, status="pass")
    payment_id = record_payment(tx, order_id=order_id, amount_e4=e4(amount), gateway="sandbox")
    attach_payment(tx, order_id=order_id, payment_id=payment_id)
    mark_deposited(tx, order_id=order_id)
