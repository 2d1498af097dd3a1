"""Attempts: that a gateway is about to be asked is durable before it is, and what it answered is kept once."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.errors import Invalid
from comptoir.domain.money import Money
from comptoir.domain.payments.errors import AttemptEnded, AttemptInFlight, AttemptKeyReused
from comptoir.domain.payments.models import ABANDONED, DONE, FAIL, OPEN, GatewayAttempt
from comptoir.domain.payments.port import Charge, Outcome
from comptoir.domain.tx import Tx

KEY_LETTERS_MAX = 200
# Whose buyer sits before the screen; all else is charged without them.
CHECKOUT = "checkout"


class Attempt(NamedTuple):
    """One asking of a gateway. While it is open, `identifier` names what it is about; then, what came of it."""

    id: int
    key: str
    verb: str
    gateway: str
    method: str
    amount_minor: int
    currency: str
    subject: str
    subject_id: int
    state: str
    status: str
    identifier: str
    response: dict[str, str]
    payment_id: int | None
    created_at: datetime
    ended_at: datetime | None

    @property
    def charge(self) -> Charge:
        """What the gateway is asked."""
        amount = Money(self.amount_minor, self.currency)
        return Charge(self.key, amount, self.method, is_buyer_present=self.subject == CHECKOUT)

    @property
    def outcome(self) -> Outcome:
        """What the gateway answered."""
        return Outcome(self.status, self.identifier, self.response)


ATTEMPTS = select(*(GatewayAttempt.__table__.columns[name] for name in Attempt._fields))
FIND_KEY = ATTEMPTS.where(GatewayAttempt.key == bindparam("key"))
_GET = ATTEMPTS.where(GatewayAttempt.id == bindparam("attempt_id"))
LOCK_ATTEMPT = {"sqlite": _GET, "postgres": _GET.with_for_update()}
LAST_OF_PAYMENT = (
    ATTEMPTS.where(
        GatewayAttempt.payment_id == bindparam("payment_id"), GatewayAttempt.verb == bindparam("verb")
    )
    .order_by(GatewayAttempt.id.desc())
    .limit(1)
)
LIST_OPEN = (
    ATTEMPTS.where(GatewayAttempt.state == OPEN)
    .where(GatewayAttempt.id > bindparam("after"))
    .order_by(GatewayAttempt.id)
    .limit(bindparam("limit"))
)


def begin_attempt(
    tx: Tx,
    *,
    key: str,
    verb: str,
    gateway: str,
    amount: Money,
    subject: str,
    subject_id: int,
    method: str = "",
    identifier: str = "",
    payment_id: int | None = None,
) -> Attempt:
    """Write down that a gateway will be asked; the transaction must end before it is.

    An attempt that is open is new. The same key again gives what came of it, and asks nobody.
    Refuses: Invalid (key, amount), AttemptKeyReused, AttemptInFlight.
    """
    if not 0 < len(key) <= KEY_LETTERS_MAX:
        raise Invalid("key", "is empty or too long")
    if amount.minor <= 0:
        raise Invalid("amount", "is not above zero")
    asked = (verb, gateway, amount.minor, amount.currency, subject, subject_id)
    known = find_attempt(tx, key)
    if known is not None:
        if asked != (
            known.verb, known.gateway, known.amount_minor, known.currency, known.subject, known.subject_id,
        ):  # fmt: skip
            raise AttemptKeyReused(key)
        if known.state == OPEN:
            raise AttemptInFlight(key)
        return known
    attempt = Attempt(
        tx.ids.next("gateway_attempt"), key, verb, gateway, method, amount.minor, amount.currency,
        subject, subject_id, OPEN, "", identifier, {}, payment_id, tx.now, None,
    )  # fmt: skip
    tx.insert(GatewayAttempt, **attempt._asdict())
    after = {"verb": verb, "gateway": gateway, "subject": subject, "subject_id": subject_id}
    tx.note("attempt.begun", "attempt", attempt.id, after=after | {"amount": str(amount)})
    return attempt


def end_attempt(tx: Tx, attempt_id: int, outcome: Outcome) -> Attempt:
    """Keep what the gateway answered. One that was given up for lost takes an answer that came late.

    Refuses: AttemptEnded.
    """
    return _end(tx, attempt_id, DONE, outcome, still={OPEN, ABANDONED})


def abandon_attempt(tx: Tx, attempt_id: int, response: Mapping[str, str]) -> Attempt:
    """Give up an attempt of which the gateway never heard. Refuses: AttemptEnded."""
    return _end(tx, attempt_id, ABANDONED, Outcome(FAIL, "", dict(response)), still={OPEN})


def keep_payment(tx: Tx, attempt_id: int, payment_id: int) -> None:
    """Say which payment transaction an attempt came to."""
    tx.update(GatewayAttempt, attempt_id, payment_id=payment_id)


def find_attempt(tx: Tx, key: str) -> Attempt | None:
    """The attempt under a key, if there was one."""
    row = tx.one(FIND_KEY, key=key)
    return None if row is None else Attempt(*row)


def find_last_attempt(tx: Tx, *, payment_id: int, verb: str) -> Attempt | None:
    """The latest attempt of this kind at a payment: its authorisation knows the card."""
    row = tx.one(LAST_OF_PAYMENT, payment_id=payment_id, verb=verb)
    return None if row is None else Attempt(*row)


def list_open_attempts(tx: Tx, *, after: int = 0, limit: int = 100) -> list[Attempt]:
    """Attempts of which nobody knows yet what came of them, oldest first."""
    return [Attempt(*row) for row in tx.all(LIST_OPEN, after=after, limit=limit)]


def _end(tx: Tx, attempt_id: int, state: str, outcome: Outcome, *, still: set[str]) -> Attempt:
    row = tx.one(LOCK_ATTEMPT[tx.engine], attempt_id=attempt_id)
    assert row is not None, "attempts are never removed"
    attempt = Attempt(*row)
    if attempt.state not in still:
        raise AttemptEnded(attempt_id, attempt.state)
    ended = attempt._replace(
        state=state,
        status=outcome.status,
        identifier=outcome.identifier,
        response=dict(outcome.response),
        ended_at=tx.now,
    )
    tx.update(
        GatewayAttempt,
        attempt_id,
        state=ended.state,
        status=ended.status,
        identifier=ended.identifier,
        response=ended.response,
        ended_at=ended.ended_at,
    )
    after = {"state": state, "status": outcome.status}
    tx.note("attempt.ended", "attempt", attempt_id, before={"state": attempt.state}, after=after)
    return ended
