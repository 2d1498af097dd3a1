"""Who is in which group: a customer's groups, and a group's people page by page."""

from typing import NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.customers.models import Customer, Group, GroupMember
from comptoir.domain.tx import Tx

GROUPS_MAX = 500


class Membership(NamedTuple):
    """A customer's place in a group."""

    group_id: int
    name: str
    role: str


class Person(NamedTuple):
    """One who is in a group."""

    customer_id: int
    username: str
    email: str
    first_name: str
    last_name: str


OF_CUSTOMER = (
    select(Group.id, Group.name, GroupMember.role)
    .join(GroupMember, GroupMember.group_id == Group.id)
    .where(GroupMember.customer_id == bindparam("customer_id"))
    .order_by(Group.name, Group.id, GroupMember.role)
    .limit(bindparam("limit"))
)
PEOPLE_AFTER = (
    select(Customer.id, Customer.username, Customer.email, Customer.first_name, Customer.last_name)
    .join(GroupMember, GroupMember.customer_id == Customer.id)
    .where(
        GroupMember.group_id == bindparam("group_id"),
        GroupMember.role == bindparam("role"),
        GroupMember.customer_id > bindparam("after"),
    )
    .order_by(GroupMember.customer_id)
    .limit(bindparam("limit"))
)
NAMES = select(Group.id, Group.name).order_by(Group.name, Group.id).limit(bindparam("limit"))


def groups_of(tx: Tx, *, customer_id: int, limit: int = GROUPS_MAX) -> list[Membership]:
    """The groups that a customer is in, by name."""
    return [Membership(*row) for row in tx.all(OF_CUSTOMER, customer_id=customer_id, limit=limit)]


def list_people_after(tx: Tx, *, group_id: int, role: str, after: int = 0, limit: int) -> list[Person]:
    """A group's members or owners, in the order of their numbers, behind one of them."""
    rows = tx.all(PEOPLE_AFTER, group_id=group_id, role=role, after=after, limit=limit)
    return [Person(*row) for row in rows]


def list_group_names(tx: Tx, *, limit: int = GROUPS_MAX) -> list[tuple[int, str]]:
    """The groups by their names, as many as one can choose from."""
    return [(row[0], row[1]) for row in tx.all(NAMES, limit=limit)]
