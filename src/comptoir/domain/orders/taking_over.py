"""Taking over what the card trade knew of orders elsewhere: invoices with their line items, and comments."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NotRequired, Required, TypedDict

from sqlalchemy import Boolean, Integer, Text, select

from comptoir.domain.errors import Invalid
from comptoir.domain.orders.models import (
    DEPOSITED,
    FRAUD_STATUSES,
    INVOICE_STATUSES,
    PASS,
    Invoice,
    LineItem,
    Order,
    OrderComment,
    OrderLine,
)
from comptoir.domain.tx import Tx
from comptoir.storage.columns import Json
from comptoir.storage.lists import among

CURRENCY_LETTERS = 3
# What a column that must hold something holds when nothing is said.
EMPTY: tuple[tuple[type, Any], ...] = ((Boolean, False), (Text, ""), (Integer, 0), (Json, None))


class LineItemImport(TypedDict, total=False):
    """What checkout elsewhere knew of an order line."""

    order_line_id: Required[int]
    vendor_product_id: str | None
    description: str
    is_catalogue: bool
    is_tangible: bool
    is_cart: bool
    price_e4: int
    handling_e4: int | None
    startup_fee_e4: int | None
    surcharges: list[Any]
    recurrence_unit: str | None
    recurrence_count: int | None
    duration_unit: str | None
    duration_count: int | None
    installment: int | None
    enrolment_id: int | None


class InvoiceImport(TypedDict, total=False):
    """An invoice as it was kept elsewhere, of an order that is imported before it."""

    order_id: Required[int]
    line_items: Sequence[LineItemImport]
    change_number: int
    installment: int
    status: str
    fraud_status: str
    customer_currency: str
    customer_total_minor: int
    usd_total_minor: int
    fee_minor: int
    payment_id: int


class CommentImport(TypedDict):
    """A remark on a sale as it was kept elsewhere."""

    id: NotRequired[int]
    order_id: int
    created_at: datetime
    author: str
    text: str
    ip_address: NotRequired[str]
    category: NotRequired[int | None]


ORDERS = select(Order.id, Order.sale_id, Order.parent_id, Order.is_renewal, Order.currency, Order.total_minor).where(
    among(Order.id, "ids"), Order.removed_at.is_(None)
)  # fmt: skip
LINES = select(OrderLine.id, OrderLine.order_id, OrderLine.unit_price_e4).where(
    among(OrderLine.order_id, "ids")
)
INVOICED = select(Invoice.order_id).where(among(Invoice.order_id, "ids"))
COMMENTS = select(OrderComment.id).where(among(OrderComment.id, "ids"))


def import_invoices(tx: Tx, rows: Sequence[InvoiceImport]) -> list[Invalid | None]:
    """Keep many invoices from elsewhere; for each row what is wrong with it, or None.

    What is not told of a line item is taken from its order line. Each row may fail on: order_id, status,
    fraud_status, customer_currency, installment, line_items.
    """
    ids = [row["order_id"] for row in rows]
    orders = {order[0]: order for order in tx.all(ORDERS, ids=ids)}
    lines: dict[int, dict[int, int]] = {}
    for line_id, order_id, price_e4 in tx.all(LINES, ids=ids):
        lines.setdefault(order_id, {})[line_id] = price_e4
    taken = {order_id for (order_id,) in tx.all(INVOICED, ids=ids)}
    problems: list[Invalid | None] = []
    invoices: list[dict[str, Any]] = []
    items: list[dict[str, Any]] = []
    for row in rows:
        try:
            invoice, own = _taken(row, orders, lines, taken)
        except Invalid as problem:
            problems.append(problem)
            continue
        taken.add(row["order_id"])
        problems.append(None)
        invoices.append(invoice)
        items += own
    tx.insert_many(Invoice, invoices)
    tx.insert_many(LineItem, items)
    tx.ids.reach("order", max((invoice["change_number"] for invoice in invoices), default=0))
    for invoice in invoices:
        after = {"status": invoice["status"], "fraud_status": invoice["fraud_status"]}
        tx.note("invoice.imported", "invoice", invoice["order_id"], after=after)
    return problems


def import_comments(tx: Tx, rows: Sequence[CommentImport]) -> list[Invalid | None]:
    """Keep many comments from elsewhere; each row may fail on: id, order_id."""
    orders = {order[0]: order[1] for order in tx.all(ORDERS, ids=[row["order_id"] for row in rows])}
    taken = {key for (key,) in tx.all(COMMENTS, ids=[row["id"] for row in rows if "id" in row])}
    problems: list[Invalid | None] = []
    kept: list[dict[str, Any]] = []
    for row in rows:
        comment_id = row.get("id", 1)
        if comment_id <= 0 or comment_id in taken:
            problems.append(Invalid("id", "is taken or not above zero"))
        elif row["order_id"] not in orders:
            problems.append(Invalid("order_id", f"there is no order {row['order_id']}"))
        else:
            problems.append(None)
            taken.add(comment_id)
            kept.append({"ip_address": "", "category": None, **row, "sale_id": orders[row["order_id"]]})
    tx.ids.reach("order_comment", max((row.get("id", 0) for row in kept), default=0))
    for comment in kept:
        comment.setdefault("id", tx.ids.next("order_comment"))
    tx.insert_many(OrderComment, kept)
    for comment in kept:
        tx.note("sale.comment_imported", "sale", comment["sale_id"], after={"id": comment["id"]})
    return problems


def _taken(
    row: InvoiceImport,
    orders: Mapping[int, tuple[Any, ...]],
    lines: Mapping[int, Mapping[int, int]],
    taken: set[int],
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The rows of an invoice and its line items. Refuses: Invalid."""
    order = orders.get(row["order_id"])
    if order is None:
        raise Invalid("order_id", f"there is no order {row['order_id']}")
    order_id, _, parent_id, is_renewal, currency, total_minor = order
    if order_id in taken:
        raise Invalid("order_id", "has an invoice already")
    if parent_id is not None and not is_renewal:
        raise Invalid("order_id", "is a part of its parent's invoice")
    told = {name: value for name, value in row.items() if name != "line_items"}
    invoice = blank(Invoice) | {
        "change_number": order_id,
        "installment": 1,
        "status": DEPOSITED,
        "fraud_status": PASS,
        "language": "en",
        "customer_currency": currency,
        "customer_total_minor": total_minor,
        "usd_total_minor": total_minor,
    } | told  # fmt: skip
    _refuse_malformed(invoice)
    own = lines.get(order_id, {})
    return invoice, list(_items(row.get("line_items", ()), order_id, own))


