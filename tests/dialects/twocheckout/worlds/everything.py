"""A shop in which everything happens at once: it sells, bills again, gives back, ships, is paid out and disputed.

Names hold markup, so that a page or a document that does not escape them shows it.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from comptoir.domain.catalogue.options import NewValue, create_option
from comptoir.domain.catalogue.products import create_product
from comptoir.domain.catalogue.terms import set_terms
from comptoir.domain.coupons.actions import create_coupon
from comptoir.domain.merchant.actions import update_merchant
from comptoir.domain.merchant.offers import create_shipping_method, set_rate, set_tax
from comptoir.domain.orders.selling import Every
from comptoir.domain.subscriptions.recurring import stop_recurring
from tests.dialects.twocheckout.worlds import catalogue, paid_out, sales, vendor
from tests.domain.subscriptions.given import monthly, sold

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop, Tx

PUBLISHED_KEY, PRIVATE_KEY = "3508079E-5383-44D4-BF69-DC619C0D9811", "9999999"
MARKUP = '<script>zz("&")</script>'
ADORNED, ADORNED_SALE, CLUB, LEFT = 4774388590, 4810000000, 4810000100, 4810000200


def load(shop: OpenShop) -> None:
    """Let everything happen."""
    vendor.load(shop)
    catalogue.load(shop)
    sales.load(shop)
    paid_out.load(shop)
    for happen in (sell_worldwide, adorn, bill_again):
        shop.write(happen)


def sell_worldwide(tx: Tx) -> None:
    """Take cards, in other moneys too, tax, and send in two ways."""
    update_merchant(tx, gateway="sandbox", publishable_key=PUBLISHED_KEY, private_key=PRIVATE_KEY)
    set_rate(tx, currency="EUR", since=date(2025, 1, 1), rate_e8=90_000_000)
    set_rate(tx, currency="JPY", since=date(2025, 1, 1), rate_e8=15_000_000_000)
    set_tax(tx, country="USA", state="OH", name=MARKUP, rate_ppm=72_500, is_on_shipping=True)
    create_shipping_method(tx, name="Ground", price_e4=50_000, further_piece_e4=10_000, countries=["USA"])
    create_shipping_method(tx, name=f"Air {MARKUP}", price_e4=250_000)


def adorn(tx: Tx) -> None:
    """Sell what has markup in each of its names."""
    create_product(
        tx, id=ADORNED, code="adorned", name=MARKUP, preview=MARKUP, description=MARKUP, price_rrp_e4=10_000
    )
    set_terms(tx, product_id=ADORNED, is_new=True, vendor_product_id=MARKUP, is_tangible=True)
    create_option(tx, id=4688550030, name=MARKUP, values=[NewValue(MARKUP, 0), NewValue("plain", 100)])
    create_coupon(tx, code="A<b>&'\"", type="sale", expires_on=date(2026, 12, 31), percent_ppm=10_000)
    sold(tx, monthly("3", name=MARKUP, description=MARKUP, vendor_product_id=MARKUP), sale_id=ADORNED_SALE)


def bill_again(tx: Tx) -> None:
    """Let two clubs bill their members; one has stopped."""
    fortnightly = monthly("1", id=CLUB + 51, recurrence=Every(2, "week"))
    sold(tx, monthly("12.50", fee="5", id=CLUB + 50), fortnightly, sale_id=CLUB)
    left = sold(tx, monthly("8", id=LEFT + 50, duration=Every(1, "year")), sale_id=LEFT)
    stop_recurring(tx, order_line_id=left.line_id)
