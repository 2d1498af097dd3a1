"""Sending what was sold."""

from typing import NamedTuple

from sqlalchemy import bindparam, select, update

from comptoir.domain.orders.changing import update_order
from comptoir.domain.orders.errors import AlreadyShipped, NotShippable
from comptoir.domain.orders.invoicing import find_invoice
from comptoir.domain.orders.models import SHIPPED, VOID_STATUSES, Invoice, Order
from comptoir.domain.orders.placing import OrderChanges
from comptoir.domain.orders.queries import OrderHead, get_head
from comptoir.domain.orders.sales import lock_order
from comptoir.domain.tx import Tx


class Destination(NamedTuple):
    """What an order says of where it goes."""

    shipping_method: str
    delivery_address: str
    delivery_city: str


DESTINATION = select(*(getattr(Order, name) for name in Destination._fields)).where(
    Order.id == bindparam("order_id")
)
SET_TRACKING_URL = (
    update(Invoice).where(Invoice.order_id == bindparam("key")).values(tracking_url=bindparam("tracking_url"))
)


def ship_sale(
    tx: Tx,
    *,
    order_id: int,
    tracking_number: str = "",
    tracking_url: str = "",
    carrier: str | None = None,
) -> None:
    """Say that an order is on its way. Refuses: OrderNotFound, NotShippable, AlreadyShipped."""
    lock_order(tx, order_id)
    head = require_shippable(tx, order_id)
    changes = OrderChanges(status=SHIPPED, tracking_id=tracking_number, shipped_at=tx.now)
    if carrier is not None:
        changes["carrier"] = carrier
    update_order(tx, order_id=order_id, **changes)
    tx.run(SET_TRACKING_URL, key=order_id, tracking_url=tracking_url)
    after = {"sale_id": head.sale_id, "ship_status": "shipped", "tracking_number": tracking_number}
    before = {"ship_status": "not_shipped"}
    tx.note("invoice.shipped", "invoice", order_id, before=before, after=after)


def require_shippable(tx: Tx, order_id: int) -> OrderHead:
    """The order, if it can be sent. Refuses: OrderNotFound, NotShippable, AlreadyShipped."""
    head = get_head(tx, order_id)
    if not is_shippable(tx, order_id) or head.status in VOID_STATUSES:
        raise NotShippable(order_id)
    if head.shipped_at is not None:
        raise AlreadyShipped(order_id)
    return head


def is_shippable(tx: Tx, order_id: int) -> bool:
    """Whether anything of an order is sent; of one without an invoice, whether it says how or where to."""
    invoice = find_invoice(tx, order_id)
    if invoice is not None:
        return invoice.is_shippable
    return any(tx.one(DESTINATION, order_id=order_id) or ())
