"""What a sandbox keeps when a snapshot takes its place while it is served: who is signed in, numbers others know."""

from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, select, update

from comptoir.domain.identity.models import ConsoleSession, Operator
from comptoir.domain.shop import Shop
from comptoir.domain.tx import Counter, Tx

SHOP_ID = 1
# Others remember these numbers: readers of the feed and of messages, clients that log requests, open pages.
KNOWN_OUTSIDE = (
    "event", "request", "delivery", "delivery_attempt", "ins_message", "console_session", "task",
)  # fmt: skip
# Between the moment at which the numbers are read and that at which the snapshot is in place, more may be taken.
LEAP = 10_000

VALUE = select(Counter.value).where(Counter.kind == bindparam("kind"))
_SESSION = ConsoleSession.__table__.columns
SESSIONS = select(*_SESSION)
# An operator's number may be somebody else's in another past: the address tells who it is.
OPERATORS = select(Operator.id, Operator.email).where(Operator.is_active.is_(True))
FORGET_SESSIONS = delete(ConsoleSession)
SET_VERSION = update(Shop).where(Shop.id == bindparam("key")).values(version=bindparam("number"))


class Kept(NamedTuple):
    """What stays of the shop whose place is taken."""

    version: int
    counters: dict[str, int]
    sessions: list[dict[str, Any]]
    operators: set[tuple[int, str]]


def kept_of(tx: Tx) -> Kept:
    """What is to stay of this shop."""
    values = {kind: tx.value(VALUE, kind=kind) or 0 for kind in KNOWN_OUTSIDE}
    sessions = [dict(zip(_SESSION.keys(), row, strict=True)) for row in tx.all(SESSIONS)]
    return Kept(tx.shop.version, values, sessions, _operators(tx))


def _operators(tx: Tx) -> set[tuple[int, str]]:
    return {(row[0], row[1]) for row in tx.all(OPERATORS)}


def take_up(tx: Tx, kept: Kept, *, snapshot: str) -> None:
    """Let a snapshot, before it takes the shop's place, know what stays.

    No process takes its facts for those that it remembers, no number is given again, and whoever is signed in
    stays so, if it was the same operator then; who had been signed out by then is not let in again.
    """
    tx.run(SET_VERSION, key=SHOP_ID, number=kept.version + LEAP)
    for kind, value in sorted(kept.counters.items()):
        tx.ids.reach(kind, value + LEAP)
    same = {operator_id for operator_id, _ in _operators(tx) & kept.operators}
    tx.run(FORGET_SESSIONS)
    tx.insert_many(ConsoleSession, [row for row in kept.sessions if row["operator_id"] in same])
    tx.note("shop.restored", "shop", SHOP_ID, after={"snapshot": snapshot})
