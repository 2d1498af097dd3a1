"""What comes of accounts with time: those that wait are opened or closed, goals are met."""

from sqlalchemy import bindparam, select

from comptoir.domain.banking.accounts.closing import end_account
from comptoir.domain.banking.accounts.models import CLOSED, OPEN, PENDING_CLOSED, PENDING_OPEN, BankAccount
from comptoir.domain.banking.accounts.queries import take_bank_account
from comptoir.domain.banking.accounts.writing import change_account
from comptoir.domain.banking.customers.models import VERIFIED, BankCustomer
from comptoir.domain.ledger.models import LIABILITY, Account
from comptoir.domain.tx import Tx

ACCOUNTS_PER_RUN = 500

WAITING = (
    select(BankAccount.account_id)
    .join(BankCustomer, BankCustomer.customer_id == BankAccount.customer_id)
    .where(BankAccount.status == PENDING_OPEN, BankCustomer.status == VERIFIED)
    .order_by(BankAccount.account_id)
    .limit(bindparam("limit"))
)
ENDING = (
    select(BankAccount.account_id)
    .join(Account, Account.id == BankAccount.account_id)
    .where(
        BankAccount.status == PENDING_CLOSED,
        Account.pending_in_minor == 0,
        Account.pending_out_minor == 0,
        Account.held_minor == 0,
    )
    .order_by(BankAccount.account_id)
    .limit(bindparam("limit"))
)
REACHED = (
    select(BankAccount.account_id)
    .join(Account, Account.id == BankAccount.account_id)
    .where(
        BankAccount.target_minor > 0,
        BankAccount.target_met_at.is_(None),
        BankAccount.status != CLOSED,
        Account.kind == LIABILITY,
        -Account.posted_minor - Account.pending_out_minor - Account.held_minor >= BankAccount.target_minor,
    )
    .order_by(BankAccount.account_id)
    .limit(bindparam("limit"))
)


def open_waiting(tx: Tx, *, limit: int = ACCOUNTS_PER_RUN) -> int:
    """Open the accounts whose owners were verified meanwhile; gives how many."""
    rows = tx.all(WAITING, limit=limit)
    for (account_id,) in rows:
        change_account(tx, account_id, status=OPEN)
        before, after = {"status": PENDING_OPEN}, {"status": OPEN}
        tx.note("bank_account.opened", "bank_account", account_id, before=before, after=after)
    return len(rows)


def finish_closing(tx: Tx, *, limit: int = ACCOUNTS_PER_RUN) -> int:
    """Close the accounts from which the last money has gone by now; what came back opens its account again."""
    rows = tx.all(ENDING, limit=limit)
    for (account_id,) in rows:
        if take_bank_account(tx, account_id).standing.posted_minor == 0:
            end_account(tx, account_id)
            continue
        change_account(tx, account_id, status=OPEN, closed_minor=None, closed_transaction_id=None)
        before, after = {"status": PENDING_CLOSED}, {"status": OPEN}
        tx.note("bank_account.reopened", "bank_account", account_id, before=before, after=after)
    return len(rows)


def mark_goals(tx: Tx, *, limit: int = ACCOUNTS_PER_RUN) -> int:
    """Write down which goals are met, each once; gives how many."""
    rows = tx.all(REACHED, limit=limit)
    for (account_id,) in rows:
        tx.update(BankAccount, account_id, target_met_at=tx.now)
        tx.note("bank_account.goal_met", "bank_account", account_id)
    return len(rows)
