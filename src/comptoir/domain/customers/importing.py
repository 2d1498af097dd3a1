"""Taking over customers, groups and notifications from elsewhere: ids and times as they are given.

Each verb takes a chunk of rows, keeps the good ones in a few statements and says of each row what is wrong
with it, or None. Who was removed may be imported too, so that nothing is lost on the way.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Required, TypedDict

from sqlalchemy import Select, select

from comptoir.domain.customers.actions import CustomerFields, blank_customer, keys_of
from comptoir.domain.customers.errors import UsernameTaken
from comptoir.domain.customers.models import ACTIVE, MEMBER, OWNER, Customer, Group, GroupMember, Notification
from comptoir.domain.customers.writing import NUMBER_MAX, kind_of, problems_of, written
from comptoir.domain.errors import Invalid
from comptoir.domain.identity.texts import SHORT_TEXT_MAX, Problem, problem_of, text_problem
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among
from comptoir.storage.schema import Record


class CustomerImport(CustomerFields, total=False):
    """A customer as it was kept elsewhere."""

    removed_at: datetime | None


class GroupImport(TypedDict, total=False):
    """A group as it was kept elsewhere, with the ids of its people."""

    id: int
    name: Required[str]
    status: str
    is_interest: bool
    comment: str
    created_at: datetime
    updated_at: datetime
    members: Sequence[int]
    owners: Sequence[int]


class NotificationImport(TypedDict, total=False):
    """A notification as it was kept elsewhere."""

    id: int
    customer_id: Required[int]
    content: Required[str]
    source: str
    read_at: datetime | None
    created_at: datetime
    updated_at: datetime
    removed_at: datetime | None


IDS_TAKEN: dict[type[Record], Select[tuple[int]]] = {
    record: select(record.__table__.c.id).where(among(record.__table__.c.id, "ids"))
    for record in (Customer, Group, Notification)
}
USERNAMES_TAKEN = select(Customer.username_key).where(among(Customer.username_key, "keys"))
LIVE_CUSTOMERS = select(Customer.id).where(among(Customer.id, "ids"), Customer.removed_at.is_(None))
ALL_CUSTOMERS = select(Customer.id).where(among(Customer.id, "ids"))


def import_customers(tx: Tx, rows: Sequence[CustomerImport]) -> list[Invalid | None]:
    """Keep many customers. Each row may fail on: any text, username, email, id."""
    blank = blank_customer(tx)
    made = [_customer(blank, row) for row in rows]
    keys = [key for row in made if (key := row["username_key"]) and not text_problem(key, SHORT_TEXT_MAX)]
    taken = {key for (key,) in tx.all(USERNAMES_TAKEN, keys=keys)}

    def judge(place: int) -> Invalid | None:
        row = made[place]
        if row["username_key"] in taken:
            return UsernameTaken("username", f"{row['username']!r} belongs to another customer")
        problem = problem_of(problems_of(Customer, row))
        if problem is None and row["username_key"] is not None:
            taken.add(row["username_key"])
        return problem

    return _import(tx, Customer, made, judge)


def import_groups(tx: Tx, rows: Sequence[GroupImport]) -> list[Invalid | None]:
    """Keep many groups with their people.

    Each row may fail on: name, status, comment, members, owners, id.
    """
    made = [
        {
            "id": row.get("id"),
            "name": row["name"],
            "status": row.get("status", ACTIVE),
            "is_interest": row.get("is_interest", False),
            "comment": row.get("comment", ""),
            **_times(tx, row),
        }
        for row in rows
    ]
    people = [_people(row) for row in rows]
    live = _among(tx, LIVE_CUSTOMERS, (one for pairs in people for _, one in pairs))

    def judge(place: int) -> Invalid | None:
        unknown: list[Problem] = [
            (f"{role}s", f"name customer {one}, who does not exist")
            for role, one in people[place]
            if one not in live
        ]
        return problem_of(problems_of(Group, made[place]) + unknown)

    problems = _import(tx, Group, made, judge)
    members = [
        {"group_id": row["id"], "role": role, "customer_id": one}
        for row, pairs, problem in zip(made, people, problems, strict=True)
        if problem is None
        for role, one in pairs
    ]
    tx.insert_many(GroupMember, members)
    return problems


def import_notifications(tx: Tx, rows: Sequence[NotificationImport]) -> list[Invalid | None]:
    """Keep many notifications. Each row may fail on: customer_id, content, source, id."""
    made = [
        {
            "id": row.get("id"),
            "customer_id": row["customer_id"],
            "source": row.get("source", ""),
            "content": row["content"],
            "read_at": row.get("read_at"),
            "removed_at": row.get("removed_at"),
            **_times(tx, row),
        }
        for row in rows
    ]
    ids = [row["customer_id"] for row in rows]
    live, known = _among(tx, LIVE_CUSTOMERS, ids), _among(tx, ALL_CUSTOMERS, ids)

    def judge(place: int) -> Invalid | None:
        row = made[place]
        problems = problems_of(Notification, row)
        if row["customer_id"] not in (live if row["removed_at"] is None else known):
            problems.append(("customer_id", f"names customer {row['customer_id']}, who does not exist"))
        return problem_of(problems)

    return _import(tx, Notification, made, judge)


def _customer(blank: Mapping[str, Any], fields: CustomerImport) -> dict[str, Any]:
    row: dict[str, Any] = {"id": None, **blank, **fields}
    row["username"] = row["username"] or row["email"]
    row["updated_at"] = fields.get("updated_at", row["created_at"])
    return row | keys_of(row)


def _times(tx: Tx, row: Mapping[str, Any]) -> dict[str, datetime]:
    created_at = row.get("created_at", tx.now)
    return {"created_at": created_at, "updated_at": row.get("updated_at", created_at)}


def _people(row: GroupImport) -> list[tuple[str, int]]:
    lists = ((MEMBER, row.get("members", ())), (OWNER, row.get("owners", ())))
    return [(role, one) for role, ids in lists for one in sorted(set(ids))]


def _among(tx: Tx, statement: Any, ids: Iterable[int]) -> set[int]:
    wanted = sorted({one for one in ids if 0 < one <= NUMBER_MAX})
    return {row[0] for row in tx.all(statement, ids=wanted)}


def _import(
    tx: Tx, record: type[Record], rows: Sequence[dict[str, Any]], judge: Callable[[int], Invalid | None]
) -> list[Invalid | None]:
    """Number, judge and keep rows; the ids that are given stay, the others are given here."""
    taken = _among(tx, IDS_TAKEN[record], (row["id"] for row in rows if row["id"] is not None))
    problems: list[Invalid | None] = []
    kept: list[dict[str, Any]] = []
    for place, row in enumerate(rows):
        wanted = row["id"]
        if wanted is not None and (not 0 < wanted <= NUMBER_MAX or wanted in taken):
            problems.append(Invalid("id", "is taken, or no number above zero"))
            continue
        problem: Invalid | None = judge(place)
        problems.append(problem)
        if problem is None:
            kept.append(row)
            taken.add(wanted)
    _number(tx, record, kept)
    tx.insert_many(record, kept)
    kind = kind_of(record)
    for row in kept:
        tx.note(f"{kind}.imported", kind, row["id"], after=written(_said(row)))
    return problems


def _number(tx: Tx, record: type[Record], rows: Sequence[dict[str, Any]]) -> None:
    kind = record.__tablename__
    given = [row["id"] for row in rows if row["id"] is not None]
    if given:
        tx.ids.reach(kind, max(given))
    unnumbered = [row for row in rows if row["id"] is None]
    if unnumbered:
        first = tx.ids.next(kind, len(unnumbered))
        for number, row in enumerate(unnumbered, first):
            row["id"] = number


def _said(row: Mapping[str, Any]) -> dict[str, Any]:
    """What is not as empty as in a blank row."""
    return {name: value for name, value in row.items() if value not in {"", None} and name != "id"}
