"""What a customer bought at once, as it was when it was bought."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index

from comptoir.storage.columns import WholeNumber
from comptoir.storage.schema import Id, JsonValue, Mapped, Record, mapped_column, partial_index

NEW, IN_PROGRESS, SHIPPED, COMPLETED = "new", "inprogress", "shipped", "completed"
CANCELLED, DECLINED, SPLIT = "cancelled", "declined", "split"
SETTABLE_STATUSES = (CANCELLED, SHIPPED, COMPLETED, DECLINED, NEW, IN_PROGRESS)
STATUSES = (*SETTABLE_STATUSES, SPLIT)
# An order in one of these states is owed by nobody as long as nothing was paid for it.
VOID_STATUSES = frozenset({CANCELLED, DECLINED})

PRODUCT, BUNDLE = "product", "bundle"
# Lines of an itemised order, which has its charges, tax and discounts as lines of their own.
SHIPPING, TAX, COUPON = "shipping", "tax", "coupon"
ITEMISED_TYPES = (SHIPPING, TAX, COUPON)
LINE_TYPES = (PRODUCT, BUNDLE, *ITEMISED_TYPES)

APPROVED, PENDING, DEPOSITED, REFUSED = "approved", "pending", "deposited", "declined"
INVOICE_STATUSES = (APPROVED, PENDING, DEPOSITED, REFUSED)
WAIT, PASS, FAIL, UNREVIEWED = "wait", "pass", "fail", ""
FRAUD_STATUSES = (WAIT, PASS, FAIL, UNREVIEWED)


# An order whose sale stands in the books.
IS_SOLD = "sale_transfer_id IS NOT NULL AND removed_at IS NULL"


class Order(Record):
    """An order. `removed_at` takes it out of every read; its lines, postings and children stay.

    The `_e4` amounts are what is shown; the `_minor` ones are its account in the books: `paid` came in,
    `repaid` went out again, `refunded` is no longer owed. A child order has none: its parent's stand for
    both; unless it `is_renewal`, a later installment of its parent, which has books of its own.
    `sale_transfer_id` names the transfer that recognises the sale, while it is recognised. `sale_id` is the
    number of the sale: an order, its children and its renewals share it; it is the first one's id unless the
    sale came with a number of its own.
    """

    # ORDER is a word of SQL.
    __tablename__ = "orders"
    __substring_search__ = ("billing_name", "billing_email")
    __table_args__ = (
        Index("ix_orders_updated_at", "updated_at", "id"),
        # The sales, counted from the index alone: SQLite looks at the condition's columns again.
        partial_index(
            "ix_orders_first",
            "created_at",
            "id",
            "parent_id",
            "removed_at",
            where="parent_id IS NULL AND removed_at IS NULL",
        ),
        # How the console's list is narrowed, and an amount searched for.
        partial_index("ix_orders_status", "status", "created_at", "id", where="removed_at IS NULL"),
        partial_index("ix_orders_placed", "created_at", "id", where="removed_at IS NULL"),
        partial_index("ix_orders_total_minor", "total_minor", "id", where="removed_at IS NULL"),
        # What was sold when, summed from the index alone.
        partial_index(
            "ix_orders_sold",
            "created_at",
            "currency",
            "total_minor",
            "sale_transfer_id",
            "removed_at",
            where=IS_SOLD,
        ),
        # Most orders have no parent, and an index of those would only lead astray.
        partial_index("ix_orders_parent_id", "parent_id", where="parent_id IS NOT NULL"),
    )

    id: Mapped[Id]
    number: Mapped[str] = mapped_column(index=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"))
    has_children: Mapped[bool]
    is_renewal: Mapped[bool]
    sale_id: Mapped[int] = mapped_column(index=True)
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
    __table_args__ = (
        partial_index("ix_order_line_parent_line_id", "parent_line_id", where="parent_line_id IS NOT NULL"),
    )

    id: Mapped[Id]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    position: Mapped[int]
    parent_line_id: Mapped[int | None] = mapped_column(ForeignKey("order_line.id"))
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


class Invoice(Record):
    """What the card trade knows of an order that was paid for at checkout: one billing event of its sale.

    `status` goes from approved (authorised) to pending (captured) to deposited, or is declined. The order's
    amounts are in the merchant's currency; `customer_` and `usd_` totals are the same in two others, and
    their ratio to the order's total converts every other amount. `authorised_until` is when the
    authorisation lapses. `change_number` rises with every invoice. Countries are alpha-3. `installment`
    counts from 1. Of a card only the ends of its number are known.
    """

    __tablename__ = "invoice"
    __table_args__ = (
        Index("ix_invoice_status", "status", "fraud_status"),
        Index("ix_invoice_card", "card_first_six", "card_last_two"),
    )

    order_id: Mapped[int] = mapped_column(WholeNumber, ForeignKey("orders.id"), primary_key=True)
    change_number: Mapped[int]
    installment: Mapped[int]
    status: Mapped[str]
    fraud_status: Mapped[str]
    fraud_due_at: Mapped[datetime | None]
    merchant_order_id: Mapped[str] = mapped_column(index=True)
    language: Mapped[str]
    referrer: Mapped[str]
    ip_address: Mapped[str]
    ip_country: Mapped[str]

    method: Mapped[str]
    card_first_six: Mapped[str]
    card_last_two: Mapped[str]
    avs: Mapped[str]
    cvv: Mapped[str]
    payment_id: Mapped[int | None]

    first_name: Mapped[str]
    middle_initial: Mapped[str]
    last_name: Mapped[str]
    phone_ext: Mapped[str]
    billing_address2: Mapped[str]
    billing_country: Mapped[str]
    delivery_address2: Mapped[str]
    delivery_country: Mapped[str]

    customer_currency: Mapped[str]
    customer_total_minor: Mapped[int]
    usd_total_minor: Mapped[int]
    fee_minor: Mapped[int]

    authorised_at: Mapped[datetime | None]
    authorised_until: Mapped[datetime | None]
    reauthorised_at: Mapped[datetime | None]
    pending_at: Mapped[datetime | None]
    deposited_at: Mapped[datetime | None]
    is_shippable: Mapped[bool]
    tracking_url: Mapped[str]
    payout_id: Mapped[int | None] = mapped_column(index=True)
    paid_out_at: Mapped[datetime | None]


class LineItem(Record):
    """What checkout knows of an order line beside the line itself: one piece of what was bought.

    `is_cart` marks a third party cart's total. `surcharges` are the chosen options with what each adds,
    `{"id", "name", "value", "surcharge_e4"}`. A recurring one has its recurrence, its duration (None: for
    ever), its `installment` and the enrolment that bills it.
    """

    __tablename__ = "line_item"

    order_line_id: Mapped[int] = mapped_column(WholeNumber, ForeignKey("order_line.id"), primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    vendor_product_id: Mapped[str | None]
    description: Mapped[str]
    is_catalogue: Mapped[bool]
    is_tangible: Mapped[bool]
    is_cart: Mapped[bool]
    price_e4: Mapped[int]
    handling_e4: Mapped[int | None]
    startup_fee_e4: Mapped[int | None]
    surcharges: Mapped[JsonValue]
    recurrence_unit: Mapped[str | None]
    recurrence_count: Mapped[int | None]
    duration_unit: Mapped[str | None]
    duration_count: Mapped[int | None]
    installment: Mapped[int | None]
    enrolment_id: Mapped[int | None] = mapped_column(index=True)


class OrderComment(Record):
    """A remark on a sale, by an operator or by what happened to it."""

    __tablename__ = "order_comment"

    id: Mapped[Id]
    sale_id: Mapped[int] = mapped_column(index=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"))
    created_at: Mapped[datetime]
    author: Mapped[str]
    ip_address: Mapped[str]
    text: Mapped[str]
    category: Mapped[int | None]


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
