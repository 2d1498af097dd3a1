"""All that is kept of one order, refund, payment or subscription, as a person who looks into it wants to see it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, func, or_, select

from comptoir.domain.customers.models import Customer
from comptoir.domain.errors import NotFound
from comptoir.domain.orders.errors import OrderNotFound
from comptoir.domain.orders.models import Invoice, LineItem, Order, OrderLine
from comptoir.domain.payments.errors import PaymentNotFound
from comptoir.domain.payments.models import PaymentTransaction
from comptoir.domain.refunds.errors import RefundNotFound
from comptoir.domain.refunds.models import Refund, RefundItem
from comptoir.domain.subscriptions.errors import EnrolmentNotFound, SubscriptionNotFound
from comptoir.domain.subscriptions.models import Enrolment, RecurringItem, Subscription
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among
from comptoir.storage.schema import Record, key_of

Row = dict[str, Any]
# More than that of one sale nobody reads on one page; the lists have them all.
MANY = 200
INVOICE = "invoice"


class Kin(NamedTuple):
    """An order of the same sale."""

    id: int
    number: str
    parent_id: int | None
    is_renewal: bool
    status: str
    created_at: datetime
    total_minor: int
    currency: str


class Given(NamedTuple):
    """A refund as an order's page tells it."""

    id: int
    order_id: int
    status: str
    created_at: datetime
    refunded_at: datetime | None
    currency: str
    total_e4: int
    notes: str
    category: int | None


class Enrolled(NamedTuple):
    """Who is on which plan, by their names."""

    customer_id: int
    customer: str
    subscription_id: int
    plan: str
    price_e4: int
    currency: str


class GivenItem(NamedTuple):
    """What a refund is for, with the name of the line."""

    id: int
    type: str
    order_line_id: int
    name: str | None
    quantity: int
    amount_e4: int
    tax_minor: int


def _whole(record: type[Record], *where: Any) -> Select[Any]:
    key = key_of(record)
    return select(*record.__table__.columns).where(key == bindparam("key"), *where)


MISSING: dict[type[Record], type[NotFound]] = {
    Order: OrderNotFound,
    Refund: RefundNotFound,
    PaymentTransaction: PaymentNotFound,
    Enrolment: EnrolmentNotFound,
    Subscription: SubscriptionNotFound,
}
ROWS: dict[type[Record], Select[Any]] = {
    Order: _whole(Order, Order.removed_at.is_(None)),
    Refund: _whole(Refund, Refund.removed_at.is_(None)),
    PaymentTransaction: _whole(PaymentTransaction),
    Enrolment: _whole(Enrolment),
    Subscription: _whole(Subscription),
}
INVOICE_ROW = _whole(Invoice)
ITEM_COLUMNS = tuple(column for column in LineItem.__table__.columns if column.name != "order_id")
LINE_COLUMNS = tuple(OrderLine.__table__.columns)
LINES = (
    select(*LINE_COLUMNS, *ITEM_COLUMNS)
    .outerjoin(LineItem, LineItem.order_line_id == OrderLine.id)
    .where(OrderLine.order_id == bindparam("order_id"))
    .order_by(OrderLine.position, OrderLine.id)
)
LINE_ORDER = select(OrderLine.order_id).where(OrderLine.id == bindparam("line_id"))
KIN = (
    select(*(getattr(Order, name) for name in Kin._fields))
    .where(Order.sale_id == bindparam("sale_id"), Order.removed_at.is_(None))
    .order_by(Order.created_at.desc(), Order.id.desc())
    .limit(bindparam("limit"))
)
# The orders whose money stands in one's books: itself and what it was split into.
OWN = or_(
    Order.id == bindparam("root_id"),
    and_(Order.parent_id == bindparam("root_id"), Order.is_renewal.is_(False)),
)
REFUNDS = (
    select(*(getattr(Refund, name) for name in Given._fields))
    .join(Order, Order.id == Refund.order_id)
    .where(OWN, Refund.removed_at.is_(None))
    .order_by(Refund.id.desc())
    .limit(bindparam("limit"))
)
REFUNDS_BY_PAYMENT = (
    select(*(getattr(Refund, name) for name in Given._fields))
    .where(
        Refund.order_id == bindparam("order_id"),
        Refund.transaction_id == bindparam("payment_id"),
        Refund.removed_at.is_(None),
    )
    .order_by(Refund.id)
    .limit(bindparam("limit"))
)
_NAMED = {"name": OrderLine.name}
ITEMS = (
    select(*(_NAMED[name] if name in _NAMED else getattr(RefundItem, name) for name in GivenItem._fields))
    .outerjoin(OrderLine, OrderLine.id == RefundItem.order_line_id)
    .where(RefundItem.refund_id == bindparam("refund_id"))
    .order_by(RefundItem.id)
)
# What an enrolment bills: the plan's price, or what its line item has come to.
ENROLLED = (
    select(
        Enrolment.id, Enrolment.customer_id, Customer.first_name, Customer.last_name, Customer.email,
        Enrolment.subscription_id, Subscription.name,
        func.coalesce(RecurringItem.price_e4, Subscription.price_e4), Subscription.currency,
    )
    .join(Subscription, Subscription.id == Enrolment.subscription_id)
    .outerjoin(RecurringItem, RecurringItem.enrolment_id == Enrolment.id)
    .outerjoin(Customer, Customer.id == Enrolment.customer_id)
    .where(among(Enrolment.id, "ids"))
)  # fmt: skip


