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
HASH_OF = select(Operator.password_hash).where(Operator.id == bindparam("operator_id"))
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
    limits = _login_limits(email, address)
    refuse_throttled(tx, limits)
    operator_id, password_hash, is_active = _found(tx, email)
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


def login_hash(tx: Tx, *, email: str, address: str = "") -> str | None:
    """What a password must fit, if there is such an operator: to be tried before the login itself.

    Refuses: LoginThrottled.
    """
    email = key_of(email.strip())
    refuse_throttled(tx, _login_limits(email, address))
    return _found(tx, email)[1]


def hash_of(tx: Tx, *, operator_id: int) -> str | None:
    """What the password of somebody who is signed in must fit. Refuses: LoginThrottled."""
    refuse_throttled(tx, _password_limits(operator_id))
    row = tx.one(HASH_OF, operator_id=operator_id)
    return None if row is None else row[0]


def prove_password(tx: Tx, *, operator_id: int, password: str, passwords: Passwords) -> bool:
    """Whether somebody who is signed in knows the password as well; if not, that is counted.

    Refuses: LoginThrottled.
    """
    limits = _password_limits(operator_id)
    if not passwords.fits(password, hash_of(tx, operator_id=operator_id)):
        count_failures(tx, limits)
        tx.note("operator.password_not_proved", "operator", operator_id)
        return False
    forget_failures(tx, limits)
    return True


def forget_failed_logins(tx: Tx) -> int:
    """Remove the counts that slow nobody down any more; says how many."""
    return tx.run(FORGET_OLD, before=tx.machine_now - PAUSE)


def _found(tx: Tx, email: str) -> tuple[int, str | None, bool]:
    """Whom an address speaks of: id, hash, and whether the operator is active."""
    row = None if text_problem(email, SHORT_TEXT_MAX) else tx.one(FIND_LOGIN, email=email)
    return row or (0, None, False)


def _login_limits(email: str, address: str) -> dict[str, int]:
    limits = {_key("email", email): EMAIL_FAILURES_MAX}
    return limits | {_key("address", address): ADDRESS_FAILURES_MAX} if address else limits


def _password_limits(operator_id: int) -> dict[str, int]:
    return {_key("password", str(operator_id)): EMAIL_FAILURES_MAX}


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
