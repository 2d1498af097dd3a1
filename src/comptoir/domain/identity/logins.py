"""Logging in with a password, slowed down when it fails too often, on the machine's time."""

from datetime import timedelta
from hashlib import blake2b
from typing import Any

from sqlalchemy import bindparam, case, delete, select
from sqlalchemy.dialects import postgresql, sqlite

from comptoir.domain.identity.errors import LoginThrottled
from comptoir.domain.identity.models import LoginAttempt, Operator
from comptoir.domain.identity.passwords import SALT_BYTES, Passwords
from comptoir.domain.identity.queries import OperatorRow, get_operator
from comptoir.domain.identity.texts import SHORT_TEXT_MAX, text_problem
from comptoir.domain.names import key_of
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

EMAIL_FAILURES_MAX = 5
ADDRESS_FAILURES_MAX = 50
FACTOR_FAILURES_MAX = 5
PAUSE = timedelta(minutes=15)

FIND_LOGIN = select(Operator.id, Operator.password_hash, Operator.is_active).where(
    Operator.email == bindparam("email")
)
FAILURES = select(LoginAttempt.key, LoginAttempt.failures, LoginAttempt.last_failed_at).where(
    among(LoginAttempt.key, "keys")
)
FORGET = delete(LoginAttempt).where(LoginAttempt.key == bindparam("key"))
FORGET_OLD = delete(LoginAttempt).where(LoginAttempt.last_failed_at <= bindparam("before"))


def _count_failure(dialect: Any) -> Any:
    insert = dialect.insert(LoginAttempt).values(
        key=bindparam("key"), failures=1, last_failed_at=bindparam("last_failed_at")
    )
    # A failure after the pause begins a new row of failures.
    fresh = LoginAttempt.last_failed_at <= bindparam(
        "before", type_=LoginAttempt.__table__.c.last_failed_at.type
    )
    return insert.on_conflict_do_update(
        index_elements=[LoginAttempt.key],
        set_={
            "failures": case((fresh, 1), else_=LoginAttempt.failures + 1),
            "last_failed_at": insert.excluded.last_failed_at,
        },
    )


COUNT_FAILURE = {"sqlite": _count_failure(sqlite), "postgres": _count_failure(postgresql)}


def login(
    tx: Tx, *, email: str, password: str, passwords: Passwords, address: str = ""
) -> OperatorRow | None:
    """The operator whom e-mail address and password fit, or None, which is counted.

    A login that does not fit is an answer, not a refusal: a refusal would undo the count. An unknown
    address takes as long as a known one and is slowed down in the same way. Refuses: LoginThrottled.
    """
    email = key_of(email.strip())
    limits = {_key("email", email): EMAIL_FAILURES_MAX}
    if address:
        limits[_key("address", address)] = ADDRESS_FAILURES_MAX
    refuse_throttled(tx, limits)
    row = None if text_problem(email, SHORT_TEXT_MAX) else tx.one(FIND_LOGIN, email=email)
    operator_id, password_hash, is_active = row or (0, None, False)
    fits = passwords.fits(password, password_hash)
    if not fits or password_hash is None or not is_active:
        count_failures(tx, limits)
        if operator_id:
            tx.note("operator.login_failed", "operator", operator_id)
        return None
    tx.run(FORGET, key=_key("email", email))
    if passwords.is_outdated(password_hash):
        salt = bytes.fromhex(tx.ids.secret(SALT_BYTES))
        tx.update(Operator, operator_id, password_hash=passwords.hash(password, salt=salt))
    tx.note("operator.logged_in", "operator", operator_id)
    return get_operator(tx, operator_id)


def forget_failed_logins(tx: Tx) -> int:
    """Remove the counts that slow nobody down any more; says how many."""
    return tx.run(FORGET_OLD, before=tx.machine_now - PAUSE)


def factor_limits(operator_id: int) -> dict[str, int]:
    """How often an operator's second factor may fail, by what is counted."""
    return {_key("factor", str(operator_id)): FACTOR_FAILURES_MAX}


def refuse_throttled(tx: Tx, limits: dict[str, int]) -> None:
    """Refuses: LoginThrottled, when one of these has failed too often of late."""
    for key, failures, last_failed_at in tx.all(FAILURES, keys=list(limits)):
        if failures >= limits[key] and last_failed_at + PAUSE > tx.machine_now:
            raise LoginThrottled(last_failed_at + PAUSE)


def count_failures(tx: Tx, limits: dict[str, int]) -> None:
    """Count a failure of each of these."""
    for key in sorted(limits):
        tx.run(
            COUNT_FAILURE[tx.engine], key=key, last_failed_at=tx.machine_now, before=tx.machine_now - PAUSE
        )


def forget_failures(tx: Tx, limits: dict[str, int]) -> None:
    """Forget what failed before: it went well now."""
    for key in sorted(limits):
        tx.run(FORGET, key=key)


def _key(kind: str, value: str) -> str:
    """What is counted under: a digest, since what was typed may be anything, even a password."""
    return f"{kind}:{blake2b(value.encode('utf-8', 'surrogatepass'), digest_size=16).hexdigest()}"
