"""Subscriptions: who is billed again and again, when next, and what became of it; stopped, restarted, retried."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from comptoir.console import kinds
from comptoir.console.cells import Cell, flag, number, text, when
from comptoir.console.filters import Asking, Input, Narrowing, Query, days, exactly, value_of
from comptoir.console.filters import flag as flag_filter
from comptoir.console.forms import Field, Form
from comptoir.console.listing import Listing, newest_first, show_list
from comptoir.console.order_forms import BARE
from comptoir.console.order_tables import kin_cells, money
from comptoir.console.orders import order_at
from comptoir.console.places import address_of, link_to
from comptoir.console.visits import Act, Answer, Gone, Page, Shown, Visit
from comptoir.domain.errors import Invalid
from comptoir.domain.events.queries import list_events_of
from comptoir.domain.identity.permissions import CUSTOMERS, SALES, SEE
from comptoir.domain.merchant.queries import get_merchant
from comptoir.domain.money import minor_of_e4
from comptoir.domain.orders.errors import OrderNotFound
from comptoir.domain.orders.queries import get_head
from comptoir.domain.payments.charging import asked, finish
from comptoir.domain.payments.gateways import MANUAL
from comptoir.domain.sales.whole import enrolled, list_kin
from comptoir.domain.shop import ShopFacts
from comptoir.domain.subscriptions.actions import stop, subscribe
from comptoir.domain.subscriptions.errors import NotRecurring
from comptoir.domain.subscriptions.installments import conclude_installment
from comptoir.domain.subscriptions.items import ItemRow, find_item
from comptoir.domain.subscriptions.models import COMPLETED, LIVE, Enrolment
from comptoir.domain.subscriptions.outcomes import ASKED, GIVEN_UP, POSTPONED, REFUSED, RENEWED
from comptoir.domain.subscriptions.outcomes import COMPLETED as DONE
from comptoir.domain.subscriptions.queries import EnrolmentRow, get_enrolment, get_plan, list_plans
from comptoir.domain.subscriptions.recurring import change_recurring, restart_recurring, stop_recurring
from comptoir.domain.subscriptions.renewing import settle
from comptoir.domain.subscriptions.retrying import retry
from comptoir.domain.tx import Tx
from comptoir.storage.reading import Filter, Target

FAILURES_MAX = 2**31
FAILED = Target(Enrolment.failed_attempts, "number")
OUTCOMES = {
    RENEWED: "The next installment was billed.",
    REFUSED: "The gateway declined; it will be tried again.",
    GIVEN_UP: "The gateway declined once more, and the subscription was given up.",
    DONE: "The subscription has come to its end.",
    POSTPONED: "It could not be ordered, and was put off by a day; what was wrong stands in its events.",
    ASKED: "The gateway is being asked; the page will show what it answers.",
}


def failing(name: str, label: str) -> Narrowing:
    """Those whose last attempts were declined, or those for whom all went well."""

    def ask(query: Query, _shop: ShopFacts) -> Asking:
        value = value_of(query, name)
        inputs = (
            Input(name, label, "select", value, (("", "any"), ("1", "declined of late"), ("0", "none"))),
        )
        bounds = {"1": (1, FAILURES_MAX), "0": (0, 0)}.get(value)
        return Asking(inputs) if bounds is None else Asking(inputs, (Filter(FAILED, "between", bounds),))

    return Narrowing(name, ask)


def named_cells(tx: Tx, ids: Sequence[int]) -> list[list[Cell]]:
    """Who is on which plan, and what is billed next."""
    found = enrolled(tx, ids)
    return [
        [
            Cell(found[key].customer, link=link_to("customer", found[key].customer_id)),
            Cell(found[key].plan, link=link_to("subscription", found[key].subscription_id)),
            money(
                minor_of_e4(found[key].price_e4, found[key].currency),
                found[key].currency,
                "enrolment",
                key,
                "next",
            ),
        ]
        for key in ids
    ]


SUBSCRIPTIONS = Listing(
    "subscriptions",
    "Subscriptions",
    "/subscriptions",
    Enrolment,
    columns=(
        text("Subscription", Enrolment.id),
        flag("Status", Enrolment.is_active, "active", "over"),
        flag("Money", Enrolment.is_paid, "paid", "unpaid"),
        number("Declines", Enrolment.failed_attempts),
        when("Next billing", Enrolment.next_billing_at),
        when("Next attempt", Enrolment.due_at),
        when("Ends", Enrolment.ends_at),
    ),
    more_titles=("Customer", "Plan", "Bills next"),
    more=named_cells,
    sorts=newest_first(Enrolment.id),
    filters=(
        flag_filter("active", "Status", Enrolment.is_active, yes="active", no="over"),
        flag_filter("paid", "Money", Enrolment.is_paid, yes="paid", no="unpaid"),
        failing("failing", "Declines"),
        days("billing", "Next billing", Enrolment.next_billing_at),
        exactly("plan", "Plan", Enrolment.subscription_id),
        exactly("customer", "Customer", Enrolment.customer_id),
    ),
    area=SALES,
    make="New subscription",
)


def plans_offered(visit: Visit) -> list[tuple[str, str]]:
    """The plans that customers may subscribe to."""
    return [(str(one.id), f"{one.name} ({one.id})") for one in list_plans(visit.tx) if one.is_active]


def gateways_near(visit: Visit) -> list[tuple[str, str]]:
    """Who may be asked for the money: the shop's own gateway, when it needs no card that was handed over."""
    name = get_merchant(visit.tx).gateway
    is_asked = name != MANUAL and not visit.home.gateways(name).is_remote
    return [(name, name)] if is_asked else []


