"""Reading what happened, in order."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, func, literal_column, select

from comptoir.domain.events.errors import EventNotFound
from comptoir.domain.events.models import Event
from comptoir.domain.tx import Tx

# A request's events are so near to each other.
BESIDE = 100
NEAR_ENDS = 5_000


class EventRow(NamedTuple):
    """One event as it is read."""

    seq: int
    at: datetime
    kind: str
    subject: str
    subject_id: int
    operator_id: int | None
    actor: str
    dialect: str
    request_id: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None


EVENTS_AFTER = (
    select(
        Event.seq, Event.at, Event.kind, Event.subject, Event.subject_id, Event.operator_id, Event.actor,
        Event.dialect, Event.request_id, Event.before, Event.after,
    )
    .where(Event.seq > bindparam("after_seq"))
    .order_by(Event.seq)
    .limit(bindparam("limit"))
)  # fmt: skip
EVENTS_OF_SUBJECT = EVENTS_AFTER.where(Event.subject == bindparam("subject_kind"))
OF_ONE = (
    select(*EVENTS_AFTER.selected_columns)
    .where(Event.subject == bindparam("subject_kind"), Event.subject_id == bindparam("subject_id"))
    .order_by(Event.seq.desc())
    .limit(bindparam("limit"))
)
COLUMNS = tuple(EVENTS_AFTER.selected_columns)
GET_EVENT = select(*COLUMNS).where(Event.seq == bindparam("seq"))
BETWEEN = (
    select(*COLUMNS)
    .where(Event.seq >= bindparam("first_seq"), Event.seq <= bindparam("last_seq"))
    .order_by(Event.seq)
)
_SPAN = select(Event.seq).where(Event.at >= bindparam("first"), Event.at <= bindparam("last"))
LOWEST: Select[Any] = select(func.min(literal_column("seq"))).select_from(
    _SPAN.order_by(Event.at, Event.seq).limit(bindparam("limit")).subquery()
)
HIGHEST: Select[Any] = select(func.max(literal_column("seq"))).select_from(
    _SPAN.order_by(Event.at.desc(), Event.seq.desc()).limit(bindparam("limit")).subquery()
)
NEXT_KIND = select(Event.kind).where(Event.kind > bindparam("kind")).order_by(Event.kind).limit(1)
NEXT_SUBJECT = (
    select(Event.subject).where(Event.subject > bindparam("subject_kind")).order_by(Event.subject).limit(1)
)
LAST_SEQ = select(func.coalesce(func.max(Event.seq), 0))


def list_events(tx: Tx, *, after: int = 0, limit: int = 100, subject: str | None = None) -> list[EventRow]:
    """What happened after a sequence number, oldest first; of one kind of record, or of all."""
    if subject is None:
        rows = tx.all(EVENTS_AFTER, after_seq=after, limit=limit)
    else:
        rows = tx.all(EVENTS_OF_SUBJECT, after_seq=after, limit=limit, subject_kind=subject)
    return [EventRow(*row) for row in rows]


def list_events_of(tx: Tx, *, subject: str, subject_id: int, limit: int = 20) -> list[EventRow]:
    """What happened to one thing, newest first."""
    rows = tx.all(OF_ONE, subject_kind=subject, subject_id=subject_id, limit=limit)
    return [EventRow(*row) for row in rows]


def last_seq(tx: Tx) -> int:
    """The number of the newest event, 0 when nothing has happened."""
    seq: int = tx.value(LAST_SEQ)
    return seq


def get_event(tx: Tx, seq: int) -> EventRow:
    """One event by its number. Refuses: EventNotFound."""
    row = tx.one(GET_EVENT, seq=seq)
    if row is None:
        raise EventNotFound(seq)
    return EventRow(*row)


def list_events_beside(tx: Tx, event: EventRow) -> list[EventRow]:
    """What else the same request did: its events have numbers beside this one."""
    if not event.request_id:
        return []
    rows = tx.all(BETWEEN, first_seq=event.seq - BESIDE, last_seq=event.seq + BESIDE)
    beside = (EventRow(*row) for row in rows)
    return [one for one in beside if one.request_id == event.request_id and one.seq != event.seq]


def seqs_between(tx: Tx, first: datetime, last: datetime) -> tuple[int, int]:
    """The lowest and the highest number of what happened from one time to another; (1, 0) when nothing did.

    Numbers rise with time, but where a year is played in several passes, as the demo's is. So the lowest is looked
    for among the first of that time, and the highest among the last, and not at its two ends alone.
    """
    span = {"first": first, "last": last, "limit": NEAR_ENDS}
    low, high = tx.value(LOWEST, **span), tx.value(HIGHEST, **span)
    return (1, 0) if low is None or high is None else (low, high)


def list_kinds(tx: Tx) -> list[str]:
    """Every kind of thing that ever happened, in order; each is found by one step in the index."""
    found: list[str] = []
    while (kind := tx.value(NEXT_KIND, kind=found[-1] if found else "")) is not None:
        found.append(kind)
    return found


def list_subjects(tx: Tx) -> list[str]:
    """Every kind of record that anything ever happened to, in order."""
    found: list[str] = []
    while (kind := tx.value(NEXT_SUBJECT, subject_kind=found[-1] if found else "")) is not None:
        found.append(kind)
    return found
