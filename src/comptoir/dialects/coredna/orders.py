"""Orders, their payment transactions and their logs (reference 3.9 to 3.12)."""

from collections.abc import Mapping
from typing import Any

from comptoir.dialects.codecs import (
    AMOUNT2,
    AMOUNT4,
    BOOLEAN,
    ID_AS_TEXT_OR_ZERO,
    INT,
    INT_AS_TEXT,
    IS_LINKED,
    JSON_OBJECT,
    SHORT_TEXT,
    TEXT,
    TIME_OR_EMPTY_TEXT,
    TIME_TEXT,
    TRUE_AS_TEXT,
    Codec,
    choice,
    text,
)
from comptoir.dialects.coredna.resource import changer, counter, getter, lister, remover
from comptoir.dialects.coredna.search import Searchable, exactly
from comptoir.dialects.edge import Call, Reply, Route
from comptoir.dialects.outlines import Outline, outlined
from comptoir.dialects.wire import AnyRow, Document, Wire, computed, field, many, scalars
from comptoir.domain.orders.changing import update_order
from comptoir.domain.orders.errors import LogNotFound, OrderNotFound
from comptoir.domain.orders.logs import add_order_log
from comptoir.domain.orders.models import BUNDLE, PRODUCT, SETTABLE_STATUSES, Order, OrderLine, OrderLog
from comptoir.domain.orders.queries import require_order
from comptoir.domain.payments.models import PaymentTransaction
from comptoir.domain.refunds.actions import remove_order
from comptoir.domain.shop import ShopFacts
from comptoir.storage.reading import Filter, Relation
from comptoir.storage.schema import Attribute

STATUS = choice({word: word for word in SETTABLE_STATUSES})
ADDRESS = ("name", "company", "address", "suburb", "city", "state", "postcode", "email", "phone")
VARIANT_SCHEMA = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("id", "code", "name")},
    "additionalProperties": False,
}


def _variant(variant_id: int | None, code: str, name: str, _shop: ShopFacts) -> Wire:
    """A line without a variant has an empty object (reference 3.9)."""
    return {} if variant_id is None else {"id": str(variant_id), "code": code, "name": name}


def _as_sold(line: Wire) -> Wire:
    """A bundle has parts and no code, variant or options; a product has those and no parts."""
    hidden = ("code", "variant", "options") if line["type"] == "bundle" else ("products",)
    return {name: value for name, value in line.items() if name not in hidden}


LINE_ROWS: tuple[AnyRow, ...] = (
    field("type", OrderLine.type, SHORT_TEXT, access="r"),
    field("id", OrderLine.product_id, INT_AS_TEXT, access="r"),
    field("code", OrderLine.code, SHORT_TEXT, access="r"),
    computed(
        "variant", _variant, OrderLine.variant_id, OrderLine.variant_code, OrderLine.variant_name,
        schema=VARIANT_SCHEMA,
    ),
    field("variant.id", OrderLine.variant_id, ID_AS_TEXT_OR_ZERO, access=""),
    field("variant.code", OrderLine.variant_code, SHORT_TEXT, access=""),
    field("variant.name", OrderLine.variant_name, SHORT_TEXT, access=""),
    field("name", OrderLine.name, SHORT_TEXT, access="r"),
    field("quantity", OrderLine.quantity, INT_AS_TEXT, access="r"),
    field("unit_price", OrderLine.unit_price_e4, AMOUNT4, access="r"),
    field("discount", OrderLine.discount_e4, AMOUNT4, access="r"),
    field("tax", OrderLine.tax_e4, AMOUNT4, access="r"),
    field("options", OrderLine.options, JSON_OBJECT, access="r"),
)  # fmt: skip
PART: Document[OrderLine] = Document(LINE_ROWS)
LINE: Document[OrderLine] = Document(
    (
        *LINE_ROWS,
        many(
            "products",
            PART,
            Relation(
                OrderLine,
                holder=OrderLine.parent_line_id,
                key=OrderLine.id,
                order=(OrderLine.position, OrderLine.id),
            ),
        ),
    ),
    finish=_as_sold,
)


