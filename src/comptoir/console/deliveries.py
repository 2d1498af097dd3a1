"""Deliveries: every message to every endpoint, what was answered at each attempt, and sending it again."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from comptoir.console.cells import Cell, Column, number, when
from comptoir.console.filters import (
    Asking,
    Input,
    Narrowing,
    chosen_among,
    days,
    exactly,
    spelled,
    value_of,
)
from comptoir.console.listing import Listing, Sort, as_csv, listed
from comptoir.console.places import address_of, link_to
from comptoir.console.rendering import in_words, pretty, written_when
from comptoir.console.visits import Act, Answer, Gone, Page, Shown, Visit
from comptoir.console.windows import Window, moment_of
from comptoir.domain.events.queries import list_events_of, list_kinds
from comptoir.domain.identity.permissions import AUDIT, MESSAGES, SEE
from comptoir.domain.shop import ShopFacts
from comptoir.domain.webhooks.amounts import ATTEMPTS_MAX
from comptoir.domain.webhooks.models import DEAD, DELIVERED, INS, MESSAGE_TYPES, PENDING, Delivery
from comptoir.domain.webhooks.queries import (
    AttemptRow,
    DeliveryRow,
    EndpointRow,
    delivery_from_on,
    find_endpoint,
    first_delivery_since,
    get_delivery,
    last_delivery_id,
    list_attempts,
    list_endpoints,
)
from comptoir.domain.webhooks.resending import PING, resend
from comptoir.storage.reading import Filter, Target

URL_LETTERS = 60
RETRIED = "retried"
# Two transactions at once may take their times and their numbers the other way round.
LAG = timedelta(hours=1)
STATES = {PENDING: "waiting", RETRIED: "failed, tried again", DELIVERED: "delivered", DEAD: "given up"}
ATTEMPTS_TOP = 2**31
NUMBER = Target(Delivery.id, "number")
ENDPOINT = exactly("endpoint", "To", Delivery.endpoint_id)
DAYS = days("created", "Since", Delivery.created_at)
WINDOW = Window(NUMBER, last_delivery_id, delivery_from_on)
STATE = Target(Delivery.state, "number")
TRIES = Target(Delivery.attempts, "number")


def state_said(state: str, attempts: int) -> str:
    """How it stands, in a word."""
    if state == PENDING and attempts:
        return "retrying"
    return {PENDING: "waiting", DEAD: "given up"}.get(state, state)


def state(row: Sequence[Any], _shop: ShopFacts) -> Cell:
    """How it stands."""
    return Cell(state_said(row[0], row[1]), "badge")


def about(row: Sequence[Any], _shop: ShopFacts) -> Cell:
    """What it tells of, leading there."""
    return Cell(f"{in_words(row[0])} {row[1]}", link=link_to(row[0], row[1]))


def endpoint(row: Sequence[Any], _shop: ShopFacts) -> Cell:
    """Who is told."""
    return Cell(f"webhook {row[0]}", link=link_to("endpoint", row[0]))


def narrowed_by_state(query: Mapping[str, Sequence[str]], _shop: ShopFacts) -> Asking:
    """How it stands; what failed and is tried again is a part of what waits."""
    value = value_of(query, "state")
    inputs = (Input("state", "State", "select", value, (("", "any"), *STATES.items())),)
    if not value:
        return Asking(inputs)
    if value not in STATES:
        return Asking(inputs, (Filter(STATE, "never"),), "State: is none of these")
    if value == RETRIED:
        tried = Filter(TRIES, "between", (1, ATTEMPTS_TOP))
        return Asking(inputs, (Filter(STATE, "eq", (PENDING,)), tried))
    return Asking(inputs, (Filter(STATE, "eq", (value,)),))


def narrowed_by_endpoint(query: Mapping[str, Sequence[str]], shop: ShopFacts) -> Asking:
    """Who is told. Of those that are not delivered there are few: then the state leads to them, and not this."""
    asking = ENDPOINT.ask(query, shop)
    if value_of(query, "state") in {"", DELIVERED}:
        return asking
    filters = (
        replace(one, operator="between", values=one.values * 2) if one.operator == "eq" else one
        for one in asking.filters
    )
    return asking._replace(filters=tuple(filters))


DELIVERIES = Listing(
    "deliveries",
    "Deliveries",
    "/deliveries",
    Delivery,
    columns=(
        Column("What", lambda row, _shop: Cell(in_words(row[0])), (Delivery.kind,)),
        Column("Of", about, (Delivery.subject, Delivery.subject_id)),
        Column("To", endpoint, (Delivery.endpoint_id,)),
        Column("State", state, (Delivery.state, Delivery.attempts)),
        number("Attempts", Delivery.attempts),
        when("Since", Delivery.created_at),
        when("Next try", Delivery.due_at),
    ),
    sorts=(Sort("newest", "newest first", Delivery.id, falls=True),),
    filters=(
        Narrowing("state", narrowed_by_state),
        Narrowing("endpoint", narrowed_by_endpoint),
        spelled("kind", "What", Delivery.kind),
        exactly("subject_id", "Number of what it tells of", Delivery.subject_id),
        DAYS,
    ),
    area=MESSAGES,
    about="Every message, kept for ninety days. What is not taken is tried again for two days, then given up.",
    empty="Nothing was sent, and nothing waits.",
)


def show_deliveries(visit: Visit) -> Answer:
    """What was sent and what waits."""
    base = spanned(visit)
    if visit.asked.said("format") == "csv":
        return as_csv(visit, DELIVERIES, base)
    is_looked_through = any(value_of(visit.asked.query, name) for name in ("kind", "subject_id"))
    window = WINDOW.around(visit) if is_looked_through else ()
    values = listed(visit, DELIVERIES, (*base, *window))
    known = {
        "endpoint": [(str(one.id), one.url[:URL_LETTERS]) for one in list_endpoints(visit.tx)],
        "kind": [(kind, in_words(kind)) for kind in (*list_kinds(visit.tx), PING, *MESSAGE_TYPES)],
    }
    values["inputs"] = [chosen_among(one, known.get(one.name, ())) for one in values["inputs"]]
    further = None if values["part"].following or not window else WINDOW.further(visit, window)
    return Shown("events.html", {**values, "further": further})


def spanned(visit: Visit) -> tuple[Filter, ...]:
    """The numbers of the days that are asked for, so that no others are looked at."""
    asked = DAYS.ask(visit.asked.query, visit.shop)
    if not asked.filters or asked.problem:
        return ()
    first, last = (moment_of(one) for one in asked.filters[0].values)
    numbers = first_delivery_since(visit.tx, first - LAG), first_delivery_since(visit.tx, last + LAG)
    return (Filter(NUMBER, "between", numbers),)


def cells_of_deliveries(rows: Sequence[DeliveryRow], shop: ShopFacts) -> list[list[Cell]]:
    """Deliveries to one endpoint as rows."""
    return [
        [
            Cell(in_words(row.kind), link=link_to("delivery", row.id)),
            about((row.subject, row.subject_id), shop),
            Cell(state_said(row.state, row.attempts), "badge"),
            Cell(str(row.attempts), "number"),
            Cell(written_when(row.created_at, shop), "when"),
        ]
        for row in rows
    ]


def cells_of_attempts(rows: Sequence[AttemptRow], shop: ShopFacts) -> list[list[Cell]]:
    """Attempts as rows: when, what was answered, how long it took."""
    return [
        [
            Cell(written_when(row.at, shop), "when"),
            Cell("no answer" if row.status is None else str(row.status)),
            Cell(f"{row.took_ms:,} ms", "number"),
            Cell(row.problem or "taken"),
            Cell(row.answer),
        ]
        for row in rows
    ]


def headers_of(delivery: DeliveryRow, to: EndpointRow) -> list[tuple[str, str]]:
    """What goes with the message; what is made anew for each attempt is only named."""
    if to.kind == INS:
        return [("Content-Type", "application/x-www-form-urlencoded")]
    name = f"evt_{delivery.event_seq}" if delivery.event_seq is not None else f"ping_{delivery.number}"
    return [
        ("Content-Type", "application/json"),
        ("webhook-id", name),
        ("webhook-timestamp", "(the moment of the attempt)"),
        ("webhook-signature", "(made with the secret for each attempt)"),
    ]


def fields_of(body: str) -> list[tuple[str, str]]:
    """The parameters of an INS message."""
    return parse_qsl(body, keep_blank_values=True)


def read_body(body: str) -> str:
    """A body for people to read; as it is, when it is no JSON."""
    try:
        return pretty(msgspec.json.decode(body))
    except (msgspec.DecodeError, RecursionError):
        return body


def body_for(body: str, *, is_form: bool, sees_events: bool) -> str:
    """A body as an operator may see it: an event tells of everything, an INS message of sales alone."""
    if is_form:
        return body
    return read_body(body) if sees_events else "(for those who may see events)"


def show(visit: Visit) -> Answer:
    """One delivery: request, and each attempt with its answer."""
    delivery = get_delivery(visit.tx, visit.id)
    to = find_endpoint(visit.tx, delivery.endpoint_id)
    is_form, sees_events = to.kind == INS, visit.may(AUDIT, SEE)
    is_removed = all(one.id != to.id for one in list_endpoints(visit.tx))
    values = {
        "delivery": delivery,
        "state": state_said(delivery.state, delivery.attempts),
        "is_waiting": delivery.state == PENDING,
        "endpoint": to,
        "headers": headers_of(delivery, to),
        "fields": fields_of(delivery.body) if is_form else [],
        "body": body_for(delivery.body, is_form=is_form, sees_events=sees_events),
        "attempts": cells_of_attempts(list_attempts(visit.tx, visit.id), visit.shop),
        "attempts_max": ATTEMPTS_MAX,
        "may": visit.may(MESSAGES) and not is_removed,
        "is_removed": is_removed,
        "sees_events": sees_events,
        "path": f"/deliveries/{visit.id}",
        "way": [("Deliveries", address_of("/deliveries"))],
        "happened": list_events_of(visit.tx, subject="delivery", subject_id=visit.id),
    }
    return Shown("delivery.html", values)


def send_again(visit: Visit) -> Answer:
    """Send it again as it was worded; what still waits goes out now."""
    delivery_id = resend(visit.tx, delivery_id=visit.id)
    said = "It goes out within seconds; look at this page again to see what was answered."
    return Gone(link_to("delivery", delivery_id) or "", said)


PAGES = (
    Page("/deliveries", show_deliveries, MESSAGES),
    Page("/deliveries/{id:digits}", show, MESSAGES),
    Act("/deliveries/{id:digits}/resend", send_again, MESSAGES, show),
)