NEW = Form(
    "new",
    (
        Field("customer_id", "Customer", kinds.INTEGER, required=True, hint="The customer's id."),
        Field("subscription_id", "Plan", kinds.choice(plans_offered, kinds.INTEGER), required=True),
        Field("starts_at", "Starts", kinds.MOMENT, hint="Now, when left empty."),
        Field("ends_at", "Ends", kinds.MOMENT, hint="Never, when left empty."),
        Field(
            "gateway", "Asked for the money", kinds.choice(gateways_near, kinds.OPTIONAL_LINE),
            hint="When nobody is, renewals are ordered and their payment is recorded by hand.",
        ),
    ),
    button="Subscribe",
)  # fmt: skip
STOP = Form(
    "stop",
    (Field("at", "When", kinds.MOMENT, hint="Now, when left empty; what falls due before is billed."),),
    button="Stop",
)
CHANGE = Form(
    "change",
    (
        Field("shift_days", "Put the next billing off by so many days", kinds.INTEGER),
        Field("price", "Lower price", BARE, hint="In the subscription's currency."),
        Field("text", "Remark on the sale", kinds.LINE),
    ),
    button="Change",
)


def show_subscription(visit: Visit) -> Answer:
    """The page of one. Refuses: EnrolmentNotFound."""
    row = get_enrolment(visit.tx, visit.id)
    plan = get_plan(visit.tx, row.subscription_id)
    item = find_item(visit.tx, visit.id)
    known = enrolled(visit.tx, [visit.id])[visit.id]
    here = address_of(f"/subscriptions/{visit.id}")
    may = visit.may(SALES)
    is_overdue = row.next_billing_at is not None and row.next_billing_at <= visit.tx.now
    is_live = item is not None and item.status == LIVE and row.is_active
    values = {
        "title": f"Subscription {visit.id}",
        "way": [("Subscriptions", address_of("/subscriptions"))],
        "tabs_shown": [
            ("Subscription", here, True),
            ("Three ways", address_of(f"/three-ways/enrolment/{visit.id}"), False),
        ],
        "row": row,
        "plan": plan,
        "item": item,
        "known": known,
        "may_see_customers": visit.may(CUSTOMERS, SEE),
        "next_minor": minor_of_e4(known.price_e4, known.currency),
        "sale_at": sale_at(visit.tx, row, item),
        "orders": kin_cells(orders_of(visit.tx, row, item), visit.shop),
        "stop": STOP.filled(visit, f"{here}/stop") if may and row.is_active else None,
        "change": CHANGE.filled(visit, f"{here}/change") if may and is_live else None,
        "may_retry": may and row.is_active and is_overdue,
        "may_restart": may and not row.is_active and item is not None and item.status != COMPLETED,
        "may_settle": may and not row.is_paid,
        "happened": happened_to(visit, item),
    }
    return Shown("subscription.html", values)


def sale_at(tx: Tx, row: EnrolmentRow, item: ItemRow | None) -> str | None:
    """Where the sale is shown that a subscription began with."""
    if item is not None:
        return order_at(item.sale_id)
    return None if sale_of(tx, row) is None else order_at(row.parent_order_id)


def sale_of(tx: Tx, row: EnrolmentRow) -> int | None:
    """The sale of the order that a subscription began with, if that is still there."""
    if row.parent_order_id is None:
        return None
    try:
        return get_head(tx, row.parent_order_id).sale_id
    except OrderNotFound:
        return None


def orders_of(tx: Tx, row: EnrolmentRow, item: ItemRow | None) -> list[Any]:
    """What was billed so far: the orders of its sale."""
    sale_id = sale_of(tx, row) if item is None else item.sale_id
    return [] if sale_id is None else list_kin(tx, sale_id)


