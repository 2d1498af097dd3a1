"""Sales in every state: paid, promised, under review, declined, refunded, old, recurring, and of another dialect.

The numbers are those that the documentation prints, where it prints any (reference 6.2).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from comptoir.domain.merchant.actions import update_merchant
from comptoir.domain.orders.buyers import Buyer
from comptoir.domain.orders.commenting import add_comment
from comptoir.domain.orders.invoicing import (
    attach_payment,
    decline_invoice,
    mark_deposited,
    mark_pending,
    set_fraud_status,
)
from comptoir.domain.orders.placing import place_order
from comptoir.domain.orders.queries import get_head
from comptoir.domain.orders.selling import Every, PlacedSale, SaleLine, SaleTerms, place_sale
from comptoir.domain.payments.actions import record_payment
from comptoir.domain.refunds.actions import process_refund, refund_order
from comptoir.domain.refunds.invoices import Asked, draft_invoice_refund
from comptoir.domain.subscriptions.recurring import start_recurring
from comptoir.domain.subscriptions.renewing import renew
from tests.domain.orders.given import e4

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop, Tx

PAID, PROMISED, RECURRING = 4774380224, 4789848870, 4766009260
REVIEWED, DECLINED, REFUNDED, OLD, PARTLY = 4800000000, 4800000100, 4800000200, 4800000300, 4800000400
LAPSED, UNLUCKY = 4800000500, 4800000600
RENEWED, FALTERING, BY_PAYPAL = 4800000700, 4800000800, 4800000900
KEPT = 4800001000
PLACED = 46
TESTER = Buyer(
    first_name="Testing",
    last_name="Tester",
    email="christensoncraig@gmail.com",
    phone="614-921-2450",
    phone_ext="12",
    address1="123 Test St",
    address2="Suite 200",
    city="Columbus",
    state="OH",
    postcode="43123",
    country="USA",
    delivery_name="Gift Receiver",
    delivery_address1="1234 Address Road",
    delivery_address2="Apartment 123",
    delivery_city="Columbus",
    delivery_state="OH",
    delivery_postcode="43235",
    delivery_country="USA",
    ip_address="66.194.132.135",
    ip_country="United States",
)
MARIO = Buyer(
    first_name="Mario",
    middle_initial="J",
    last_name="Söhne",
    email="mario@example.it",
    phone="390612345",
    address1="Via Roma 1",
    city="Roma",
    state="RM",
    postcode="00100",
    country="ITA",
    ip_address="93.184.216.34",
    ip_country="ITA",
    language="it",
)


def load(shop: OpenShop) -> None:
    """Sell, in an order in which the newest sale is not the one with the highest number."""
    shop.write(lambda tx: update_merchant(tx, vendor_id=1817037, secret_word="tango"))
    for sell in SOLD:
        shop.write(sell)


def paid(tx: Tx) -> None:
    """A lamp with two options, sent, with a coupon, shipping and tax; paid in euros."""
    lamp = SaleLine(
        id=4774380242,
        name="Example Product",
        description="An <example>",
        product_id=4774388564,
        is_catalogue=True,
        is_tangible=True,
        vendor_product_id="lamp-1",
        amount_e4=e4("28.85"),
        price_e4=e4("20.00"),
        handling_e4=0,
        surcharges=[
            {"id": 4023756494, "name": "Size", "value": "Large", "surcharge_e4": e4("5.00")},
            {"id": 4023756497, "name": "Colour", "value": "Blue", "surcharge_e4": e4("3.85")},
        ],
    )
    lines = [
        lamp,
        replace(lamp, id=4774380243, surcharges=(), amount_e4=e4("20.00")),
        SaleLine(id=4774380244, name="Ground", type="shipping", amount_e4=e4("7.50")),
        SaleLine(id=4774380245, name="TENOFF", type="coupon", amount_e4=e4("10.00")),
        SaleLine(id=4774380246, name="Sales tax", type="tax", amount_e4=e4("2.65")),
    ]
    terms = SaleTerms(
        sale_id=PAID,
        customer_currency="EUR",
        customer_total_minor=4410,
        usd_total_minor=4900,
        merchant_order_id="web-77",
        referrer="http://www.fake-company.com/lamp",
        card_first_six="400000",
        card_last_two="02",
        shipping_method="Ground",
        fee_minor=315,
        placed_at=tx.now - timedelta(days=10),
    )
    sold = place_sale(tx, lines=lines, buyer=TESTER, terms=terms)
    pay(tx, sold)
    add_comment(tx, sale_id=PAID, text="Called the buyer", ip_address="192.0.2.7")


def promised(tx: Tx) -> None:
    """An unpaid one that is to be sent, in yen, by somebody from Italy."""
    line = SaleLine(id=4789848888, name="Vase", is_tangible=True, amount_e4=e4("2.50"))
    terms = SaleTerms(
        sale_id=PROMISED,
        customer_currency="JPY",
        customer_total_minor=250,
        placed_at=tx.now - timedelta(days=3),
    )
    promise(tx, place_sale(tx, lines=[line], buyer=MARIO, terms=terms))


def recurring(tx: Tx) -> None:
    """A club by the month for a year, billed once."""
    buyer = replace(TESTER, first_name="Anna")
    line = monthly(
        4766009278, "28.85", price_e4=e4("19.23"), startup_fee_e4=e4("9.62"), duration=Every(1, "year")
    )
    terms = SaleTerms(sale_id=RECURRING, placed_at=tx.now - timedelta(days=20))
    sold = place_sale(tx, lines=[line], buyer=buyer, terms=terms)
    pay(tx, sold)
    start_recurring(tx, order_line_id=sold.line_ids[0])


def renewed(tx: Tx) -> None:
    """A club for ever, billed twice."""
    terms = SaleTerms(sale_id=RENEWED, placed_at=tx.now - timedelta(days=40))
    sold = place_sale(tx, lines=[monthly(4800000750, "12.00")], buyer=TESTER, terms=terms)
    pay(tx, sold)
    renew(tx, enrolment_id=start_recurring(tx, order_line_id=sold.line_ids[0], gateway="sandbox"))


def faltering(tx: Tx) -> None:
    """A club whose second installment the card would not pay."""
    terms = SaleTerms(sale_id=FALTERING, placed_at=tx.now - timedelta(days=39))
    sold = place_sale(tx, lines=[monthly(4800000850, "99.02")], buyer=TESTER, terms=terms)
    pay(tx, sold)
    renew(tx, enrolment_id=start_recurring(tx, order_line_id=sold.line_ids[0], gateway="sandbox"))


def by_paypal(tx: Tx) -> None:
    """A club that PayPal pays."""
    terms = SaleTerms(sale_id=BY_PAYPAL, method="paypal ec", placed_at=tx.now - timedelta(days=4))
    sold = place_sale(tx, lines=[monthly(4800000950, "7.00")], buyer=MARIO, terms=terms)
    pay(tx, sold)
    start_recurring(tx, order_line_id=sold.line_ids[0])


def kept(tx: Tx) -> None:
    """Paid by a card that takes nothing back: the sandbox says so of this amount."""
    line = SaleLine(id=4800001050, name="Download", amount_e4=e4("99.07"))
    terms = SaleTerms(sale_id=KEPT, placed_at=tx.now - timedelta(days=8))
    pay(tx, place_sale(tx, lines=[line], buyer=TESTER, terms=terms), gateway="sandbox")


def monthly(line_id: int, amount: str, **fields: Any) -> SaleLine:
    """A club that is billed by the month."""
    return SaleLine(
        id=line_id,
        name="Club",
        vendor_product_id="club",
        amount_e4=e4(amount),
        recurrence=Every(1, "month"),
        **fields,
    )


def reviewed(tx: Tx) -> None:
    """Under review, a download."""
    line = SaleLine(id=4800000050, name="Download", amount_e4=e4("5.00"))
    terms = SaleTerms(sale_id=REVIEWED, placed_at=tx.now - timedelta(hours=2))
    place_sale(tx, lines=[line], buyer=TESTER, terms=terms)


def declined(tx: Tx) -> None:
    """Never paid."""
    line = SaleLine(id=4800000150, name="Download", amount_e4=e4("5.00"))
    terms = SaleTerms(sale_id=DECLINED, placed_at=tx.now - timedelta(days=5))
    decline_invoice(tx, order_id=place_sale(tx, lines=[line], buyer=TESTER, terms=terms).order_id)


def refunded(tx: Tx) -> None:
    """All of it went back."""
    line = SaleLine(id=4800000250, name="Download", amount_e4=e4("9.99"))
    terms = SaleTerms(sale_id=REFUNDED, placed_at=tx.now - timedelta(days=6))
    sold = place_sale(tx, lines=[line], buyer=TESTER, terms=terms)
    pay(tx, sold)
    refund_order(tx, order_id=sold.order_id)


def partly_refunded(tx: Tx) -> None:
    """Half of it went back, as an amount."""
    line = SaleLine(id=4800000450, name="Download", amount_e4=e4("10.00"))
    terms = SaleTerms(sale_id=PARTLY, placed_at=tx.now - timedelta(days=7))
    sold = place_sale(tx, lines=[line], buyer=TESTER, terms=terms)
    pay(tx, sold)
    asked = Asked(Decimal("5.00"), "vendor")
    refund_id = draft_invoice_refund(tx, order_id=sold.order_id, category=5, asked=asked)
    process_refund(tx, refund_id=refund_id)


def old(tx: Tx) -> None:
    """Sold more than half a year ago."""
    line = SaleLine(id=4800000350, name="Download", amount_e4=e4("100.41"))
    terms = SaleTerms(sale_id=OLD, placed_at=tx.now - timedelta(days=200))
    pay(tx, place_sale(tx, lines=[line], buyer=TESTER, terms=terms))


def lapsed(tx: Tx) -> None:
    """To be sent, and promised too long ago."""
    line = SaleLine(id=4800000550, name="Chair", is_tangible=True, amount_e4=e4("80.00"))
    terms = SaleTerms(sale_id=LAPSED, placed_at=tx.now - timedelta(days=12))
    promise(tx, place_sale(tx, lines=[line], buyer=TESTER, terms=terms))


def unlucky(tx: Tx) -> None:
    """The same, of an amount that the sandbox will not promise again."""
    line = SaleLine(id=4800000650, name="Chair", is_tangible=True, amount_e4=e4("99.02"))
    terms = SaleTerms(sale_id=UNLUCKY, placed_at=tx.now - timedelta(days=11))
    promise(tx, place_sale(tx, lines=[line], buyer=TESTER, terms=terms))


def placed(tx: Tx) -> None:
    """An order that was not sold at a checkout."""
    lines: list[Any] = [
        {
            "id": 46001,
            "product_id": 7,
            "code": "MUG",
            "name": "Mug",
            "quantity": 2,
            "unit_price_e4": e4("12.50"),
        }
    ]
    place_order(
        tx,
        id=PLACED,
        lines=lines,
        billing_name="Mr Sparkle",
        billing_email="sparkle@example.jp",
        delivery_e4=e4("5.05"),
        payment_method="Bank transfer",
        created_at=tx.now - timedelta(days=30),
    )
    record_payment(tx, order_id=PLACED, amount_e4=e4("30.05"), at=tx.now - timedelta(days=29))


def promise(tx: Tx, sold: PlacedSale) -> None:
    """Have the money of a sale promised, and its review passed."""
    payment_id = record_payment(
        tx,
        order_id=sold.order_id,
        amount_e4=get_head(tx, sold.order_id).total_minor * 100,
        status="pending",
        gateway="sandbox",
        identifier=f"SBX-{sold.sale_id}",
    )
    attach_payment(tx, order_id=sold.order_id, payment_id=payment_id)
    set_fraud_status(tx, order_id=sold.order_id, status="pass")


def pay(tx: Tx, sold: PlacedSale, *, gateway: str = "manual") -> None:
    """Take the money of a sale, all the way."""
    total = get_head(tx, sold.order_id).total_minor
    record_payment(tx, order_id=sold.order_id, amount_e4=total * 100, gateway=gateway)
    set_fraud_status(tx, order_id=sold.order_id, status="pass")
    mark_pending(tx, order_id=sold.order_id)
    mark_deposited(tx, order_id=sold.order_id)


SOLD = (
    old, paid, promised, recurring, renewed, faltering, by_paypal, kept, reviewed, declined, refunded,
    partly_refunded, lapsed, unlucky, placed,
)  # fmt: skip
