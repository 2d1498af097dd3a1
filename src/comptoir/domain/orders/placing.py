"""Placing an order: priced, numbered, recognised in the books, written down."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import Text, bindparam, select, update

from comptoir.domain.errors import Invalid
from comptoir.domain.money import e4_of_minor
from comptoir.domain.orders.amounts import Charges, OrderAmounts, price_order, whole_e4
from comptoir.domain.orders.itemising import is_itemised, itemise_order
from comptoir.domain.orders.lines import (
    LineFields,
    line_ids,
    line_rows,
    number_lines,
    price_of,
    refuse_malformed_line,
)
from comptoir.domain.orders.logs import write_log
from comptoir.domain.orders.models import NEW, PRODUCT, SETTABLE_STATUSES, Order, OrderLine
from comptoir.domain.orders.sales import OrderBooks, post_sales
from comptoir.domain.tx import Tx

CHARGE_NAMES = ("delivery_e4", "insurance_e4", "surcharge_e4", "discount_e4")
CURRENCY_LETTERS = 3


class OrderChanges(TypedDict, total=False):
    """What may be changed of an order once it is placed (Core dna reference 3.9)."""

    comments: str
    status: str
    billing_name: str
    billing_company: str
    billing_address: str
    billing_suburb: str
    billing_city: str
    billing_state: str
    billing_postcode: str
    billing_email: str
    billing_phone: str
    delivery_name: str
    delivery_company: str
    delivery_address: str
    delivery_suburb: str
    delivery_city: str
    delivery_state: str
    delivery_postcode: str
    delivery_email: str
    delivery_phone: str
    custom1: str
    custom2: str
    custom3: str
    custom4: str
    custom5: str
    custom6: str
    custom7: str
    custom8: str
    custom9: str
    custom10: str
    tracking_id: str
    carrier: str
    shipped_at: datetime | None


class OrderFields(OrderChanges, total=False):
    """What may be said of an order when it is placed, besides its lines."""

    id: int
    number: str
    parent_id: int | None
    is_renewal: bool
    sale_id: int
    customer_id: int | None
    warehouse_id: int | None
    created_at: datetime
    currency: str
    tax_included: bool
    charges_tax_ppm: int
    delivery_e4: int
    insurance_e4: int
    surcharge_e4: int
    discount_e4: int
    payment_method: str
    payment_transaction_id: str
    shipping_method: str


TEXTS = tuple(
    column.name
    for column in Order.__table__.columns
    if isinstance(column.type, Text) and column.name not in {"number", "status", "currency"}
)
MARK_PARENT = update(Order).where(Order.id == bindparam("order_id")).values(has_children=True)
ORDER_TAKEN = select(Order.id).where(Order.id == bindparam("order_id"))


def place_order(tx: Tx, *, lines: Sequence[LineFields], **fields: Unpack[OrderFields]) -> int:
    """Place an order and give its id: the customer owes its total from now on.

    The charges and the discount are rounded to what can be paid in the currency. An itemised order has them
    as lines instead. A renewal names its parent, and has books of its own. Stock is not taken here.
    Refuses: Invalid (lines, type, parts, currency, status, id, parent_id, unit_price, quantity, discount,
    total).
    """
    if not lines:
        raise Invalid("lines", "are none")
    for line in lines:
        refuse_malformed_line(line)
    row = blank_order(tx) | {name: value for name, value in fields.items() if name != "charges_tax_ppm"}
    refuse_malformed_order(row, SETTABLE_STATUSES)
    if (row["parent_id"] is not None) != row["is_renewal"]:
        raise Invalid("parent_id", "belongs to renewals")
    amounts = _priced(row, lines, fields.get("charges_tax_ppm", 0))
    row["tax_e4"] = e4_of_minor(amounts.tax_minor, row["currency"])
    row["total_e4"] = e4_of_minor(amounts.total_minor, row["currency"])
    row["id"], row["number"] = _numbered(tx, fields.get("id"), fields.get("number"))
    row["sale_id"] = fields.get("sale_id") or row["id"]
    write_order(tx, row, lines, amounts)
    write_log(tx, row["id"], "Order Create", {"status": {"new": row["status"]}})
    after = {"number": row["number"], "status": row["status"], "total_e4": row["total_e4"]}
    tx.note("order.placed", "order", row["id"], after=after | {"currency": row["currency"]})
    return int(row["id"])


def _priced(row: dict[str, Any], lines: Sequence[LineFields], charges_tax_ppm: int) -> OrderAmounts:
    """What the order comes to; its charges are rounded, or told by its lines. Refuses: Invalid."""
    currency = row["currency"]
    if is_itemised(lines):
        if any(row[name] for name in CHARGE_NAMES):
            raise Invalid("lines", "say what is charged, so the order cannot")
        itemised = itemise_order([(line.get("type", PRODUCT), price_of(line)) for line in lines], currency)
        row |= itemised.charges | {"tax_included": True}
        return itemised.amounts
    row |= {name: whole_e4(row[name], currency) for name in CHARGE_NAMES}
    return price_order(
        [price_of(line) for line in lines],
        Charges(*(row[name] for name in CHARGE_NAMES)),
        currency=currency,
        tax_included=row["tax_included"],
        charges_tax_ppm=charges_tax_ppm,
    )


def write_order(tx: Tx, row: dict[str, Any], lines: Sequence[LineFields], amounts: OrderAmounts) -> None:
    """Write an order that is numbered and priced, with its sale and its lines."""
    row |= amounts_columns(amounts)
    row["sale_transfer_id"] = None
    books = books_of_row(row)
    row["sale_transfer_id"] = post_sales(tx, [books] if books.is_due else []).get(books.id)
    tx.insert(Order, **row)
    if row["parent_id"] is not None:
        tx.put(MARK_PARENT, order_id=row["parent_id"])
    ids = number_lines(tx, line_ids(lines))
    rows = line_rows(row["id"], lines, amounts.lines, ids, tax_included=row["tax_included"])
    tx.insert_many(OrderLine, rows)


def blank_order(tx: Tx) -> dict[str, Any]:
    """A row of an order of which nothing is said yet."""
    return dict.fromkeys(TEXTS, "") | {
        "parent_id": None,
        "has_children": False,
        "is_renewal": False,
        "sale_id": 0,
        "customer_id": None,
        "warehouse_id": None,
        "status": NEW,
        "created_at": tx.now,
        "updated_at": tx.now,
        "removed_at": None,
        "version": 1,
        "shipped_at": None,
        "currency": tx.shop.currency,
        "tax_included": True,
        **dict.fromkeys(CHARGE_NAMES, 0),
        "paid_minor": 0,
        "repaid_minor": 0,
        "refunded_minor": 0,
    }


def amounts_columns(amounts: OrderAmounts) -> dict[str, Any]:
    """The columns that the amounts of an order fill."""
    return {
        "tax_included": amounts.tax_included,
        "total_minor": amounts.total_minor,
        "charges_minor": amounts.charges_minor,
        "charges_tax_minor": amounts.charges_tax_minor,
    }


def books_of_row(row: dict[str, Any]) -> OrderBooks:
    """What the books must know of an order that is about to be written."""
    return OrderBooks(*(row[name] for name in OrderBooks._fields))


def refuse_malformed_order(row: dict[str, Any], statuses: tuple[str, ...]) -> None:
    """Refuses: Invalid (currency, status)."""
    currency = row["currency"]
    if len(currency) != CURRENCY_LETTERS or not (currency.isascii() and currency.isupper()):
        raise Invalid("currency", f"{currency!r} is no currency code")
    if row["status"] not in statuses:
        raise Invalid("status", f"{row['status']!r} is none of {', '.join(statuses)}")


def _numbered(tx: Tx, wanted: int | None, number: str | None) -> tuple[int, str]:
    """The order's id and its number: those that are wanted, or the next. Refuses: Invalid (id)."""
    if wanted is None and not number:
        order_id, next_number = tx.ids.take({"order": 1, "order_number": 1})
        return order_id, str(next_number)
    order_id = _order_id(tx, wanted)
    return order_id, number or str(tx.ids.next("order_number"))


def _order_id(tx: Tx, wanted: int | None) -> int:
    if wanted is None:
        return tx.ids.next("order")
    if wanted <= 0 or tx.value(ORDER_TAKEN, order_id=wanted) is not None:
        raise Invalid("id", "is taken or not above zero")
    tx.ids.reach("order", wanted)
    return wanted
