"""Locking accounts, and holding some of the money on them (reference 3.4.6)."""

from datetime import date, datetime

from sqlalchemy import and_, bindparam, select

from comptoir.domain.banking.accounts.errors import (
    HoldMissing,
    HoldRefused,
    LockRefused,
    UnlockRefused,
)
from comptoir.domain.banking.accounts.models import (
    FULL,
    LOCK_REASONS,
    LOCKED_BY_CUSTOMER,
    LOCKED_BY_SYSTEM,
    NONE,
    UNLOCKED,
    BankHold,
)
from comptoir.domain.banking.accounts.queries import (
    BankAccountRow,
    access_of,
    find_bank_account,
    require_access,
    take_bank_account,
)
from comptoir.domain.banking.accounts.writing import change_account
from comptoir.domain.banking.customers.queries import require_customer
from comptoir.domain.banking.files.bank_days import bank_today
from comptoir.domain.banking.program.models import CHECKING, SAVINGS
from comptoir.domain.banking.program.queries import get_product, get_program
from comptoir.domain.ledger.holds import place_hold, release_hold
from comptoir.domain.ledger.models import ACTIVE, Hold
from comptoir.domain.tx import Tx

BANK_HOLD = "bank_hold"
FRAUD = "FRD"
LOCK_TYPES = (LOCKED_BY_CUSTOMER, LOCKED_BY_SYSTEM)
HOLD_OF = (
    select(BankHold.hold_id)
    .join(Hold, and_(Hold.id == BankHold.hold_id, Hold.state == ACTIVE))
    .where(BankHold.account_id == bindparam("account_id"))
)


def lock_account(
    tx: Tx, *, customer_id: int, account_id: int, lock_type: str | None, lock_reason: str | None
) -> None:
    """Lock an account: nothing moves on it any more, but for credits where the reason is CO.

    Refuses: CustomerNotFound, CustomerDeceased, CustomerInactive, CustomerLocked, LockRefused (by kind: type,
    reason_missing, reason_unknown), BankAccountNotFound, LockRefused (privilege, status, system, fraud).
    """
    require_customer(tx, customer_id, is_verified=False)
    kind = (lock_type or "").strip().upper()
    reason = (lock_reason or "").strip().upper()
    if kind not in LOCK_TYPES:
        raise LockRefused("type", f"lockTypeCode must be {' or '.join(LOCK_TYPES)}")
    if not reason:
        raise LockRefused("reason_missing", "lockReasonTypeCode is required")
    if reason not in LOCK_REASONS:
        raise LockRefused("reason_unknown", f"lockReasonTypeCode must be one of {', '.join(LOCK_REASONS)}")
    account = take_bank_account(tx, account_id)
    if access_of(tx, account_id, customer_id) != FULL:
        raise LockRefused("privilege", "the customer may not lock this account")
    if not account.is_open:
        raise LockRefused("status", f"an account that is {account.status} cannot be locked")
    if account.lock_type == LOCKED_BY_SYSTEM:
        raise LockRefused("system", "the account is locked by the system")
    if account.lock_type == LOCKED_BY_CUSTOMER and account.lock_reason == FRAUD:
        raise LockRefused("fraud", "the account is under fraud investigation")
    _write_lock(tx, account, kind, reason)


def unlock_account(tx: Tx, *, customer_id: int, account_id: int) -> None:
    """Unlock what a customer locked, unless for fraud; what is not locked stays as it is.

    Refuses: CustomerNotFound, CustomerDeceased, CustomerInactive, CustomerLocked, BankAccountNotFound,
    AccessMissing, UnlockRefused (by kind: system, fraud).
    """
    require_customer(tx, customer_id, is_verified=False)
    account = take_bank_account(tx, account_id)
    require_access(tx, account_id, customer_id, FULL)
    if account.lock_type == LOCKED_BY_SYSTEM:
        raise UnlockRefused("system", "the account is locked by an administrator or a process")
    if account.lock_type == LOCKED_BY_CUSTOMER and account.lock_reason == FRAUD:
        raise UnlockRefused("fraud", "the account is locked for a fraud investigation")
    if account.is_locked:
        _write_lock(tx, account, UNLOCKED, "")


