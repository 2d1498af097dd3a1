"""What happened and who was told of it, as places to find things in."""

from comptoir.domain.events.models import Event
from comptoir.domain.finding.places import Found, Place, Row, by_key, by_number
from comptoir.domain.identity.permissions import AUDIT, MESSAGES
from comptoir.domain.tx import Tx
from comptoir.domain.webhooks.models import Delivery


def _delivery(_tx: Tx, row: Row) -> Found:
    key, kind, state, subject, subject_id, at = row
    return Found("delivery", key, f"Delivery {key}", f"{kind} · {subject} {subject_id} · {state}", at)


def _event(_tx: Tx, row: Row) -> Found:
    seq, kind, subject, subject_id, actor, at = row
    return Found("event", seq, kind, f"{subject} {subject_id} · {actor}", at)


PLACES = (
    Place(
        "delivery",
        MESSAGES,
        Delivery,
        (
            Delivery.id,
            Delivery.kind,
            Delivery.state,
            Delivery.subject,
            Delivery.subject_id,
            Delivery.created_at,
        ),
        _delivery,
        (by_number(Delivery.id), by_number(Delivery.event_seq)),
    ),
    Place(
        "event",
        AUDIT,
        Event,
        (Event.seq, Event.kind, Event.subject, Event.subject_id, Event.actor, Event.at),
        _event,
        (by_number(Event.seq), by_key(Event.kind)),
    ),
)
