"""Order logs: what was done to an order, by whom and from where."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NotRequired, TypedDict

from sqlalchemy import bindparam, select

from comptoir.domain.errors import Invalid
from comptoir.domain.orders.errors import LogNotFound
from comptoir.domain.orders.models import Order, OrderLog
from comptoir.domain.orders.sales import lock_order
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

# Core dna reference 3.12: what came through the API says so; its samples from the admin side say Portal.
SOURCES = {"coredna": "API", "console": "Portal", "storefront": "Checkout", "cli": "Command line"}
OTHER_SOURCE = "System"


class LogImport(TypedDict):
    """A log as it was written elsewhere."""

    order_id: int
    created_at: datetime
    action: str
    id: NotRequired[int]
    user: NotRequired[str]
    source: NotRequired[str]
    data: NotRequired[Mapping[str, Any]]
    result: NotRequired[bool]


GET_LOG = (
    select(OrderLog.id)
    .join(Order, Order.id == OrderLog.order_id)
    .where(
        OrderLog.id == bindparam("log_id"),
        OrderLog.order_id == bindparam("order_id"),
        Order.removed_at.is_(None),
    )
)
LIVE_ORDERS = select(Order.id).where(among(Order.id, "ids"), Order.removed_at.is_(None))
TAKEN_LOGS = select(OrderLog.id).where(among(OrderLog.id, "ids"))


def add_order_log(
    tx: Tx, *, order_id: int, action: str, data: Mapping[str, Any] | None = None, result: bool = True
) -> int:
    """Add a log in the actor's name, and give its id.

    Refuses: OrderNotFound, Invalid (action; data, whose values must hold at least `new`).
    """
    lock_order(tx, order_id)
    _refuse_malformed(action, data or {})
    log_id = write_log(tx, order_id, action, dict(data or {}), result=result)
    tx.note("order.logged", "order", order_id, after={"log_id": log_id, "action": action})
    return log_id


def write_log(tx: Tx, order_id: int, action: str, data: dict[str, Any], *, result: bool = True) -> int:
    """Write a log of a change that is noted elsewhere."""
    log_id = tx.ids.next("order_log")
    tx.insert(
        OrderLog,
        id=log_id,
        order_id=order_id,
        created_at=tx.now,
        user=f"{tx.actor.name} ({tx.actor.operator_id or 0})",
        source=SOURCES.get(tx.actor.dialect, OTHER_SOURCE),
        action=action,
        data=data,
        result=result,
    )
    return log_id


def get_log_id(tx: Tx, *, order_id: int, log_id: int) -> int:
    """The log's id, if it is a log of this order. Refuses: LogNotFound."""
    if tx.value(GET_LOG, order_id=order_id, log_id=log_id) is None:
        raise LogNotFound(log_id)
    return log_id


def import_order_logs(tx: Tx, rows: Sequence[LogImport]) -> list[Invalid | None]:
    """Keep logs written elsewhere, ids and all; what cannot be taken is told per row."""
    live = {order_id for (order_id,) in tx.all(LIVE_ORDERS, ids=[row["order_id"] for row in rows])}
    taken = {log_id for (log_id,) in tx.all(TAKEN_LOGS, ids=[row["id"] for row in rows if "id" in row])}
    problems: list[Invalid | None] = []
    good: list[LogImport] = []
    for row in rows:
        problem = _problem(row, live, taken)
        problems.append(problem)
        if problem is None:
            good.append(row)
            taken.add(row.get("id", 0))
    own = [row["id"] for row in good if "id" in row]
    if own:
        tx.ids.reach("order_log", max(own))
    tx.insert_many(OrderLog, [_row(tx, row) for row in good])
    for row in good:
        tx.note("order.log_imported", "order", row["order_id"], after={"action": row["action"]})
    return problems


def _row(tx: Tx, row: LogImport) -> dict[str, Any]:
    return {
        "id": row["id"] if "id" in row else tx.ids.next("order_log"),
        "order_id": row["order_id"],
        "created_at": row["created_at"],
        "user": row.get("user", ""),
        "source": row.get("source", ""),
        "action": row["action"],
        "data": dict(row.get("data", {})),
        "result": row.get("result", True),
    }


def _problem(row: LogImport, live: set[int], taken: set[int]) -> Invalid | None:
    if row["order_id"] not in live:
        return Invalid("order_id", f"there is no order {row['order_id']}")
    if "id" in row and (row["id"] <= 0 or row["id"] in taken):
        return Invalid("id", "is taken or not above zero")
    try:
        _refuse_malformed(row["action"], row.get("data", {}))
    except Invalid as problem:
        return problem
    return None


def _refuse_malformed(action: str, data: Mapping[str, Any]) -> None:
    if not action.strip():
        raise Invalid("action", "is empty")
    for key, change in data.items():
        if not isinstance(change, Mapping) or "new" not in change:
            raise Invalid("data", f"{key} is no object with at least new")
