"""The second factor: codes of an authenticator (RFC 6238), each good once, and recovery codes that stand in for it."""

from base64 import b32encode
from datetime import datetime, timedelta
from hmac import compare_digest
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import bindparam, delete, func, or_, select, update

from comptoir.domain.errors import Invalid
from comptoir.domain.identity.errors import FactorNotBegun, FactorOff, FactorOn, OperatorNotFound
from comptoir.domain.identity.logins import count_failures, factor_limits, forget_failures, refuse_throttled
from comptoir.domain.identity.models import Operator, RecoveryCode
from comptoir.domain.identity.queries import get_operator, hash_key
from comptoir.domain.identity.sessions import (
    NewSession,
    SessionRow,
    begin_session,
    end_session_row,
    end_sessions_of,
)
from comptoir.domain.tx import Tx
from comptoir.storage.columns import EPOCH

SECRET_BYTES = 20
DIGITS, STEP_SECONDS = 6, 30
# A clock that is a step ahead or behind is forgiven.
STEPS_OFF = (0, -1, 1)
RECOVERY_CODES, RECOVERY_LETTERS = 10, 10
CODE_MAX = 64

FACTOR = select(Operator.totp_secret, Operator.totp_step, Operator.totp_confirmed_at).where(
    Operator.id == bindparam("operator_id")
)
# Without the secret itself: whose key is lost can still be helped.
STATE = select(Operator.totp_secret.is_not(None), Operator.totp_confirmed_at.is_not(None)).where(
    Operator.id == bindparam("operator_id")
)
USE_STEP = (
    update(Operator)
    .where(
        Operator.id == bindparam("operator_key"),
        or_(Operator.totp_step.is_(None), Operator.totp_step < bindparam("step")),
    )
    .values(totp_step=bindparam("step"))
)
USE_CODE = (
    update(RecoveryCode)
    .where(
        RecoveryCode.operator_id == bindparam("operator_key"),
        RecoveryCode.code_hash == bindparam("hashed"),
        RecoveryCode.used_at.is_(None),
    )
    .values(used_at=bindparam("now"))
)
FORGET_CODES = delete(RecoveryCode).where(RecoveryCode.operator_id == bindparam("operator_id"))
CODES_LEFT = (
    select(func.count())
    .select_from(RecoveryCode)
    .where(RecoveryCode.operator_id == bindparam("operator_id"), RecoveryCode.used_at.is_(None))
)


class NewFactor(NamedTuple):
    """An authenticator's secret, shown until it is confirmed: as letters, and as the address that a picture holds."""

    secret: str
    uri: str


class FactorState(NamedTuple):
    """Whether an operator is asked for a second factor, and how many recovery codes are left."""

    is_on: bool
    codes_left: int


class _Kept(NamedTuple):
    """What is kept of an operator's authenticator."""

    totp_secret: str | None
    totp_step: int | None
    totp_confirmed_at: datetime | None


def _kept(tx: Tx, operator_id: int) -> _Kept:
    """Refuses: OperatorNotFound."""
    row = tx.one(FACTOR, operator_id=operator_id)
    if row is None:
        raise OperatorNotFound(operator_id)
    return _Kept(*row)


def _state(tx: Tx, operator_id: int) -> tuple[bool, bool]:
    """Whether there is a secret, and whether it is asked for. Refuses: OperatorNotFound."""
    row = tx.one(STATE, operator_id=operator_id)
    if row is None:
        raise OperatorNotFound(operator_id)
    return bool(row[0]), bool(row[1])


def get_factor(tx: Tx, operator_id: int) -> FactorState:
    """What an operator's second factor is like. Refuses: OperatorNotFound."""
    _, is_on = _state(tx, operator_id)
    return FactorState(is_on, tx.value(CODES_LEFT, operator_id=operator_id))


def begin_totp(tx: Tx, *, operator_id: int) -> NewFactor:
    """Give an operator a new secret for an authenticator, which counts once a code confirms it.

    Refuses: OperatorNotFound, FactorOn.
    """
    operator = get_operator(tx, operator_id)
    if get_factor(tx, operator_id).is_on:
        raise FactorOn("the second factor is on already; take it off first")
    key = bytes.fromhex(tx.ids.secret(SECRET_BYTES))
    tx.update(Operator, operator_id, totp_secret=key.hex(), totp_step=None, totp_confirmed_at=None)
    tx.note("operator.factor_begun", "operator", operator_id)
    return _shown(tx, key, operator.email)


def find_begun_totp(tx: Tx, operator_id: int) -> NewFactor | None:
    """The secret that waits to be confirmed, if there is one. Refuses: OperatorNotFound."""
    operator = get_operator(tx, operator_id)
    row = _kept(tx, operator_id)
    if row.totp_secret is None or row.totp_confirmed_at is not None:
        return None
    return _shown(tx, bytes.fromhex(row.totp_secret), operator.email)


