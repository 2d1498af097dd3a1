"""The records of subscriptions: the plan, and who is enrolled on it."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index

from comptoir.storage.columns import WholeNumber
from comptoir.storage.schema import Id, Mapped, Record, mapped_column, partial_index

DAY, WEEK, MONTH, QUARTER, YEAR = "day", "week", "month", "quarter", "year"
INTERVAL_UNITS = (DAY, WEEK, MONTH, QUARTER, YEAR)
# What became of an enrolment that bills a line item.
LIVE, CANCELED, COMPLETED, DECLINED = "live", "canceled", "completed", "declined"


class Subscription(Record):
    """A plan: what is billed, and every how many days, weeks, months, quarters or years.

    Nobody is enrolled on a plan that is not active, and nothing is billed for it.
    """

    __tablename__ = "subscription"

    id: Mapped[Id]
    name: Mapped[str]
    product_id: Mapped[int | None]
    price_e4: Mapped[int]
    currency: Mapped[str]
    interval_unit: Mapped[str]
    interval_count: Mapped[int]
    is_active: Mapped[bool]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class Enrolment(Record):
    """A customer on a plan, from `starts_at` until `ends_at`, or without end.

    `next_order_id` names the child order that waits to be billed at `next_billing_at`; both are None when
    nothing more will be billed. `anchor_day` is the day of the month that billing returns to after a month
    too short for it, counted on the shop's calendar. `due_at` is when something must be done about it next:
    at the billing date, at the next attempt after a declined one, or at its end. `gateway` names the one
    who is asked for the money; None means that renewals are ordered and their payment is recorded by hand.
    """

    __tablename__ = "enrolment"
    __table_args__ = (
        Index("ix_enrolment_due", "is_active", "due_at"),
        partial_index("ix_enrolment_failing", "updated_at", "id", where="failed_attempts > 0"),
    )

    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    subscription_id: Mapped[int] = mapped_column(ForeignKey("subscription.id"), index=True)
    parent_order_id: Mapped[int | None]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    is_active: Mapped[bool]
    is_paid: Mapped[bool]
    next_order_id: Mapped[int | None]
    next_billing_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    anchor_day: Mapped[int]
    gateway: Mapped[str | None]
    failed_attempts: Mapped[int]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class RecurringItem(Record):
    """A line item that bills itself again: what an enrolment bills when it began with a checkout.

    `order_line_id` is the newest installment's line. `installments` were billed, out of `installments_max`
    (None: for ever), at `price_e4`, in the sale's currency. `declined_at` and `decline_code` tell of the last
    refusal, `first_declined_at` of the first since money last came in.
    """

    __tablename__ = "recurring_item"
    __table_args__ = (
        partial_index(
            "ix_recurring_item_declined", "declined_at", "enrolment_id", where="declined_at IS NOT NULL"
        ),
    )

    enrolment_id: Mapped[int] = mapped_column(WholeNumber, ForeignKey("enrolment.id"), primary_key=True)
    sale_id: Mapped[int] = mapped_column(index=True)
    order_line_id: Mapped[int] = mapped_column(index=True)
    price_e4: Mapped[int]
    installments: Mapped[int]
    installments_max: Mapped[int | None]
    status: Mapped[str]
    first_declined_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    decline_code: Mapped[str]
