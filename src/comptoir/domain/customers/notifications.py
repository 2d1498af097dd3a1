"""Verbs on notifications: tell a customer something, correct it, take it back."""

from datetime import datetime
from typing import Any, TypedDict, Unpack

from comptoir.domain.customers.errors import CustomerNotFound
from comptoir.domain.customers.models import Notification
from comptoir.domain.customers.queries import get_row, require_customer
from comptoir.domain.customers.writing import changed_of, new_id, problems_of, write_change, written
from comptoir.domain.identity.texts import refuse
from comptoir.domain.tx import Tx


class NotificationChanges(TypedDict, total=False):
    """What may be changed of a notification (Core dna reference 3.17)."""

    customer_id: int
    source: str
    content: str
    read_at: datetime | None


def notify_customer(
    tx: Tx,
    *,
    customer_id: int,
    content: str,
    source: str = "",
    read_at: datetime | None = None,
    id: int | None = None,
    created_at: datetime | None = None,
) -> int:
    """Tell a customer something and give the notification's id.

    Refuses: Invalid (customer_id, content, source, id).
    """
    said = {"customer_id": customer_id, "source": source, "content": content, "read_at": read_at}
    _refuse_malformed(tx, said)
    notification_id = new_id(tx, Notification, id)
    at = created_at or tx.now
    tx.insert(Notification, **said, id=notification_id, created_at=at, updated_at=at, removed_at=None)
    tx.note("notification.created", "notification", notification_id, after=written(said))
    return notification_id


def update_notification(tx: Tx, *, notification_id: int, **fields: Unpack[NotificationChanges]) -> None:
    """Change what is named of a notification, such as when it was read.

    Refuses: NotificationNotFound, Invalid (customer_id, content, source).
    """
    old = get_row(tx, Notification, notification_id)
    changed = changed_of(old, fields)
    _refuse_malformed(tx, changed)
    write_change(tx, Notification, old, changed)


def remove_notification(tx: Tx, *, notification_id: int) -> None:
    """Take a notification out of every read. Refuses: NotificationNotFound."""
    old = get_row(tx, Notification, notification_id)
    tx.update(Notification, notification_id, removed_at=tx.now)
    before = {"customer_id": old["customer_id"], "content": old["content"]}
    tx.note("notification.removed", "notification", notification_id, before=before)


def _refuse_malformed(tx: Tx, values: dict[str, Any]) -> None:
    problems = problems_of(Notification, values)
    if "customer_id" in values:
        try:
            require_customer(tx, values["customer_id"])
        except CustomerNotFound:
            problems.append(("customer_id", f"names customer {values['customer_id']}, who does not exist"))
    refuse(problems)
