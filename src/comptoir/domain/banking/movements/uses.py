"""What is used of daily and monthly limits: a row for each day, which a month is the sum of."""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import cache
from typing import Any, NamedTuple, cast

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from comptoir.domain.banking.movements.models import LimitUse
from comptoir.domain.tx import Tx

OF_ACCOUNT, OF_CUSTOMER, OF_PROGRAM = "account", "customer", "program"
# Rows are counted up in this order, so that nobody waits for another in a circle.
RANKS = {OF_ACCOUNT: 0, OF_CUSTOMER: 1, OF_PROGRAM: 2}


class Use(NamedTuple):
    """Whose limit is used, and in which direction."""

    scope: str
    scope_id: int
    direction: str


class Used(NamedTuple):
    """How much is used within a period, and by how many transfers."""

    minor: int
    times: int


_KEY = (
    LimitUse.scope == bindparam("scope"),
    LimitUse.scope_id == bindparam("scope_id"),
    LimitUse.direction == bindparam("direction"),
)
GIVE_BACK = (
    update(LimitUse)
    .where(*_KEY, LimitUse.period == bindparam("period"))
    .values(used_minor=LimitUse.used_minor - bindparam("amount"), count=LimitUse.count - 1)
)
OF_PERIOD = select(
    func.coalesce(func.sum(LimitUse.used_minor), 0), func.coalesce(func.sum(LimitUse.count), 0)
).where(*_KEY, LimitUse.period >= bindparam("begin"), LimitUse.period <= bindparam("end"))
INSERTS: dict[str, Any] = {"sqlite": sqlite.insert, "postgres": postgresql.insert}


@cache
def _take(engine: str, count: int) -> Any:
    """Count up so many rows at once, and tell how they stand."""
    rows: list[dict[str, Any]] = [
        {
            column.name: bindparam("amount" if column.name == "used_minor" else f"{column.name}_{place}")
            for column in LimitUse.__table__.columns
            if column.name != "count"
        }
        | {"count": 1}
        for place in range(count)
    ]
    statement = INSERTS[engine](LimitUse).values(rows)
    return statement.on_conflict_do_update(
        index_elements=[LimitUse.scope, LimitUse.scope_id, LimitUse.direction, LimitUse.period],
        set_={
            "used_minor": LimitUse.used_minor + statement.excluded.used_minor,
            "count": LimitUse.count + statement.excluded.count,
        },
    ).returning(LimitUse.scope, LimitUse.scope_id, LimitUse.direction, LimitUse.used_minor, LimitUse.count)


def take_uses(tx: Tx, uses: Iterable[Use], *, day: date, amount_minor: int) -> dict[Use, Used]:
    """Count an amount on a day, and tell how much is used on that day with it."""
    ordered = in_order(uses)
    values: dict[str, Any] = {"amount": amount_minor}
    for place, use in enumerate(ordered):
        values |= {f"{name}_{place}": value for name, value in use._asdict().items()}
        values[f"period_{place}"] = day.isoformat()
    rows = tx.all(cast("Any", _take(tx.engine, len(ordered))), **values) if ordered else []
    return {Use(row[0], row[1], row[2]): Used(row[3], row[4]) for row in rows}


def give_back(tx: Tx, uses: Sequence[Use], *, day: date, amount_minor: int) -> None:
    """Take back what was counted on a day."""
    for use in in_order(uses):
        tx.run(GIVE_BACK, **use._asdict(), period=day.isoformat(), amount=amount_minor)


def used_in_month(tx: Tx, use: Use, day: date) -> Used:
    """How much is used in the month of a day."""
    month = f"{day:%Y-%m}"
    row = tx.one(OF_PERIOD, **use._asdict(), begin=f"{month}-01", end=f"{month}-31")
    assert row is not None
    return Used(int(row[0]), int(row[1]))


def in_order(uses: Iterable[Use]) -> list[Use]:
    """Each once, in the order in which all count."""
    return sorted(set(uses), key=lambda use: (RANKS[use.scope], use.scope_id, use.direction))


def written(uses: Iterable[Use], day: date) -> dict[str, Any]:
    """What a transfer keeps of the limits that it used, so that they can be given back."""
    return {"day": day.isoformat(), "of": [list(use) for use in in_order(uses)]}


def read(kept: dict[str, Any]) -> tuple[list[Use], date]:
    """What a transfer kept of the limits that it used."""
    return [Use(*use) for use in kept["of"]], date.fromisoformat(kept["day"])