def confirm_totp(
    tx: Tx, *, operator_id: int, code: str, secret: bytes, kept_session_id: int | None = None
) -> list[str]:
    """Ask for the second factor from now on, and give the recovery codes, which are shown now and never again.

    Other sessions end. Refuses: OperatorNotFound, FactorOn, FactorNotBegun, Invalid (code).
    """
    row = _kept(tx, operator_id)
    if row.totp_confirmed_at is not None:
        raise FactorOn("the second factor is on already")
    if row.totp_secret is None:
        raise FactorNotBegun("there is no secret to confirm: begin anew")
    if not _fits_totp(tx, operator_id, row.totp_secret, code):
        raise Invalid("code", "is not the one that the authenticator shows now")
    tx.update(Operator, operator_id, totp_confirmed_at=tx.machine_now)
    tx.note("operator.factor_on", "operator", operator_id)
    end_sessions_of(tx, operator_id=operator_id, kept_id=kept_session_id)
    return _give_codes(tx, operator_id, secret)


def renew_recovery_codes(tx: Tx, *, operator_id: int, secret: bytes) -> list[str]:
    """Give other recovery codes in the place of all that were given. Refuses: OperatorNotFound, FactorOff."""
    if not get_factor(tx, operator_id).is_on:
        raise FactorOff("the second factor is off, so there is nothing to recover from")
    tx.note("operator.recovery_codes_renewed", "operator", operator_id)
    return _give_codes(tx, operator_id, secret)


def remove_totp(tx: Tx, *, operator_id: int) -> None:
    """Ask for the password alone again; the recovery codes go. Refuses: OperatorNotFound, FactorOff."""
    has_secret, _ = _state(tx, operator_id)
    if not has_secret:
        raise FactorOff("the second factor is off already")
    tx.update(Operator, operator_id, totp_secret=None, totp_step=None, totp_confirmed_at=None)
    tx.run(FORGET_CODES, operator_id=operator_id)
    tx.note("operator.factor_off", "operator", operator_id)


def enter(
    tx: Tx, who: SessionRow, *, code: str, secret: bytes, address: str = "", agent: str = ""
) -> NewSession | None:
    """Go on with the second factor, under another key; None when the code does not fit, which is counted.

    A recovery code does as well, once. Refuses: LoginThrottled.
    """
    limits = factor_limits(who.operator_id)
    refuse_throttled(tx, limits)
    if not _fits(tx, who.operator_id, code, secret):
        count_failures(tx, limits)
        tx.note("operator.factor_failed", "operator", who.operator_id)
        return None
    forget_failures(tx, limits)
    end_session_row(tx, who.id)
    return begin_session(
        tx,
        operator_id=who.operator_id,
        secret=secret,
        address=address,
        agent=agent,
        factor_given=True,
    )


def _fits(tx: Tx, operator_id: int, code: str, secret: bytes) -> bool:
    """Whether a code is the authenticator's, or a recovery code; it is used up by this."""
    row = _kept(tx, operator_id)
    if row.totp_secret is None or row.totp_confirmed_at is None:
        return False
    return _fits_totp(tx, operator_id, row.totp_secret, code) or _fits_recovery(tx, operator_id, code, secret)


def _fits_totp(tx: Tx, operator_id: int, totp_secret: str, code: str) -> bool:
    given = "".join(code[:CODE_MAX].split())
    if len(given) != DIGITS or not (given.isascii() and given.isdigit()):
        return False
    made = _totp(bytes.fromhex(totp_secret))
    step = (tx.machine_now - EPOCH) // timedelta(seconds=STEP_SECONDS)
    for off in STEPS_OFF:
        fitting = made.generate((step + off) * STEP_SECONDS)
        if compare_digest(fitting, given.encode()):
            # Of two at the same moment only one moves the step on.
            return tx.run(USE_STEP, operator_key=operator_id, step=step + off) == 1
    return False


def _fits_recovery(tx: Tx, operator_id: int, code: str, secret: bytes) -> bool:
    given = "".join(letter for letter in code[:CODE_MAX].upper() if letter.isalnum())
    hashed = _hashed(operator_id, given, secret)
    if not tx.run(USE_CODE, operator_key=operator_id, hashed=hashed, now=tx.machine_now):
        return False
    left = tx.value(CODES_LEFT, operator_id=operator_id)
    tx.note("operator.recovery_code_used", "operator", operator_id, after={"codes_left": left})
    return True


def _give_codes(tx: Tx, operator_id: int, secret: bytes) -> list[str]:
    tx.run(FORGET_CODES, operator_id=operator_id)
    codes = [tx.ids.text(RECOVERY_LETTERS) for _ in range(RECOVERY_CODES)]
    rows: list[dict[str, Any]] = [
        {"operator_id": operator_id, "code_hash": _hashed(operator_id, code, secret), "used_at": None}
        for code in codes
    ]
    tx.insert_many(RecoveryCode, rows)
    half = RECOVERY_LETTERS // 2
    return [f"{code[:half]}-{code[half:]}" for code in codes]


def _hashed(operator_id: int, code: str, secret: bytes) -> str:
    return hash_key(f"recovery:{operator_id}:{code}", secret)


def _totp(key: bytes) -> TOTP:
    return TOTP(key, DIGITS, SHA1(), STEP_SECONDS)  # noqa: S303 - what every authenticator takes (RFC 6238)


def _shown(tx: Tx, key: bytes, email: str) -> NewFactor:
    # A colon would part the label elsewhere, and not every authenticator reads a plus as a blank.
    issuer = tx.shop.name.replace(":", " ").strip() or "comptoir"
    uri = _totp(key).get_provisioning_uri(email, issuer).replace("+", "%20")
    return NewFactor(b32encode(key).decode(), uri)
