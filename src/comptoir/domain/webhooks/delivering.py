"""Delivering: what is due is claimed, sent outside any transaction, and what was answered is written down.

Who claims and then ends without a word, as a process that is killed does, loses the claim after a while.
Then it is sent again: at least once, and in the order of each subject.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, or_, select, update

from comptoir.domain.tx import Tx
from comptoir.domain.webhooks.amounts import wait_after
from comptoir.domain.webhooks.models import (
    DEAD,
    DELIVERED,
    PENDING,
    STANDARD,
    Delivery,
    DeliveryAttempt,
)
from comptoir.domain.webhooks.queries import EndpointRow
from comptoir.domain.webhooks.queue import hold_queue
from comptoir.domain.webhooks.signing import form_headers, signed_headers
from comptoir.storage.lists import among

OK_MIN, OK_MAX = 200, 299


class Parcel(NamedTuple):
    """A message on its way, claimed until a moment of the machine's clock."""

    delivery_id: int
    event_seq: int | None
    body: str
    number: int
    attempt: int
    claimed_until: datetime
    secrets: tuple[str, ...]
    is_signed: bool
    url: str

    def headers(self, at: datetime) -> dict[str, str]:
        """What goes with it; the id stays the same however often it is sent."""
        if not self.is_signed:
            return form_headers()
        name = f"evt_{self.event_seq}" if self.event_seq is not None else f"ping_{self.number}"
        return signed_headers(name, self.body, self.secrets, at)


class Outcome(NamedTuple):
    """What came of a parcel: a status, or a problem. One that was not sent is given back as it was."""

    parcel: Parcel
    status: int | None = None
    problem: str = ""
    answer: str = ""
    took_ms: int = 0
    is_sent: bool = True

    @property
    def is_delivered(self) -> bool:
        """Any status of success is."""
        return self.status is not None and OK_MIN <= self.status <= OK_MAX


class State(NamedTuple):
    """A delivery as it stands when an attempt has ended."""

    id: int
    state: str
    attempts: int
    claimed_until: datetime | None
    endpoint_id: int
    subject: str
    subject_id: int


