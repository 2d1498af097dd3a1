"""Taking over orders that were placed elsewhere: ids, numbers, times and amounts as they are given."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NotRequired, Required

from sqlalchemy import select

from comptoir.domain.errors import Invalid
from comptoir.domain.money import e4_of_minor, minor_of_e4
from comptoir.domain.orders.amounts import Charges, OrderAmounts, adopt_order
from comptoir.domain.orders.itemising import is_itemised, itemise_order
from comptoir.domain.orders.lines import (
    LineFields,
    line_ids,
    line_rows,
    number_lines,
    price_of,
    refuse_malformed_line,
)
from comptoir.domain.orders.models import PRODUCT, STATUSES, Order, OrderLine
from comptoir.domain.orders.placing import (
    CHARGE_NAMES,
    MARK_PARENT,
    OrderChanges,
    amounts_columns,
    blank_order,
    books_of_row,
    refuse_malformed_order,
)
from comptoir.domain.orders.sales import post_sales
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among


class OrderImport(OrderChanges, total=False):
    """An order as it was kept elsewhere. Whether prices include tax is told by what adds up, if not said.

    `lines` may bring ids of their own. A parent is imported before its children, or with them.
    """

    id: Required[int]
    number: Required[str]
    lines: Required[Sequence[LineFields]]
    total_e4: Required[int]
    tax_e4: int
    delivery_e4: int
    insurance_e4: int
    surcharge_e4: int
    discount_e4: int
    tax_included: bool | None
    currency: str
    parent_id: int | None
    has_children: bool
    is_renewal: bool
    sale_id: int
    customer_id: int | None
    warehouse_id: int | None
    created_at: datetime
    updated_at: NotRequired[datetime]
    payment_method: str
    payment_transaction_id: str
    shipping_method: str


class _Known:
    """The ids that are taken and the orders that may be parents, in the shop and in the chunk."""

    def __init__(self, tx: Tx, rows: Sequence[OrderImport]) -> None:
        ids = [row["id"] for row in rows]
        parents = [row.get("parent_id") or 0 for row in rows]
        lines = [line_id for row in rows for line_id in line_ids(row["lines"]) if line_id is not None]
        found = tx.all(PARENTS, ids=[*ids, *parents])
        self.orders = {order_id for order_id, _ in found}
        self.roots = {order_id for order_id, parent_id in found if parent_id is None}
        self.lines = {line_id for (line_id,) in tx.all(TAKEN_LINES, ids=lines)}

    def refuse(self, row: OrderImport) -> None:
        """Refuses: Invalid (id, parent_id, lines)."""
        if row["id"] <= 0 or row["id"] in self.orders:
            raise Invalid("id", "is taken or not above zero")
        parent_id = row.get("parent_id")
        if parent_id is not None and parent_id not in self.roots:
            raise Invalid("parent_id", f"there is no order {parent_id} that could be its parent")
        ids = [line_id for line_id in line_ids(row["lines"]) if line_id is not None]
        if len(set(ids)) < len(ids) or not self.lines.isdisjoint(ids) or min(ids, default=1) <= 0:
            raise Invalid("lines", "have an id that is taken or not above zero")

    def add(self, row: OrderImport) -> None:
        """Count a good row in."""
        self.orders.add(row["id"])
        if row.get("parent_id") is None:
            self.roots.add(row["id"])
        self.lines.update(line_id for line_id in line_ids(row["lines"]) if line_id is not None)


PARENTS = select(Order.id, Order.parent_id).where(among(Order.id, "ids"))
TAKEN_LINES = select(OrderLine.id).where(among(OrderLine.id, "ids"))


def import_order(tx: Tx, order: OrderImport) -> int:
    """Keep one order from elsewhere, and give its id.

    Refuses: Invalid (id, parent_id, lines, type, parts, currency, status, quantity, tax, discount, total).
    """
    (problem,) = import_orders(tx, [order])
    if problem is not None:
        raise problem
    return order["id"]


def import_orders(tx: Tx, rows: Sequence[OrderImport]) -> list[Invalid | None]:
    """Keep many orders from elsewhere in a few statements; for each row what is wrong with it, or None.

    The wrong ones are left out, the others kept. Sales are posted at the time of their orders; no order log
    is written, since the logs come along.
    """
    known = _Known(tx, rows)
    problems: list[Invalid | None] = [None] * len(rows)
    orders: list[dict[str, Any]] = []
    priced: list[tuple[OrderImport, OrderAmounts]] = []
    for place in sorted(range(len(rows)), key=lambda place: rows[place].get("parent_id") is not None):
        try:
            known.refuse(rows[place])
            row, amounts = _taken(tx, rows[place])
        except Invalid as problem:
            problems[place] = problem
            continue
        known.add(rows[place])
        orders.append(row)
        priced.append((rows[place], amounts))
    if orders:
        _write(tx, orders, priced)
    return problems


def _taken(tx: Tx, order: OrderImport) -> tuple[dict[str, Any], OrderAmounts]:
    """The order's row, with its amounts. Refuses: Invalid."""
    for line in order["lines"]:
        refuse_malformed_line(line)
    row = blank_order(tx) | {"tax_e4": 0}
    row |= {name: value for name, value in order.items() if name != "lines"}
    row["updated_at"] = order.get("updated_at", row["created_at"])
    refuse_malformed_order(row, STATUSES)
    row["sale_id"] = order.get("sale_id") or order.get("parent_id") or order["id"]
    if is_itemised(order["lines"]):
        return _itemised(row, order)
    amounts = adopt_order(
        [price_of(line) for line in order["lines"]],
        Charges(*(row[name] for name in CHARGE_NAMES)),
        tax_e4=row["tax_e4"],
        total_e4=row["total_e4"],
        currency=row["currency"],
        tax_included=order.get("tax_included"),
    )
    return row | amounts_columns(amounts) | {"sale_transfer_id": None}, amounts


