"""Verbs on customers: register, change, remove."""

from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import bindparam, delete, update

from comptoir.domain.customers.errors import UsernameTaken
from comptoir.domain.customers.models import ACTIVE, Customer, GroupMember, Notification
from comptoir.domain.customers.queries import find_customer_by_username, get_row
from comptoir.domain.customers.writing import (
    TEXTS,
    changed_of,
    new_id,
    problems_of,
    write_change,
    written,
)
from comptoir.domain.identity.texts import refuse
from comptoir.domain.names import key_of, order_key
from comptoir.domain.tx import Tx

LEAVE_GROUPS = delete(GroupMember).where(GroupMember.customer_id == bindparam("customer_id"))
REMOVE_NOTIFICATIONS = (
    update(Notification)
    .where(Notification.customer_id == bindparam("of_customer"), Notification.removed_at.is_(None))
    .values(removed_at=bindparam("removed_at"))
)


class CustomerChanges(TypedDict, total=False):
    """What may be changed of a customer (Core dna reference 3.16)."""

    email: str
    url: str
    gender: str
    birth_date: date | None
    comment: str
    name_title: str
    first_name: str
    last_name: str
    nickname: str
    country_id: str
    state_id: str
    suburb: str
    city: str
    postcode: str
    unit: str
    address1: str
    address2: str
    address3: str
    phone_day: str
    phone_evening: str
    phone_fax: str
    occupation: str
    company: str
    business_category: str
    job_department: str
    custom1: str
    custom2: str
    custom3: str
    custom4: str
    custom5: str


class CustomerFields(CustomerChanges, total=False):
    """What may be said of a customer who is new. Without a `username` it is the e-mail address."""

    id: int
    username: str
    status: str
    created_at: datetime
    updated_at: datetime


def register_customer(tx: Tx, *, is_email_judged: bool = True, **fields: Unpack[CustomerFields]) -> int:
    """Take somebody on as a customer and give the id.

    Some keep whatever is given for an e-mail address: then it is not judged.
    Refuses: Invalid (any text, username, email, id), UsernameTaken.
    """
    row: dict[str, Any] = {**blank_customer(tx), **fields}
    row["username"] = row["username"] or row["email"]
    refuse(problems_of(Customer, row if is_email_judged else {**row, "email": ""}))
    _refuse_taken(tx, row["username"], own_id=None)
    row["id"] = new_id(tx, Customer, fields.get("id"))
    row |= keys_of(row)
    row["updated_at"] = fields.get("updated_at", row["created_at"])
    tx.insert(Customer, **row)
    after = written({"username": row["username"], "status": row["status"], **fields})
    tx.note("customer.registered", "customer", row["id"], after=after)
    return int(row["id"])


def update_customer(tx: Tx, *, customer_id: int, **fields: Unpack[CustomerChanges]) -> None:
    """Change what is named of a customer. Refuses: CustomerNotFound, Invalid (any text, email)."""
    _change(tx, customer_id, dict(fields))


def set_customer_status(tx: Tx, *, customer_id: int, status: str) -> None:
    """Give a customer another status. Refuses: CustomerNotFound, Invalid (status)."""
    _change(tx, customer_id, {"status": status})


def rename_customer(tx: Tx, *, customer_id: int, username: str) -> None:
    """Give a customer another username. Refuses: Invalid (username), UsernameTaken, CustomerNotFound."""
    refuse(problems_of(Customer, {"username": username}))
    _refuse_taken(tx, username, own_id=customer_id)
    _change(tx, customer_id, {"username": username})


def remove_customer(tx: Tx, *, customer_id: int) -> None:
    """Remove a customer from every read, with memberships and notifications; orders keep the id.

    The name is free again. Refuses: CustomerNotFound.
    """
    old = get_row(tx, Customer, customer_id)
    tx.update(Customer, customer_id, removed_at=tx.now, username_key=None)
    tx.run(LEAVE_GROUPS, customer_id=customer_id)
    tx.run(REMOVE_NOTIFICATIONS, of_customer=customer_id, removed_at=tx.now)
    before = {"username": old["username"], "email": old["email"]}
    tx.note("customer.removed", "customer", customer_id, before=before)


def blank_customer(tx: Tx) -> dict[str, Any]:
    """A row of a customer of whom nothing is said yet."""
    return dict.fromkeys(TEXTS[Customer], "") | {
        "status": ACTIVE,
        "birth_date": None,
        "created_at": tx.now,
        "updated_at": tx.now,
        "removed_at": None,
    }


def keys_of(row: dict[str, Any]) -> dict[str, str | None]:
    """The forms in which name and address are compared and found; nobody's name stands by the username."""
    is_removed = row.get("removed_at") is not None
    return {
        "username_key": None if is_removed else key_of(row["username"]),
        "email_key": key_of(row["email"]),
        "name_key": order_key(row["last_name"], row["first_name"]) or order_key(row["username"]),
    }


def _change(tx: Tx, customer_id: int, values: dict[str, Any]) -> None:
    old = get_row(tx, Customer, customer_id)
    changed = changed_of(old, values)
    problems = problems_of(Customer, changed)
    if changed.get("email") == "":
        problems.append(("email", "must be an e-mail address"))
    refuse(problems)
    keys = keys_of(old | changed)
    write_change(tx, Customer, old, changed | changed_of(old, keys))


def _refuse_taken(tx: Tx, username: str, *, own_id: int | None) -> None:
    taken = find_customer_by_username(tx, username)
    if taken is not None and taken != own_id:
        raise UsernameTaken("username", f"{username!r} belongs to customer {taken}")
