"""Answers already given, kept for a while, so that a repeated write changes nothing a second time."""

from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import LargeBinary, bindparam, delete, select

from comptoir.domain.errors import Conflict, Invalid
from comptoir.domain.tx import Tx
from comptoir.storage.schema import Mapped, Record, mapped_column

ANSWER_KEPT = timedelta(hours=24)
KEY_MAX = 255


class GivenAnswer(Record):
    """The first answer to a write that carried an idempotency key."""

    __tablename__ = "given_answer"

    holder: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[str]
    status: Mapped[int]
    content_type: Mapped[str]
    body: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class KeyReused(Conflict):
    """Another request was made under this idempotency key."""


class Answer(NamedTuple):
    """An answer as it went over the wire."""

    status: int
    content_type: str
    body: bytes


FIND_ANSWER = select(
    GivenAnswer.fingerprint,
    GivenAnswer.status,
    GivenAnswer.content_type,
    GivenAnswer.body,
    GivenAnswer.expires_at,
).where(GivenAnswer.holder == bindparam("holder"), GivenAnswer.key == bindparam("key"))
FORGET_ANSWER = delete(GivenAnswer).where(
    GivenAnswer.holder == bindparam("holder"), GivenAnswer.key == bindparam("key")
)
FORGET_OLD = delete(GivenAnswer).where(GivenAnswer.expires_at <= bindparam("now"))


def checked_key(key: str) -> str:
    """The idempotency key itself. Refuses: Invalid, when it is empty, too long or not printable."""
    if not key or len(key) > KEY_MAX or not key.isprintable():
        raise Invalid("Idempotency-Key", f"must be 1 to {KEY_MAX} printable characters")
    return key


def find_answer(tx: Tx, *, key: str, fingerprint: str) -> Answer | None:
    """The answer given under this key, unless its time is over. Refuses: KeyReused."""
    row = tx.one(FIND_ANSWER, holder=tx.actor.key_id or 0, key=key)
    if row is None:
        return None
    kept_fingerprint, status, content_type, body, expires_at = row
    if expires_at <= tx.now:
        tx.run(FORGET_ANSWER, holder=tx.actor.key_id or 0, key=key)
        return None
    if kept_fingerprint != fingerprint:
        raise KeyReused("this idempotency key was used for another request")
    return Answer(status, content_type, bytes(body))


def keep_answer(tx: Tx, answer: Answer, *, key: str, fingerprint: str) -> None:
    """Keep an answer; a twin that runs at the same moment loses the race and replays it."""
    tx.insert(
        GivenAnswer,
        holder=tx.actor.key_id or 0,
        key=key,
        fingerprint=fingerprint,
        status=answer.status,
        content_type=answer.content_type,
        body=answer.body,
        expires_at=tx.now + ANSWER_KEPT,
    )


def forget_answer(tx: Tx, *, key: str) -> None:
    """Remove the answer that is kept under this key, if there is one."""
    tx.run(FORGET_ANSWER, holder=tx.actor.key_id or 0, key=key)


def forget_old_answers(tx: Tx) -> int:
    """Remove answers whose time is over; returns how many."""
    return tx.run(FORGET_OLD, now=tx.now)
