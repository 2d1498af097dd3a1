"""Finding deposit accounts, and what a customer may do with them."""

from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.banking.accounts.errors import (
    AccessMissing,
    AccountLocked,
    AccountNotOpen,
    BankAccountNotFound,
)
from comptoir.domain.banking.accounts.models import (
    AUTHSIGNER,
    CLOSED,
    CREDITS_ONLY,
    DORMANT,
    FULL,
    NONE,
    OPEN,
    RDONLY,
    UNLOCKED,
    AccountAccess,
    BankAccount,
)
from comptoir.domain.ledger.models import Account
from comptoir.domain.ledger.standing import Standing
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

# What each access includes: of those with the higher number, all that the lower ones do.
ACCESS_RANKS = {NONE: 0, RDONLY: 1, AUTHSIGNER: 2, FULL: 3}


class BankAccountRow(NamedTuple):
    """A deposit account with its balances, its number in clear: mind whom it is shown to."""

    account_id: int
    customer_id: int
    product_id: int
    tag: str | None
    name: str
    type: str
    status: str
    account_number: str
    category: str
    sub_category: str
    legal_name1: str
    legal_name2: str
    miscellaneous: str
    external_program_tag: str
    custom1: str
    custom2: str
    custom3: str
    custom4: str
    custom5: str
    is_closeable: bool
    is_primary: bool
    lock_type: str
    lock_reason: str
    locked_at: datetime | None
    target_minor: int | None
    target_on: date | None
    target_met_at: datetime | None
    contribution_type: str
    contribution_minor: int | None
    contribution_external_account_id: int | None
    contribution_starts_on: date | None
    contribution_ends_on: date | None
    minimum_balance_minor: int
    accrued_e8: int
    accrued_through: date | None
    interest_paid_on: date | None
    closed_at: datetime | None
    closed_reason: str
    closed_notes: str
    closed_minor: int | None
    closed_transaction_id: int | None
    created_at: datetime
    updated_at: datetime
    standing: Standing

    @property
    def is_closed(self) -> bool:
        """Whether it has come to its end."""
        return self.status == CLOSED

    @property
    def is_open(self) -> bool:
        """Whether money may move on it; one that has slept wakes by that."""
        return self.status in {OPEN, DORMANT}

    @property
    def is_locked(self) -> bool:
        """Whether somebody locked it, wholly or but for credits."""
        return self.lock_type != UNLOCKED

    @property
    def balance_minor(self) -> int:
        """All that is settled, also what is held: the accountBalance."""
        return self.standing.balance_minor

    @property
    def available_minor(self) -> int:
        """What may be withdrawn now."""
        return self.standing.available_minor

    @property
    def pending_minor(self) -> int:
        """Deposits that are announced and have not settled."""
        return self.standing.pending_in_minor


class AccessRow(NamedTuple):
    """What one customer may do with one account; the lowest priority is the owner's."""

    account_id: int
    customer_id: int
    access_type: str
    priority: int


_OWN = BankAccountRow._fields[:-1]
_PLACES = len(_OWN)
ACCOUNTS = select(
    *(getattr(BankAccount, name) for name in _OWN), *(getattr(Account, name) for name in Standing._fields)
).join(Account, Account.id == BankAccount.account_id)
GET = ACCOUNTS.where(BankAccount.account_id == bindparam("account_id"))
TAKE: dict[str, Any] = {"sqlite": GET, "postgres": GET.with_for_update(of=BankAccount, key_share=True)}
BY_NUMBER = ACCOUNTS.where(BankAccount.account_number == bindparam("account_number"))
_SHARED = ACCOUNTS.join(AccountAccess, AccountAccess.account_id == BankAccount.account_id).where(
    AccountAccess.customer_id == bindparam("customer_id"), AccountAccess.access_type != NONE
)
OF_CUSTOMER = _SHARED.order_by(BankAccount.account_id)
OF_CUSTOMERS = (
    ACCOUNTS.where(among(BankAccount.customer_id, "customer_ids"))
    .order_by(BankAccount.customer_id, BankAccount.account_id)
)  # fmt: skip
BY_TAG = _SHARED.where(BankAccount.tag == bindparam("tag"))
TAG_TAKEN = select(BankAccount.account_id).where(BankAccount.tag == bindparam("tag"))
_ACCESS = select(
    AccountAccess.account_id, AccountAccess.customer_id, AccountAccess.access_type, AccountAccess.priority
)
ACCESS = _ACCESS.where(
    AccountAccess.account_id == bindparam("account_id"), AccountAccess.customer_id == bindparam("customer_id")
)
HOLDERS = _ACCESS.where(
    AccountAccess.account_id == bindparam("account_id"), AccountAccess.access_type != NONE
).order_by(AccountAccess.priority, AccountAccess.customer_id)
HOLDERS_AMONG = _ACCESS.where(
    among(AccountAccess.account_id, "account_ids"), AccountAccess.access_type != NONE
).order_by(AccountAccess.account_id, AccountAccess.priority, AccountAccess.customer_id)


