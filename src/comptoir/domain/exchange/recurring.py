"""What is billed again and again, in files: the plans, who is enrolled on them, and line items that bill themselves."""

from sqlalchemy import select

from comptoir.domain.exchange.kinds import Kind, fields_of
from comptoir.domain.exchange.trade import REMOVED
from comptoir.domain.orders.models import OrderLine
from comptoir.domain.subscriptions.actions import import_enrolments
from comptoir.domain.subscriptions.keeping import import_recurring
from comptoir.domain.subscriptions.models import Enrolment, RecurringItem, Subscription
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
# The sale that a line item is of is that of its order.
RECURRING_ITEMS = Kind(
    "recurring_items",
    RecurringItem,
    fields_of(RecurringItem, without=("sale_id",)),
    import_recurring,
    frozenset({"enrolment_id", "order_line_id", "price", "installments", "status"}),
    key=("enrolment_id",),
    live=RecurringItem.order_line_id.not_in(select(OrderLine.id).where(OrderLine.order_id.in_(REMOVED))),
)
