"""The rows that a sale is told from, each as one statement reads it."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, case, func, literal, or_, select

from comptoir.domain.orders.models import Invoice, LineItem, Order, OrderLine
from comptoir.domain.payments.models import SUCCESS as PAID
from comptoir.domain.payments.models import PaymentTransaction
from comptoir.domain.payments.queries import STATUS
from comptoir.domain.refunds.models import SUCCESS, Refund, RefundItem
from comptoir.domain.subscriptions.models import Enrolment, RecurringItem
from comptoir.storage.lists import among


class OrderRow(NamedTuple):
    """What a sale shows of an order."""

    id: int
    parent_id: int | None
    sale_id: int
    number: str
    customer_id: int | None
    status: str
    created_at: datetime
    billing_name: str
    billing_address: str
    billing_city: str
    billing_state: str
    billing_postcode: str
    billing_email: str
    billing_phone: str
    delivery_name: str
    delivery_address: str
    delivery_city: str
    delivery_state: str
    delivery_postcode: str
    payment_method: str
    shipping_method: str
    tracking_id: str
    shipped_at: datetime | None
    currency: str
    tax_included: bool
    total_minor: int
    paid_minor: int
    repaid_minor: int


class InvoiceRow(NamedTuple):
    """What a sale shows of an invoice."""

    change_number: int
    installment: int
    status: str
    fraud_status: str
    merchant_order_id: str
    language: str
    referrer: str
    ip_address: str
    ip_country: str
    method: str
    card_first_six: str
    card_last_two: str
    avs: str
    cvv: str
    first_name: str
    middle_initial: str
    last_name: str
    phone_ext: str
    billing_address2: str
    billing_country: str
    delivery_address2: str
    delivery_country: str
    customer_currency: str
    customer_total_minor: int
    usd_total_minor: int
    fee_minor: int
    authorised_at: datetime | None
    authorised_until: datetime | None
    pending_at: datetime | None
    deposited_at: datetime | None
    is_shippable: bool
    tracking_url: str
    paid_out_at: datetime | None


class SummaryRow(NamedTuple):
    """What a list shows of a sale's first order; without an invoice the last three are None."""

    id: int
    sale_id: int
    created_at: datetime
    billing_name: str
    currency: str
    total_minor: int
    customer_currency: str | None
    customer_total_minor: int | None
    usd_total_minor: int | None


_TOLD = ("customer_currency", "customer_total_minor", "usd_total_minor")


class LineRow(NamedTuple):
    """What a sale shows of an order line."""

    id: int
    order_id: int
    type: str
    product_id: int
    code: str
    name: str
    quantity: int
    unit_price_e4: int
    amount_minor: int
    discount_share_minor: int
    tax_minor: int


class ItemRow(NamedTuple):
    """What checkout knew of an order line."""

    vendor_product_id: str | None
    description: str
    is_catalogue: bool
    is_tangible: bool
    is_cart: bool
    price_e4: int
    handling_e4: int | None
    startup_fee_e4: int | None
    surcharges: list[dict[str, Any]]
    recurrence_unit: str | None
    recurrence_count: int | None
    duration_unit: str | None
    duration_count: int | None
    installment: int | None
    enrolment_id: int | None


class RecurringRow(NamedTuple):
    """What bills a recurring line item; `order_line_id` is its newest installment's line."""

    enrolment_id: int
    sale_id: int
    order_line_id: int
    price_e4: int
    installments: int
    installments_max: int | None
    status: str
    first_declined_at: datetime | None
    declined_at: datetime | None
    decline_code: str
    next_billing_at: datetime | None
    failed_attempts: int


class GivenRow(NamedTuple):
    """What was given back of a line of an order, or of the order as a whole; `part_id` is the order's own part."""

    id: int
    order_id: int
    part_id: int
    refund_id: int
    type: str
    order_line_id: int
    amount_e4: int
    at: datetime


def _columns(record: Any, row: type[Any]) -> list[Any]:
    return [getattr(record, name) for name in row._fields]


def is_invoice(order: Any = Order) -> Any:
    """The condition that an order is billed by itself: it is no part of another one, and was not removed."""
    return or_(order.parent_id.is_(None), order.is_renewal.is_(True)) & order.removed_at.is_(None)


_INVOICES = select(*_columns(Order, OrderRow), Invoice.order_id, *_columns(Invoice, InvoiceRow)).outerjoin(
    Invoice, Invoice.order_id == Order.id
)
SUMMARIES = (
    select(*(getattr(Invoice if name.endswith(_TOLD) else Order, name) for name in SummaryRow._fields))
    .outerjoin(Invoice, Invoice.order_id == Order.id)
    .where(among(Order.id, "ids"))
)
RECURRING_ORDERS = (
    select(LineItem.order_id)
    .where(among(LineItem.order_id, "ids"), LineItem.recurrence_unit.is_not(None))
    .distinct()
)
INVOICES_OF_SALE = _INVOICES.where(Order.sale_id == bindparam("sale_id"), is_invoice()).order_by(
    Order.created_at, Order.id
)
SALE_OF_INVOICE = select(Order.sale_id).where(Order.id == bindparam("order_id"), is_invoice())
LINES = (
    select(*_columns(OrderLine, LineRow), LineItem.order_line_id, *_columns(LineItem, ItemRow))
    .outerjoin(LineItem, LineItem.order_line_id == OrderLine.id)
    .where(among(OrderLine.order_id, "ids"), OrderLine.parent_line_id.is_(None))
    .order_by(OrderLine.order_id, OrderLine.position)
)
_root_id = case((Order.is_renewal, Order.id), else_=func.coalesce(Order.parent_id, Order.id))
_AMONG_PARTS = select(Order.id).where(or_(among(Order.id, "ids"), among(Order.parent_id, "ids")))
GIVEN = (
    select(
        RefundItem.id, _root_id, Refund.order_id, RefundItem.refund_id, RefundItem.type, RefundItem.order_line_id,
        RefundItem.amount_e4, func.coalesce(Refund.refunded_at, Refund.created_at),
    )
    .join(Refund, Refund.id == RefundItem.refund_id)
    .join(Order, Order.id == Refund.order_id)
    .where(Refund.order_id.in_(_AMONG_PARTS), Refund.status == SUCCESS, Refund.removed_at.is_(None))
    .order_by(RefundItem.id)
)  # fmt: skip
RECURRING_OF_SALES = (
    select(
        *(
            getattr(RecurringItem if hasattr(RecurringItem, name) else Enrolment, name)
            for name in RecurringRow._fields
        )
    )
    .join(Enrolment, Enrolment.id == RecurringItem.enrolment_id)
    .where(among(RecurringItem.sale_id, "ids"))
    .order_by(RecurringItem.enrolment_id)
)
RECEIVED = (
    select(PaymentTransaction.order_id, func.max(PaymentTransaction.date))
    .where(
        among(PaymentTransaction.order_id, "ids"),
        literal(PAID) == STATUS,
        PaymentTransaction.amount_e4 > 0,
    )
    .group_by(PaymentTransaction.order_id)
)
