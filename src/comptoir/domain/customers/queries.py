"""Reading customers, groups and notifications where a document is not enough."""

from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from comptoir.domain.customers.errors import CustomerNotFound, GroupNotFound, NotificationNotFound
from comptoir.domain.customers.models import Customer, Group, GroupMember, Notification
from comptoir.domain.errors import NotFound
from comptoir.domain.names import key_of
from comptoir.domain.tx import Tx
from comptoir.storage.reading import live_of
from comptoir.storage.schema import Record

Row = dict[str, Any]

MISSING: dict[type[Record], type[NotFound]] = {
    Customer: CustomerNotFound,
    Group: GroupNotFound,
    Notification: NotificationNotFound,
}

LIVE_CUSTOMER = select(Customer.id).where(
    Customer.id == bindparam("customer_id"), Customer.removed_at.is_(None)
)
BY_USERNAME = select(Customer.id).where(Customer.username_key == bindparam("key"))
BY_EMAIL = (
    select(Customer.id)
    .where(Customer.email_key == bindparam("key"), Customer.removed_at.is_(None))
    .order_by(Customer.id)
)
COUNT = select(func.count()).select_from(Customer).where(Customer.removed_at.is_(None))
PEOPLE = (
    select(GroupMember.customer_id)
    .where(GroupMember.group_id == bindparam("group_id"), GroupMember.role == bindparam("role"))
    .order_by(GroupMember.customer_id)
)


@cache
def _whole_row(record: type[Record]) -> Select[Any]:
    columns = record.__table__.columns
    live = live_of(record)
    return select(*columns).where(columns["id"] == bindparam("id"), *(() if live is None else (live,)))


def get_row(tx: Tx, record: type[Record], key: int) -> Row:
    """Every column of a record by name. Refuses: the NotFound of its kind, also when it was removed."""
    row = tx.one(_whole_row(record), id=key)
    if row is None:
        raise MISSING[record](key)
    return dict(zip(record.__table__.columns.keys(), row, strict=True))


def get_customer(tx: Tx, customer_id: int) -> Row:
    """A customer with every column by name. Refuses: CustomerNotFound."""
    return get_row(tx, Customer, customer_id)


def require_customer(tx: Tx, customer_id: int) -> int:
    """The customer's id, if there is one. Refuses: CustomerNotFound."""
    found: int | None = tx.value(LIVE_CUSTOMER, customer_id=customer_id)
    if found is None:
        raise CustomerNotFound(customer_id)
    return found


def is_customer(tx: Tx, customer_id: int) -> bool:
    """Whether there is such a customer."""
    return tx.value(LIVE_CUSTOMER, customer_id=customer_id) is not None


def find_customer_by_username(tx: Tx, username: str) -> int | None:
    """The id of the customer of this name, without regard to case."""
    found: int | None = tx.value(BY_USERNAME, key=key_of(username))
    return found


def list_customers_by_email(tx: Tx, email: str) -> list[int]:
    """The ids of the customers with this address, without regard to case: it need not be one only."""
    return [row[0] for row in tx.all(BY_EMAIL, key=key_of(email))]


def count_customers(tx: Tx) -> int:
    """How many customers there are."""
    return int(tx.value(COUNT))


def list_people(tx: Tx, *, group_id: int, role: str) -> list[int]:
    """The ids of a group's members, or of its owners."""
    return [row[0] for row in tx.all(PEOPLE, group_id=group_id, role=role)]
