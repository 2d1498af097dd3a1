"""Reading line items that bill themselves again, with all that a renewal copies."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.orders.buyers import Buyer
from comptoir.domain.orders.models import VOID_STATUSES, Invoice, LineItem, Order, OrderLine
from comptoir.domain.subscriptions.models import RecurringItem
from comptoir.domain.tx import Tx


class ItemRow(NamedTuple):
    """A line item that bills itself again: how far it has come, and what became of the last attempt."""

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

    @property
    def is_last(self) -> bool:
        """Whether the next installment is the last one."""
        return self.installments_max is not None and self.installments + 1 >= self.installments_max


class LineFacts(NamedTuple):
    """A recurring line as it stands on an order."""

    order_line_id: int
    order_id: int
    name: str
    code: str
    product_id: int
    unit_price_e4: int
    vendor_product_id: str | None
    description: str
    is_catalogue: bool
    is_tangible: bool
    is_cart: bool
    handling_e4: int | None
    startup_fee_e4: int | None
    surcharges: Sequence[Mapping[str, Any]]
    recurrence_unit: str | None
    recurrence_count: int | None
    duration_unit: str | None
    duration_count: int | None
    enrolment_id: int | None

    @property
    def recurring_e4(self) -> int:
        """What each further installment costs: the price with its options, without the startup fee."""
        return self.unit_price_e4 - (self.startup_fee_e4 or 0)


class SaleFacts(NamedTuple):
    """What a renewal takes over from the first invoice of its sale."""

    order_id: int
    sale_id: int
    customer_id: int | None
    order_status: str
    removed_at: datetime | None
    currency: str
    created_at: datetime
    payment_method: str
    customer_currency: str
    merchant_order_id: str
    method: str
    card_first_six: str
    card_last_two: str

    @property
    def is_void(self) -> bool:
        """Whether the sale came to nothing, as one does that fails its fraud review."""
        return self.order_status in VOID_STATUSES or self.removed_at is not None


_ON_LINE = {
    "order_line_id": OrderLine.id,
    "order_id": OrderLine.order_id,
    "name": OrderLine.name,
    "code": OrderLine.code,
    "product_id": OrderLine.product_id,
    "unit_price_e4": OrderLine.unit_price_e4,
}
_ITEMS = select(*(RecurringItem.__table__.columns[name] for name in ItemRow._fields))
OF_ENROLMENT = _ITEMS.where(RecurringItem.enrolment_id == bindparam("enrolment_id"))
OF_LINE = _ITEMS.where(RecurringItem.order_line_id == bindparam("order_line_id"))
FIND_LINE = (
    select(*(_ON_LINE[name] if name in _ON_LINE else getattr(LineItem, name) for name in LineFacts._fields))
    .join(LineItem, LineItem.order_line_id == OrderLine.id)
    .where(OrderLine.id == bindparam("order_line_id"))
)
_ON_ORDER = {
    "order_id": Order.id,
    "order_status": Order.status,
    **{
        name: getattr(Order, name)
        for name in ("sale_id", "customer_id", "removed_at", "currency", "created_at", "payment_method")
    },
}
FIRST_INVOICE = (
    select(*(_ON_ORDER[name] if name in _ON_ORDER else getattr(Invoice, name) for name in SaleFacts._fields))
    .join(Invoice, Invoice.order_id == Order.id)
    .where(Order.id == bindparam("order_id"))
)
# What the buyer is called on orders and their invoices.
BUYER_COLUMNS = {
    "name": Order.billing_name,
    "company": Order.billing_company,
    "email": Order.billing_email,
    "phone": Order.billing_phone,
    "address1": Order.billing_address,
    "city": Order.billing_city,
    "state": Order.billing_state,
    "postcode": Order.billing_postcode,
    "delivery_name": Order.delivery_name,
    "delivery_address1": Order.delivery_address,
    "delivery_city": Order.delivery_city,
    "delivery_state": Order.delivery_state,
    "delivery_postcode": Order.delivery_postcode,
    "first_name": Invoice.first_name,
    "middle_initial": Invoice.middle_initial,
    "last_name": Invoice.last_name,
    "phone_ext": Invoice.phone_ext,
    "address2": Invoice.billing_address2,
    "country": Invoice.billing_country,
    "delivery_address2": Invoice.delivery_address2,
    "delivery_country": Invoice.delivery_country,
    "ip_address": Invoice.ip_address,
    "ip_country": Invoice.ip_country,
    "language": Invoice.language,
    "customer_id": Order.customer_id,
}
BUYER = (
    select(*BUYER_COLUMNS.values())
    .join(Invoice, Invoice.order_id == Order.id)
    .where(Order.id == bindparam("order_id"))
)


def find_item(tx: Tx, enrolment_id: int) -> ItemRow | None:
    """What an enrolment bills, when it began with a checkout."""
    row = tx.one(OF_ENROLMENT, enrolment_id=enrolment_id)
    return None if row is None else ItemRow(*row)


def find_item_of_line(tx: Tx, order_line_id: int) -> ItemRow | None:
    """What bills itself again by this line; None when a later installment's line does, or none."""
    row = tx.one(OF_LINE, order_line_id=order_line_id)
    return None if row is None else ItemRow(*row)


def find_line(tx: Tx, order_line_id: int) -> LineFacts | None:
    """A line that was sold at a checkout."""
    row = tx.one(FIND_LINE, order_line_id=order_line_id)
    return None if row is None else LineFacts(*row)


def first_invoice(tx: Tx, order_id: int) -> SaleFacts:
    """What renewals take over from the order that they renew."""
    row = tx.one(FIRST_INVOICE, order_id=order_id)
    assert row is not None, "what recurs was sold at a checkout"
    return SaleFacts(*row)


def buyer_of(tx: Tx, order_id: int) -> Buyer:
    """Who bought, as the order and its invoice say."""
    row = tx.one(BUYER, order_id=order_id)
    assert row is not None, "what recurs was sold at a checkout"
    return Buyer(**dict(zip(BUYER_COLUMNS, row, strict=True)))
