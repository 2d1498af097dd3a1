"""Verbs on API users: keys that are a user name and a password, for the dialects whose clients hold such."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, or_

from comptoir.domain.identity.errors import ApiUserNotFound, ApiUserTaken
from comptoir.domain.identity.keys import checked_networks, issue, refuse_past, rotate_key
from comptoir.domain.identity.models import ApiKey
from comptoir.domain.identity.passwords import PASSWORD_MIN
from comptoir.domain.identity.queries import (
    KEYS,
    KeyRow,
    find_operator_by_email,
    get_operator,
    key_of_user,
)
from comptoir.domain.identity.scopes import READ, WRITE, refuse_unknown_scopes
from comptoir.domain.identity.texts import refuse, text_problem
from comptoir.domain.names import key_of
from comptoir.domain.tx import Tx
from comptoir.storage.columns import Instant

NAME_MAX = 100
PASSWORD_MAX = 150

# A key that has a successor may still be good for a time of grace, but the name is the successor's.
LIVING = KEYS.where(
    ApiKey.dialect == bindparam("dialect"),
    ApiKey.revoked_at.is_(None),
    ApiKey.replaced_by_id.is_(None),
    or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > bindparam("now", type_=Instant())),
).order_by(ApiKey.id)


class NewApiUser(NamedTuple):
    """An API user that was just made, or has another password. `password` is shown now and never again."""

    id: int
    name: str
    password: str


def create_api_user(
    tx: Tx,
    *,
    operator_id: int,
    name: str,
    password: str,
    dialect: str,
    may_update: bool,
    secret: bytes,
    networks: Sequence[str] = (),
    scopes: Sequence[str] = (),
    expires_at: datetime | None = None,
) -> NewApiUser:
    """Let a program in that says a name and a password, and acts for an operator.

    `scopes` say more narrowly what it may do than whether it `may_update`. Refuses: OperatorNotFound, Invalid
    (name, password), ApiUserTaken (by another, or by an operator who logs in under this name), Invalid (scopes,
    expires_at, networks), KeyTaken.
    """
    get_operator(tx, operator_id)
    _refuse_malformed(tx, name, password)
    if find_operator_by_email(tx, key_of(name)) is not None:
        raise ApiUserTaken(f"{name} is an operator, who logs in and so cannot be an API user as well")
    if find_api_user(tx, name=name, dialect=dialect) is not None:
        raise ApiUserTaken(f"there is an API user {name} already")
    if scopes:
        refuse_unknown_scopes(scopes)
    refuse_past(tx, expires_at)
    facts = {
        "operator_id": operator_id,
        "name": name,
        "dialect": dialect,
        "scopes": sorted(set(scopes)) or ([READ, WRITE] if may_update else [READ]),
        "networks": checked_networks(networks),
        "expires_at": expires_at,
    }
    # The first letters of such a key are no secret, but they are the name's and tell nothing.
    made = issue(tx, facts, key_of_user(name, password), secret, hint="")
    return NewApiUser(made.id, name, password)


def set_api_password(
    tx: Tx, *, name: str, password: str, dialect: str, secret: bytes, grace: timedelta = timedelta(0)
) -> NewApiUser:
    """Give an API user another password; the old one ends at once, or after the time of grace.

    Refuses: ApiUserNotFound, Invalid (password, grace), KeyTaken.
    """
    old = get_api_user(tx, name=name, dialect=dialect)
    _refuse_malformed(tx, old.name, password)
    made = rotate_key(
        tx, key_id=old.id, secret=secret, grace=grace, key=key_of_user(old.name, password), hint=""
    )
    return NewApiUser(made.id, old.name, password)


def get_api_user(tx: Tx, *, name: str, dialect: str) -> KeyRow:
    """The living API user of this name. Refuses: ApiUserNotFound."""
    found = find_api_user(tx, name=name, dialect=dialect)
    if found is None:
        raise ApiUserNotFound(name)
    return found


def find_api_user(tx: Tx, *, name: str, dialect: str) -> KeyRow | None:
    """The living API user of this name, in any case, or None."""
    return next(
        (row for row in list_api_users(tx, dialect=dialect) if key_of(row.name) == key_of(name)), None
    )


def list_api_users(tx: Tx, *, dialect: str) -> list[KeyRow]:
    """The living API users of a dialect, by id."""
    return [KeyRow(*row) for row in tx.all(LIVING, dialect=dialect, now=tx.now)]


def _refuse_malformed(tx: Tx, name: str, password: str) -> None:
    problems = []
    if not name.strip() or name != name.strip() or ":" in name or not name.isprintable():
        problems.append(("name", "must be printable, without a colon, and without blanks at its ends"))
    elif problem := text_problem(name, NAME_MAX):
        problems.append(("name", problem))
    least = 1 if tx.shop.is_sandbox else PASSWORD_MIN
    if not least <= len(password) <= PASSWORD_MAX or not password.isprintable():
        problems.append(("password", f"must have {least} to {PASSWORD_MAX} printable characters"))
    refuse(problems)
