"""Verbs on operators: who may enter, and with which password."""

from datetime import datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import select

from comptoir.domain.errors import Invalid
from comptoir.domain.identity.api_users import find_api_user
from comptoir.domain.identity.errors import EmailTaken, LastOwner
from comptoir.domain.identity.models import Operator
from comptoir.domain.identity.passwords import PASSWORD_MAX, PASSWORD_MIN, SALT_BYTES, Passwords
from comptoir.domain.identity.permissions import OWNER, READ_ONLY, ROLES
from comptoir.domain.identity.queries import (
    GET_OPERATOR,
    USER_DIALECTS,
    find_operator_by_email,
    get_operator,
)
from comptoir.domain.identity.sessions import end_sessions_of
from comptoir.domain.identity.texts import SHORT_TEXT_MAX, email_problem, refuse, text_problem
from comptoir.domain.names import key_of
from comptoir.domain.tx import Tx

# Numbers go on from the highest that is kept, so an imported one leaves room above it.
NUMBER_MAX = 2**62

# Two owners who take each other's role away at the same moment must not both find the other there.
_OWNERS = select(Operator.id).where(Operator.role == OWNER, Operator.is_active).order_by(Operator.id)
LOCK_OWNERS = {"sqlite": _OWNERS, "postgres": _OWNERS.with_for_update(key_share=True)}


class OperatorChanges(TypedDict, total=False):
    """What may be changed of an operator."""

    email: str
    name: str
    role: str


def create_operator(
    tx: Tx,
    *,
    email: str,
    name: str,
    role: str,
    password: str,
    passwords: Passwords,
    id: int | None = None,
    created_at: datetime | None = None,
) -> int:
    """Let somebody in and give the operator's id.

    Refuses: Invalid (email, name, role, password, id), EmailTaken.
    """
    email = key_of(email)
    _refuse_malformed({"email": email, "name": name, "role": role})
    _refuse_weak(tx, password)
    _refuse_taken(tx, email, own_id=None)
    operator_id = _operator_id(tx, id)
    tx.insert(
        Operator,
        id=operator_id,
        email=email,
        name=name,
        role=role,
        password_hash=_hash(tx, passwords, password),
        is_active=True,
        created_at=created_at or tx.now,
    )
    after = {"email": email, "name": name, "role": role, "is_active": True}
    tx.note("operator.created", "operator", operator_id, after=after)
    return operator_id


def update_operator(tx: Tx, *, operator_id: int, **fields: Unpack[OperatorChanges]) -> None:
    """Change who an operator is said to be; with another role the sessions end.

    Refuses: OperatorNotFound, Invalid (email, name, role), EmailTaken, LastOwner.
    """
    old = get_operator(tx, operator_id)._asdict()
    values: dict[str, Any] = dict(fields)
    if "email" in values:
        values["email"] = key_of(values["email"])
    _refuse_malformed(values)
    if "email" in values:
        _refuse_taken(tx, values["email"], own_id=operator_id)
    if values.get("role", old["role"]) != OWNER and old["is_active"]:
        _refuse_last(tx, old)
    changed = {name: value for name, value in values.items() if value != old[name]}
    if changed:
        tx.update(Operator, operator_id, **changed)
        before = {name: old[name] for name in changed}
        tx.note("operator.updated", "operator", operator_id, before=before, after=changed)
    if "role" in changed:
        end_sessions_of(tx, operator_id=operator_id)


def set_password(
    tx: Tx, *, operator_id: int, password: str, passwords: Passwords, kept_session_id: int | None = None
) -> None:
    """Give an operator another password; the sessions end, but for one that is kept.

    Refuses: OperatorNotFound, Invalid (password).
    """
    get_operator(tx, operator_id)
    _refuse_weak(tx, password)
    tx.update(Operator, operator_id, password_hash=_hash(tx, passwords, password))
    tx.note("operator.password_set", "operator", operator_id)
    end_sessions_of(tx, operator_id=operator_id, kept_id=kept_session_id)


def deactivate(tx: Tx, *, operator_id: int) -> None:
    """Keep an operator out: sessions end, and the operator's keys no longer speak for anybody.

    Refuses: OperatorNotFound, LastOwner.
    """
    old = get_operator(tx, operator_id)
    if not old.is_active:
        return
    _refuse_last(tx, old._asdict())
    _set_active(tx, operator_id, is_active=False)
    end_sessions_of(tx, operator_id=operator_id)


def activate(tx: Tx, *, operator_id: int) -> None:
    """Let an operator in again, whose keys speak again. Refuses: OperatorNotFound."""
    if not get_operator(tx, operator_id).is_active:
        _set_active(tx, operator_id, is_active=True)


def _set_active(tx: Tx, operator_id: int, *, is_active: bool) -> None:
    tx.update(Operator, operator_id, is_active=is_active)
    kind = "operator.activated" if is_active else "operator.deactivated"
    before, after = {"is_active": not is_active}, {"is_active": is_active}
    tx.note(kind, "operator", operator_id, before=before, after=after)


def _refuse_malformed(values: dict[str, Any]) -> None:
    problems = []
    if "email" in values:
        problems.append(("email", email_problem(values["email"])))
    if "name" in values:
        name = values["name"]
        problems.append(("name", text_problem(name, SHORT_TEXT_MAX) if name.strip() else "must not be empty"))
    if values.get("role", READ_ONLY) not in ROLES:
        problems.append(("role", f"must be one of {', '.join(ROLES)}"))
    refuse([(field, problem) for field, problem in problems if problem])


def _refuse_weak(tx: Tx, password: str) -> None:
    least = 1 if tx.shop.is_sandbox else PASSWORD_MIN
    if not least <= len(password) <= PASSWORD_MAX:
        raise Invalid("password", f"must have {least} to {PASSWORD_MAX} characters")


def _refuse_taken(tx: Tx, email: str, *, own_id: int | None) -> None:
    other = find_operator_by_email(tx, email)
    if other is not None and other.id != own_id:
        raise EmailTaken(f"{email} belongs to operator {other.id}")
    if any(find_api_user(tx, name=email, dialect=dialect) for dialect in USER_DIALECTS):
        raise EmailTaken(f"{email} is an API user, who cannot log in as an operator as well")


def _refuse_last(tx: Tx, old: dict[str, Any]) -> None:
    if old["role"] == OWNER and not {row[0] for row in tx.all(LOCK_OWNERS[tx.engine])} - {old["id"]}:
        raise LastOwner("this is the last active owner")


def _operator_id(tx: Tx, wanted: int | None) -> int:
    if wanted is None:
        return tx.ids.next("operator")
    if not 0 < wanted <= NUMBER_MAX or tx.one(GET_OPERATOR, operator_id=wanted) is not None:
        raise Invalid("id", "is taken or not above zero")
    tx.ids.reach("operator", wanted)
    return wanted


def _hash(tx: Tx, passwords: Passwords, password: str) -> str:
    return passwords.hash(password, salt=bytes.fromhex(tx.ids.secret(SALT_BYTES)))
