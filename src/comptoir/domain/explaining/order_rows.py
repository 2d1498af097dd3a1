"""Reading what the amounts of an order are explained by."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, literal, or_, select

from comptoir.domain.orders.errors import LineNotFound, OrderNotFound
from comptoir.domain.orders.models import COUPON, ITEMISED_TYPES, Invoice, LineItem, Order, OrderLine
from comptoir.domain.orders.sales import OrderBooks, find_books
from comptoir.domain.payments.models import SUCCESS as PAID
from comptoir.domain.payments.models import Chargeback, PaymentTransaction
from comptoir.domain.payments.queries import IS_OF_ROOT, STATUS
from comptoir.domain.refunds.models import SUCCESS, Refund, RefundItem
from comptoir.domain.tx import Tx


class Invoiced(NamedTuple):
    """What the invoice of an order keeps, and where the order went: what its books need not know."""

    customer_currency: str
    customer_total_minor: int
    usd_total_minor: int
    fee_minor: int
    payment_id: int | None
    paid_out_at: datetime | None
    billing_country: str
    delivery_country: str
    billing_state: str
    delivery_state: str

    @property
    def place(self) -> tuple[str, str]:
        """The country and state whose tax is owed."""
        if self.delivery_country:
            return self.delivery_country, self.delivery_state
        return self.billing_country, self.billing_state


class LineRow(NamedTuple):
    """A line's amounts, with what checkout knows of it."""

    id: int
    order_id: int
    parent_line_id: int | None
    type: str
    product_id: int
    name: str
    variant_name: str
    quantity: int
    unit_price_e4: int
    discount_e4: int
    tax_e4: int
    options: dict[str, Any]
    amount_minor: int
    discount_share_minor: int
    tax_minor: int
    price_e4: int | None
    startup_fee_e4: int | None
    surcharges: list[dict[str, Any]] | None

    @property
    def is_itemised(self) -> bool:
        """Whether it says what is charged or given on the order."""
        return self.type in ITEMISED_TYPES

    @property
    def sign(self) -> int:
        """Whether its price is added or taken off."""
        return -1 if self.type == COUPON else 1

    def payable_minor(self, *, tax_included: bool) -> int:
        """What is to be paid for it."""
        return self.amount_minor - self.discount_share_minor + (0 if tax_included else self.tax_minor)


class RefundRow(NamedTuple):
    """What was given back of an order."""

    id: int
    order_id: int
    status: str
    currency: str
    total_e4: int
    transaction_id: int
    transfer_id: int | None
    notes: str
    refunded_at: datetime | None


class RefundItemRow(NamedTuple):
    """What was given back of a line, of the charges, or of the order as a whole."""

    id: int
    refund_id: int
    type: str
    order_line_id: int
    quantity: int
    amount_e4: int
    tax_minor: int


class PaymentRow(NamedTuple):
    """A movement of money for an order."""

    id: int
    order_id: int
    date: datetime
    status: str
    amount_e4: int
    currency: str
    gateway: str
    transfer_id: int | None


class ChargebackRow(NamedTuple):
    """Money that a buyer's bank took back."""

    id: int
    order_id: int
    payment_id: int
    identifier: str
    reason: str
    amount_minor: int
    currency: str
    at: datetime
    transfer_id: int | None


