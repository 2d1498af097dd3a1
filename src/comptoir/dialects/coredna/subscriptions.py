"""Subscription users: who is enrolled on which plan, and what is billed next (reference 3.14)."""

from comptoir.dialects.codecs import BOOLEAN, INT, INT_OR_NULL, TIME_OR_NULL, TIME_TEXT
from comptoir.dialects.coredna.resource import counter, getter, lister
from comptoir.dialects.coredna.search import Searchable
from comptoir.dialects.edge import Route
from comptoir.dialects.wire import Document, field
from comptoir.domain.subscriptions.errors import EnrolmentNotFound
from comptoir.domain.subscriptions.models import Enrolment

SUBSCRIPTION_USER: Document[Enrolment] = Document(
    (
        field("id", Enrolment.id, INT, access="r"),
        field("user_id", Enrolment.customer_id, INT, access="r"),
        field("subscription_id", Enrolment.subscription_id, INT, access="r"),
        field("start", Enrolment.starts_at, TIME_TEXT, access="r"),
        field("end", Enrolment.ends_at, TIME_OR_NULL, access="r"),
        field("status.active", Enrolment.is_active, BOOLEAN, access="r"),
        field("status.payment", Enrolment.is_paid, BOOLEAN, access="r"),
        field("next_order_id", Enrolment.next_order_id, INT_OR_NULL, access="r"),
        field("next_billing_date", Enrolment.next_billing_at, TIME_OR_NULL, access="r"),
        field("created_at", Enrolment.created_at, TIME_TEXT, access="r"),
        field("updated_at", Enrolment.updated_at, TIME_TEXT, access="r"),
    ),
    missing=EnrolmentNotFound,
)
SUBSCRIPTION_USERS = Searchable(SUBSCRIPTION_USER)

ROUTES = (
    Route("subscription_users.get", "GET", "/subscriptions/users/{id}", getter(SUBSCRIPTION_USER)),
    Route(
        "subscription_users.list", "GET", "/subscriptions/users", lister(SUBSCRIPTION_USER, SUBSCRIPTION_USERS)
    ),
    Route(
        "subscription_users.count", "GET", "/subscriptions/users/count",
        counter(SUBSCRIPTION_USER, SUBSCRIPTION_USERS),
    ),
)  # fmt: skip