def _items(rows: Iterable[LineItemImport], order_id: int, own: Mapping[int, int]) -> Iterable[dict[str, Any]]:
    seen: set[int] = set()
    for item in rows:
        line_id = item["order_line_id"]
        if line_id not in own or line_id in seen:
            raise Invalid("line_items", f"name line {line_id}, which is not the order's, or twice")
        seen.add(line_id)
        row = blank(LineItem) | {"price_e4": own[line_id], "surcharges": []} | dict(item)
        yield row | {"order_id": order_id}


def _refuse_malformed(invoice: Mapping[str, Any]) -> None:
    for field, known in (("status", INVOICE_STATUSES), ("fraud_status", FRAUD_STATUSES)):
        if invoice[field] not in known:
            raise Invalid(field, f"{invoice[field]!r} is none of {', '.join(known)}")
    currency = invoice["customer_currency"]
    if len(currency) != CURRENCY_LETTERS or not (currency.isascii() and currency.isupper()):
        raise Invalid("customer_currency", f"{currency!r} is no currency code")
    if invoice["installment"] < 1 or invoice["change_number"] < 1:
        raise Invalid("installment", "is not above zero")


def blank(record: Any) -> dict[str, Any]:
    """A row of which nothing is said: nothing, no, zero or empty, as the column allows."""
    return {
        column.name: None
        if column.nullable
        else next(v for kind, v in EMPTY if isinstance(column.type, kind))
        for column in record.__table__.columns
    }
