"""Taking over refunds that were made elsewhere."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NotRequired, TypedDict

from sqlalchemy import select

from comptoir.domain.errors import ComptoirError, Invalid
from comptoir.domain.orders.models import Order
from comptoir.domain.payments.models import PaymentTransaction
from comptoir.domain.payments.writing import payable_minor
from comptoir.domain.refunds.models import AMOUNT, REFUND_STATUSES, SHIPPING, SUCCESS, Refund, RefundItem
from comptoir.domain.refunds.posting import Credit, post_credits
from comptoir.domain.refunds.standing import Item, Standing, find_standings
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among


class ItemImport(TypedDict):
    """An item of a refund as it was kept elsewhere; `order_line_id` is 0 for charges and amounts of no line."""

    type: str
    amount_e4: int
    id: NotRequired[int]
    order_line_id: NotRequired[int]
    quantity: NotRequired[int]


class RefundImport(TypedDict):
    """A refund as it was kept elsewhere. Its totals must be the sums of its items."""

    id: int
    order_id: int
    status: str
    created_at: datetime
    items: Sequence[ItemImport]
    items_e4: int
    shipping_e4: int
    total_e4: int
    refunded_at: NotRequired[datetime | None]
    user_id: NotRequired[int]
    parent_id: NotRequired[int]
    transaction_id: NotRequired[int]
    transaction_identifier: NotRequired[str]
    notes: NotRequired[str]
    category: NotRequired[int | None]


TAKEN_REFUNDS = select(Refund.id).where(among(Refund.id, "ids"))
TAKEN_ITEMS = select(RefundItem.id).where(among(RefundItem.id, "ids"))
PAYMENT_ROOTS = (
    select(PaymentTransaction.id, PaymentTransaction.order_id, Order.parent_id, Order.is_renewal)
    .join(Order, Order.id == PaymentTransaction.order_id)
    .where(among(PaymentTransaction.id, "ids"))
)


class _Known:
    """What the shop knows that the rows speak of, and what of the chunk has been taken already."""

    def __init__(self, tx: Tx, rows: Sequence[RefundImport]) -> None:
        items = [item["id"] for row in rows for item in row["items"] if "id" in item]
        payments = [row.get("transaction_id", 0) for row in rows]
        self.standings = find_standings(tx, [row["order_id"] for row in rows])
        self.refunds = {key for (key,) in tx.all(TAKEN_REFUNDS, ids=[row["id"] for row in rows])}
        self.items = {key for (key,) in tx.all(TAKEN_ITEMS, ids=items)}
        self.root_of_payment = {
            key: order_id if is_renewal else parent_id or order_id
            for key, order_id, parent_id, is_renewal in tx.all(PAYMENT_ROOTS, ids=payments)
        }


def import_refund(tx: Tx, refund: RefundImport) -> int:
    """Keep one refund from elsewhere, and give its id.

    Refuses: Invalid (id, order_id, status, transaction_id, items, amount, total), and for a success also
    LineNotFound, NotPaid, AlreadyRefunded, RefundTooLarge.
    """
    (problem,) = import_refunds(tx, [refund])
    if problem is not None:
        raise problem
    return refund["id"]


def import_refunds(tx: Tx, rows: Sequence[RefundImport]) -> list[ComptoirError | None]:
    """Keep many refunds from elsewhere; for each row what is wrong with it, or None.

    The wrong ones are left out. A success is posted at its time, and may not be above what was paid, in the
    rows' order; its payment transaction is imported on its own, before it. Pieces may come up again.
    """
    known = _Known(tx, rows)
    problems: list[ComptoirError | None] = []
    good: list[tuple[RefundImport, list[Item]]] = []
    credits_: list[Credit] = []
    taxes: dict[int, list[int]] = {}
    for row in rows:
        try:
            items = _taken(row, known)
            standing = known.standings[row["order_id"]]
            if row["status"] == SUCCESS:
                standing.refuse(items, continues=True, is_paid_out=True)
        except ComptoirError as problem:
            problems.append(problem)
            continue
        problems.append(None)
        good.append((row, items))
        known.refunds.add(row["id"])
        known.items.update(item["id"] for item in row["items"] if "id" in item)
        if row["status"] == SUCCESS:
            taxes[row["id"]] = standing.give(items, continues=True)
            at = row.get("refunded_at") or row["created_at"]
            credits_.append(Credit(standing.root.id, standing.order.currency, at, items, taxes[row["id"]]))
    transfers = dict(zip(taxes, post_credits(tx, credits_, at_creation=True), strict=True))
    _write(tx, good, known, taxes, transfers)
    return problems


def _taken(row: RefundImport, known: _Known) -> list[Item]:
    """The row's items. Refuses: Invalid, LineNotFound."""
    if row["id"] <= 0 or row["id"] in known.refunds:
        raise Invalid("id", "is taken or not above zero")
    standing = known.standings.get(row["order_id"])
    if standing is None or standing.order.removed_at is not None:
        raise Invalid("order_id", f"there is no order {row['order_id']}")
    if row["status"] not in REFUND_STATUSES:
        raise Invalid("status", f"{row['status']!r} is none of {', '.join(REFUND_STATUSES)}")
    payment_id = row.get("transaction_id", 0)
    if payment_id and known.root_of_payment.get(payment_id) != standing.root.id:
        raise Invalid("transaction_id", f"the order has no payment transaction {payment_id}")
    ids = [item["id"] for item in row["items"] if "id" in item]
    if len(set(ids)) < len(ids) or not known.items.isdisjoint(ids) or min(ids, default=1) <= 0:
        raise Invalid("items", "have an id that is taken or not above zero")
    _refuse_wrong_sums(row)
    return [_item(standing, item) for item in row["items"]]


