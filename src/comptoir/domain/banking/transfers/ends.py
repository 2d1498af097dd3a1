"""What a transfer comes from and goes to: a deposit account, the program's own account, or one at another bank."""

from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, literal_column, select

from comptoir.domain.banking.accounts.models import (
    AUTHSIGNER,
    CLOSED,
    CREDITS_ONLY,
    FULL,
    OPEN,
    UNLOCKED,
    AccountAccess,
    BankAccount,
)
from comptoir.domain.banking.external.models import ExternalAccount
from comptoir.domain.banking.program.models import PROGRAM_ACCOUNT_TYPES, BankProduct, ProgramAccount
from comptoir.domain.ledger.models import Account
from comptoir.domain.tx import Tx
from comptoir.storage.columns import WholeNumber

MAY_MOVE = frozenset({FULL, AUTHSIGNER})
FROZEN = "FRZ"
OTHER_TUPLE = "MSC"


class Kind(StrEnum):
    """Which of the three an id names."""

    ACCOUNT = "account"
    PROGRAM = "program"
    EXTERNAL = "external"


class End(NamedTuple):
    """One end of a transfer, seen by one customer; `access` is what that customer may do with it."""

    id: int
    kind: Kind
    status: str
    owner_id: int | None = None
    lock: str = ""
    access: str = FULL
    product_id: int | None = None
    tuple_code: str = ""
    may_leave: bool = True
    withdrawals_max: int | None = None
    withdrawals_free: int | None = None
    is_immediate: bool = False
    ledger_kind: str = ""

    @property
    def is_inside(self) -> bool:
        """Whether it is one of this bank's accounts."""
        return self.kind != Kind.EXTERNAL

    @property
    def is_account(self) -> bool:
        """Whether it is a customer's account here."""
        return self.kind == Kind.ACCOUNT

    @property
    def may_move(self) -> bool:
        """Whether the customer may move money on it."""
        return self.access in MAY_MOVE

    @property
    def takes_only(self) -> bool:
        """Whether it is locked in such a way that money may still come."""
        return self.lock == CREDITS_ONLY


def _end_at(place: int) -> Select[Any]:
    """One end as it is asked for: its id, and the customer who looks."""
    return select(
        literal_column(str(place)).label("place"),
        bindparam(f"end_id_{place}", type_=WholeNumber).label("id"),
        bindparam(f"customer_id_{place}", type_=WholeNumber).label("customer_id"),
    )


_wanted = _end_at(0).union_all(_end_at(1)).subquery("wanted")
FIND = (
    select(
        BankAccount.account_id, BankAccount.customer_id, BankAccount.status, BankAccount.lock_type,
        BankAccount.lock_reason, BankAccount.product_id, AccountAccess.access_type,
        BankProduct.is_external_withdraw_enabled, BankProduct.reg_d_count_max, BankProduct.reg_d_count_free,
        BankProduct.is_immediate_load_enabled,
        ProgramAccount.account_id, ProgramAccount.type, ProgramAccount.is_active,
        ExternalAccount.id, ExternalAccount.customer_id, ExternalAccount.status, ExternalAccount.is_locked,
        ExternalAccount.locked_reason, Account.kind,
    )
    .select_from(_wanted)
    .outerjoin(Account, Account.id == _wanted.c.id)
    .outerjoin(BankAccount, BankAccount.account_id == _wanted.c.id)
    .outerjoin(
        AccountAccess,
        and_(
            AccountAccess.account_id == BankAccount.account_id,
            AccountAccess.customer_id == _wanted.c.customer_id,
        ),
    )
    .outerjoin(BankProduct, BankProduct.id == BankAccount.product_id)
    .outerjoin(ProgramAccount, ProgramAccount.account_id == _wanted.c.id)
    .outerjoin(ExternalAccount, ExternalAccount.id == _wanted.c.id)
    .order_by(_wanted.c.place)
)  # fmt: skip
ACCESS = select(AccountAccess.access_type).where(
    AccountAccess.account_id == bindparam("account_id"),
    AccountAccess.customer_id == bindparam("customer_id"),
)


class _Found(NamedTuple):
    account_id: int | None
    owner_id: int
    status: str
    lock_type: str
    lock_reason: str
    product_id: int
    access: str | None
    may_leave: bool
    withdrawals_max: int | None
    withdrawals_free: int | None
    is_immediate: bool
    program_id: int | None
    program_type: str
    is_active: bool
    external_id: int | None
    external_owner_id: int
    external_status: str
    is_locked: bool
    locked_reason: str
    ledger_kind: str | None


class Wanted(NamedTuple):
    """An end that is looked for, and the customer whose it is to be."""

    end_id: int
    customer_id: int


def find_ends(tx: Tx, source: Wanted, target: Wanted) -> tuple[End | None, End | None]:
    """What two ids name; None where there is nothing of that id, or nothing of that customer's."""
    rows = tx.all(
        FIND,
        end_id_0=source.end_id, customer_id_0=source.customer_id,
        end_id_1=target.end_id, customer_id_1=target.customer_id,
    )  # fmt: skip
    here, there = (_Found(*row) for row in rows)
    return _end(here, source.customer_id), _end(there, target.customer_id)


def _end(found: _Found, customer_id: int) -> End | None:
    if found.account_id is not None:
        return None if found.access is None else _account(found, found.account_id, found.access)
    if found.program_id is not None:
        return _program(found, found.program_id)
    if found.external_id is None or found.external_owner_id != customer_id:
        return None
    return _external(found, found.external_id)


def may_withdraw(tx: Tx, account_id: int, customer_id: int) -> bool:
    """Whether somebody who asks for another may take from an account; what businesses entitle to is access."""
    return tx.value(ACCESS, account_id=account_id, customer_id=customer_id) in MAY_MOVE


def _account(found: _Found, account_id: int, access: str) -> End:
    return End(
        id=account_id,
        kind=Kind.ACCOUNT,
        owner_id=found.owner_id,
        status=found.status,
        lock="" if found.lock_type == UNLOCKED else found.lock_reason,
        access=access,
        product_id=found.product_id,
        may_leave=bool(found.may_leave),
        withdrawals_max=found.withdrawals_max,
        withdrawals_free=found.withdrawals_free,
        is_immediate=bool(found.is_immediate),
        ledger_kind=found.ledger_kind or "",
    )


def _program(found: _Found, account_id: int) -> End:
    return End(
        id=account_id,
        kind=Kind.PROGRAM,
        status=OPEN if found.is_active else CLOSED,
        tuple_code=PROGRAM_ACCOUNT_TYPES.get(found.program_type, OTHER_TUPLE),
        ledger_kind=found.ledger_kind or "",
    )


def _external(found: _Found, account_id: int) -> End:
    return End(
        id=account_id,
        kind=Kind.EXTERNAL,
        owner_id=found.external_owner_id,
        status=found.external_status,
        lock=(found.locked_reason or "ADM") if found.is_locked else "",
    )