def hold_account(
    tx: Tx,
    *,
    customer_id: int,
    account_id: int,
    amount_minor: int,
    description: str = "",
    expires_on: date | None = None,
) -> int:
    """Hold money of an account, until a day begins or until it is released, and give the hold's id.

    Refuses: CustomerNotFound, CustomerDeceased, CustomerInactive, CustomerLocked, HoldRefused (by kind:
    account, type, amount, expiry, pending), InsufficientFunds.
    """
    account = _holdable(tx, customer_id, account_id)
    if amount_minor <= 0:
        raise HoldRefused("amount", "holdAmount must be above zero")
    expires_at = _midnight(tx, expires_on)
    if tx.value(HOLD_OF, account_id=account_id) is not None:
        raise HoldRefused("pending", "a hold is pending on the account already")
    hold_id = place_hold(
        tx,
        account_id=account_id,
        amount_minor=amount_minor,
        subject=BANK_HOLD,
        subject_id=account_id,
        expires_at=expires_at,
    )
    tx.insert(BankHold, hold_id=hold_id, account_id=account.account_id, description=description)
    after = {"hold_id": hold_id, "amount_minor": amount_minor}
    tx.note("bank_account.held", "bank_account", account_id, after=after)
    return hold_id


def release_account(tx: Tx, *, customer_id: int, account_id: int) -> int:
    """Release the hold of an account, and give its id.

    Refuses: CustomerNotFound, CustomerDeceased, CustomerInactive, CustomerLocked, HoldRefused (by kind:
    account, type), HoldMissing.
    """
    _holdable(tx, customer_id, account_id)
    hold_id: int | None = tx.value(HOLD_OF, account_id=account_id)
    if hold_id is None:
        raise HoldMissing(account_id)
    release_hold(tx, hold_id=hold_id)
    tx.note("bank_account.freed", "bank_account", account_id, before={"hold_id": hold_id})
    return hold_id


def _holdable(tx: Tx, customer_id: int, account_id: int) -> BankAccountRow:
    """An account on which money can be held; nobody else holds any meanwhile."""
    require_customer(tx, customer_id, is_verified=False)
    found = find_bank_account(tx, account_id)
    if found is None or found.is_closed or access_of(tx, account_id, customer_id) == NONE:
        raise HoldRefused("account", f"account id {account_id} is invalid")
    account = take_bank_account(tx, account_id)
    require_access(tx, account_id, customer_id, FULL)
    if get_product(tx, account.product_id).category not in {CHECKING, SAVINGS}:
        raise HoldRefused("type", "money is held on checking and savings accounts only")
    return account


def _midnight(tx: Tx, expires_on: date | None) -> datetime | None:
    """When a day begins at the bank. Refuses: HoldRefused, for one that has."""
    if expires_on is None:
        return None
    program = get_program(tx)
    if expires_on <= bank_today(tx, program):
        raise HoldRefused("expiry", "expirationDate must be in the future")
    return datetime(expires_on.year, expires_on.month, expires_on.day, tzinfo=program.zone)


def _write_lock(tx: Tx, account: BankAccountRow, kind: str, reason: str) -> None:
    change_account(
        tx,
        account.account_id,
        lock_type=kind,
        lock_reason=reason,
        locked_at=None if kind == UNLOCKED else tx.now,
    )
    before = {"lock_type": account.lock_type, "lock_reason": account.lock_reason}
    after = {"lock_type": kind, "lock_reason": reason}
    word = "unlocked" if kind == UNLOCKED else "locked"
    tx.note(f"bank_account.{word}", "bank_account", account.account_id, before=before, after=after)