def _item(standing: Standing, item: ItemImport) -> Item:
    kind, line_id = item["type"], item.get("order_line_id", 0)
    if kind == SHIPPING and line_id not in standing.shipping_ids:
        line_id = 0
    quantity = item.get("quantity", 1)
    minor = payable_minor(item["amount_e4"], standing.order.currency)
    if kind == AMOUNT and not line_id:
        pieces, is_credit = 1, False
    else:
        refundable = standing.find(kind, line_id)
        pieces, is_credit = refundable.pieces, refundable.is_credit
    if quantity < 0 or (kind != SHIPPING and quantity > pieces):
        raise Invalid("quantity", "is below zero or more than was bought")
    if minor < 0 and kind != SHIPPING and not is_credit:
        raise Invalid("amount", "is below zero")
    return Item(kind, line_id, quantity, minor)


def _refuse_wrong_sums(row: RefundImport) -> None:
    shipping = sum(item["amount_e4"] for item in row["items"] if item["type"] == SHIPPING)
    goods = sum(item["amount_e4"] for item in row["items"] if item["type"] != SHIPPING)
    if (goods, shipping, goods + shipping) != (row["items_e4"], row["shipping_e4"], row["total_e4"]):
        raise Invalid("total", "is not the sum of the items")


def _write(
    tx: Tx,
    good: Sequence[tuple[RefundImport, list[Item]]],
    known: _Known,
    taxes: Mapping[int, list[int]],
    transfers: Mapping[int, int | None],
) -> None:
    if not good:
        return
    tx.ids.reach("refund", max(row["id"] for row, _ in good))
    own = [item["id"] for row, _ in good for item in row["items"] if "id" in item]
    if own:
        tx.ids.reach("refund_item", max(own))
    refunds: list[dict[str, Any]] = []
    items: list[dict[str, Any]] = []
    for row, parts in good:
        order = known.standings[row["order_id"]].order
        refunds.append(_refund_row(row, order.currency, transfers.get(row["id"])))
        shares = taxes.get(row["id"], [0] * len(parts))
        for given, item, tax in zip(row["items"], parts, shares, strict=True):
            items.append(
                {
                    "id": given["id"] if "id" in given else tx.ids.next("refund_item"),
                    "refund_id": row["id"],
                    "type": item.type,
                    "order_line_id": item.order_line_id,
                    "quantity": item.quantity,
                    "amount_e4": given["amount_e4"],
                    "tax_minor": tax,
                }
            )
    tx.insert_many(Refund, refunds)
    tx.insert_many(RefundItem, items)
    for row, _ in good:
        after = {"order_id": row["order_id"], "status": row["status"], "total_e4": row["total_e4"]}
        tx.note("refund.imported", "refund", row["id"], after=after)


def _refund_row(row: RefundImport, currency: str, transfer_id: int | None) -> dict[str, Any]:
    refunded_at = row.get("refunded_at")
    if row["status"] == SUCCESS:
        refunded_at = refunded_at or row["created_at"]
    return {
        "id": row["id"],
        "order_id": row["order_id"],
        "user_id": row.get("user_id", 0),
        "parent_id": row.get("parent_id", 0),
        "status": row["status"],
        "transaction_id": row.get("transaction_id", 0),
        "transaction_identifier": row.get("transaction_identifier", ""),
        "notes": row.get("notes", ""),
        "category": row.get("category"),
        "created_at": row["created_at"],
        "refunded_at": refunded_at,
        "currency": currency,
        "items_e4": row["items_e4"],
        "shipping_e4": row["shipping_e4"],
        "total_e4": row["total_e4"],
        "transfer_id": transfer_id,
        "removed_at": None,
    }
