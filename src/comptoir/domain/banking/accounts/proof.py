"""The proof of accounts: each stands on its account in the books, has one owner, and ends empty."""

from sqlalchemy import and_, func, or_, select

from comptoir.domain.banking.accounts.models import (
    CLOSED,
    FULL,
    PENDING_CLOSED,
    AccountAccess,
    BankAccount,
    BankHold,
)
from comptoir.domain.banking.accounts.rates import E8
from comptoir.domain.ledger.models import ACTIVE, ASSET, LIABILITY, Account, Hold
from comptoir.domain.tx import Tx

_IN_BOOKS = select(BankAccount.account_id).join(Account, Account.id == BankAccount.account_id)
_HAS_MONEY = or_(
    Account.posted_minor != 0,
    Account.pending_in_minor != 0,
    Account.pending_out_minor != 0,
    Account.held_minor != 0,
)
_OWNER = and_(
    AccountAccess.account_id == BankAccount.account_id, AccountAccess.customer_id == BankAccount.customer_id
)
# What is wrong, and the accounts of which it is.
CHECKS = {
    "is closed, and not empty": _IN_BOOKS.where(BankAccount.status == CLOSED, _HAS_MONEY),
    "is closed here and open in the books, or the other way round": _IN_BOOKS.where(
        or_(
            and_(BankAccount.status == CLOSED, Account.is_closed.is_(False)),
            and_(BankAccount.status != CLOSED, Account.is_closed.is_(True)),
        )
    ),
    "stands in the books as what no account is": _IN_BOOKS.where(
        and_(Account.kind != LIABILITY, Account.kind != ASSET)
    ),
    "earns interest that nobody owes": _IN_BOOKS.where(
        BankAccount.accrued_through.is_not(None), Account.kind != LIABILITY
    ),
    "has an owner without FULL access in the first place": select(BankAccount.account_id)
    .outerjoin(AccountAccess, _OWNER)
    .where(
        or_(
            AccountAccess.access_type.is_(None), AccountAccess.access_type != FULL, AccountAccess.priority != 1
        )
    ),
    "has another holder in the first place": select(AccountAccess.account_id)
    .join(BankAccount, BankAccount.account_id == AccountAccess.account_id)
    .where(
        AccountAccess.priority == 1,
        AccountAccess.access_type == FULL,
        AccountAccess.customer_id != BankAccount.customer_id,
    ),
    "has more than one hold of the bank": select(BankHold.account_id)
    .join(Hold, and_(Hold.id == BankHold.hold_id, Hold.state == ACTIVE))
    .group_by(BankHold.account_id)
    .having(func.count() > 1),
    "has a hold of the bank on another account": select(BankHold.account_id)
    .join(Hold, Hold.id == BankHold.hold_id)
    .where(Hold.account_id != BankHold.account_id),
    "was paid more interest than it earned": select(BankAccount.account_id).where(
        BankAccount.accrued_e8 < -E8
    ),
    "ends, and still earns interest": select(BankAccount.account_id).where(
        or_(BankAccount.status == CLOSED, BankAccount.status == PENDING_CLOSED),
        BankAccount.accrued_through.is_not(None),
    ),
}  # fmt: skip
PRIMARIES = (
    select(BankAccount.customer_id)
    .where(BankAccount.is_primary.is_(True))
    .group_by(BankAccount.customer_id)
    .having(func.count() > 1)
)


def check_accounts(tx: Tx) -> list[str]:
    """Everything that is wrong with accounts, in words; empty when all is well."""
    problems: list[str] = []
    for words, statement in CHECKS.items():
        problems += [f"bank account {account_id} {words}" for (account_id,) in tx.all(statement)]
    owners = tx.all(PRIMARIES)
    return problems + [f"bank customer {owner} has more than one primary account" for (owner,) in owners]
