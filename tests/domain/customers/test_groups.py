from typing import Any

import pytest

from comptoir.domain.customers.actions import register_customer
from comptoir.domain.customers.errors import (
    CustomerNotFound,
    GroupNotEmpty,
    GroupNotFound,
    MemberNotFound,
)
from comptoir.domain.customers.groups import (
    add_member,
    add_owner,
    create_group,
    remove_group,
    remove_member,
    update_group,
)
from comptoir.domain.customers.membership import groups_of
from comptoir.domain.customers.models import MEMBER, OWNER, Group
from comptoir.domain.customers.queries import get_row, list_people
from comptoir.domain.errors import Invalid
from comptoir.domain.tx import Tx


def test_people_are_listed_by_id_and_may_be_both(tx: Tx) -> None:
    group = create_group(tx, name="wholesale", id=123, is_interest=True)
    ids = [register_customer(tx, username=name) for name in "abc"]
    for customer_id in reversed(ids):
        add_member(tx, group_id=group, customer_id=customer_id)
    add_owner(tx, group_id=group, customer_id=ids[1])
    add_owner(tx, group_id=group, customer_id=ids[1])
    assert list_people(tx, group_id=group, role=MEMBER) == ids
    assert list_people(tx, group_id=group, role=OWNER) == [ids[1]]
    remove_member(tx, group_id=group, customer_id=ids[1])
    assert list_people(tx, group_id=group, role=MEMBER) == [ids[0], ids[2]]
    assert list_people(tx, group_id=group, role=OWNER) == [ids[1]]
    with pytest.raises(MemberNotFound):
        remove_member(tx, group_id=group, customer_id=ids[1])
    assert [change.kind for change in tx.changes[-2:]] == ["group.owner_added", "group.member_removed"]


def test_a_group_changes_what_is_named(tx: Tx) -> None:
    group = create_group(tx, name="wholesale")
    update_group(tx, group_id=group, is_interest=True, comment="c")
    row = get_row(tx, Group, group)
    assert (row["name"], row["is_interest"], row["comment"]) == ("wholesale", True, "c")
    assert tx.changes[-1].before == {"is_interest": False, "comment": ""}


def test_what_is_not_there_is_refused(tx: Tx) -> None:
    with pytest.raises(GroupNotFound):
        update_group(tx, group_id=2, name="x")
    with pytest.raises(GroupNotFound):
        add_member(tx, group_id=2, customer_id=1)
    group = create_group(tx, name="wholesale")
    with pytest.raises(CustomerNotFound):
        add_owner(tx, group_id=group, customer_id=1)
    with pytest.raises(Invalid, match="role"):
        add_member(tx, group_id=group, customer_id=1, role="king")


@pytest.mark.parametrize(
    "change", [{"name": ""}, {"name": "a\0"}, {"name": "x" * 256}, {"comment": "x" * 65_537}]
)
def test_what_a_group_may_not_say(tx: Tx, change: dict[str, Any]) -> None:
    group = create_group(tx, name="wholesale")
    with pytest.raises(Invalid, match=next(iter(change))):
        update_group(tx, group_id=group, **change)


def test_an_empty_group_is_removed(tx: Tx) -> None:
    group = create_group(tx, name="wholesale")
    remove_group(tx, group_id=group)
    with pytest.raises(GroupNotFound):
        get_row(tx, Group, group)
    assert (tx.changes[-1].kind, tx.changes[-1].before) == ("group.removed", {"name": "wholesale"})
    with pytest.raises(GroupNotFound):
        remove_group(tx, group_id=group)


def test_a_group_with_people_is_removed_when_it_is_said_what_becomes_of_them(tx: Tx) -> None:
    group, other = create_group(tx, name="wholesale"), create_group(tx, name="retail")
    ids = [register_customer(tx, username=name) for name in "abc"]
    for customer_id in ids:
        add_member(tx, group_id=group, customer_id=customer_id)
    add_owner(tx, group_id=group, customer_id=ids[0])
    add_member(tx, group_id=other, customer_id=ids[1])
    with pytest.raises(GroupNotEmpty):
        remove_group(tx, group_id=group)
    for into in (group, 99):
        with pytest.raises(Invalid, match="into"):
            remove_group(tx, group_id=group, into=into)
    assert list_people(tx, group_id=group, role=MEMBER) == ids
    remove_group(tx, group_id=group, into=other)
    assert list_people(tx, group_id=other, role=MEMBER) == ids
    assert list_people(tx, group_id=other, role=OWNER) == [ids[0]]
    assert tx.changes[-1].after == {"into": other, "moved": 3, "left": 1}
    remove_group(tx, group_id=other, lets_people_go=True)
    assert groups_of(tx, customer_id=ids[0]) == []
    assert tx.changes[-1].after == {"into": None, "moved": 0, "left": 4}
