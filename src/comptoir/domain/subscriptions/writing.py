"""Numbering plans and enrolments, and noting what changed of an enrolment."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, select, update

from comptoir.domain.errors import Invalid
from comptoir.domain.subscriptions.items import ItemRow, find_item, find_line
from comptoir.domain.subscriptions.models import Enrolment, RecurringItem, Subscription
from comptoir.domain.subscriptions.queries import EnrolmentRow, get_enrolment
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among
from comptoir.storage.schema import Record

# Numbers go on from the highest that is kept, so an imported one leaves room above it.
NUMBER_MAX = 2**62
# What cannot be ordered must not keep the others waiting; somebody has to look at it.
POSTPONED_BY = timedelta(days=1)

TAKEN: dict[type[Record], Select[tuple[int]]] = {
    record: select(record.__table__.c.id).where(among(record.__table__.c.id, "ids"))
    for record in (Subscription, Enrolment)
}
CHANGING = (
    "order_line_id", "price_e4", "installments", "status", "first_declined_at", "declined_at", "decline_code",
)  # fmt: skip
WRITE_ITEM = (
    update(RecurringItem)
    .where(RecurringItem.enrolment_id == bindparam("key"))
    .values({name: bindparam(f"new_{name}") for name in CHANGING})
)


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


def write_item(tx: Tx, item: ItemRow, **changes: Any) -> None:
    """Write what changed of a recurring line item."""
    values = {**item._asdict(), **changes}
    tx.run(WRITE_ITEM, key=item.enrolment_id, **{f"new_{name}": values[name] for name in CHANGING})


def end_item(tx: Tx, enrolment_id: int, status: str, kind: str) -> None:
    """Say of the line item that an enrolment bills, if it bills one, that it is over, and how it ended."""
    item = find_item(tx, enrolment_id)
    if item is None:
        return
    line = find_line(tx, item.order_line_id)
    assert line is not None, "what recurs was sold at a checkout"
    write_item(tx, item, status=status)
    note_item(tx, kind, item._replace(status=status), order_id=line.order_id)


def note_item(tx: Tx, kind: str, item: ItemRow, *, order_id: int, **said: Any) -> None:
    """Note what happened to a recurring line item, as it stands then, on the invoice that it is told with."""
    row = get_enrolment(tx, item.enrolment_id)
    after = {
        "sale_id": item.sale_id,
        "order_id": order_id,
        "enrolment_id": item.enrolment_id,
        "status": item.status,
        "price_e4": item.price_e4,
        "installments": item.installments,
        "next_billing_at": row.next_billing_at,
    }
    tx.note(kind, "line_item", item.order_line_id, after=written(after) | said)


def written(values: dict[str, Any]) -> dict[str, Any]:
    """Values as an event keeps them."""
    return {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()
    }
