"""The queue of each endpoint: numbered without gaps, in order for each subject."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.tx import Tx
from comptoir.domain.webhooks.models import PENDING, Delivery

LAST_OF_SUBJECT = (
    select(Delivery.state)
    .where(
        Delivery.endpoint_id == bindparam("endpoint_id"),
        Delivery.subject == bindparam("subject"),
        Delivery.subject_id == bindparam("subject_id"),
    )
    .order_by(Delivery.id.desc())
    .limit(1)
)


class Entry(NamedTuple):
    """A message that joins an endpoint's queue, as it is worded for good."""

    endpoint_id: int
    number: int
    event_seq: int | None
    kind: str
    subject: str
    subject_id: int
    body: str
    repeats_id: int | None = None


def hold_queue(tx: Tx, count: int = 0) -> int:
    """Let nobody else queue, or end a delivery, until this transaction ends; gives the first of so many ids.

    Otherwise one could join behind a delivery that ends at that moment, and never be called. To be asked for
    before events are written: whoever takes both does so in this order.
    """
    return tx.ids.next("delivery", count)


def numbers_of(tx: Tx, endpoint_id: int, count: int) -> int:
    """The first of so many numbers in an endpoint's own count."""
    return tx.ids.next(f"delivery:{endpoint_id}", count)


def join_queue(tx: Tx, first_id: int, entries: Sequence[Entry]) -> None:
    """Write deliveries; each is due at once, unless an earlier one of its subject is pending."""
    behind: set[tuple[int, str, int]] = set()
    rows: list[dict[str, Any]] = []
    for delivery_id, entry in enumerate(entries, first_id):
        place = (entry.endpoint_id, entry.subject, entry.subject_id)
        is_behind = place in behind or _is_awaited(tx, *place)
        behind.add(place)
        rows.append(
            {
                "id": delivery_id,
                **entry._asdict(),
                "state": PENDING,
                "attempts": 0,
                "due_at": None if is_behind else tx.now,
                "claimed_until": None,
                "created_at": tx.now,
                "ended_at": None,
            }
        )
    tx.insert_many(Delivery, rows)


def _is_awaited(tx: Tx, endpoint_id: int, subject: str, subject_id: int) -> bool:
    """Whether something is pending for a subject: then its last is, since they end in order."""
    last = tx.value(LAST_OF_SUBJECT, endpoint_id=endpoint_id, subject=subject, subject_id=subject_id)
    return bool(last == PENDING)
