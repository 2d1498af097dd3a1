"""Orders for tests, and the books they leave."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from comptoir.domain.ledger.queries import list_accounts
from comptoir.domain.orders.importing import OrderImport
from comptoir.domain.orders.lines import LineFields
from comptoir.domain.orders.models import Order
from comptoir.domain.tx import Tx

TEN_PERCENT = 100_000
LONG_AGO = datetime(2018, 8, 24, 12, 58, tzinfo=UTC)


def a_line(price: str = "20", quantity: int = 1, **fields: Any) -> LineFields:
    line: LineFields = {"product_id": 1, "unit_price_e4": e4(price), "quantity": quantity}
    line.update(fields)  # type: ignore[typeddict-item]
    return line


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
