"""Orders for tests, and the books they leave."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from comptoir.domain.ledger.queries import list_accounts
from comptoir.domain.orders.buyers import Buyer
from comptoir.domain.orders.importing import OrderImport
from comptoir.domain.orders.lines import LineFields
from comptoir.domain.orders.models import Order
from comptoir.domain.orders.selling import PlacedSale, SaleLine, SaleTerms, place_sale
from comptoir.domain.tx import Tx

TEN_PERCENT = 100_000
LONG_AGO = datetime(2018, 8, 24, 12, 58, tzinfo=UTC)


def a_line(price: str = "20", quantity: int = 1, **fields: Any) -> LineFields:
    line: LineFields = {"product_id": 1, "unit_price_e4": e4(price), "quantity": quantity}
    line.update(fields)  # type: ignore[typeddict-item]
    return line


A_BUYER = Buyer(
    first_name="Testing",
    last_name="Tester",
    email="testing@example.com",
    phone="614 555 0100",
    address1="123 Test St",
    city="Columbus",
    state="OH",
    postcode="43123",
    country="USA",
    delivery_name="Testing Tester",
    delivery_address1="123 Test St",
    delivery_city="Columbus",
    delivery_state="OH",
    delivery_postcode="43123",
    delivery_country="USA",
    ip_address="198.51.100.7",
    ip_country="United States",
)


def a_sale_line(name: str, amount: str, **fields: Any) -> SaleLine:
    return SaleLine(name=name, amount_e4=e4(amount), **fields)


def a_sale(tx: Tx, **given: Any) -> PlacedSale:
    """A lamp of 100 to be sent, 10 for shipping, a coupon over 10, 9 of tax: 109 altogether."""
    lines = [
        a_sale_line("Lamp", "100", product_id=7, is_tangible=True, vendor_product_id="LAMP"),
        a_sale_line("Ground", "10", type="shipping"),
        a_sale_line("TENOFF", "10", type="coupon"),
        a_sale_line("Tax", "9", type="tax"),
    ]
    sale: dict[str, Any] = {"lines": lines, "buyer": A_BUYER, "terms": SaleTerms()}
    return place_sale(tx, **(sale | given))


def an_import(order_id: int, **fields: Any) -> OrderImport:
    """The documented order 46: prices include tax, delivery is charged."""
    order: OrderImport = {
        "id": order_id,
        "number": str(order_id),
        "created_at": LONG_AGO,
        "status": "completed",
        "lines": [a_line("29.95", tax_e4=e4("2.7227"), id=order_id * 1000 + 1)],
        "delivery_e4": e4("5.05"),
        "tax_e4": e4("3.1818"),
        "total_e4": e4("35.00"),
    }
    order.update(fields)  # type: ignore[typeddict-item]
    return order


def e4(amount: str) -> int:
    """An amount as people write it, in ten-thousandths."""
    whole, _, places = amount.partition(".")
    return int(whole + places.ljust(4, "0"))


def balances(tx: Tx) -> dict[str, int]:
    """Every balance that is not zero, from its account's own side."""
    return {account.code: account.balance_minor for account in list_accounts(tx) if account.posted_minor}


_ORDER = {
    column.name: select(getattr(Order, column.name), Order.id).order_by(Order.id)
    for column in Order.__table__.columns
}


def order_value(tx: Tx, order_id: int, name: str) -> Any:
    """One column of an order."""
    return {key: value for value, key in tx.all(_ORDER[name])}[order_id]
