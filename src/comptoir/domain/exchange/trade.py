"""What was bought and paid, in files: orders, payments, order logs, refunds.

Removed orders are not written, nor what hangs on them; a child of a removed order stands for itself.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, select

from comptoir.domain.exchange.codecs import LINK, or_null
from comptoir.domain.exchange.hanging import rows_under
from comptoir.domain.exchange.kinds import Branch, Field, Kind, Values, fields_of, rows_of
from comptoir.domain.orders.importing import import_orders
from comptoir.domain.orders.logs import import_order_logs
from comptoir.domain.orders.models import Order, OrderLine, OrderLog
from comptoir.domain.payments.importing import import_payments
from comptoir.domain.payments.models import PaymentTransaction
from comptoir.domain.refunds.importing import import_refunds
from comptoir.domain.refunds.models import Refund, RefundItem
from comptoir.domain.tx import Tx

# What the books say of an order is made anew when it is imported.
IN_THE_BOOKS = (
    "total_minor", "charges_minor", "charges_tax_minor", "paid_minor", "repaid_minor", "refunded_minor",
    "sale_transfer_id",
)  # fmt: skip
LINE_FIELDS = fields_of(
    OrderLine,
    without=(
        "order_id", "position", "parent_line_id", "amount_minor", "discount_share_minor", "tax_minor"
    ),
)  # fmt: skip
LINE_NEEDS = ("product_id", "unit_price")
PARTS = Field("parts", "parts", rows_of(LINE_FIELDS, LINE_NEEDS))
_PARENT = Field("parent_line_id", "parent_line_id", or_null(LINK))
_LINES = rows_under(OrderLine, (*LINE_FIELDS, _PARENT), OrderLine.order_id, OrderLine.position)
ITEM_FIELDS = fields_of(RefundItem, without=("refund_id", "tax_minor"), signed=("amount_e4",))
REMOVED = select(Order.id).where(Order.removed_at.is_not(None))


def _lines_of(tx: Tx, order_ids: Sequence[int]) -> dict[int, list[Values]]:
    """The lines of orders; the parts of a bundle stand in its line."""
    orders = _LINES(tx, order_ids)
    for order_id, rows in orders.items():
        lines: dict[int, Values] = {}
        for row in rows:
            parent_id = row.pop("parent_line_id")
            if parent_id is None:
                lines[row["id"]] = row
            else:
                lines[parent_id].setdefault("parts", []).append(row)
        orders[order_id] = list(lines.values())
    return orders


def of_live_order(order_id: Any) -> ColumnElement[bool]:
    """The condition that what hangs on an order is written only while the order is."""
    return order_id.not_in(REMOVED)  # type: ignore[no-any-return]


ORDERS = Kind(
    "orders",
    Order,
    fields_of(Order, without=("has_children", "removed_at", "version", *IN_THE_BOOKS), names=("number",)),
    import_orders,
    frozenset({"id", "number", "created_at", "total", "lines"}),
    branches=(Branch(Field("lines", "lines", rows_of((*LINE_FIELDS, PARTS), LINE_NEEDS)), _lines_of, []),),
    later="parent_id",
    live=Order.removed_at.is_(None),
)
PAYMENTS = Kind(
    "payments",
    PaymentTransaction,
    fields_of(PaymentTransaction, without=("transfer_id",), names=("gateway",), signed=("amount_e4",)),
    import_payments,
    frozenset({"id", "order_id", "date", "status", "amount", "gateway"}),
    live=of_live_order(PaymentTransaction.order_id),
)
ORDER_LOGS = Kind(
    "order_logs",
    OrderLog,
    fields_of(OrderLog),
    import_order_logs,
    frozenset({"order_id", "created_at", "action"}),
    live=of_live_order(OrderLog.order_id),
)
REFUNDS = Kind(
    "refunds",
    Refund,
    fields_of(
        Refund,
        without=("currency", "transfer_id", "removed_at"),
        signed=("items_e4", "shipping_e4", "total_e4"),
        called={"items_e4": "items_total", "shipping_e4": "shipping_total"},
    ),
    import_refunds,
    frozenset({"id", "order_id", "status", "created_at", "items_total", "shipping_total", "total", "items"}),
    branches=(
        Branch(
            Field("items", "items", rows_of(ITEM_FIELDS, ("type", "amount"))),
            rows_under(RefundItem, ITEM_FIELDS, RefundItem.refund_id, RefundItem.id),
            [],
        ),
    ),
    live=of_live_order(Refund.order_id),
)