def _address(kind: str) -> tuple[AnyRow, ...]:
    return tuple(
        field(f"addresses.{kind}.{part}", _column(f"{kind}_{part}"), SHORT_TEXT, access="ru")
        for part in ADDRESS
    )


def _column(name: str) -> Attribute[str]:
    column: Attribute[str] = getattr(Order, name)
    return column


ITEMS = many(
    "items",
    LINE,
    Relation(
        OrderLine, holder=OrderLine.order_id, key=Order.id,
        # The shipping, tax and coupon lines of itemised orders are told by the totals.
        only=((OrderLine.parent_line_id, None), (OrderLine.type, (PRODUCT, BUNDLE))),
        order=(OrderLine.position, OrderLine.id),
    ),
)  # fmt: skip
ORDER_ROWS: tuple[AnyRow, ...] = (
    field("id", Order.id, INT_AS_TEXT, access="r"),
    field("parent_id", Order.parent_id, ID_AS_TEXT_OR_ZERO, access="r"),
    field("number", Order.number, SHORT_TEXT, access="r"),
    field("user_id", Order.customer_id, ID_AS_TEXT_OR_ZERO, access="r"),
    field("comments", Order.comments, TEXT, access="ru"),
    field("status", Order.status, STATUS, access="ru"),
    field("created_at", Order.created_at, TIME_TEXT, access="r"),
    field("updated_at", Order.updated_at, TIME_TEXT, access="r"),
    *_address("billing"),
    *_address("delivery"),
    *(field(f"custom.custom{n}", _column(f"custom{n}"), TEXT, access="ru") for n in range(1, 11)),
    field("payment.method", Order.payment_method, SHORT_TEXT, access="r"),
    field("payment.transaction_id", Order.payment_transaction_id, SHORT_TEXT, access="r"),
    field("shipping.method", Order.shipping_method, SHORT_TEXT, access="r"),
    field("shipping.tracking_id", Order.tracking_id, SHORT_TEXT, access="ru"),
    field("shipping.carrier", Order.carrier, SHORT_TEXT, access="ru"),
    field("shipping.date", Order.shipped_at, TIME_OR_EMPTY_TEXT, access="ru"),
    field("totals.delivery", Order.delivery_e4, AMOUNT4, access="r"),
    field("totals.insurance", Order.insurance_e4, AMOUNT4, access="r"),
    field("totals.surcharge", Order.surcharge_e4, AMOUNT4, access="r"),
    field("totals.discount", Order.discount_e4, AMOUNT4, access="r"),
    field("totals.tax", Order.tax_e4, AMOUNT4, access="r"),
    field("totals.total", Order.total_e4, AMOUNT4, access="r"),
)
FAMILY: tuple[AnyRow, ...] = (
    field("has_children", Order.has_children, TRUE_AS_TEXT, access="r"),
    field("has_parent", Order.parent_id, IS_LINKED, access="r"),
    many("children", scalars(Order.id, INT), Relation(Order, holder=Order.parent_id, key=Order.id)),
)
ORDER: Document[Order] = Document((*ORDER_ROWS, ITEMS, *FAMILY), missing=OrderNotFound)
ORDER_WITHOUT_ITEMS: Document[Order] = Document((*ORDER_ROWS, *FAMILY), missing=OrderNotFound)
ORDERS = Searchable(ORDER)

TRANSACTION: Document[PaymentTransaction] = Document(
    (
        field("id", PaymentTransaction.id, INT_AS_TEXT, access="r"),
        field("order_id", PaymentTransaction.order_id, INT_AS_TEXT, access="r"),
        field("date", PaymentTransaction.date, TIME_TEXT, access="r"),
        field("status", PaymentTransaction.status, SHORT_TEXT, access="r"),
        field("amount", PaymentTransaction.amount_e4, AMOUNT2, access="r"),
        field("gateway", PaymentTransaction.gateway, SHORT_TEXT, access="r"),
        field("response", PaymentTransaction.response, JSON_OBJECT, access="r"),
    )
)
TRANSACTIONS = Searchable(TRANSACTION)


