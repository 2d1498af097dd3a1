"""Events: who did what to which thing, when, through which door; each with what was before and after."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from comptoir.console.cells import Cell, Column, to, when
from comptoir.console.filters import Narrowing, chosen_among, days, exactly, spelled, value_of
from comptoir.console.listing import Listing, Sort, as_csv, listed
from comptoir.console.places import address_of, link_to
from comptoir.console.rendering import DIALECTS, door, in_words, pretty
from comptoir.console.visits import Answer, Page, Shown, Visit
from comptoir.console.windows import Window, moment_of
from comptoir.domain.events.models import Event
from comptoir.domain.events.queries import (
    get_event,
    last_seq,
    list_events,
    list_events_beside,
    list_kinds,
    list_subjects,
    seqs_between,
)
from comptoir.domain.identity.permissions import AUDIT, MESSAGES, PEOPLE, SEE
from comptoir.domain.identity.queries import list_operators
from comptoir.domain.shop import ShopFacts
from comptoir.domain.tx import Tx
from comptoir.domain.webhooks.queries import list_deliveries_of_event
from comptoir.storage.reading import Filter, Target

# With more than so many to choose from, a number is typed.
CHOICES_MAX = 500


def place_of_thing(kind: str, key: int) -> str | None:
    """Where the thing of an event is shown; files are known by their paths, which events do not name."""
    return None if kind == "asset" else link_to(kind, key)


def subject(title: str) -> Column:
    """What it happened to, leading there."""

    def write(row: Sequence[Any], _shop: ShopFacts) -> Cell:
        return Cell(f"{in_words(row[0])} {row[1]}", link=place_of_thing(row[0], row[1]))

    return Column(title, write, (Event.subject, Event.subject_id))


def dialect(name: str, label: str) -> Narrowing:
    """The door that somebody came through; no index knows it."""
    asked = spelled(name, label, Event.dialect, is_indexed=False)
    choices = (("", "any"), *DIALECTS.items())

    def ask(query: Mapping[str, Sequence[str]], shop: ShopFacts) -> Any:
        asking = asked.ask(query, shop)
        return asking._replace(
            inputs=tuple(one._replace(widget="select", choices=choices) for one in asking.inputs)
        )

    return Narrowing(name, ask)


DAYS = days("at", "Happened", Event.at)
# With its number, an index finds a thing's events; without, they are looked through.
OF_THING = spelled("subject", "Thing", Event.subject)
OF_KIND = spelled("subject", "Thing", Event.subject, is_indexed=False)
NUMBER = exactly("subject_id", "Its number", Event.subject_id)
SEQ = Target(Event.seq, "number")


def from_on(tx: Tx, seq: int) -> int | None:
    """The first event from a number on."""
    found = list_events(tx, after=seq - 1, limit=1)
    return found[0].seq if found else None


WINDOW = Window(SEQ, last_seq, from_on)


def thing(query: Mapping[str, Sequence[str]], shop: ShopFacts) -> Any:
    """What it happened to: a kind of thing, or one of them."""
    return (OF_THING if value_of(query, "subject_id") else OF_KIND).ask(query, shop)


EVENTS = Listing(
    "events",
    "Events",
    "/events",
    Event,
    columns=(
        when("When", Event.at),
        Column("What", lambda row, _shop: Cell(in_words(row[0])), (Event.kind,)),
        subject("Of"),
        to("Who", Event.actor, "operator", Event.operator_id),
        Column("Through", lambda row, _shop: Cell(door(row[0])), (Event.dialect,)),
    ),
    sorts=(Sort("newest", "newest first", Event.seq, falls=True),),
    filters=(
        spelled("kind", "What", Event.kind),
        Narrowing("subject", thing),
        NUMBER,
        exactly("operator", "Who", Event.operator_id),
        dialect("dialect", "Through"),
        DAYS,
    ),
    area=AUDIT,
    about="Everything that changed anything, by whomever and through whichever door. Nothing here is ever changed.",
    empty="Nothing has happened yet.",
)


def show_events(visit: Visit) -> Answer:
    """What happened, the newest first."""
    base = spanned(visit)
    if visit.asked.said("format") == "csv":
        return as_csv(visit, EVENTS, base)
    window = WINDOW.around(visit) if is_looked_through(visit) else ()
    values = listed(visit, EVENTS, (*base, *window))
    known = choices_of(visit.tx)
    values["inputs"] = [chosen_among(one, known.get(one.name, ())) for one in values["inputs"]]
    further = None if values["part"].following or not window else WINDOW.further(visit, window)
    return Shown("events.html", {**values, "further": further})


def choices_of(tx: Tx) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen: kinds and things that occurred, and who works here."""
    return {
        "kind": [(kind, in_words(kind)) for kind in list_kinds(tx)],
        "subject": [(subject, in_words(subject)) for subject in list_subjects(tx)],
        "operator": [(str(one.id), one.name) for one in list_operators(tx)[:CHOICES_MAX]],
    }


def spanned(visit: Visit) -> tuple[Filter, ...]:
    """The numbers of the days that are asked for, so that no others are looked at."""
    asked = DAYS.ask(visit.asked.query, visit.shop)
    if not asked.filters or asked.problem:
        return ()
    first, last = (moment_of(one) for one in asked.filters[0].values)
    return (Filter(SEQ, "between", seqs_between(visit.tx, first, last)),)


def is_looked_through(visit: Visit) -> bool:
    """Whether no index leads to what is asked for: a door, or a thing without its number, or a number alone."""
    kind, number = (bool(value_of(visit.asked.query, name)) for name in ("subject", "subject_id"))
    return kind != number or bool(value_of(visit.asked.query, "dialect"))


class Difference(NamedTuple):
    """One fact of what changed, before and after."""

    name: str
    before: str
    after: str
    is_other: bool


def differences(before: Mapping[str, Any] | None, after: Mapping[str, Any] | None) -> list[Difference]:
    """What was before and after, side by side."""
    old, new = before or {}, after or {}
    names = [*old, *(name for name in new if name not in old)]
    return [
        Difference(
            name,
            said(old, name),
            said(new, name),
            name not in old or name not in new or old[name] != new[name],
        )
        for name in names
    ]


def said(values: Mapping[str, Any], name: str) -> str:
    """A value as people read it."""
    if name not in values:
        return ""
    match values[name]:
        case None:
            return "(none)"
        case bool() as flag:
            return "yes" if flag else "no"
        case str() as text:
            return text or "(empty)"
        case value:
            return pretty(value)


def show_event(visit: Visit) -> Answer:
    """One event: what was before and after, and what else the same request did."""
    event = get_event(visit.tx, visit.id)
    sees_messages = visit.may(MESSAGES, SEE)
    values = {
        "event": event,
        "place": place_of_thing(event.subject, event.subject_id),
        "differences": differences(event.before, event.after),
        "has_both": bool(event.before) and bool(event.after),
        "beside": list_events_beside(visit.tx, event),
        "sees_people": visit.may(PEOPLE, SEE),
        "deliveries": list_deliveries_of_event(visit.tx, event.seq) if sees_messages else [],
        "way": [("Events", address_of("/events"))],
        "earlier": link_to("event", event.seq - 1) if event.seq > 1 else None,
        "later": link_to("event", event.seq + 1) if event.seq < last_seq(visit.tx) else None,
        "all_of_it": f"{address_of('/events')}?subject={event.subject}&subject_id={event.subject_id}",
    }
    return Shown("event.html", values)


PAGES = (Page("/events", show_events, AUDIT), Page("/events/{id:digits}", show_event, AUDIT))
