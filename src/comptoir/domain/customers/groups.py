"""Verbs on groups: create and change them, put customers in and take them out."""

from datetime import datetime
from typing import TypedDict, Unpack

from sqlalchemy import bindparam, delete, select

from comptoir.domain.customers.errors import MemberNotFound
from comptoir.domain.customers.models import ACTIVE, MEMBER, OWNER, ROLES, Group, GroupMember
from comptoir.domain.customers.queries import get_row, require_customer
from comptoir.domain.customers.writing import changed_of, new_id, problems_of, write_change
from comptoir.domain.errors import Invalid
from comptoir.domain.identity.texts import refuse
from comptoir.domain.tx import Tx

IS_IN = select(GroupMember.customer_id).where(
    GroupMember.group_id == bindparam("group_id"),
    GroupMember.role == bindparam("role"),
    GroupMember.customer_id == bindparam("customer_id"),
)
TAKE_OUT = delete(GroupMember).where(
    GroupMember.group_id == bindparam("group_id"),
    GroupMember.role == bindparam("role"),
    GroupMember.customer_id == bindparam("customer_id"),
)


class GroupChanges(TypedDict, total=False):
    """What may be changed of a group (Core dna reference 3.18)."""

    name: str
    is_interest: bool
    comment: str


def create_group(
    tx: Tx,
    *,
    name: str,
    is_interest: bool = False,
    comment: str = "",
    status: str = ACTIVE,
    id: int | None = None,
    created_at: datetime | None = None,
) -> int:
    """Create a group and give its id. Refuses: Invalid (name, comment, status, id)."""
    said = {"name": name, "status": status, "is_interest": is_interest, "comment": comment}
    refuse(problems_of(Group, said))
    group_id = new_id(tx, Group, id)
    at = created_at or tx.now
    tx.insert(Group, **said, id=group_id, created_at=at, updated_at=at)
    tx.note("group.created", "group", group_id, after=said)
    return group_id


def update_group(tx: Tx, *, group_id: int, **fields: Unpack[GroupChanges]) -> None:
    """Change what is named of a group. Refuses: GroupNotFound, Invalid (name, comment)."""
    old = get_row(tx, Group, group_id)
    changed = changed_of(old, fields)
    refuse(problems_of(Group, changed))
    write_change(tx, Group, old, changed)


def add_member(tx: Tx, *, group_id: int, customer_id: int, role: str = MEMBER) -> None:
    """Put a customer in a group; one who is in it already stays.

    Refuses: GroupNotFound, Invalid (role), CustomerNotFound.
    """
    get_row(tx, Group, group_id)
    if role not in ROLES:
        raise Invalid("role", f"must be one of {', '.join(ROLES)}")
    require_customer(tx, customer_id)
    if tx.value(IS_IN, group_id=group_id, role=role, customer_id=customer_id) is None:
        tx.insert(GroupMember, group_id=group_id, role=role, customer_id=customer_id)
        tx.note(f"group.{role}_added", "group", group_id, after={"customer_id": customer_id})


def add_owner(tx: Tx, *, group_id: int, customer_id: int) -> None:
    """Make a customer an owner of a group. Refuses: GroupNotFound, CustomerNotFound."""
    add_member(tx, group_id=group_id, customer_id=customer_id, role=OWNER)


def remove_member(tx: Tx, *, group_id: int, customer_id: int, role: str = MEMBER) -> None:
    """Take a customer out of a group, as member or as owner. Refuses: GroupNotFound, MemberNotFound."""
    get_row(tx, Group, group_id)
    if not tx.run(TAKE_OUT, group_id=group_id, role=role, customer_id=customer_id):
        raise MemberNotFound(customer_id)
    tx.note(f"group.{role}_removed", "group", group_id, before={"customer_id": customer_id})
