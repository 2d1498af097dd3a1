"""Writing what a transaction noted, last of all it does."""

from comptoir.domain.events.models import Event
from comptoir.domain.tx import Tx


def flush(tx: Tx) -> None:
    """Write the noted changes as events with the next numbers."""
    write_events(tx)


def write_events(tx: Tx) -> int:
    """Write the noted changes as events with the next numbers, and give the first; 0 when none is noted.

    The numbers are taken here, at the end, so that the counter is held only for the commit and no number
    is ever lost: a transaction that fails gives its numbers back with everything else.
    """
    if not tx.changes:
        return 0
    first = tx.ids.next("event", len(tx.changes))
    actor = tx.actor
    tx.insert_many(
        Event,
        [
            {
                "seq": seq,
                "at": change.at,
                "kind": change.kind,
                "subject": change.subject,
                "subject_id": change.subject_id,
                "operator_id": actor.operator_id,
                "actor": actor.name,
                "dialect": actor.dialect,
                "request_id": tx.request_id,
                "before": change.before,
                "after": change.after,
            }
            for seq, change in enumerate(tx.changes, first)
        ],
    )
    tx.changes.clear()
    return first
