from datetime import UTC, datetime
from typing import Any

import pytest

from comptoir.domain.customers.actions import register_customer
from comptoir.domain.customers.importing import import_customers, import_groups, import_notifications
from comptoir.domain.customers.models import MEMBER, OWNER, Group, Notification
from comptoir.domain.customers.queries import count_customers, get_customer, get_row, list_people
from comptoir.domain.errors import Invalid
from comptoir.domain.tx import Tx

LONG_AGO = datetime(2016, 9, 1, 8, tzinfo=UTC)


def fields(problems: list[Invalid | None]) -> list[str | None]:
    return [None if problem is None else problem.field for problem in problems]


def test_customers_keep_their_ids_and_times(tx: Tx) -> None:
    rows: list[Any] = [
        {
            "id": 348,
            "username": "homer",
            "email": "h@example.com",
            "created_at": LONG_AGO,
            "status": "locked",
        },
        {"email": "marge@example.com"},
        {"id": 3, "username": "bart", "updated_at": LONG_AGO, "removed_at": LONG_AGO},
    ]
    assert fields(import_customers(tx, rows)) == [None, None, None]
    homer = get_customer(tx, 348)
    assert (homer["created_at"], homer["updated_at"], homer["status"]) == (LONG_AGO, LONG_AGO, "locked")
    assert get_customer(tx, 349)["username"] == "marge@example.com"
    assert count_customers(tx) == 2
    assert register_customer(tx, username="BART") == 350
    assert {change.kind for change in tx.changes[:3]} == {"customer.imported"}


def test_bad_rows_are_named_and_the_others_kept(tx: Tx) -> None:
    register_customer(tx, username="ada", id=1)
    rows: list[Any] = [
        {"id": 1, "username": "x"},
        {"id": 0, "username": "x"},
        {"id": 2**63 - 1, "username": "x"},
        {"username": "ADA"},
        {"username": "new", "id": 5},
        {"username": "New"},
        {"username": "other", "id": 5},
        {"username": "a\0b"},
        {"username": "\ud800"},
        {"username": "c", "email": "nowhere"},
        {"username": "d", "city": "x" * 300},
        {},
        {"username": "last"},
    ]
    assert fields(import_customers(tx, rows)) == [
        "id",
        "id",
        "id",
        "username",
        None,
        "username",
        "id",
        "username",
        "username",
        "email",
        "city",
        "username",
        None,
    ]
    assert get_customer(tx, 6)["username"] == "last"
    assert count_customers(tx) == 3


def test_groups_come_with_their_people(tx: Tx) -> None:
    import_customers(tx, [{"id": number, "username": str(number)} for number in (5, 7, 15)])
    import_customers(tx, [{"id": 9, "username": "gone", "removed_at": LONG_AGO}])
    problems = import_groups(
        tx,
        [
            {"id": 3, "name": "sales_team", "members": [15, 5, 7, 5], "owners": [7], "created_at": LONG_AGO},
            {"name": "wholesale", "is_interest": True},
            {"name": "", "members": [5]},
            {"name": "x", "owners": [9]},
            {"name": "x", "members": [2**70]},
            {"id": 3, "name": "x"},
        ],
    )
    assert fields(problems) == [None, None, "name", "owners", "members", "id"]
    assert list_people(tx, group_id=3, role=MEMBER) == [5, 7, 15]
    assert list_people(tx, group_id=3, role=OWNER) == [7]
    assert get_row(tx, Group, 4)["is_interest"] is True
    assert get_row(tx, Group, 3)["updated_at"] == LONG_AGO


def test_notifications_may_have_been_read_or_removed(tx: Tx) -> None:
    import_customers(tx, [{"id": 3, "username": "a"}, {"id": 4, "username": "b", "removed_at": LONG_AGO}])
    problems = import_notifications(
        tx,
        [
            {"id": 5, "customer_id": 3, "content": "x", "read_at": LONG_AGO},
            {"customer_id": 3, "content": "y", "removed_at": LONG_AGO},
            {"customer_id": 4, "content": "y", "removed_at": LONG_AGO},
            {"customer_id": 4, "content": "y"},
            {"customer_id": -1, "content": "y"},
            {"customer_id": 3, "content": ""},
        ],
    )
    assert fields(problems) == [None, None, None, "customer_id", "customer_id", "content"]
    assert get_row(tx, Notification, 5)["read_at"] == LONG_AGO


@pytest.mark.parametrize("verb", [import_customers, import_groups, import_notifications])
def test_nothing_is_imported_from_nothing(tx: Tx, verb: Any) -> None:
    assert verb(tx, []) == []
    assert tx.changes == []
