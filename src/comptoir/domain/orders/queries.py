"""Reading orders where a document is not enough."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, exists, func, or_, select

from comptoir.domain.orders.errors import LineNotFound, OrderNotFound, SaleNotFound
from comptoir.domain.orders.models import Invoice, Order, OrderLine
from comptoir.domain.orders.worth import Priced, Worth, worth_of
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among


class LineRow(NamedTuple):
    """One line as refunds see it."""

    id: int
    order_id: int
    parent_line_id: int | None
    type: str
    product_id: int
    code: str
    name: str
    quantity: int
    amount_minor: int
    discount_share_minor: int
    tax_minor: int


class OrderHead(NamedTuple):
    """What is asked of an order most often, whose lines and books do not matter."""

    id: int
    parent_id: int | None
    is_renewal: bool
    sale_id: int
    customer_id: int | None
    status: str
    created_at: datetime
    shipped_at: datetime | None
    version: int
    currency: str
    total_minor: int

    @property
    def root_id(self) -> int:
        """The order in whose books this one stands, which is the invoice."""
        return self.id if self.parent_id is None or self.is_renewal else self.parent_id


LIVE_ORDER = select(Order.id).where(Order.id == bindparam("order_id"), Order.removed_at.is_(None))
GET_HEAD = select(*(getattr(Order, name) for name in OrderHead._fields)).where(
    Order.id == bindparam("order_id"), Order.removed_at.is_(None)
)
LINES = (
    select(
        OrderLine.id, OrderLine.order_id, OrderLine.parent_line_id, OrderLine.type, OrderLine.product_id,
        OrderLine.code, OrderLine.name, OrderLine.quantity, OrderLine.amount_minor,
        OrderLine.discount_share_minor, OrderLine.tax_minor,
    )
    .where(OrderLine.order_id == bindparam("order_id"))
    .order_by(OrderLine.position)
)  # fmt: skip
PRICED = (
    select(
        Order.currency, Order.total_minor, Order.created_at, Invoice.customer_currency,
        Invoice.customer_total_minor, Invoice.usd_total_minor,
    )
    .outerjoin(Invoice, Invoice.order_id == Order.id)
    .where(Order.id == bindparam("order_id"))
)  # fmt: skip
LINE_HEAD = select(OrderLine.order_id, OrderLine.parent_line_id).where(OrderLine.id == bindparam("line_id"))
FIRST_OF_SALE = (
    select(Order.id)
    .where(Order.sale_id == bindparam("sale_id"), Order.parent_id.is_(None), Order.removed_at.is_(None))
    .order_by(Order.id)
    .limit(1)
)
INVOICES_OF_SALE = (
    select(Order.id)
    .where(
        Order.sale_id == bindparam("sale_id"),
        or_(Order.parent_id.is_(None), Order.is_renewal.is_(True)),
        Order.removed_at.is_(None),
    )
    .order_by(Order.created_at, Order.id)
)
CHILDREN = (
    select(Order.id)
    .where(Order.parent_id == bindparam("order_id"), Order.removed_at.is_(None))
    .order_by(Order.id)
)
PARTS = (
    select(func.count())
    .select_from(Order)
    .where(Order.parent_id == bindparam("order_id"), Order.removed_at.is_(None), Order.is_renewal.is_(False))
)
COUNT = select(func.count()).select_from(Order).where(Order.removed_at.is_(None))


def require_order(tx: Tx, order_id: int) -> int:
    """The order's id, if it is there. Refuses: OrderNotFound."""
    found: int | None = tx.value(LIVE_ORDER, order_id=order_id)
    if found is None:
        raise OrderNotFound(order_id)
    return found


def get_head(tx: Tx, order_id: int) -> OrderHead:
    """An order without its lines. Refuses: OrderNotFound."""
    row = tx.one(GET_HEAD, order_id=order_id)
    if row is None:
        raise OrderNotFound(order_id)
    return OrderHead(*row)


def find_worth(tx: Tx, order_id: int) -> Worth:
    """How an order's amounts are told in other currencies. Refuses: OrderNotFound."""
    row = tx.one(PRICED, order_id=order_id)
    if row is None:
        raise OrderNotFound(order_id)
    return worth_of(tx, Priced(*row))


def order_of_line(tx: Tx, line_id: int) -> OrderHead:
    """The invoice that a line item stands on. Refuses: LineNotFound, for parts and split copies too."""
    row = tx.one(LINE_HEAD, line_id=line_id)
    if row is None or row[1] is not None:
        raise LineNotFound(line_id)
    try:
        head = get_head(tx, row[0])
    except OrderNotFound as error:
        raise LineNotFound(line_id) from error
    if head.root_id != head.id:
        raise LineNotFound(line_id)
    return head


def first_of_sale(tx: Tx, sale_id: int) -> int:
    """The id of a sale's first order. Refuses: SaleNotFound."""
    found: int | None = tx.value(FIRST_OF_SALE, sale_id=sale_id)
    if found is None:
        raise SaleNotFound(sale_id)
    return found


def invoices_of_sale(tx: Tx, sale_id: int) -> list[int]:
    """The ids of a sale's invoices, oldest first: its first order and the renewals. Refuses: SaleNotFound."""
    found = [row[0] for row in tx.all(INVOICES_OF_SALE, sale_id=sale_id)]
    if not found:
        raise SaleNotFound(sale_id)
    return found


def list_lines(tx: Tx, order_id: int) -> list[LineRow]:
    """An order's lines in their order; the parts of a bundle follow it."""
    return [LineRow(*row) for row in tx.all(LINES, order_id=order_id)]


def list_children(tx: Tx, order_id: int) -> list[int]:
    """The ids of the orders that this one was split into, and of its renewals."""
    return [row[0] for row in tx.all(CHILDREN, order_id=order_id)]


def has_parts(tx: Tx, order_id: int) -> bool:
    """Whether the order was split."""
    return bool(tx.value(PARTS, order_id=order_id))


def count_orders(tx: Tx) -> int:
    """How many orders there are."""
    return int(tx.value(COUNT))


def of_live_order(order_id: Any) -> Any:
    """The condition that what hangs on an order is read only while the order is: for soft removal."""
    return exists().where(Order.id == order_id, Order.removed_at.is_(None))


WAREHOUSES = select(Order.id, Order.warehouse_id).where(
    among(Order.id, "ids"), Order.warehouse_id.is_not(None)
)


def warehouses_of(tx: Tx, order_ids: Iterable[int]) -> dict[int, int]:
    """The warehouse of each of these orders that has one."""
    return {order_id: warehouse_id or 0 for order_id, warehouse_id in tx.all(WAREHOUSES, ids=order_ids)}