def get_whole(tx: Tx, record: type[Record], key: int) -> Row:
    """Every column of an order, refund, payment, enrolment or plan. Refuses: the NotFound of its kind."""
    row = tx.one(ROWS[record], key=key)
    if row is None:
        raise MISSING[record](key)
    return dict(zip(record.__table__.columns.keys(), row, strict=True))


def find_invoice_row(tx: Tx, order_id: int) -> Row | None:
    """Every column of an order's invoice; None for an order that no checkout sold."""
    row = tx.one(INVOICE_ROW, key=order_id)
    return None if row is None else dict(zip(Invoice.__table__.columns.keys(), row, strict=True))


def list_whole_lines(tx: Tx, order_id: int) -> list[Row]:
    """Every column of an order's lines; under `item` what checkout knew of a line, or None."""
    names = [column.name for column in LINE_COLUMNS]
    item_names = [column.name for column in ITEM_COLUMNS]
    found = []
    for row in tx.all(LINES, order_id=order_id):
        item = dict(zip(item_names, row[len(names) :], strict=True))
        line: Row = dict(zip(names, row[: len(names)], strict=True))
        found.append(line | {"item": None if item["order_line_id"] is None else item})
    return found


def order_of_any_line(tx: Tx, line_id: int) -> int | None:
    """The order that a line stands on, whatever line it is."""
    found: int | None = tx.value(LINE_ORDER, line_id=line_id)
    return found


def list_kin(tx: Tx, sale_id: int) -> list[Kin]:
    """The orders of a sale: the first one, its parts and its renewals, the newest first."""
    return [Kin(*row) for row in tx.all(KIN, sale_id=sale_id, limit=MANY)]


def list_given(tx: Tx, root_id: int) -> list[Given]:
    """The refunds of an order and of its parts, whatever became of them, the newest first."""
    return [Given(*row) for row in tx.all(REFUNDS, root_id=root_id, limit=MANY)]


def list_given_by(tx: Tx, *, order_id: int, payment_id: int) -> list[Given]:
    """The refunds that a payment transaction paid out."""
    rows = tx.all(REFUNDS_BY_PAYMENT, order_id=order_id, payment_id=payment_id, limit=MANY)
    return [Given(*row) for row in rows]


def list_given_items(tx: Tx, refund_id: int) -> list[GivenItem]:
    """What a refund is for."""
    return [GivenItem(*row) for row in tx.all(ITEMS, refund_id=refund_id)]


def enrolled(tx: Tx, enrolment_ids: Sequence[int]) -> dict[int, Enrolled]:
    """Who is on which plan, for what, by the enrolments' ids."""
    found: dict[int, Enrolled] = {}
    rest: list[Any]
    for key, customer_id, first, last, email, *rest in tx.all(ENROLLED, ids=enrolment_ids):
        name = f"{first or ''} {last or ''}".strip() or email or f"customer {customer_id}"
        found[key] = Enrolled(customer_id, name, *rest)
    return found
