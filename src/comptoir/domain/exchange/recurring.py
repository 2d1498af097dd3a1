"""What is billed again and again, in files: the plans, and who is enrolled on them."""

from comptoir.domain.exchange.kinds import Kind, fields_of
from comptoir.domain.subscriptions.actions import import_enrolments
from comptoir.domain.subscriptions.models import Enrolment, Subscription
from comptoir.domain.subscriptions.plans import import_plans

SUBSCRIPTIONS = Kind(
    "subscriptions", Subscription, fields_of(Subscription), import_plans, frozenset({"name", "price"})
)
# When something is due follows from the dates.
SUBSCRIPTION_USERS = Kind(
    "subscription_users",
    Enrolment,
    fields_of(Enrolment, without=("due_at",)),
    import_enrolments,
    frozenset({"customer_id", "subscription_id", "starts_at"}),
)
