"""User notifications; every mix of singular and plural in their paths is accepted (reference 3.17, 4.15)."""

from comptoir.dialects.codecs import (
    ID_AS_TEXT_OR_EMPTY,
    INT_AS_TEXT,
    SHORT_TEXT,
    TIME_OR_EMPTY_TEXT,
    TIME_TEXT,
    text,
)
from comptoir.dialects.coredna.resource import changer, creator, getter, lister, remover
from comptoir.dialects.coredna.search import Searchable, exactly
from comptoir.dialects.edge import Call, Route
from comptoir.dialects.wire import Document, field
from comptoir.domain.customers.errors import NotificationNotFound
from comptoir.domain.customers.models import Notification
from comptoir.domain.customers.notifications import notify_customer, remove_notification, update_notification
from comptoir.domain.customers.queries import require_customer
from comptoir.storage.reading import Filter

NOTIFICATION: Document[Notification] = Document(
    (
        field("id", Notification.id, INT_AS_TEXT, access="r"),
        field("user_id", Notification.customer_id, ID_AS_TEXT_OR_EMPTY, required=True),
        field("from", Notification.source, SHORT_TEXT),
        field("content", Notification.content, text(required=True), required=True),
        field("read_at", Notification.read_at, TIME_OR_EMPTY_TEXT),
        field("created_at", Notification.created_at, TIME_TEXT, access="r"),
        field("updated_at", Notification.updated_at, TIME_TEXT, access="r"),
        field("deleted_at", Notification.removed_at, TIME_OR_EMPTY_TEXT, access="r"),
    ),
    missing=NotificationNotFound,
)
NOTIFICATIONS = Searchable(NOTIFICATION)
LIST = ("/user/notifications", "/users/notification", "/user/notification")
ONE = (
    "/user/notification/{id}",
    "/users/notification/{id}",
    "/users/notifications/{id}",
    "/user/notifications/{id}",
)


def of_user(call: Call) -> tuple[Filter, ...]:
    """Only the notifications of the user in the path. Refuses: CustomerNotFound."""
    require_customer(call.tx, call.ids["user_id"])
    return (exactly(NOTIFICATION, "user_id", call.ids["user_id"]),)


ROUTES = (
    Route("notifications.list", "GET", "/users/notifications", lister(NOTIFICATION, NOTIFICATIONS), LIST),
    Route(
        "notifications.list_for_user", "GET", "/users/{user_id}/notifications",
        lister(NOTIFICATION, NOTIFICATIONS, of_user), ("/user/{user_id}/notifications",),
    ),
    Route("notifications.create", "POST", "/users/notifications", creator(NOTIFICATION, notify_customer), LIST),
    Route(
        "notifications.delete", "DELETE", "/user/notification/{id}",
        remover(remove_notification, "notification_id"), ONE,
    ),
    Route(
        "notifications.update", "PUT", "/users/notification/{id}",
        changer(NOTIFICATION, update_notification, "notification_id"), ONE,
    ),
    Route("notifications.get", "GET", "/users/notifications/{id}", getter(NOTIFICATION), ONE),
)  # fmt: skip