def load_log_data(raw: Any, _shop: ShopFacts) -> dict[str, Any]:
    """A map of what changed; each value is an object with at least `new` (reference 3.12)."""
    if raw in ("", None, []):
        return {}
    if not isinstance(raw, Mapping):
        raise ValueError("must be an object; write data[key][new]=value")
    for key, change in raw.items():
        if not isinstance(change, Mapping) or "new" not in change:
            raise ValueError(f"must hold an object with at least the key new under {key!r}")
    return dict(raw)


LOG_DATA: Codec[Any] = Codec(
    "log data", "text", JSON_OBJECT.dump, load_log_data,
    {"type": "object", "additionalProperties": {"type": "object", "required": ["new"]}}, JSON_OBJECT.scope,
)  # fmt: skip
LOG: Document[OrderLog] = Document(
    (
        field("id", OrderLog.id, INT, access="r"),
        field("order_id", OrderLog.order_id, INT, access="r"),
        field("created_at", OrderLog.created_at, TIME_TEXT, access="r"),
        field("user", OrderLog.user, SHORT_TEXT, access="r"),
        field("source", OrderLog.source, SHORT_TEXT, access="r"),
        field("action", OrderLog.action, text(255, required=True), access="rc", required=True),
        field("data", OrderLog.data, LOG_DATA, access="rc"),
        field("result", OrderLog.result, BOOLEAN, access="rc"),
    ),
    missing=LogNotFound,
)
LOGS = Searchable(LOG)


def transactions_of_order(call: Call) -> tuple[Filter, ...]:
    """Only the transactions of the order in the path. Refuses: OrderNotFound."""
    require_order(call.tx, call.ids["order_id"])
    return (exactly(TRANSACTION, "order_id", call.ids["order_id"]),)


def logs_of_order(call: Call) -> tuple[Filter, ...]:
    """Only the logs of the order in the path. Refuses: OrderNotFound."""
    require_order(call.tx, call.ids["order_id"])
    return (exactly(LOG, "order_id", call.ids["order_id"]),)


@outlined(Outline("one", LOG))
def show_log(call: Call) -> Reply:
    """One log, if it is of the order in the path."""
    require_order(call.tx, call.ids["order_id"])
    log = LOG.get(call.tx, call.ids["id"])
    if log["order_id"] != call.ids["order_id"]:
        raise LogNotFound(call.ids["id"])
    return Reply(200, log)


@outlined(Outline("one", LOG, 201, takes=LOG))
def create_log(call: Call) -> Reply:
    """Add a log in the name of the key's operator."""
    order_id = require_order(call.tx, call.ids["order_id"])
    log_id = add_order_log(call.tx, order_id=order_id, **LOG.load(call.body, "c", call.tx.shop))
    return Reply(201, LOG.get(call.tx, log_id))


ROUTES = (
    Route("orders.get", "GET", "/orders/{id}", getter(ORDER)),
    Route("orders.list", "GET", "/orders", lister(ORDER, ORDERS)),
    Route("orders.delete", "DELETE", "/orders/{id}", remover(remove_order, "order_id")),
    Route("orders.update", "PUT", "/orders/{id}", changer(ORDER, update_order, "order_id")),
    Route("orders.count", "GET", "/orders/count", counter(ORDER, ORDERS)),
    Route(
        "orders.transactions", "GET", "/orders/{order_id}/transactions",
        lister(TRANSACTION, TRANSACTIONS, transactions_of_order),
    ),
    Route("orders.logs.create", "POST", "/orders/{order_id}/logs", create_log),
    Route("orders.logs.get", "GET", "/orders/{order_id}/logs/{id}", show_log),
    Route("orders.logs.list", "GET", "/orders/{order_id}/logs", lister(LOG, LOGS, logs_of_order)),
)  # fmt: skip
