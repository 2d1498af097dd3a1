"""The records of customers. Text that was never given is empty, as the trade's forms leave it."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import ForeignKey

from comptoir.storage.columns import OrderKey, WholeNumber
from comptoir.storage.schema import Id, Mapped, Record, mapped_column, partial_index

# The status of what is new; others are the merchant's own words (Core dna reference 3.16 and 3.18).
ACTIVE = "active"
MEMBER, OWNER = "member", "owner"
ROLES = (MEMBER, OWNER)


class Customer(Record):
    """One who buys. `removed_at` takes the customer out of every read; orders keep their id.

    `username_key` is None once the customer is removed, so that the name is free again. `name_key` is where the
    customer stands in a list by name.
    """

    __tablename__ = "customer"
    __folded__: ClassVar[dict[str, str]] = {"username": "username_key", "email": "email_key"}
    __substring_search__: ClassVar[tuple[str, ...]] = ("username", "email", "first_name", "last_name")
    __table_args__ = (
        partial_index("ix_customer_created", "created_at", "id", where="removed_at IS NULL"),
        partial_index("ix_customer_name", "name_key", "id", where="removed_at IS NULL"),
        partial_index("ix_customer_status", "status", "id", where="removed_at IS NULL"),
    )

    id: Mapped[Id]
    username: Mapped[str]
    username_key: Mapped[str | None] = mapped_column(unique=True)
    email: Mapped[str]
    email_key: Mapped[str] = mapped_column(index=True)
    url: Mapped[str]
    gender: Mapped[str]
    birth_date: Mapped[date | None]
    status: Mapped[str]
    comment: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]

    name_title: Mapped[str]
    first_name: Mapped[str]
    last_name: Mapped[str]
    name_key: Mapped[str] = mapped_column(OrderKey)
    nickname: Mapped[str]

    country_id: Mapped[str]
    state_id: Mapped[str]
    suburb: Mapped[str]
    city: Mapped[str]
    postcode: Mapped[str]
    unit: Mapped[str]
    address1: Mapped[str]
    address2: Mapped[str]
    address3: Mapped[str]

    phone_day: Mapped[str]
    phone_evening: Mapped[str]
    phone_fax: Mapped[str]

    occupation: Mapped[str]
    company: Mapped[str]
    business_category: Mapped[str]
    job_department: Mapped[str]

    custom1: Mapped[str]
    custom2: Mapped[str]
    custom3: Mapped[str]
    custom4: Mapped[str]
    custom5: Mapped[str]


class Group(Record):
    """Customers put together under a name; `is_interest` marks what one may join by interest."""

    # GROUP is a word of SQL.
    __tablename__ = "customer_group"

    id: Mapped[Id]
    name: Mapped[str]
    status: Mapped[str]
    is_interest: Mapped[bool]
    comment: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class GroupMember(Record):
    """A customer is in a group, as member or as owner; one may be both."""

    __tablename__ = "group_member"

    group_id: Mapped[int] = mapped_column(WholeNumber, ForeignKey("customer_group.id"), primary_key=True)
    role: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(
        WholeNumber, ForeignKey("customer.id"), primary_key=True, index=True
    )


class Notification(Record):
    """Something that a part of the system (`source`) told a customer; removal is soft."""

    __tablename__ = "notification"

    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("customer.id"), index=True)
    source: Mapped[str]
    content: Mapped[str]
    read_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
