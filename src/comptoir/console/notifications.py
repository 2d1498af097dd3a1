"""Notifications: what customers were told, whether they read it, and telling them more."""

from collections.abc import Mapping, Sequence
from typing import Any

from comptoir.console import kinds
from comptoir.console.cells import Cell, Column, text, when
from comptoir.console.editing import Editing
from comptoir.console.filters import exactly, present
from comptoir.console.forms import Field, Form
from comptoir.console.listing import Listing, newest_first
from comptoir.console.picking import CUSTOMER
from comptoir.console.places import address_of, link_to
from comptoir.console.visits import Act, Answer, Gone, Visit
from comptoir.domain.customers.models import Notification
from comptoir.domain.customers.notifications import notify_customer, remove_notification, update_notification
from comptoir.domain.customers.queries import get_row
from comptoir.domain.identity.permissions import MESSAGES
from comptoir.domain.shop import ShopFacts

SHOWN_LETTERS = 80


def beginning(row: Sequence[Any], _shop: ShopFacts) -> Cell:
    """How the message begins."""
    line = " ".join(row[0].split())
    return Cell(f"{line[:SHOWN_LETTERS]}…" if len(line) > SHOWN_LETTERS else line, plain=row[0])


def told(row: Sequence[Any], _shop: ShopFacts) -> Cell:
    """Who was told."""
    return Cell(f"customer {row[0]}", link=link_to("customer", row[0]))


MESSAGE = Column("Message", beginning, (Notification.content,))
SOURCE = text("In the name of", Notification.source)
SENT, READ = when("Sent", Notification.created_at), when("Read", Notification.read_at)
IS_READ = present("read", "Read", Notification.read_at, yes="read", no="not read")
NOTIFICATIONS = Listing(
    "notifications",
    "Notifications",
    "/notifications",
    Notification,
    columns=(MESSAGE, Column("Told", told, (Notification.customer_id,)), SOURCE, SENT, READ),
    sorts=newest_first(Notification.id),
    filters=(
        exactly("customer", "Customer's number", Notification.customer_id),
        IS_READ,
    ),
    area=MESSAGES,
    make="New notification",
    empty="Nobody was told anything yet.",
)
NOTIFICATION = Form(
    "update",
    (
        Field("customer_id", "Customer", CUSTOMER, required=True, hint="Name, e-mail or number."),
        Field("source", "In the name of", hint="The part of the shop that tells it, such as shipping."),
        Field("read_at", "Read", kinds.MOMENT, hint="Empty while it is not read."),
        Field("content", "Message", kinds.TEXT, required=True),
    ),
)


def beside(visit: Visit, row: Mapping[str, Any]) -> dict[str, Any]:
    """Whose it is, and the buttons."""
    return {
        "whose": link_to("customer", row["customer_id"]),
        "customer_id": row["customer_id"],
        "is_read": row["read_at"] is not None,
        "may": visit.may(MESSAGES),
        "path": f"/notifications/{visit.id}",
    }


EDITING = Editing(
    "notification", "notification", NOTIFICATIONS, NOTIFICATION,
    lambda tx, key: get_row(tx, Notification, key),
    notify_customer, update_notification, remove_notification, key="notification_id",
    more=beside, template="notification.html", named=lambda row: f"Notification {row['id']}",
)  # fmt: skip


def mark_read(visit: Visit) -> Answer:
    """Mark it as read, now."""
    update_notification(visit.tx, notification_id=visit.id, read_at=visit.tx.now)
    return Gone(address_of(f"/notifications/{visit.id}"), "It is marked as read.")


def mark_unread(visit: Visit) -> Answer:
    """Mark it as not read."""
    update_notification(visit.tx, notification_id=visit.id, read_at=None)
    return Gone(address_of(f"/notifications/{visit.id}"), "It is marked as not read.")


PAGES = (
    *EDITING.pages(),
    Act("/notifications/{id:digits}/read", mark_read, MESSAGES, EDITING.show),
    Act("/notifications/{id:digits}/unread", mark_unread, MESSAGES, EDITING.show),
)
