"""Verbs on groups: create, change and remove them, put customers in and take them out."""

from datetime import datetime
from typing import TypedDict, Unpack

from sqlalchemy import and_, bindparam, delete, exists, select, update

from comptoir.domain.customers.errors import GroupNotEmpty, GroupNotFound, MemberNotFound
from comptoir.domain.customers.models import ACTIVE, MEMBER, OWNER, ROLES, Group, GroupMember
from comptoir.domain.customers.queries import get_row, require_customer
from comptoir.domain.customers.writing import changed_of, new_id, problems_of, write_change
from comptoir.domain.errors import Invalid
from comptoir.domain.identity.texts import refuse
from comptoir.domain.tx import Tx
from comptoir.storage.schema import aliased

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

_LOCK = select(Group.id).where(Group.id == bindparam("group_id"))
LOCK_GROUP = {"sqlite": _LOCK, "postgres": _LOCK.with_for_update()}
ANYBODY = select(GroupMember.customer_id).where(GroupMember.group_id == bindparam("group_id")).limit(1)
_there = aliased(GroupMember)
# Who is in the other group already stays there once.
MOVE_PEOPLE = (
    update(GroupMember)
    .where(
        GroupMember.group_id == bindparam("from_id"),
        ~exists().where(
            and_(
                _there.group_id == bindparam("into"),
                _there.role == GroupMember.role,
                _there.customer_id == GroupMember.customer_id,
            )
        ),
    )
    .values(group_id=bindparam("into"))
)
EMPTY_GROUP = delete(GroupMember).where(GroupMember.group_id == bindparam("from_id"))
REMOVE_GROUP = delete(Group).where(Group.id == bindparam("from_id"))


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


def remove_group(tx: Tx, *, group_id: int, into: int | None = None, lets_people_go: bool = False) -> None:
    """Remove a group that nobody is in. Its people go `into` another one, or are let go: the customers stay.

    Refuses: GroupNotFound, Invalid (into), GroupNotEmpty.
    """
    if tx.value(LOCK_GROUP[tx.engine], group_id=group_id) is None:
        raise GroupNotFound(group_id)
    old = get_row(tx, Group, group_id)
    if into is not None and (into == group_id or tx.value(LOCK_GROUP[tx.engine], group_id=into) is None):
        raise Invalid("into", "is no other group")
    if into is None and not lets_people_go and tx.value(ANYBODY, group_id=group_id) is not None:
        raise GroupNotEmpty(group_id)
    moved = 0 if into is None else tx.run(MOVE_PEOPLE, from_id=group_id, into=into)
    left = tx.run(EMPTY_GROUP, from_id=group_id)
    tx.run(REMOVE_GROUP, from_id=group_id)
    after = {"into": into, "moved": moved, "left": left} if moved or left else None
    tx.note("group.removed", "group", group_id, before={"name": old["name"]}, after=after)


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
