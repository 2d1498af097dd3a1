"""What a customer bought at once, as it was when it was bought."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from comptoir.storage.schema import Id, JsonValue, Record

NEW, IN_PROGRESS, SHIPPED, COMPLETED = "new", "inprogress", "shipped", "completed"
CANCELLED, DECLINED, SPLIT = "cancelled", "declined", "split"
SETTABLE_STATUSES = (CANCELLED, SHIPPED, COMPLETED, DECLINED, NEW, IN_PROGRESS)
STATUSES = (*SETTABLE_STATUSES, SPLIT)
# An order in one of these states is owed by nobody as long as nothing was paid for it.
VOID_STATUSES = frozenset({CANCELLED, DECLINED})

PRODUCT, BUNDLE = "product", "bundle"
LINE_TYPES = (PRODUCT, BUNDLE)


class Order(Record):
    """An order. `removed_at` takes it out of every read; its lines, postings and children stay.

    The `_e4` amounts are what is shown; the `_minor` ones are its account in the books: `paid` came in,
    `repaid` went out again, `refunded` is no longer owed. A child order has none: its parent's stand for
    both. `sale_transfer_id` names the transfer that recognises the sale, while it is recognised.
    """

    # ORDER is a word of SQL.
    __tablename__ = "orders"
    __substring_search__ = ("billing_name", "billing_email")
    __table_args__ = (Index("ix_orders_updated_at", "updated_at", "id"),)

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    has_children: Mapped[bool]
    customer_id: Mapped[int | None] = mapped_column(index=True)
    warehouse_id: Mapped[int | None]
    comments: Mapped[str]
    status: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    version: Mapped[int]

    billing_name: Mapped[str]
    billing_company: Mapped[str]
    billing_address: Mapped[str]
    billing_suburb: Mapped[str]
    billing_city: Mapped[str]
    billing_state: Mapped[str]
    billing_postcode: Mapped[str]
    billing_email: Mapped[str]
    billing_phone: Mapped[str]
    delivery_name: Mapped[str]
    delivery_company: Mapped[str]
    delivery_address: Mapped[str]
    delivery_suburb: Mapped[str]
    delivery_city: Mapped[str]
    delivery_state: Mapped[str]
    delivery_postcode: Mapped[str]
    delivery_email: Mapped[str]
    delivery_phone: Mapped[str]

    custom1: Mapped[str]
    custom2: Mapped[str]
    custom3: Mapped[str]
    custom4: Mapped[str]
    custom5: Mapped[str]
    custom6: Mapped[str]
    custom7: Mapped[str]
    custom8: Mapped[str]
    custom9: Mapped[str]
    custom10: Mapped[str]

    payment_method: Mapped[str]
    payment_transaction_id: Mapped[str]
    shipping_method: Mapped[str]
    tracking_id: Mapped[str]
    carrier: Mapped[str]
    shipped_at: Mapped[datetime | None]

    currency: Mapped[str]
    tax_included: Mapped[bool]
    delivery_e4: Mapped[int]
    insurance_e4: Mapped[int]
    surcharge_e4: Mapped[int]
    discount_e4: Mapped[int]
    tax_e4: Mapped[int]
    total_e4: Mapped[int]

    total_minor: Mapped[int]
    charges_minor: Mapped[int]
    charges_tax_minor: Mapped[int]
    paid_minor: Mapped[int]
    repaid_minor: Mapped[int]
    refunded_minor: Mapped[int]
    sale_transfer_id: Mapped[int | None] = mapped_column(ForeignKey("transfer.id"))


class OrderLine(Record):
    """One product or bundle of an order, copied from the catalogue; a bundle's parts point at its line.

    Price, discount and tax are per piece, a part's quantity is per bundle. The `_minor` amounts are for the
    whole line and are what refunds go by: `amount` is the price less the line's own discount,
    `discount_share` its share of the order's discount, `tax` the tax in it or on it.
    """

    __tablename__ = "order_line"

    id: Mapped[Id]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    position: Mapped[int]
    parent_line_id: Mapped[int | None] = mapped_column(ForeignKey("order_line.id"), index=True)
    type: Mapped[str]
    product_id: Mapped[int]
    code: Mapped[str]
    variant_id: Mapped[int | None]
    variant_code: Mapped[str]
    variant_name: Mapped[str]
    name: Mapped[str]
    quantity: Mapped[int]
    unit_price_e4: Mapped[int]
    discount_e4: Mapped[int]
    tax_e4: Mapped[int]
    options: Mapped[JsonValue]
    warehouse_id: Mapped[int | None]
    amount_minor: Mapped[int]
    discount_share_minor: Mapped[int]
    tax_minor: Mapped[int]


class OrderLog(Record):
    """What was done to an order, by whom and from where; never changed or removed."""

    __tablename__ = "order_log"

    id: Mapped[Id]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    created_at: Mapped[datetime]
    user: Mapped[str]
    source: Mapped[str]
    action: Mapped[str]
    data: Mapped[JsonValue]
    result: Mapped[bool]
