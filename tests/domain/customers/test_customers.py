from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from comptoir.domain.customers.actions import (
    CustomerChanges,
    register_customer,
    remove_customer,
    rename_customer,
    set_customer_status,
    update_customer,
)
from comptoir.domain.customers.errors import CustomerNotFound, UsernameTaken
from comptoir.domain.customers.groups import add_member, create_group
from comptoir.domain.customers.models import MEMBER, Customer
from comptoir.domain.customers.notifications import notify_customer, update_notification
from comptoir.domain.customers.queries import (
    count_customers,
    find_customer_by_username,
    get_customer,
    list_customers_by_email,
    list_people,
    require_customer,
)
from comptoir.domain.errors import Invalid, NotFound, Problems
from comptoir.domain.tx import Tx

DAY = timedelta(days=1)


def test_a_customer_is_registered_with_what_is_said(tx: Tx) -> None:
    ada = register_customer(tx, email="Ada@Example.com", first_name="Ada", birth_date=date(1990, 2, 28))
    row = get_customer(tx, ada)
    assert (row["username"], row["email"]) == ("Ada@Example.com", "Ada@Example.com")
    assert (row["status"], row["birth_date"], row["last_name"]) == ("active", date(1990, 2, 28), "")
    assert row["created_at"] == row["updated_at"] == tx.now
    assert tx.changes[-1].after == {
        "username": "Ada@Example.com",
        "status": "active",
        "email": "Ada@Example.com",
        "first_name": "Ada",
        "birth_date": "1990-02-28",
    }
    assert find_customer_by_username(tx, "ADA@example.COM") == ada


def test_a_given_id_is_kept_and_the_next_is_above_it(tx: Tx) -> None:
    at = datetime(2020, 1, 1, tzinfo=UTC)
    assert register_customer(tx, id=348, username="homer", created_at=at) == 348
    assert get_customer(tx, 348)["updated_at"] == at
    assert register_customer(tx, username="marge") == 349
    with pytest.raises(Invalid, match="id is taken"):
        register_customer(tx, id=348, username="bart")


def test_a_username_is_one_customers_but_an_address_may_be_shared(tx: Tx) -> None:
    ada = register_customer(tx, username="ada", email="home@example.com")
    bob = register_customer(tx, username="bob", email="HOME@example.com")
    assert list_customers_by_email(tx, "home@EXAMPLE.com") == [ada, bob]
    with pytest.raises(UsernameTaken):
        register_customer(tx, username="ADA")
    with pytest.raises(UsernameTaken):
        rename_customer(tx, customer_id=bob, username="Ada")
    rename_customer(tx, customer_id=ada, username="ADA")
    rename_customer(tx, customer_id=bob, username="bobby")
    assert find_customer_by_username(tx, "bob") is None


def test_only_what_is_named_changes(tx: Tx) -> None:
    ada = register_customer(tx, username="ada", email="ada@example.com", city="Melbourne", id=7)
    tx.update(Customer, ada, updated_at=tx.now - DAY)
    tx.changes.clear()
    update_customer(tx, customer_id=ada, comment="loyal", email="new@example.com")
    row = get_customer(tx, ada)
    assert (row["comment"], row["city"], row["updated_at"]) == ("loyal", "Melbourne", tx.now)
    assert list_customers_by_email(tx, "new@example.com") == [ada]
    (change,) = tx.changes
    assert change.before == {"comment": "", "email": "ada@example.com"}
    assert change.after == {"comment": "loyal", "email": "new@example.com"}


def test_every_field_may_be_changed(tx: Tx) -> None:
    ada = register_customer(tx, username="ada")
    values: dict[str, Any] = dict.fromkeys(CustomerChanges.__annotations__, "x")
    values |= {"email": "x@example.com", "birth_date": date(2000, 2, 29)}
    update_customer(tx, customer_id=ada, **values)
    row = get_customer(tx, ada)
    assert {name: row[name] for name in values} == values


def test_what_was_taken_over_may_be_sent_back(tx: Tx) -> None:
    ada = register_customer(tx, username="ada")
    tx.update(Customer, ada, email="not an address")
    update_customer(tx, customer_id=ada, email="not an address", comment="x")
    assert get_customer(tx, ada)["comment"] == "x"


@pytest.mark.parametrize(
    "email",
    [
        "",
        "no address",
        "kim@",
        "@example.com",
        "a@b@example.com",
        "a@b..c",
        "a b@example.com",
        "a@b,c",
        "a\n@b.c",
        "x" * 65 + "@example.com",
        "a@" + "b" * 255,
        "a\0@example.com",
    ],
)
def test_an_address_looks_like_one(tx: Tx, email: str) -> None:
    ada = register_customer(tx, username="ada", email="ada@example.com")
    with pytest.raises(Invalid) as refusal:
        update_customer(tx, customer_id=ada, email=email, comment="must not stay")
    assert refusal.value.field == "email"
    assert get_customer(tx, ada)["comment"] == ""


@pytest.mark.parametrize("email", ["o'brien+x@sub.example.com", "ü@exämple.org", "root@localhost"])
def test_unusual_addresses_are_addresses(tx: Tx, email: str) -> None:
    ada = register_customer(tx, email=email)
    assert get_customer(tx, ada)["email"] == email


@pytest.mark.parametrize(
    "change", [{"city": "x" * 256}, {"comment": "x" * 65_537}, {"nickname": "a\0"}, {"company": "\ud800"}]
)
def test_a_text_that_no_database_keeps_is_refused(tx: Tx, change: dict[str, Any]) -> None:
    ada = register_customer(tx, username="ada")
    with pytest.raises(Invalid, match=next(iter(change))):
        update_customer(tx, customer_id=ada, **change)


def test_all_problems_are_named_at_once(tx: Tx) -> None:
    with pytest.raises(Problems) as refusal:
        register_customer(tx, city="x" * 256, email="x")
    assert [field for field, _ in refusal.value.problems] == ["city", "email"]


def test_a_customer_has_a_name(tx: Tx) -> None:
    with pytest.raises(Invalid, match="username"):
        register_customer(tx, first_name="Ada")
    ada = register_customer(tx, username="ada")
    with pytest.raises(Invalid, match="status"):
        set_customer_status(tx, customer_id=ada, status=" ")
    set_customer_status(tx, customer_id=ada, status="inactive")
    assert get_customer(tx, ada)["status"] == "inactive"


def test_a_removed_customer_leaves_every_read(tx: Tx) -> None:
    ada = register_customer(tx, username="ada", email="ada@example.com")
    group = create_group(tx, name="wholesale")
    add_member(tx, group_id=group, customer_id=ada)
    told = notify_customer(tx, customer_id=ada, content="Welcome")
    remove_customer(tx, customer_id=ada)
    for verb in (remove_customer, update_customer):
        with pytest.raises(CustomerNotFound):
            verb(tx, customer_id=ada)
    with pytest.raises(CustomerNotFound):
        require_customer(tx, ada)
    with pytest.raises(NotFound):
        update_notification(tx, notification_id=told, content="x")
    assert list_people(tx, group_id=group, role=MEMBER) == []
    assert list_customers_by_email(tx, "ada@example.com") == []
    assert count_customers(tx) == 0
    assert register_customer(tx, username="ADA") > ada