def get_bank_account(tx: Tx, account_id: int | None) -> BankAccountRow:
    """One deposit account. Refuses: BankAccountNotFound."""
    found = find_bank_account(tx, account_id)
    if found is None:
        raise BankAccountNotFound(account_id)
    return found


def take_bank_account(tx: Tx, account_id: int | None) -> BankAccountRow:
    """The same for one that is to be changed: nobody else changes it meanwhile. Refuses: BankAccountNotFound."""
    row = None if account_id is None else tx.one(TAKE[tx.engine], account_id=account_id)
    if row is None:
        raise BankAccountNotFound(account_id)
    return _made(row)


def find_bank_account(tx: Tx, account_id: int | None) -> BankAccountRow | None:
    """The deposit account of this id, if it is one: ids of external accounts are of the same sequence."""
    row = None if account_id is None else tx.one(GET, account_id=account_id)
    return None if row is None else _made(row)


def find_by_number(tx: Tx, account_number: str) -> BankAccountRow | None:
    """The deposit account with this number, which other banks know it by."""
    row = tx.one(BY_NUMBER, account_number=account_number)
    return None if row is None else _made(row)


def find_by_tag(tx: Tx, customer_id: int, tag: str) -> BankAccountRow | None:
    """The account with this tag, if the customer may see it."""
    row = tx.one(BY_TAG, customer_id=customer_id, tag=tag)
    return None if row is None else _made(row)


def list_bank_accounts(tx: Tx, customer_id: int) -> list[BankAccountRow]:
    """All accounts that a customer has a part in, closed ones too, in the order in which they were opened."""
    return [_made(row) for row in tx.all(OF_CUSTOMER, customer_id=customer_id)]


def list_owned_accounts(tx: Tx, customer_ids: list[int]) -> list[BankAccountRow]:
    """All accounts that these customers own, closed ones too, by customer."""
    return [_made(row) for row in tx.all(OF_CUSTOMERS, customer_ids=customer_ids)]


def find_access(tx: Tx, account_id: int, customer_id: int) -> AccessRow | None:
    """What is written of a customer's access to an account."""
    row = tx.one(ACCESS, account_id=account_id, customer_id=customer_id)
    return None if row is None else AccessRow(*row)


def access_of(tx: Tx, account_id: int, customer_id: int) -> str:
    """What a customer may do with an account: FULL, AUTHSIGNER, RDONLY, or NONE."""
    found = find_access(tx, account_id, customer_id)
    return NONE if found is None else found.access_type


def require_access(tx: Tx, account_id: int, customer_id: int, wanted: str = FULL) -> str:
    """The customer's access, which includes what is wanted. Refuses: AccessMissing."""
    access = access_of(tx, account_id, customer_id)
    if ACCESS_RANKS[access] < ACCESS_RANKS[wanted]:
        raise AccessMissing(account_id, customer_id, wanted)
    return access


def list_holders(tx: Tx, account_id: int) -> list[AccessRow]:
    """Everybody who has a part in an account, the owner first."""
    return [AccessRow(*row) for row in tx.all(HOLDERS, account_id=account_id)]


def holders_of(tx: Tx, account_ids: list[int]) -> dict[int, list[AccessRow]]:
    """Everybody who has a part in each of these accounts, the owner first."""
    found: dict[int, list[AccessRow]] = {account_id: [] for account_id in account_ids}
    for row in tx.all(HOLDERS_AMONG, account_ids=account_ids):
        found[row[0]].append(AccessRow(*row))
    return found


def refuse_locked(account: BankAccountRow, *, is_credit: bool) -> None:
    """Refuses: AccountLocked, but for credits on an account that takes credits only."""
    if account.is_locked and not (is_credit and account.lock_reason == CREDITS_ONLY):
        raise AccountLocked(account.account_id, account.lock_reason)


def refuse_not_open(account: BankAccountRow) -> None:
    """Refuses: AccountNotOpen."""
    if not account.is_open:
        raise AccountNotOpen(account.account_id, account.status)


def _made(row: Any) -> BankAccountRow:
    return BankAccountRow._make((*row[:_PLACES], Standing(*row[_PLACES:])))