_OF_ORDER = frozenset({"billing_state", "delivery_state"})
_IN_ITEM = frozenset({"price_e4", "startup_fee_e4", "surcharges"})
FIND_INVOICED = (
    select(*(getattr(Order if name in _OF_ORDER else Invoice, name) for name in Invoiced._fields))
    .select_from(Invoice)
    .join(Order, Order.id == Invoice.order_id)
    .where(Invoice.order_id == bindparam("order_id"))
)
_LINES = (
    select(*(getattr(LineItem if name in _IN_ITEM else OrderLine, name) for name in LineRow._fields))
    .select_from(OrderLine)
    .outerjoin(LineItem, LineItem.order_line_id == OrderLine.id)
)
LINES = _LINES.where(OrderLine.order_id == bindparam("order_id")).order_by(OrderLine.position)
GET_LINE = _LINES.where(OrderLine.id == bindparam("line_id"))
# The orders whose money stands in one's books: itself and what it was split into.
_own = or_(
    Order.id == bindparam("root_id"),
    and_(Order.parent_id == bindparam("root_id"), Order.is_renewal.is_(False)),
)
_REFUNDS = select(*(getattr(Refund, name) for name in RefundRow._fields))
REFUNDS = (
    _REFUNDS.join(Order, Order.id == Refund.order_id)
    .where(_own, Refund.status == literal(SUCCESS))
    .order_by(Refund.id)
)
GET_REFUND = _REFUNDS.where(Refund.id == bindparam("refund_id"), Refund.removed_at.is_(None))
_ITEMS = select(*(getattr(RefundItem, name) for name in RefundItemRow._fields))
REFUND_ITEMS = _ITEMS.where(RefundItem.refund_id == bindparam("refund_id")).order_by(RefundItem.id)
GET_ITEM = _ITEMS.where(RefundItem.id == bindparam("item_id"))
ITEMS_OF_LINE = (
    _ITEMS.join(Refund, Refund.id == RefundItem.refund_id)
    .where(RefundItem.order_line_id == bindparam("line_id"), Refund.status == literal(SUCCESS))
    .order_by(RefundItem.id)
)
_PAYMENTS = select(*(getattr(PaymentTransaction, name) for name in PaymentRow._fields))
PAYMENTS = _PAYMENTS.where(IS_OF_ROOT, literal(PAID) == STATUS).order_by(PaymentTransaction.id)
GET_PAYMENT = _PAYMENTS.where(PaymentTransaction.id == bindparam("payment_id"))
REFUNDS_BY_PAYMENT = _REFUNDS.where(
    Refund.order_id == bindparam("order_id"), Refund.transaction_id == bindparam("payment_id")
).order_by(Refund.id)
_CHARGEBACKS = select(*(getattr(Chargeback, name) for name in ChargebackRow._fields))
GET_CHARGEBACK = _CHARGEBACKS.where(Chargeback.id == bindparam("chargeback_id"))
CHARGEBACKS = _CHARGEBACKS.join(Order, Order.id == Chargeback.order_id).where(_own).order_by(Chargeback.id)


def get_order(tx: Tx, order_id: int) -> OrderBooks:
    """One order, as the books know it. Refuses: OrderNotFound."""
    order = find_order(tx, order_id)
    if order is None:
        raise OrderNotFound(order_id)
    return order


def find_order(tx: Tx, order_id: int) -> OrderBooks | None:
    """One order, if it is there and was not removed."""
    order = find_books(tx, [order_id], is_looking=True).get(order_id)
    return None if order is None or order.removed_at is not None else order


def find_invoiced(tx: Tx, order_id: int) -> Invoiced | None:
    """What an order's invoice keeps; only what a checkout sold has one."""
    row = tx.one(FIND_INVOICED, order_id=order_id)
    return None if row is None else Invoiced(*row)


def list_lines(tx: Tx, order_id: int) -> list[LineRow]:
    """An order's lines with the parts of bundles."""
    return [LineRow(*row) for row in tx.all(LINES, order_id=order_id)]


def get_line(tx: Tx, line_id: int) -> LineRow:
    """One line. Refuses: LineNotFound."""
    row = tx.one(GET_LINE, line_id=line_id)
    if row is None:
        raise LineNotFound(line_id)
    return LineRow(*row)


def list_refunds(tx: Tx, root_id: int) -> list[RefundRow]:
    """What was given back of an order and its parts."""
    return [RefundRow(*row) for row in tx.all(REFUNDS, root_id=root_id)]


def list_payments(tx: Tx, root_id: int) -> list[PaymentRow]:
    """The money that moved for an order and its parts."""
    return [PaymentRow(*row) for row in tx.all(PAYMENTS, root_id=root_id)]


def list_chargebacks(tx: Tx, root_id: int) -> list[ChargebackRow]:
    """What banks took back of an order's payments."""
    return [ChargebackRow(*row) for row in tx.all(CHARGEBACKS, root_id=root_id)]


def list_refund_items(tx: Tx, refund_id: int) -> list[RefundItemRow]:
    """What a refund is for."""
    return [RefundItemRow(*row) for row in tx.all(REFUND_ITEMS, refund_id=refund_id)]


def list_items_of_line(tx: Tx, line_id: int) -> list[RefundItemRow]:
    """What was given back of a line."""
    return [RefundItemRow(*row) for row in tx.all(ITEMS_OF_LINE, line_id=line_id)]
