"""Sessions of the console: begun after a login, held by the browser's key, ended by people or by time.

All times here are the machine's, which no sandbox's clock moves.
"""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, delete, or_, select, update

from comptoir.domain.identity.errors import SessionNotFound
from comptoir.domain.identity.models import ConsoleSession, Operator
from comptoir.domain.identity.permissions import permissions_of
from comptoir.domain.identity.queries import hash_key
from comptoir.domain.tx import SHOP_VERSION, Actor, Tx
from comptoir.storage.columns import Instant
from comptoir.storage.session import Session

CONSOLE = "console"
KEY_BYTES = 24
# Somebody who does nothing for so long is gone; nobody stays longer than the absolute limit.
IDLE_MAX = timedelta(hours=12)
AGE_MAX = timedelta(days=7)
# How long the second factor is waited for.
FACTOR_WAIT = timedelta(minutes=10)
SEEN_EVERY = timedelta(minutes=1)
AGENT_MAX, ADDRESS_MAX = 200, 64

FIND_SESSION = (
    select(
        ConsoleSession.id, ConsoleSession.operator_id, Operator.name, Operator.email, Operator.role,
        ConsoleSession.created_at, ConsoleSession.seen_at, ConsoleSession.expires_at, ConsoleSession.is_entered,
        ConsoleSession.form_key, SHOP_VERSION,
    )
    .join(Operator, Operator.id == ConsoleSession.operator_id)
    .where(ConsoleSession.key_hash == bindparam("key_hash"), Operator.is_active)
)  # fmt: skip
NEEDS_FACTOR = select(Operator.id).where(
    Operator.id == bindparam("operator_id"), Operator.totp_confirmed_at.is_not(None)
)
LIST_SESSIONS = (
    select(
        ConsoleSession.id, ConsoleSession.created_at, ConsoleSession.seen_at, ConsoleSession.expires_at,
        ConsoleSession.address, ConsoleSession.agent,
    )
    .where(
        ConsoleSession.operator_id == bindparam("operator_id"),
        ConsoleSession.is_entered,
        ConsoleSession.expires_at > bindparam("now", type_=Instant()),
        ConsoleSession.seen_at > bindparam("idle_since", type_=Instant()),
    )
    .order_by(ConsoleSession.id.desc())
)  # fmt: skip
SEEN = (
    update(ConsoleSession)
    .where(
        ConsoleSession.key_hash == bindparam("session_key"),
        ConsoleSession.seen_at <= bindparam("before", type_=Instant()),
    )
    .values(seen_at=bindparam("now", type_=Instant()))
)
END = delete(ConsoleSession).where(ConsoleSession.key_hash == bindparam("key_hash"))
END_BY_ID = delete(ConsoleSession).where(ConsoleSession.id == bindparam("session_id"))
END_ONE = delete(ConsoleSession).where(
    ConsoleSession.id == bindparam("session_id"), ConsoleSession.operator_id == bindparam("operator_id")
)
END_ALL = delete(ConsoleSession).where(
    ConsoleSession.operator_id == bindparam("operator_id"), ConsoleSession.id != bindparam("kept_id")
)
FORGET = delete(ConsoleSession).where(
    or_(
        ConsoleSession.expires_at <= bindparam("now", type_=Instant()),
        ConsoleSession.seen_at <= bindparam("idle_since", type_=Instant()),
    )
)


class NewSession(NamedTuple):
    """A session that was just begun. `key` is for the browser alone; the second factor may still be asked for."""

    id: int
    key: str
    is_entered: bool


class SessionRow(NamedTuple):
    """Who is signed in by a key, before the session's time is checked."""

    id: int
    operator_id: int
    operator_name: str
    email: str
    role: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    is_entered: bool
    form_key: str
    shop_version: int

    def actor(self) -> Actor:
        """The operator, acting through the console; one who has yet to give the second factor may nothing."""
        permissions = permissions_of(self.role) if self.is_entered else frozenset()
        return Actor(self.operator_name, CONSOLE, self.operator_id, permissions)

    def is_over(self, machine_now: datetime) -> bool:
        """Whether the session's time is over."""
        return machine_now >= self.expires_at or machine_now >= self.seen_at + IDLE_MAX

    def is_unseen(self, machine_now: datetime) -> bool:
        """Whether it is worth writing that the operator was here."""
        return machine_now >= self.seen_at + SEEN_EVERY