def happened_to(visit: Visit, item: ItemRow | None) -> list[Any]:
    """What happened to a subscription and to the line item that it bills, the newest first."""
    rows = list_events_of(visit.tx, subject="enrolment", subject_id=visit.id)
    if item is not None:
        rows += list_events_of(visit.tx, subject="line_item", subject_id=item.order_line_id)
    return sorted(rows, key=lambda row: -row.seq)


def show_new(visit: Visit) -> Answer:
    """The empty form; `?customer=7` takes along who subscribes."""
    customer = kinds.record_number(visit.asked.said("customer"))
    said = {} if customer is None else {"customer_id": customer}
    filled = NEW.filled(visit, address_of("/subscriptions/new"), said)
    way = [("Subscriptions", address_of("/subscriptions"))]
    return Shown("form.html", {"title": "New subscription", "way": way, "filled": filled})


def make(visit: Visit) -> Answer:
    """Subscribe a customer to a plan."""
    made = subscribe(visit.tx, **NEW.read(visit))
    return Gone(address_of(f"/subscriptions/{made}"), "The customer is subscribed.")


def end(visit: Visit) -> Answer:
    """Stop it, now or later; of what began at a checkout the sale is remarked on."""
    at: datetime | None = STOP.read(visit)["at"]
    item = find_item(visit.tx, visit.id)
    if item is not None and item.status == LIVE and at is None:
        stop_recurring(visit.tx, order_line_id=item.order_line_id, ip_address=visit.asked.address)
    else:
        stop(visit.tx, enrolment_id=visit.id, at=at)
    return done(visit, "The subscription was stopped." if at is None else "The subscription will end then.")


def restart(visit: Visit) -> Answer:
    """Bill again what was stopped. Refuses: EnrolmentNotFound, NotRecurring, StillRecurring."""
    restart_recurring(visit.tx, order_line_id=billed(visit).order_line_id)
    return done(visit, "The subscription is billed again.")


def change(visit: Visit) -> Answer:
    """Put the next billing off, or lower the price. Refuses: what changing refuses."""
    typed = CHANGE.read(visit)
    if typed["shift_days"] is None and typed["price"] is None:
        raise Invalid("shift_days", "say by how many days, or a lower price")
    change_recurring(
        visit.tx,
        order_line_id=billed(visit).order_line_id,
        shift_days=typed["shift_days"],
        price_e4=typed["price"],
        comment=typed["text"] or None,
        ip_address=visit.asked.address,
    )
    return done(visit, "The subscription was changed.")


def billed(visit: Visit) -> ItemRow:
    """The line item that the subscription bills. Refuses: EnrolmentNotFound, NotRecurring."""
    get_enrolment(visit.tx, visit.id)
    item = find_item(visit.tx, visit.id)
    if item is None:
        raise NotRecurring(visit.id)
    return item


def paid_up(visit: Visit) -> Answer:
    """Say that it is paid up, since money came in by another way."""
    settle(visit.tx, enrolment_id=visit.id)
    return done(visit, "The subscription is paid up.")


def retry_now(visit: Visit) -> Answer:
    """Bill at once what is overdue; a gateway far away is asked outside any transaction."""
    gateways = visit.home.gateways
    renewal = visit.write(lambda tx: retry(tx, enrolment_id=visit.id, gateways=gateways))
    attempt = renewal.attempt
    if attempt is not None:
        answer = asked(gateways(attempt.gateway), attempt)
        finish(visit.home.shop, attempt, answer, conclude_installment, actor=visit.actor)
        return done(visit, "The gateway has answered; see below.")
    return done(visit, OUTCOMES[renewal.outcome])


def done(visit: Visit, said: str) -> Gone:
    """Back to the subscription."""
    return Gone(address_of(f"/subscriptions/{visit.id}"), said)


PAGES = (
    Page("/subscriptions", show_list(SUBSCRIPTIONS), SALES),
    Page("/subscriptions/new", show_new, SALES),
    Act("/subscriptions/new", make, SALES, show_new),
    Page("/subscriptions/{id:digits}", show_subscription, SALES),
    Act("/subscriptions/{id:digits}/stop", end, SALES, show_subscription),
    Act("/subscriptions/{id:digits}/restart", restart, SALES, show_subscription),
    Act("/subscriptions/{id:digits}/change", change, SALES, show_subscription),
    Act("/subscriptions/{id:digits}/settle", paid_up, SALES, show_subscription),
    Act("/subscriptions/{id:digits}/retry", retry_now, SALES, show_subscription, alone=True),
)
