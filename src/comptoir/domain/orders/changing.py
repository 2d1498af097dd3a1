"""Changing and removing placed orders; every change leaves a log with old and new values."""

from typing import Any, Unpack

from sqlalchemy import bindparam, select

from comptoir.domain.errors import Invalid
from comptoir.domain.orders.errors import OrderChanged
from comptoir.domain.orders.logs import write_log
from comptoir.domain.orders.models import SETTABLE_STATUSES, Order
from comptoir.domain.orders.placing import OrderChanges
from comptoir.domain.orders.sales import lock_order, settle_sales
from comptoir.domain.tx import Tx

CHANGEABLE = tuple(OrderChanges.__annotations__)
GET_CHANGEABLE = select(*(getattr(Order, name) for name in CHANGEABLE)).where(
    Order.id == bindparam("order_id")
)


def update_order(
    tx: Tx, *, order_id: int, version: int | None = None, **changes: Unpack[OrderChanges]
) -> None:
    """Change what may be changed of an order; `version` is the one that the change was made for.

    Every change of status is allowed. Cancelling or declining an order for which no money was kept takes its
    sale out of the books, any other status puts it back.
    Refuses: OrderNotFound, OrderChanged, Invalid (status).
    """
    books = lock_order(tx, order_id)
    if version is not None and version != books.version:
        raise OrderChanged(order_id, books.version)
    if not changes:
        return
    old = dict(zip(CHANGEABLE, tx.one(GET_CHANGEABLE, order_id=order_id) or (), strict=True))
    status = changes.get("status", old["status"])
    if status != old["status"] and status not in SETTABLE_STATUSES:
        raise Invalid("status", f"{status!r} is none of {', '.join(SETTABLE_STATUSES)}")
    moved = {name: value for name, value in changes.items() if value != old[name]}
    tx.update(Order, order_id, **moved, updated_at=tx.now, version=books.version + 1)
    before = {name: _plain(old[name]) for name in changes}
    after = {name: _plain(value) for name, value in changes.items()}
    write_log(
        tx, order_id, "Order Update", {name: {"old": before[name], "new": after[name]} for name in changes}
    )
    tx.note(
        "order.updated",
        "order",
        order_id,
        before={name: before[name] for name in moved},
        after={name: after[name] for name in moved},
    )
    if "status" in moved:
        settle_sales(tx, [order_id])


def remove_order(tx: Tx, *, order_id: int) -> None:
    """Take an order and what hangs on it out of all reads; its children and the books stay as they are.

    Refuses: OrderNotFound.
    """
    books = lock_order(tx, order_id)
    tx.update(Order, order_id, removed_at=tx.now, updated_at=tx.now, version=books.version + 1)
    write_log(tx, order_id, "Order Remove", {})
    tx.note("order.removed", "order", order_id, after={"removed_at": tx.now.isoformat()})


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