class OwnSession(NamedTuple):
    """A session as its operator sees it."""

    id: int
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    address: str
    agent: str


def begin_session(
    tx: Tx, *, operator_id: int, secret: bytes, address: str = "", agent: str = "", factor_given: bool = False
) -> NewSession:
    """Begin a session of an operator who has just logged in, under a key that nobody knew before."""
    is_entered = factor_given or tx.one(NEEDS_FACTOR, operator_id=operator_id) is None
    key, now = tx.ids.secret(KEY_BYTES), tx.machine_now
    session_id = tx.ids.next("console_session")
    said = {"address": _told(address, ADDRESS_MAX), "agent": _told(agent, AGENT_MAX)}
    tx.insert(
        ConsoleSession,
        key_hash=hash_key(key, secret),
        id=session_id,
        operator_id=operator_id,
        created_at=now,
        seen_at=now,
        expires_at=now + (AGE_MAX if is_entered else FACTOR_WAIT),
        is_entered=is_entered,
        form_key=tx.ids.secret(KEY_BYTES),
        **said,
    )
    if is_entered:
        tx.note("operator.session_begun", "operator", operator_id, after={"session_id": session_id, **said})
    return NewSession(session_id, key, is_entered)


def find_session(session: Session, key_hash: str) -> SessionRow | None:
    """The session of a key, if its operator is active, in one statement; its time is checked by `is_over`."""
    row = session.one(FIND_SESSION, key_hash=key_hash)
    return None if row is None else SessionRow(*row)


def list_sessions(tx: Tx, *, operator_id: int) -> list[OwnSession]:
    """The sessions in which an operator is signed in now, the last begun first."""
    now = tx.machine_now
    rows = tx.all(LIST_SESSIONS, operator_id=operator_id, now=now, idle_since=now - IDLE_MAX)
    return [OwnSession(*row) for row in rows]


def touch_session(tx: Tx, *, key_hash: str) -> None:
    """Write that the operator was here, at most once a minute. Not a change of state: no event is noted."""
    tx.run(SEEN, session_key=key_hash, before=tx.machine_now - SEEN_EVERY, now=tx.machine_now)


def end_session(tx: Tx, *, key_hash: str) -> None:
    """Sign out: the key opens nothing any more."""
    row = find_session(tx, key_hash)
    if row is not None and tx.run(END, key_hash=key_hash):
        _note_ended(tx, row.operator_id, 1)


def end_session_row(tx: Tx, session_id: int) -> None:
    """End a session that another takes the place of, which is noted with that one."""
    tx.run(END_BY_ID, session_id=session_id)


def end_one_session(tx: Tx, *, operator_id: int, session_id: int) -> None:
    """End another session of an operator. Refuses: SessionNotFound."""
    if not tx.run(END_ONE, operator_id=operator_id, session_id=session_id):
        raise SessionNotFound(session_id)
    _note_ended(tx, operator_id, 1)


def end_sessions_of(tx: Tx, *, operator_id: int, kept_id: int | None = None) -> int:
    """End all sessions of an operator, but for one that is kept; says how many."""
    ended = tx.run(END_ALL, operator_id=operator_id, kept_id=kept_id or 0)
    if ended:
        _note_ended(tx, operator_id, ended)
    return ended


def forget_ended_sessions(tx: Tx) -> int:
    """Remove the sessions whose time is over; says how many."""
    return tx.run(FORGET, now=tx.machine_now, idle_since=tx.machine_now - IDLE_MAX)


def _note_ended(tx: Tx, operator_id: int, ended: int) -> None:
    tx.note("operator.sessions_ended", "operator", operator_id, after={"ended": ended})


def _told(text: str, limit: int) -> str:
    """What a browser says of itself, as far as it can be kept and shown."""
    return "".join(letter for letter in text if letter.isprintable())[:limit]
