"""Limits of one account, narrower than those of its product and of the program, for a while or for good."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, delete, select

from comptoir.domain.banking.accounts.errors import LimitRefused
from comptoir.domain.banking.accounts.queries import take_bank_account
from comptoir.domain.banking.program.models import OF_ACCOUNT, OF_PRODUCT, OF_PROGRAM, LimitRange
from comptoir.domain.banking.program.queries import PROGRAM_ID, Range, limits_of
from comptoir.domain.tx import Tx

LIMIT_NAMES = (
    "balance", "per_transaction_deposit", "per_transaction_withdraw", "daily_deposit", "daily_withdraw",
    "monthly_deposit", "monthly_withdraw",
)  # fmt: skip
LIMITS_MAX = 16
# The program's limits that bound an account's: what one customer may do bounds what they may do with one account.
PROGRAM_NAMES = {
    "per_transaction_deposit": "per_transaction_deposit", "per_transaction_withdraw": "per_transaction_withdraw",
    "daily_deposit": "user_daily_deposit", "daily_withdraw": "user_daily_withdraw",
    "monthly_deposit": "user_monthly_deposit", "monthly_withdraw": "user_monthly_withdraw",
}  # fmt: skip


class AccountLimit(NamedTuple):
    """The least and the most of something on one account, within a time."""

    name: str
    minimum_minor: int | None
    maximum_minor: int | None
    effective_at: datetime | None = None
    expires_at: datetime | None = None
    id: int = 0


_COLUMNS = (
    LimitRange.name, LimitRange.minimum_minor, LimitRange.maximum_minor, LimitRange.effective_at,
    LimitRange.expires_at, LimitRange.id,
)  # fmt: skip
OF_ONE = (
    select(*_COLUMNS)
    .where(LimitRange.scope == OF_ACCOUNT, LimitRange.scope_id == bindparam("account_id"))
    .order_by(LimitRange.id)
)
DROP = delete(LimitRange).where(LimitRange.id == bindparam("id"))


def set_limits(tx: Tx, *, account_id: int, limits: Sequence[AccountLimit]) -> list[AccountLimit]:
    """Set limits of an account; each takes the place of those of its name within the same time.

    Refuses: BankAccountNotFound, LimitRefused (by kind: none, many, dates, range, product, program).
    """
    account = take_bank_account(tx, account_id)
    if not limits:
        raise LimitRefused("none", "at least one limit is required")
    if len(limits) > LIMITS_MAX:
        raise LimitRefused("many", f"at most {LIMITS_MAX} limits may be set at once")
    of_product, of_program = (
        limits_of(tx, OF_PRODUCT, account.product_id),
        limits_of(tx, OF_PROGRAM, PROGRAM_ID),
    )
    for limit in limits:
        _refuse_unfit(tx, limit)
        if _is_above(limit, of_product.get(limit.name)):
            raise LimitRefused("product", f"the limit {limit.name} is above that of the product")
        if _is_above(limit, of_program.get(PROGRAM_NAMES.get(limit.name, ""))):
            raise LimitRefused("program", f"the limit {limit.name} is above that of the program")
    for limit in limits:
        _replace(tx, account_id, limit)
    names = sorted({limit.name for limit in limits})
    tx.note("account_limits.set", "bank_account", account_id, after={"names": names})
    return list_limits(tx, account_id)


def list_limits(tx: Tx, account_id: int) -> list[AccountLimit]:
    """The limits of an account, those of the past and of the future too."""
    return [AccountLimit(*row) for row in tx.all(OF_ONE, account_id=account_id)]


def drop_limits(tx: Tx, *, account_id: int, limit_ids: Sequence[int], names: Sequence[str] = ()) -> int:
    """Drop the limits with these ids or names; gives how many there were. Refuses: BankAccountNotFound."""
    take_bank_account(tx, account_id)
    dropped = [one for one in list_limits(tx, account_id) if one.id in limit_ids or one.name in names]
    tx.run_many(DROP, [{"id": one.id} for one in dropped])
    if dropped:
        gone = sorted({one.name for one in dropped})
        tx.note("account_limits.dropped", "bank_account", account_id, before={"names": gone})
    return len(dropped)


def _refuse_unfit(tx: Tx, limit: AccountLimit) -> None:
    since, until = limit.effective_at, limit.expires_at
    if until is not None and (until <= tx.now or (since is not None and until <= since)):
        raise LimitRefused("dates", "a limit must expire in the future, and after it takes effect")
    least, most = limit.minimum_minor, limit.maximum_minor
    if least is None and most is None:
        raise LimitRefused("range", f"the limit {limit.name} needs a minimum or a maximum")
    if (least or 0) < 0 or (most is not None and most < (least or 0)):
        raise LimitRefused("range", f"the maximum of {limit.name} is below its minimum, or either below zero")


def _is_above(limit: AccountLimit, bound: Range | None) -> bool:
    most = None if bound is None else bound.maximum_minor
    return most is not None and max(limit.maximum_minor or 0, limit.minimum_minor or 0) > most


def _replace(tx: Tx, account_id: int, limit: AccountLimit) -> None:
    for one in list_limits(tx, account_id):
        if one.name == limit.name and _overlaps(one, limit):
            tx.run(DROP, id=one.id)
    tx.insert(
        LimitRange,
        id=tx.ids.next("limit_range"),
        scope=OF_ACCOUNT,
        scope_id=account_id,
        name=limit.name,
        minimum_minor=limit.minimum_minor,
        maximum_minor=limit.maximum_minor,
        effective_at=limit.effective_at,
        expires_at=limit.expires_at,
    )


def _overlaps(one: AccountLimit, other: AccountLimit) -> bool:
    return _begins_before(one, other) and _begins_before(other, one)


def _begins_before(one: AccountLimit, other: AccountLimit) -> bool:
    """Whether the one takes effect before the other expires."""
    return one.effective_at is None or other.expires_at is None or one.effective_at < other.expires_at
