"""Who is in which group: by name for a customer, by number and page for a group."""

from comptoir.domain.customers.actions import register_customer, remove_customer
from comptoir.domain.customers.groups import add_member, create_group
from comptoir.domain.customers.membership import groups_of, list_group_names, list_people_after
from comptoir.domain.tx import Tx


def people(tx: Tx, after: int = 0, role: str = "member", limit: int = 2) -> list[int]:
    found = list_people_after(tx, group_id=1, role=role, after=after, limit=limit)
    return [one.customer_id for one in found]


def test_a_group_is_read_page_by_page_and_role_by_role(tx: Tx) -> None:
    create_group(tx, name="Friends")
    for number in range(1, 6):
        register_customer(tx, email=f"c{number}@example.com")
        add_member(tx, group_id=1, customer_id=number)
    add_member(tx, group_id=1, customer_id=3, role="owner")
    assert (people(tx), people(tx, 2), people(tx, 4)) == ([1, 2], [3, 4], [5])
    assert people(tx, role="owner") == [3]
    remove_customer(tx, customer_id=2)
    assert people(tx) == [1, 3]


def test_a_customers_groups_are_told_by_name_with_the_role(tx: Tx) -> None:
    for name in ("Zebras", "Apes"):
        create_group(tx, name=name)
    register_customer(tx, email="ada@example.com")
    add_member(tx, group_id=1, customer_id=1)
    add_member(tx, group_id=2, customer_id=1)
    add_member(tx, group_id=2, customer_id=1, role="owner")
    assert groups_of(tx, customer_id=1) == [
        (2, "Apes", "member"),
        (2, "Apes", "owner"),
        (1, "Zebras", "member"),
    ]
    assert list_group_names(tx) == [(2, "Apes"), (1, "Zebras")]
    assert groups_of(tx, customer_id=2) == []
