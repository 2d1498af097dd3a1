"""What customers, groups and notifications may say, and how a change of one is written and noted."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Text, bindparam, select

from comptoir.domain.customers.models import Customer, Group, Notification
from comptoir.domain.customers.queries import Row
from comptoir.domain.errors import Invalid
from comptoir.domain.identity.texts import Problem, email_problem, text_problems
from comptoir.domain.tx import Tx
from comptoir.storage.schema import Record

KEYS = frozenset({"username_key", "email_key", "name_key"})
LONG_TEXTS = frozenset({"comment", "content", "custom1", "custom2", "custom3", "custom4", "custom5"})
# What must be said; nobody buys without a name, and a notification of nothing tells nothing.
NEEDED = frozenset({"username", "content", "name", "status"})
# Numbers go on from the highest that is kept, so an imported one leaves room above it.
NUMBER_MAX = 2**62


def _texts_of(record: type[Record]) -> tuple[str, ...]:
    columns = record.__table__.columns
    return tuple(
        column.name for column in columns if isinstance(column.type, Text) and column.name not in KEYS
    )


TEXTS: dict[type[Record], tuple[str, ...]] = {
    record: _texts_of(record) for record in (Customer, Group, Notification)
}
TAKEN = {
    record: select(record.__table__.c.id).where(record.__table__.c.id == bindparam("id")) for record in TEXTS
}


def problems_of(record: type[Record], values: Mapping[str, Any]) -> list[Problem]:
    """What is wrong with the texts among some values of a record."""
    names = TEXTS[record]
    problems = text_problems(
        values,
        short=[name for name in names if name not in LONG_TEXTS],
        long=[name for name in names if name in LONG_TEXTS],
    )
    problems += [(name, "must not be empty") for name in NEEDED & values.keys() if not values[name].strip()]
    if "email" in values and values["email"] and (problem := email_problem(values["email"])):
        problems.append(("email", problem))
    return problems


def new_id(tx: Tx, record: type[Record], wanted: int | None) -> int:
    """The next number, or the one that is wanted. Refuses: Invalid (id)."""
    kind = record.__tablename__
    if wanted is None:
        return tx.ids.next(kind)
    if not 0 < wanted <= NUMBER_MAX or tx.value(TAKEN[record], id=wanted) is not None:
        raise Invalid("id", "is taken, or no number above zero")
    tx.ids.reach(kind, wanted)
    return wanted


def changed_of(old: Row, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are others than before: what stays as it is, is not judged again."""
    return {name: value for name, value in values.items() if value != old[name]}


def write_change(tx: Tx, record: type[Record], old: Row, changed: Mapping[str, Any]) -> None:
    """Write a change that was accepted; its time moves on even when nothing is another than before."""
    tx.update(record, old["id"], **changed, updated_at=tx.now)
    shown = [name for name in changed if name not in KEYS]
    if shown:
        kind = kind_of(record)
        before, after = ({name: row[name] for name in shown} for row in (old, changed))
        tx.note(f"{kind}.updated", kind, old["id"], before=written(before), after=written(after))


def kind_of(record: type[Record]) -> str:
    """What events call the record."""
    return record.__name__.lower()


def written(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values as an event keeps them; datetimes are dates too."""
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
        if name not in KEYS
    }
