"""Replays: an endpoint is sent again what happened in a while, after a look at how much that would be."""

from datetime import datetime
from functools import partial
from typing import Any

from comptoir.console import kinds
from comptoir.console.forms import Field, Form
from comptoir.console.places import address_of
from comptoir.console.visits import Act, Answer, Gone, Page, Shown, Visit
from comptoir.domain.errors import Invalid
from comptoir.domain.events.queries import last_seq, seqs_between
from comptoir.domain.identity.permissions import AUDIT
from comptoir.domain.tx import Tx
from comptoir.domain.webhooks.models import STANDARD
from comptoir.domain.webhooks.queries import get_endpoint
from comptoir.domain.webhooks.resending import foresee_replay, replay

# So many events at once; what is more is replayed part by part, or read from the feed.
EVENTS_MAX = 10_000
SEQ_LETTERS = 18
RANGE = Form(
    "replay",
    (
        Field("since", "From", kinds.MOMENT, group="By time"),
        Field("until", "To", kinds.MOMENT, group="By time"),
        Field("first", "From event", kinds.INTEGER, group="Or by the numbers of events"),
        Field("last", "To event", kinds.INTEGER, group="Or by the numbers of events"),
    ),
    "Show what would be sent",
)


def show_replay(visit: Visit) -> Answer:
    """The range that is asked for, and what would be sent."""
    endpoint = get_endpoint(visit.tx, visit.id)
    here = address_of(f"/webhooks/{visit.id}")
    first, last = number(visit.asked.said("first")), number(visit.asked.said("last"))
    foreseen = None
    if first and last and last - first < EVENTS_MAX:
        foreseen = foresee_replay(
            visit.tx, endpoint_id=visit.id, first_seq=first, last_seq=last, limit=EVENTS_MAX
        )
    values: dict[str, Any] = {"first": first, "last": last} if first and last else {}
    shown = {
        "endpoint": endpoint,
        "is_signed": endpoint.kind == STANDARD,
        "filled": RANGE.filled(visit, f"{here}/replay", values) if visit.may(AUDIT) else None,
        "foreseen": foreseen,
        "first": first,
        "last": last,
        "path": f"/webhooks/{visit.id}/send-again",
        "may": visit.may(AUDIT),
        "newest": last_seq(visit.tx),
        "way": [("Webhooks", address_of("/webhooks")), (endpoint.url, here)],
    }
    return Shown("webhook_replay.html", shown)


def choose(visit: Visit) -> Answer:
    """Show what would be sent of a range. Refuses: EndpointNotFound, Problems, Invalid."""
    get_endpoint(visit.tx, visit.id)
    first, last = chosen(visit.tx, RANGE.read(visit))
    return Gone(address_of(f"/webhooks/{visit.id}/replay?first={first}&last={last}"))


def chosen(tx: Tx, values: dict[str, Any]) -> tuple[int, int]:
    """The numbers of the first and the last event of a range. Refuses: Invalid."""
    since: datetime | None = values["since"]
    until: datetime | None = values["until"]
    first, last = values["first"], values["last"]
    if since is not None:
        first, last = seqs_between(tx, since, until or tx.now)
        if last < first:
            raise Invalid("since", "nothing happened in this time")
    if first is None or last is None:
        raise Invalid("", "Say from when to when, or from which event to which.")
    return refused_range(first, last)


def refused_range(first: int, last: int) -> tuple[int, int]:
    """A range as it may be replayed at once. Refuses: Invalid (last)."""
    if not 1 <= first <= last or len(str(last)) > SEQ_LETTERS:
        raise Invalid("last", "must be the number of an event, and not below the first")
    if last - first >= EVENTS_MAX:
        raise Invalid("last", f"this range has more than {EVENTS_MAX:,} events; take a part at a time")
    return first, last


def number(written: str) -> int:
    """The number of an event in an address, or 0."""
    is_number = written.isascii() and written.isdigit() and len(written) <= SEQ_LETTERS
    return int(written) if is_number else 0


def send_again(visit: Visit) -> Answer:
    """Send what happened in the range again, some events in each transaction."""
    first, last = refused_range(number(visit.asked.posted("first")), number(visit.asked.posted("last")))
    count, after = 0, first
    while after:
        page = visit.write(partial(replay, endpoint_id=visit.id, first_seq=after, last_seq=last))
        count, after = count + page.messages, page.next_seq or 0
    said = (
        f"{count:,} {'message waits' if count == 1 else 'messages wait'} to be sent."
        if count
        else "There was nothing to send."
    )
    return Gone(address_of(f"/webhooks/{visit.id}"), said)


PAGES = (
    Page("/webhooks/{id:digits}/replay", show_replay, AUDIT),
    Act("/webhooks/{id:digits}/replay", choose, AUDIT, show_replay),
    Act("/webhooks/{id:digits}/send-again", send_again, AUDIT, show_replay, alone=True),
)
