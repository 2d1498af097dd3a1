"""What the pages of one customer share, and the tabs beside the profile: orders, messages, events."""

from collections.abc import Mapping
from typing import Any

from comptoir.console.cells import Cell, badge, minor, text, when
from comptoir.console.filters import choice, days
from comptoir.console.forms import Field, Form
from comptoir.console.kinds import TEXT
from comptoir.console.listing import Listing, as_csv, listed, newest_first
from comptoir.console.notifications import IS_READ, MESSAGE, NOTIFICATIONS, READ, SENT, SOURCE
from comptoir.console.orders import STATUS_WORDS
from comptoir.console.places import address_of, explain_at, link_to
from comptoir.console.rendering import written_day, written_e4
from comptoir.console.visits import Act, Answer, Gone, Page, Shown, Visit
from comptoir.domain.customers.models import Notification
from comptoir.domain.customers.notifications import notify_customer
from comptoir.domain.customers.queries import get_customer
from comptoir.domain.events.queries import list_events_of
from comptoir.domain.identity.permissions import AUDIT, CUSTOMERS, MESSAGES, SALES, SEE
from comptoir.domain.orders.models import Order
from comptoir.domain.refunds.queries import RefundRow, list_refunds_of_customer
from comptoir.domain.shop import ShopFacts
from comptoir.domain.subscriptions.queries import EnrolmentRow, get_plan, list_enrolments_of_customer
from comptoir.domain.tx import Tx
from comptoir.storage.reading import Filter, Target

TABS = (("Profile", "", CUSTOMERS), ("Orders", "/orders", SALES), ("Messages", "/messages", MESSAGES))
HIS = Target(Order.customer_id, "number")
TO_HIM = Target(Notification.customer_id, "number")
EVENTS_SHOWN = 100

ORDERS = Listing(
    "customer-orders",
    "Orders",
    "/orders",
    Order,
    columns=(
        text("Number", Order.number),
        when("Placed", Order.created_at),
        badge("Status", Order.status),
        minor("Total", Order.total_minor, Order.currency, explain=("order", "total", Order.id)),
        minor("Refunded", Order.refunded_minor, Order.currency, explain=("order", "refunded", Order.id)),
    ),
    sorts=newest_first(Order.created_at),
    filters=(
        choice("status", "Status", Order.status, STATUS_WORDS),
        days("placed", "Placed", Order.created_at),
    ),
    empty="There are no orders yet.",
)
MESSAGES_TOLD = Listing(
    "customer-messages",
    "Messages",
    "/notifications",
    Notification,
    columns=(MESSAGE, SOURCE, SENT, READ),
    sorts=NOTIFICATIONS.sorts,
    filters=(IS_READ,),
    empty="The customer was told nothing yet.",
)
SEND = Form(
    "notify",
    (
        Field("content", "What to tell", TEXT, required=True),
        Field("source", "In the name of", hint="The part of the shop that tells it, such as shipping."),
    ),
    "Send",
)


def named(row: Mapping[str, Any]) -> str:
    """A customer's name, or what stands for it."""
    return " ".join(filter(None, (row["first_name"], row["last_name"]))) or str(row["username"])


def framed(visit: Visit, here: str, row: Mapping[str, Any]) -> dict[str, Any]:
    """What stands around a tab."""
    base = f"/customers/{visit.id}"
    entries = [
        (label, address_of(f"{base}{path}"), path == here)
        for label, path, area in TABS
        if visit.may(area, SEE)
    ]
    entries += [
        ("Three ways", address_of(f"/three-ways/customer/{visit.id}"), False),
        ("Events", address_of(f"{base}/events"), here == "/events"),
    ]
    return {
        "title": named(row),
        "customer": row,
        "way": [("Customers", address_of("/customers"))],
        "tab_entries": entries,
        "path": base,
    }


def show_orders(visit: Visit) -> Answer:
    """The customer's orders, refunds and subscriptions."""
    row = get_customer(visit.tx, visit.id)
    base = (Filter(HIS, "eq", (visit.id,)),)
    if visit.asked.said("format") == "csv":
        return as_csv(visit, ORDERS, base)
    refunds = list_refunds_of_customer(visit.tx, visit.id)
    enrolments = list_enrolments_of_customer(visit.tx, visit.id)
    values = {
        **listed(visit, ORDERS, base),
        **framed(visit, "/orders", row),
        "refunds": [cells_of_refund(one) for one in refunds],
        "subscriptions": [cells_of_enrolment(visit.tx, one, visit.shop) for one in enrolments],
    }
    return Shown("customer_orders.html", values)


def cells_of_refund(refund: RefundRow) -> list[Cell]:
    """A refund as a row."""
    return [
        Cell(f"refund {refund.id}", link=link_to("refund", refund.id)),
        Cell(f"order {refund.order_id}", link=link_to("order", refund.order_id)),
        Cell(refund.status, "badge"),
        Cell(
            written_e4(refund.total_e4, refund.currency),
            "number",
            link=explain_at("refund", refund.id, "total"),
        ),
        Cell(refund.notes),
    ]


def cells_of_enrolment(tx: Tx, enrolment: EnrolmentRow, shop: ShopFacts) -> list[Cell]:
    """A subscription as a row."""
    plan = get_plan(tx, enrolment.subscription_id)
    next_at = enrolment.next_billing_at
    return [
        Cell(plan.name, link=link_to("enrolment", enrolment.id)),
        Cell("active" if enrolment.is_active else "ended", "badge"),
        Cell(
            written_e4(plan.price_e4, plan.currency),
            "number",
            link=explain_at("subscription", plan.id, "price"),
        ),
        Cell(f"every {enrolment_interval(plan.interval_count, plan.interval_unit)}"),
        Cell("" if next_at is None else written_day(shop.local(next_at).date()), "when"),
    ]


def enrolment_interval(count: int, unit: str) -> str:
    """How often, in words."""
    return unit if count == 1 else f"{count} {unit}s"


def show_messages(visit: Visit) -> Answer:
    """What the customer was told, and telling something."""
    row = get_customer(visit.tx, visit.id)
    base = (Filter(TO_HIM, "eq", (visit.id,)),)
    if visit.asked.said("format") == "csv":
        return as_csv(visit, MESSAGES_TOLD, base)
    may = visit.may(MESSAGES)
    here = framed(visit, "/messages", row)
    send = SEND.filled(visit, address_of(f"/customers/{visit.id}/notify")) if may else None
    return Shown("customer_messages.html", {**listed(visit, MESSAGES_TOLD, base), **here, "send": send})


def notify(visit: Visit) -> Answer:
    """Tell the customer something."""
    get_customer(visit.tx, visit.id)
    notify_customer(visit.tx, customer_id=visit.id, **SEND.read(visit))
    return Gone(address_of(f"/customers/{visit.id}/messages"), "The customer is told.")


def show_events(visit: Visit) -> Answer:
    """What happened to the customer."""
    row = get_customer(visit.tx, visit.id)
    rows = list_events_of(visit.tx, subject="customer", subject_id=visit.id, limit=EVENTS_SHOWN)
    everything = f"{address_of('/events')}?subject=customer&subject_id={visit.id}"
    values = {"happened": rows, "everything": everything if visit.may(AUDIT, SEE) else None}
    return Shown("customer_events.html", {**framed(visit, "/events", row), **values})


PAGES = (
    Page("/customers/{id:digits}/orders", show_orders, SALES),
    Page("/customers/{id:digits}/messages", show_messages, MESSAGES),
    Act("/customers/{id:digits}/notify", notify, MESSAGES, show_messages),
    Page("/customers/{id:digits}/events", show_events, CUSTOMERS),
)
