"""Refunds, with what may be expanded in them (reference 2.6 and 3.13)."""

from collections.abc import Sequence
from typing import Any

from comptoir.dialects.codecs import AMOUNT4, INT, SHORT_TEXT, TEXT, TIME_OR_NULL, TIME_TEXT
from comptoir.dialects.coredna.orders import ORDER, ORDER_WITHOUT_ITEMS, TRANSACTION
from comptoir.dialects.coredna.search import Searchable, read_query
from comptoir.dialects.coredna.warehouses import WAREHOUSE
from comptoir.dialects.edge import Call, Reply, Route
from comptoir.dialects.outlines import Outline, QueryField, outlined
from comptoir.dialects.wire import Document, Wire, field, many
from comptoir.domain.errors import Invalid
from comptoir.domain.orders.queries import warehouses_of
from comptoir.domain.refunds.errors import RefundNotFound
from comptoir.domain.refunds.models import Refund, RefundItem
from comptoir.domain.tx import Tx
from comptoir.storage.reading import Relation

ITEM: Document[RefundItem] = Document(
    (
        field("id", RefundItem.id, INT, access="r"),
        field("refund_id", RefundItem.refund_id, INT, access="r"),
        field("type", RefundItem.type, SHORT_TEXT, access="r"),
        field("order_product_id", RefundItem.order_line_id, INT, access="r"),
        field("qty", RefundItem.quantity, INT, access="r"),
        field("amount", RefundItem.amount_e4, AMOUNT4, access="r"),
    )
)
REFUND: Document[Refund] = Document(
    (
        field("id", Refund.id, INT, access="r"),
        field("order_id", Refund.order_id, INT, access="r"),
        field("user_id", Refund.user_id, INT, access="r"),
        field("parent_id", Refund.parent_id, INT, access="r"),
        field("status", Refund.status, SHORT_TEXT, access="r"),
        field("transaction_id", Refund.transaction_id, INT, access="r"),
        field("transaction_identifier", Refund.transaction_identifier, SHORT_TEXT, access="r"),
        field("notes", Refund.notes, TEXT, access="r"),
        field("created", Refund.created_at, TIME_TEXT, access="r"),
        field("refunded", Refund.refunded_at, TIME_OR_NULL, access="r"),
        field("total.items", Refund.items_e4, AMOUNT4, access="r"),
        field("total.shipping", Refund.shipping_e4, AMOUNT4, access="r"),
        field("total.total", Refund.total_e4, AMOUNT4, access="r"),
        many("items", ITEM, Relation(RefundItem, holder=RefundItem.refund_id, key=Refund.id)),
    ),
    missing=RefundNotFound,
)
REFUNDS = Searchable(REFUND)
EXPANDABLE = ("transaction", "order", "order.items", "order.warehouse")
EXPAND = QueryField(
    "expand",
    f"What to show in full, with commas between: {', '.join(EXPANDABLE)}.",
    {"type": "array", "items": {"type": "string", "enum": list(EXPANDABLE)}},
)


def expansions(query: str) -> frozenset[str]:
    """The names asked for in `expand`. Refuses: Invalid, for a name that cannot be expanded."""
    asked = {name.strip() for name in read_query(query).get("expand", "").split(",")} - {""}
    strangers = sorted(asked - set(EXPANDABLE))
    if strangers:
        raise Invalid("expand", f"cannot name {strangers[0]!r}; it takes {', '.join(EXPANDABLE)}")
    return frozenset(asked)


def expand(tx: Tx, refunds: Sequence[Wire], names: frozenset[str]) -> Sequence[Wire]:
    """Add what was asked for; a dotted name implies its parent."""
    if "transaction" in names:
        found = _by_id(TRANSACTION, tx, [refund["transaction_id"] for refund in refunds])
        for refund in refunds:
            refund["transaction"] = found.get(refund["transaction_id"])
    if any(name.startswith("order") for name in names):
        document = ORDER if "order.items" in names else ORDER_WITHOUT_ITEMS
        ids = [refund["order_id"] for refund in refunds]
        orders = _by_id(document, tx, ids)
        if "order.warehouse" in names:
            _add_warehouses(tx, orders)
        for refund in refunds:
            refund["order"] = orders.get(refund["order_id"])
    return refunds


def _by_id(document: Document[Any], tx: Tx, ids: Sequence[int]) -> dict[int, Wire]:
    return {int(one["id"]): one for one in document.get_many(tx, sorted({key for key in ids if key}))}


def _add_warehouses(tx: Tx, orders: dict[int, Wire]) -> None:
    houses = warehouses_of(tx, orders)
    shown = _by_id(WAREHOUSE, tx, list(houses.values()))
    for order_id, order in orders.items():
        order["warehouse"] = shown.get(houses.get(order_id, 0))


@outlined(Outline("one", REFUND, query=(EXPAND,)))
def show_refund(call: Call) -> Reply:
    """One refund, with what `expand` names."""
    refund = REFUND.get(call.tx, call.ids["id"])
    return Reply(200, expand(call.tx, [refund], expansions(call.request.query))[0])


@outlined(Outline("many", REFUND, searches=REFUND, query=(EXPAND,)))
def list_refunds(call: Call) -> Reply:
    """A page of refunds, with what `expand` names."""
    names = expansions(call.request.query)
    page = REFUNDS.page(call.request.query, call.tx.shop)
    refunds = REFUND.page(call.tx, page.filters, limit=page.limit, start=page.start)
    return Reply(200, expand(call.tx, refunds, names))


ROUTES = (
    Route("refunds.get", "GET", "/refunds/{id}", show_refund),
    Route("refunds.list", "GET", "/refunds", list_refunds),
)
