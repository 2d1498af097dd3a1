"""Reading what happened, in order."""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select

from comptoir.domain.events.models import Event
from comptoir.domain.tx import Tx


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
LAST_SEQ = select(func.coalesce(func.max(Event.seq), 0))


def list_events(tx: Tx, *, after: int = 0, limit: int = 100, subject: str | None = None) -> list[EventRow]:
    """What happened after a sequence number, oldest first; of one kind of record, or of all."""
    if subject is None:
        rows = tx.all(EVENTS_AFTER, after_seq=after, limit=limit)
    else:
        rows = tx.all(EVENTS_OF_SUBJECT, after_seq=after, limit=limit, subject_kind=subject)
    return [EventRow(*row) for row in rows]


def list_events_of(tx: Tx, *, subject: str, subject_id: int, limit: int = 50) -> list[EventRow]:
    """What happened to one thing, newest first."""
    rows = tx.all(OF_ONE, subject_kind=subject, subject_id=subject_id, limit=limit)
    return [EventRow(*row) for row in rows]


def last_seq(tx: Tx) -> int:
    """The number of the newest event, 0 when nothing has happened."""
    seq: int = tx.value(LAST_SEQ)
    return seq
