"""Numbering plans and enrolments, and noting what changed of an enrolment."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from comptoir.domain.errors import Invalid
from comptoir.domain.subscriptions.models import Enrolment, Subscription
from comptoir.domain.subscriptions.queries import EnrolmentRow
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among
from comptoir.storage.schema import Record

# Numbers go on from the highest that is kept, so an imported one leaves room above it.
NUMBER_MAX = 2**62

TAKEN: dict[type[Record], Select[tuple[int]]] = {
    record: select(record.__table__.c.id).where(among(record.__table__.c.id, "ids"))
    for record in (Subscription, Enrolment)
}


def taken_ids(tx: Tx, record: type[Record], ids: Sequence[int | None]) -> set[int]:
    """Those of the ids that are given already."""
    wanted = sorted({one for one in ids if one is not None and 0 < one <= NUMBER_MAX})
    return {row[0] for row in tx.all(TAKEN[record], ids=wanted)} if wanted else set()


def refuse_taken(wanted: int | None, taken: set[int]) -> None:
    """Refuses: Invalid (id)."""
    if wanted is not None and (not 0 < wanted <= NUMBER_MAX or wanted in taken):
        raise Invalid("id", "is taken, or no number above zero")


def number(tx: Tx, record: type[Record], rows: Sequence[dict[str, Any]]) -> None:
    """Give the rows without an id the next ones, above those that are given."""
    kind = record.__tablename__
    given = [row["id"] for row in rows if row["id"] is not None]
    if given:
        tx.ids.reach(kind, max(given))
    unnumbered = [row for row in rows if row["id"] is None]
    if unnumbered:
        first = tx.ids.next(kind, len(unnumbered))
        for fresh, row in enumerate(unnumbered, first):
            row["id"] = fresh


def write_change(tx: Tx, kind: str, old: EnrolmentRow, changes: dict[str, Any], **said: Any) -> None:
    """Write what changed of an enrolment and note it, with what else is to be said."""
    before = old._asdict()
    changed = {name: value for name, value in changes.items() if value != before[name]}
    tx.update(Enrolment, old.id, **changed, updated_at=tx.now)
    tx.note(
        kind,
        "enrolment",
        old.id,
        before=written({name: before[name] for name in changed}),
        after=written(changed) | said,
    )


def written(values: dict[str, Any]) -> dict[str, Any]:
    """Values as an event keeps them."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()
    }