CLAIMABLE = (
    select(Delivery.id, Delivery.event_seq, Delivery.body, Delivery.number, Delivery.attempts)
    .where(
        Delivery.endpoint_id == bindparam("endpoint_id"),
        Delivery.state == PENDING,
        Delivery.due_at <= bindparam("now"),
        or_(Delivery.claimed_until.is_(None), Delivery.claimed_until <= bindparam("machine_now")),
    )
    .order_by(Delivery.due_at, Delivery.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)
CLAIM = update(Delivery).where(Delivery.id == bindparam("key")).values(claimed_until=bindparam("until"))
STATES = select(*(Delivery.__table__.columns[name] for name in State._fields)).where(
    among(Delivery.id, "ids")
)
LOCK_STATES = STATES.with_for_update()
GIVE_BACK = (
    update(Delivery)
    .where(Delivery.id == bindparam("key"), Delivery.claimed_until == bindparam("until"))
    .values(claimed_until=None)
)
WRITE_STATE = (
    update(Delivery)
    .where(Delivery.id == bindparam("key"))
    .values(
        state=bindparam("new_state"),
        attempts=bindparam("new_attempts"),
        due_at=bindparam("new_due"),
        claimed_until=None,
        ended_at=bindparam("new_end"),
    )
)
COUNT_ATTEMPT = update(Delivery).where(Delivery.id == bindparam("key")).values(attempts=Delivery.attempts + 1)
FOLLOWING = Delivery.__table__.alias("following")
CALL_NEXT = (
    update(Delivery)
    .where(
        Delivery.id
        == select(func.min(FOLLOWING.c.id))
        .where(
            FOLLOWING.c.endpoint_id == bindparam("endpoint"),
            FOLLOWING.c.subject == bindparam("what"),
            FOLLOWING.c.subject_id == bindparam("which"),
            FOLLOWING.c.id > bindparam("key"),
            FOLLOWING.c.state == PENDING,
        )
        .scalar_subquery()
    )
    .values(due_at=bindparam("now"))
)


def claim_due(
    tx: Tx, endpoint: EndpointRow, *, limit: int, machine_now: datetime, lease: timedelta
) -> list[Parcel]:
    """Take what is due for an endpoint, the longest due first, for as long as the lease."""
    until = machine_now + lease
    found = tx.all(CLAIMABLE, endpoint_id=endpoint.id, now=tx.now, machine_now=machine_now, limit=limit)
    tx.run_many(CLAIM, [{"key": row[0], "until": until} for row in found])
    secrets = secrets_in_force(endpoint, tx.now)
    is_signed = endpoint.kind == STANDARD
    return [
        Parcel(key, seq, body, number, attempts + 1, until, secrets, is_signed, endpoint.url)
        for key, seq, body, number, attempts in found
    ]


def secrets_in_force(endpoint: EndpointRow, now: datetime) -> tuple[str, ...]:
    """The secrets that an endpoint may know its messages by."""
    is_kept = endpoint.previous_until is not None and endpoint.previous_until > now
    return (endpoint.secret, endpoint.previous_secret) if is_kept else (endpoint.secret,)


def conclude(tx: Tx, outcomes: Sequence[Outcome]) -> int:
    """Write down what came of parcels, call whoever was behind them, and say how many were delivered.

    What was not delivered is tried again after a while, at last given up: it is dead, and the next is called.
    """
    hold_queue(tx)
    tx.run_many(GIVE_BACK, [_claim(one.parcel) for one in outcomes if not one.is_sent])
    sent = [one for one in outcomes if one.is_sent]
    if not sent:
        return 0
    states = {
        row[0]: State(*row) for row in tx.all(LOCK_STATES, ids=[one.parcel.delivery_id for one in sent])
    }
    known = [one for one in sent if one.parcel.delivery_id in states]
    _write_attempts(tx, known)
    written = [_after(tx, one, states[one.parcel.delivery_id]) for one in known]
    tx.run_many(WRITE_STATE, [row for row in written if row is not None])
    late = [one.parcel.delivery_id for one, row in zip(known, written, strict=True) if row is None]
    tx.run_many(COUNT_ATTEMPT, [{"key": key} for key in late])
    ended = [states[row["key"]] for row in written if row is not None and row["new_state"] != PENDING]
    tx.run_many(CALL_NEXT, [_place(one, tx.now) for one in ended])
    return sum(one.is_delivered for one in known)


def _claim(parcel: Parcel) -> dict[str, Any]:
    return {"key": parcel.delivery_id, "until": parcel.claimed_until}


def _place(state: State, now: datetime) -> dict[str, Any]:
    return {
        "endpoint": state.endpoint_id,
        "what": state.subject,
        "which": state.subject_id,
        "key": state.id,
        "now": now,
    }


def _after(tx: Tx, outcome: Outcome, state: State) -> dict[str, Any] | None:
    """How a delivery stands after an attempt; None when somebody else has gone on with it meanwhile."""
    is_ours = state.claimed_until == outcome.parcel.claimed_until
    if state.state != PENDING or not (is_ours or outcome.is_delivered):
        return None
    attempts = state.attempts + 1
    row = {"key": state.id, "new_attempts": attempts, "new_due": None, "new_end": tx.now}
    if outcome.is_delivered:
        return row | {"new_state": DELIVERED}
    wait = wait_after(attempts)
    if wait is not None:
        return row | {"new_state": PENDING, "new_due": tx.now + wait, "new_end": None}
    tx.note(
        "delivery.died", "delivery", state.id, after={"endpoint_id": state.endpoint_id, "attempts": attempts}
    )
    return row | {"new_state": DEAD}


def _write_attempts(tx: Tx, outcomes: Sequence[Outcome]) -> None:
    if not outcomes:
        return
    first = tx.ids.next("delivery_attempt", len(outcomes))
    tx.insert_many(
        DeliveryAttempt,
        [
            {
                "id": attempt_id,
                "delivery_id": one.parcel.delivery_id,
                "at": tx.now,
                "status": one.status,
                "problem": one.problem,
                # No database keeps NUL.
                "answer": one.answer.replace("\0", "\ufffd"),
                "took_ms": one.took_ms,
            }
            for attempt_id, one in enumerate(outcomes, first)
        ],
    )
