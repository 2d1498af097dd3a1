"""Sending again: one message, a range of them, or one that only asks whether anybody is there."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.events.models import Event
from comptoir.domain.merchant.queries import get_merchant
from comptoir.domain.tx import Tx
from comptoir.domain.webhooks.errors import DeliveryWaits
from comptoir.domain.webhooks.models import INS, PENDING, STANDARD, Delivery
from comptoir.domain.webhooks.outbox import SILENT, event_body, form_body
from comptoir.domain.webhooks.queries import DeliveryRow, EndpointRow, get_delivery, get_endpoint
from comptoir.domain.webhooks.queue import Entry, hold_queue, join_queue, numbers_of

PAGE = 500
PING = "ping"
PING_TYPE = "PING"

ORIGINALS = (
    select(*(Delivery.__table__.columns[name] for name in DeliveryRow._fields))
    .where(
        Delivery.endpoint_id == bindparam("endpoint_id"),
        Delivery.event_seq >= bindparam("first_seq"),
        Delivery.event_seq <= bindparam("last_seq"),
        Delivery.repeats_id.is_(None),
    )
    .order_by(Delivery.id)
)
EVENT_FACTS = (
    "seq", "at", "kind", "subject", "subject_id", "actor", "dialect", "request_id", "before", "after"
)  # fmt: skip
EVENTS = (
    select(*(Event.__table__.columns[name] for name in EVENT_FACTS))
    .where(Event.seq >= bindparam("first_seq"), Event.seq <= bindparam("last_seq"))
    .order_by(Event.seq)
    .limit(bindparam("limit"))
)
NAMED = (
    select(Event.seq, Event.kind, Event.subject)
    .where(Event.seq >= bindparam("first_seq"), Event.seq <= bindparam("last_seq"))
    .order_by(Event.seq)
    .limit(bindparam("limit"))
)
SENT_OF = select(Delivery.event_seq, Delivery.state).where(
    Delivery.endpoint_id == bindparam("endpoint_id"),
    Delivery.event_seq >= bindparam("first_seq"),
    Delivery.event_seq <= bindparam("last_seq"),
    Delivery.repeats_id.is_(None),
)


class Foreseen(NamedTuple):
    """Of how many events a replay would tell: how many messages again, and how many for the first time."""

    events: int
    again: int
    fresh: int

    @property
    def messages(self) -> int:
        """How many messages would be sent."""
        return self.again + self.fresh


class Replayed(NamedTuple):
    """How many messages of a range are sent again, and the event to go on with; None when that was all."""

    messages: int
    next_seq: int | None


def resend(tx: Tx, *, delivery_id: int) -> int:
    """Send a message again, as it was worded, and give the number of its new delivery.

    One that is still tried is tried now instead, and keeps its number.
    Refuses: DeliveryNotFound, EndpointNotFound, DeliveryWaits.
    """
    old = get_delivery(tx, delivery_id)
    get_endpoint(tx, old.endpoint_id)
    first_id = hold_queue(tx, 1)
    old = get_delivery(tx, delivery_id)
    if old.state == PENDING:
        if old.due_at is None:
            raise DeliveryWaits(f"delivery {delivery_id} waits for an earlier one of the same {old.subject}")
        tx.update(Delivery, delivery_id, due_at=tx.now)
        return delivery_id
    join_queue(tx, first_id, [_repeated(old)])
    tx.note("delivery.repeated", "delivery", first_id, after={"repeats_id": old.repeats_id or old.id})
    return first_id


def replay(tx: Tx, *, endpoint_id: int, first_seq: int, last_seq: int, limit: int = PAGE) -> Replayed:
    """Send an endpoint again what happened from one event to another, some in each transaction.

    What was sent before is sent as it was worded then. A signed endpoint is also told what it never was,
    because it did not exist yet or did not listen; INS messages cannot be worded long after.
    Refuses: EndpointNotFound.
    """
    endpoint = get_endpoint(tx, endpoint_id)
    hold_queue(tx)
    events = tx.all(EVENTS, first_seq=first_seq, last_seq=last_seq, limit=limit)
    if not events:
        return Replayed(0, None)
    last = events[-1][0]
    sent: dict[int, list[DeliveryRow]] = {}
    for row in tx.all(ORIGINALS, endpoint_id=endpoint_id, first_seq=events[0][0], last_seq=last):
        one = DeliveryRow(*row)
        sent.setdefault(one.event_seq or 0, []).append(one)
    entries = _entries(tx, endpoint, [dict(zip(EVENT_FACTS, event, strict=True)) for event in events], sent)
    if entries:
        join_queue(tx, hold_queue(tx, len(entries)), entries)
        after = {"from": events[0][0], "to": last, "count": len(entries)}
        tx.note("endpoint.replayed", "endpoint", endpoint_id, after=after)
    return Replayed(len(entries), last + 1 if len(events) == limit and last < last_seq else None)


def foresee_replay(tx: Tx, *, endpoint_id: int, first_seq: int, last_seq: int, limit: int) -> Foreseen:
    """What a replay of so many events at most would send, without sending it. Refuses: EndpointNotFound."""
    endpoint = get_endpoint(tx, endpoint_id)
    events = tx.all(NAMED, first_seq=first_seq, last_seq=last_seq, limit=limit)
    if not events:
        return Foreseen(0, 0, 0)
    sent = tx.all(SENT_OF, endpoint_id=endpoint_id, first_seq=events[0][0], last_seq=events[-1][0])
    known = {seq for seq, _ in sent}
    is_told = endpoint.kind == STANDARD
    fresh = sum(
        is_told and seq not in known and subject not in SILENT and endpoint.wants(kind)
        for seq, kind, subject in events
    )
    return Foreseen(len(events), sum(state != PENDING for _, state in sent), fresh)


def ping(tx: Tx, *, endpoint_id: int) -> int:
    """Send an endpoint a message that says nothing, and give the number of its delivery.

    Refuses: EndpointNotFound.
    """
    endpoint = get_endpoint(tx, endpoint_id)
    delivery_id = hold_queue(tx, 1)
    number = numbers_of(tx, endpoint_id, 1)
    if endpoint.kind == INS:
        body = form_body(_ping_parameters(tx), tx.ids.next("ins_message"))
    else:
        facts = {"kind": PING, "at": tx.now, "subject": "endpoint", "subject_id": endpoint_id}
        body = event_body(facts, number)
    entry = Entry(endpoint_id, number, None, PING, "endpoint", endpoint_id, body)
    join_queue(tx, delivery_id, [entry])
    tx.note("endpoint.pinged", "endpoint", endpoint_id, after={"delivery_id": delivery_id})
    return delivery_id


def _entries(
    tx: Tx, endpoint: EndpointRow, events: Sequence[dict[str, Any]], sent: dict[int, list[DeliveryRow]]
) -> list[Entry]:
    is_told = [endpoint.kind == STANDARD and _is_wanted(endpoint, event) for event in events]
    fresh = sum(told and event["seq"] not in sent for told, event in zip(is_told, events, strict=True))
    number = numbers_of(tx, endpoint.id, fresh) if fresh else 0
    entries: list[Entry] = []
    for told, event in zip(is_told, events, strict=True):
        before = sent.get(event["seq"], [])
        entries += [_repeated(one) for one in before if one.state != PENDING]
        if told and not before:
            about = (event["seq"], event["kind"], event["subject"], event["subject_id"])
            entries.append(Entry(endpoint.id, number, *about, event_body(event, number)))
            number += 1
    return entries


def _is_wanted(endpoint: EndpointRow, event: dict[str, Any]) -> bool:
    return event["subject"] not in SILENT and endpoint.wants(event["kind"])


def _repeated(old: DeliveryRow) -> Entry:
    about = (old.event_seq, old.kind, old.subject, old.subject_id, old.body)
    return Entry(old.endpoint_id, old.number, *about, old.repeats_id or old.id)


def _ping_parameters(tx: Tx) -> dict[str, str]:
    """What every INS message begins with; there is no sale, so there is no hash."""
    parameters = {
        "message_type": PING_TYPE,
        "message_description": "Test of this address",
        "timestamp": f"{tx.now:%Y-%m-%d %H:%M:%S}",
        "message_id": "",
        "key_count": "6",
        "vendor_id": str(get_merchant(tx).vendor_id),
    }
    assert len(parameters) == int(parameters["key_count"])
    return parameters