def _itemised(row: dict[str, Any], order: OrderImport) -> tuple[dict[str, Any], OrderAmounts]:
    """An order whose charges are lines: they say what it comes to. Refuses: Invalid (total)."""
    lines = [(line.get("type", PRODUCT), price_of(line)) for line in order["lines"]]
    charges, amounts = itemise_order(lines, row["currency"])
    told = minor_of_e4(row["total_e4"], row["currency"])
    if amounts.total_minor != told:
        raise Invalid("total", "is not the sum of the lines")
    row |= charges | {"tax_e4": e4_of_minor(amounts.tax_minor, row["currency"])}
    return row | amounts_columns(amounts) | {"sale_transfer_id": None}, amounts


def _write(tx: Tx, orders: list[dict[str, Any]], priced: Sequence[tuple[OrderImport, OrderAmounts]]) -> None:
    tx.ids.reach("order", max(max(row["id"], row["sale_id"]) for row in orders))
    numbers = [int(row["number"]) for row in orders if row["number"].isascii() and row["number"].isdigit()]
    if numbers and max(numbers) < 2**62:
        tx.ids.reach("order_number", max(numbers))
    sales = post_sales(tx, [books for row in orders if (books := books_of_row(row)).is_due])
    for row in orders:
        row["sale_transfer_id"] = sales.get(row["id"])
    tx.insert_many(Order, orders)
    parents = sorted({row["parent_id"] for row in orders if row["parent_id"] is not None})
    tx.run_many(MARK_PARENT, [{"order_id": parent_id} for parent_id in parents])
    ids = number_lines(tx, [line_id for order, _ in priced for line_id in line_ids(order["lines"])])
    lines: list[dict[str, Any]] = []
    for order, amounts in priced:
        own = ids[len(lines) : len(lines) + len(line_ids(order["lines"]))]
        lines += line_rows(order["id"], order["lines"], amounts.lines, own, tax_included=amounts.tax_included)
    tx.insert_many(OrderLine, lines)
    for row in orders:
        after = {"number": row["number"], "status": row["status"], "total_e4": row["total_e4"]}
        tx.note("order.imported", "order", row["id"], after=after | {"currency": row["currency"]})
