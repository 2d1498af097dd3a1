from typing import Any

import pytest

from comptoir.domain.customers.actions import register_customer, remove_customer
from comptoir.domain.customers.errors import NotificationNotFound
from comptoir.domain.customers.models import Notification
from comptoir.domain.customers.notifications import notify_customer, remove_notification, update_notification
from comptoir.domain.customers.queries import get_row
from comptoir.domain.errors import Invalid
from comptoir.domain.tx import Tx


def test_a_customer_is_told_and_reads(tx: Tx) -> None:
    ada, bob = register_customer(tx, username="ada"), register_customer(tx, username="bob")
    told = notify_customer(tx, customer_id=ada, content="Welcome")
    row = get_row(tx, Notification, told)
    assert (row["source"], row["read_at"], row["removed_at"]) == ("", None, None)
    update_notification(tx, notification_id=told, read_at=tx.now, customer_id=bob, source="shop")
    assert get_row(tx, Notification, told)["read_at"] == tx.now
    assert tx.changes[-1].after == {"read_at": tx.now.isoformat(), "customer_id": bob, "source": "shop"}
    update_notification(tx, notification_id=told, read_at=None)
    assert get_row(tx, Notification, told)["read_at"] is None


def test_a_removed_notification_is_not_found_again(tx: Tx) -> None:
    told = notify_customer(tx, customer_id=register_customer(tx, username="ada"), content="Welcome")
    remove_notification(tx, notification_id=told)
    with pytest.raises(NotificationNotFound):
        remove_notification(tx, notification_id=told)
    with pytest.raises(NotificationNotFound):
        update_notification(tx, notification_id=told, content="x")


@pytest.mark.parametrize(
    "change",
    [{"content": ""}, {"content": "a\0"}, {"source": "x" * 256}, {"customer_id": 99}, {"customer_id": None}],
)
def test_what_cannot_be_told(tx: Tx, change: dict[str, Any]) -> None:
    ada = register_customer(tx, username="ada")
    told = notify_customer(tx, customer_id=ada, content="Welcome")
    with pytest.raises(Invalid, match=next(iter(change))):
        update_notification(tx, notification_id=told, **change)
    with pytest.raises(Invalid, match=next(iter(change))):
        notify_customer(tx, **{"customer_id": ada, "content": "x", **change})


def test_who_was_removed_is_told_nothing(tx: Tx) -> None:
    ada = register_customer(tx, username="ada")
    remove_customer(tx, customer_id=ada)
    with pytest.raises(Invalid, match="customer_id"):
        notify_customer(tx, customer_id=ada, content="x")
