"""Verbs on API keys: issued once in plain, kept as a keyed hash, changed, rotated and revoked."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import Any, NamedTuple, TypedDict, Unpack

from sqlalchemy import bindparam, select

from comptoir.domain.errors import Invalid
from comptoir.domain.identity.errors import KeyOver, KeyTaken
from comptoir.domain.identity.models import ApiKey
from comptoir.domain.identity.queries import USER_DIALECTS, KeyRow, get_key, get_operator, hash_key
from comptoir.domain.identity.scopes import refuse_unknown_scopes
from comptoir.domain.identity.texts import SHORT_TEXT_MAX, refuse, text_problem
from comptoir.domain.tx import Tx

PREFIX = "ck_"
KEY_BYTES = 24
HINT_LENGTH = 7
NETWORKS_MAX = 100
GRACE_MAX = timedelta(days=90)

HASH_TAKEN = select(ApiKey.id).where(ApiKey.key_hash == bindparam("key_hash"))


class KeyChanges(TypedDict, total=False):
    """What may be changed of a key."""

    name: str
    scopes: Sequence[str]
    networks: Sequence[str]
    expires_at: datetime | None


class NewKey(NamedTuple):
    """A key that was just made. `key` is shown now and never again."""

    id: int
    key: str


def create_key(
    tx: Tx,
    *,
    operator_id: int,
    name: str,
    dialect: str,
    scopes: Sequence[str],
    secret: bytes,
    networks: Sequence[str] = (),
    expires_at: datetime | None = None,
    key: str | None = None,
) -> NewKey:
    """Issue a key that acts for an operator; `key` keeps a value that clients hold already.

    Refuses: OperatorNotFound, Invalid (name, dialect, scopes, networks, expires_at, key), KeyTaken.
    """
    get_operator(tx, operator_id)
    _refuse_bad_name("name", name)
    _refuse_bad_name("dialect", dialect)
    if dialect in USER_DIALECTS:
        raise Invalid("dialect", f"{dialect} has API users, with a name and a password, in the place of keys")
    refuse_unknown_scopes(scopes)
    refuse_past(tx, expires_at)
    facts = {
        "operator_id": operator_id,
        "name": name,
        "dialect": dialect,
        "scopes": sorted(set(scopes)),
        "networks": checked_networks(networks),
        "expires_at": expires_at,
    }
    return issue(tx, facts, key, secret)


def rotate_key(
    tx: Tx,
    *,
    key_id: int,
    secret: bytes,
    grace: timedelta = timedelta(0),
    key: str | None = None,
    hint: str | None = None,
) -> NewKey:
    """Issue a successor; the old key is revoked, or stays good for the time of grace.

    Refuses: KeyNotFound, KeyOver, Invalid (grace, key: an API user's is not made here), KeyTaken.
    """
    old = _get_living(tx, key_id)
    if key is None and old.dialect in USER_DIALECTS:
        raise Invalid("key", f"{key_id} is an API user, who gets another password instead")
    if not timedelta(0) <= grace <= GRACE_MAX:
        raise Invalid("grace", f"must be between nothing and {GRACE_MAX.days} days")
    names = ("operator_id", "name", "dialect", "scopes", "networks", "expires_at")
    made = issue(tx, {name: getattr(old, name) for name in names}, key, secret, hint=hint)
    if grace:
        last = tx.now + grace if old.expires_at is None else min(old.expires_at, tx.now + grace)
        values: dict[str, Any] = {"expires_at": last, "replaced_by_id": made.id}
    else:
        values = {"revoked_at": tx.now, "replaced_by_id": made.id}
    tx.update(ApiKey, key_id, **values)
    _note(tx, "api_key.rotated", old, values)
    return made


def update_key(tx: Tx, *, key_id: int, **fields: Unpack[KeyChanges]) -> None:
    """Change what a key may do, from where, or for how long.

    Refuses: KeyNotFound, KeyOver, Invalid (name: an API user's is said with the password; scopes, expires_at,
    networks).
    """
    old = _get_living(tx, key_id)
    values: dict[str, Any] = dict(fields)
    if "name" in values and values["name"] != old.name:
        if old.dialect in USER_DIALECTS:
            raise Invalid("name", "is what the API user says; make another user instead")
        _refuse_bad_name("name", values["name"])
    if "scopes" in values:
        refuse_unknown_scopes(values["scopes"])
        values["scopes"] = sorted(set(values["scopes"]))
    if values.get("expires_at") != old.expires_at:
        refuse_past(tx, values.get("expires_at"))
    if "networks" in values:
        values["networks"] = checked_networks(values["networks"])
    changed = {name: value for name, value in values.items() if value != getattr(old, name)}
    if changed:
        tx.update(ApiKey, key_id, **changed)
        _note(tx, "api_key.updated", old, changed)


def refuse_past(tx: Tx, expires_at: datetime | None) -> None:
    """Refuses: Invalid (expires_at), when a key would be over before it is good."""
    if expires_at is not None and expires_at <= tx.now:
        raise Invalid("expires_at", "must be in the future")


def revoke_key(tx: Tx, *, key_id: int) -> None:
    """End a key at once. Refuses: KeyNotFound, KeyOver (it was revoked before)."""
    old = get_key(tx, key_id)
    if old.revoked_at is not None:
        raise KeyOver(f"API key {key_id} is revoked already")
    tx.update(ApiKey, key_id, revoked_at=tx.now)
    _note(tx, "api_key.revoked", old, {"revoked_at": tx.now})


def checked_networks(networks: Sequence[str]) -> list[str]:
    """Networks and addresses as `10.0.0.0/8`, each once. Refuses: Invalid (networks)."""
    if len(networks) > NETWORKS_MAX:
        raise Invalid("networks", f"are more than {NETWORKS_MAX}")
    found: dict[str, None] = {}
    for network in networks:
        try:
            found[str(ip_network(network.strip(), strict=False))] = None
        except ValueError as error:
            raise Invalid("networks", f"{network[:50]!r} is no network such as 10.0.0.0/8") from error
    return list(found)


def issue(
    tx: Tx, facts: dict[str, Any], key: str | None, secret: bytes, *, hint: str | None = None
) -> NewKey:
    """Write a key whose other facts are checked already. Refuses: Invalid (key), KeyTaken."""
    plain = PREFIX + tx.ids.secret(KEY_BYTES) if key is None else key
    _refuse_bad_name("key", plain)
    key_hash = hash_key(plain, secret)
    if tx.one(HASH_TAKEN, key_hash=key_hash) is not None:
        raise KeyTaken("another key has this value")
    key_id = tx.ids.next("api_key")
    # Never more than a quarter of a key that somebody chose themselves.
    shown = plain[: min(HINT_LENGTH, len(plain) // 4)] if hint is None else hint
    tx.insert(
        ApiKey,
        **facts,
        id=key_id,
        key_hash=key_hash,
        hint=shown,
        created_at=tx.now,
        revoked_at=None,
        last_used_at=None,
        replaced_by_id=None,
    )
    tx.note("api_key.created", "api_key", key_id, after=_written({**facts, "hint": shown}))
    return NewKey(key_id, plain)


def _get_living(tx: Tx, key_id: int) -> KeyRow:
    row = get_key(tx, key_id)
    if row.is_over(tx.now):
        raise KeyOver(f"API key {key_id} is revoked or expired")
    return row


def _refuse_bad_name(field: str, value: str) -> None:
    problem = text_problem(value, SHORT_TEXT_MAX) if value.strip() else "must not be empty"
    refuse([(field, problem)] if problem else [])


def _note(tx: Tx, kind: str, old: KeyRow, values: dict[str, Any]) -> None:
    before = {name: getattr(old, name) for name in values}
    tx.note(kind, "api_key", old.id, before=_written(before), after=_written(values))


def _written(values: dict[str, Any]) -> dict[str, Any]:
    return {
        name: value.isoformat() if isinstance(value, datetime) else value for name, value in values.items()
    }
