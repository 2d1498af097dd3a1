"""Splitting an order into children; together they are the parent less its charges."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select

from comptoir.domain.errors import Invalid
from comptoir.domain.money import e4_of_minor
from comptoir.domain.orders.amounts import LineAmounts
from comptoir.domain.orders.errors import CannotSplit
from comptoir.domain.orders.logs import write_log
from comptoir.domain.orders.models import ITEMISED_TYPES, NEW, SPLIT, Order, OrderLine
from comptoir.domain.orders.queries import has_parts
from comptoir.domain.orders.sales import lock_order
from comptoir.domain.tx import Tx

PARTS_MIN = 2
ORDER_COLUMNS = tuple(column.name for column in Order.__table__.columns)
LINE_COLUMNS = tuple(column.name for column in OrderLine.__table__.columns)
WHOLE_ORDER = select(*Order.__table__.columns).where(Order.id == bindparam("order_id"))
WHOLE_LINES = (
    select(*OrderLine.__table__.columns)
    .where(OrderLine.order_id == bindparam("order_id"))
    .order_by(OrderLine.position)
)

Rows = list[dict[str, Any]]


def split_order(tx: Tx, *, order_id: int, parts: Sequence[Sequence[int]]) -> list[int]:
    """Split an order by its top lines, given by id for each child, and give the children's ids.

    The parent keeps all lines, its charges, its place in the books and what is paid; it shows status split.
    A child copies its lines with their share of the parent's discount; the children share the number. What
    an itemised order charges by lines of their own stays with the parent as well.
    Refuses: OrderNotFound, CannotSplit, Invalid (parts: fewer than two, empty, or not each line once).
    """
    books = lock_order(tx, order_id)
    if books.root_id != order_id or books.status == SPLIT or has_parts(tx, order_id):
        raise CannotSplit(order_id)
    lines = [dict(zip(LINE_COLUMNS, row, strict=True)) for row in tx.all(WHOLE_LINES, order_id=order_id)]
    lines = [line for line in lines if line["type"] not in ITEMISED_TYPES]
    tops = sorted(line["id"] for line in lines if line["parent_line_id"] is None)
    if len(parts) < PARTS_MIN or not all(parts) or sorted(key for part in parts for key in part) != tops:
        raise Invalid("parts", "must be two or more that hold each of the order's lines once")
    parent = dict(zip(ORDER_COLUMNS, tx.one(WHOLE_ORDER, order_id=order_id) or (), strict=True))
    first = tx.ids.next("order", len(parts))
    for child_id, part in enumerate(parts, first):
        chosen = [line for line in lines if (line["parent_line_id"] or line["id"]) in part]
        _write_child(tx, parent, child_id, chosen)
    children = list(range(first, first + len(parts)))
    tx.update(Order, order_id, status=SPLIT, has_children=True, updated_at=tx.now, version=books.version + 1)
    status = {"old": books.status, "new": SPLIT}
    write_log(tx, order_id, "Order Split", {"status": status, "children": {"new": children}})
    tx.note(
        "order.split",
        "order",
        order_id,
        before={"status": books.status},
        after={"status": SPLIT, "children": children},
    )
    return children


def _write_child(tx: Tx, parent: dict[str, Any], child_id: int, lines: Rows) -> None:
    included, currency = parent["tax_included"], parent["currency"]
    tops = [line for line in lines if line["parent_line_id"] is None]
    sums = [
        LineAmounts(line["amount_minor"], line["discount_share_minor"], line["tax_minor"]) for line in tops
    ]
    total = sum(line.refundable_minor(tax_included=included) for line in sums)
    zeros = ("delivery_e4", "insurance_e4", "surcharge_e4", "charges_minor", "charges_tax_minor")
    child = parent | dict.fromkeys((*zeros, "paid_minor", "repaid_minor", "refunded_minor"), 0)
    child |= {
        "id": child_id,
        "parent_id": parent["id"],
        "is_renewal": False,
        "status": NEW,
        "created_at": tx.now,
        "updated_at": tx.now,
        "version": 1,
        "discount_e4": e4_of_minor(sum(line.discount_share_minor for line in sums), currency),
        "tax_e4": e4_of_minor(sum(line.tax_minor for line in sums), currency),
        "total_e4": e4_of_minor(total, currency),
        "total_minor": total,
        "sale_transfer_id": None,
    }
    tx.insert(Order, **child)
    first = tx.ids.next("order_line", len(lines))
    renamed = {line["id"]: line_id for line_id, line in enumerate(lines, first)}
    tx.insert_many(
        OrderLine,
        [
            line
            | {
                "id": renamed[line["id"]],
                "order_id": child_id,
                "position": position,
                "parent_line_id": renamed.get(line["parent_line_id"]),
            }
            for position, line in enumerate(lines)
        ],
    )
    write_log(tx, child_id, "Order Create", {"status": {"new": NEW}, "parent_id": {"new": parent["id"]}})
    after = {"number": parent["number"], "parent_id": parent["id"], "total_e4": child["total_e4"]}
    tx.note("order.placed", "order", child_id, after=after | {"currency": currency})
