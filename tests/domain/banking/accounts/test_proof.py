"""The proof of accounts: nothing to say of a bank in order, and each disorder by its name."""

from typing import Any

import pytest
from sqlalchemy import delete, update

from comptoir.domain.banking.accounts.closing import close_bank_account
from comptoir.domain.banking.accounts.locking import hold_account
from comptoir.domain.banking.accounts.models import FULL, AccountAccess, BankAccount, BankHold
from comptoir.domain.banking.accounts.proof import CHECKS, check_accounts
from comptoir.domain.banking.accounts.sharing import set_access
from comptoir.domain.ledger.holds import place_hold
from comptoir.domain.ledger.models import EQUITY, Account
from comptoir.domain.tx import Tx
from tests.domain.banking.accounts.people import found_bank, make_account, make_customer


def bank(tx: Tx) -> tuple[int, int, int]:
    """A customer with an account that is shared and held, and one that is closed."""
    found_bank(tx)
    owner, other = make_customer(tx), make_customer(tx, "Leela")
    account_id = make_account(tx, owner, type="Savings", balance_minor=1000)
    set_access(tx, customer_id=owner, target_customer_id=other, account_id=account_id, access_type=FULL)
    hold_account(tx, customer_id=owner, account_id=account_id, amount_minor=10)
    closed = make_account(tx, owner, "Closed")
    close_bank_account(tx, customer_id=owner, account_id=closed)
    return other, account_id, closed


def test_a_bank_in_order_has_nothing_to_say(tx: Tx) -> None:
    bank(tx)
    assert check_accounts(tx) == []


def spoil(tx: Tx, record: Any, account_id: int, **values: Any) -> None:
    key = "id" if record is Account else "account_id"
    tx.run(update(record).where(getattr(record, key) == account_id).values(**values))


def disorders(tx: Tx, other: int, account_id: int, closed: int) -> dict[str, Any]:
    def second_hold() -> None:
        hold_id = place_hold(tx, account_id=account_id, amount_minor=1, subject="x", subject_id=1)
        tx.insert(BankHold, hold_id=hold_id, account_id=account_id, description="")

    def second_first() -> None:
        chosen = (AccountAccess.account_id == account_id) & (AccountAccess.customer_id == other)
        tx.run(update(AccountAccess).where(chosen).values(priority=1))

    return {
        "is closed, and not empty": lambda: spoil(tx, Account, closed, held_minor=5),
        "is closed here and open in the books, or the other way round": lambda: spoil(
            tx, Account, account_id, is_closed=True
        ),
        "stands in the books as what no account is": lambda: spoil(tx, Account, closed, kind=EQUITY),
        "earns interest that nobody owes": lambda: spoil(tx, Account, account_id, kind="asset"),
        "has an owner without FULL access in the first place": lambda: tx.run(
            delete(AccountAccess).where(AccountAccess.account_id == closed)
        ),
        "has another holder in the first place": second_first,
        "has more than one hold of the bank": second_hold,
        "has a hold of the bank on another account": lambda: tx.run(
            update(BankHold).values(account_id=closed)
        ),
        "was paid more interest than it earned": lambda: spoil(
            tx, BankAccount, account_id, accrued_e8=-(10**8) - 1
        ),
        "ends, and still earns interest": lambda: spoil(tx, BankAccount, account_id, status="PendingClosed"),
    }


@pytest.mark.unbalanced
@pytest.mark.parametrize("words", CHECKS)
def test_each_disorder_is_named(tx: Tx, words: str) -> None:
    other, account_id, closed = bank(tx)
    disorders(tx, other, account_id, closed)[words]()
    assert [problem for problem in check_accounts(tx) if problem.endswith(words)]


@pytest.mark.unbalanced
def test_two_primary_accounts_are_named(tx: Tx) -> None:
    bank(tx)
    tx.run(update(BankAccount).values(is_primary=True))
    assert check_accounts(tx) == ["bank customer 1 has more than one primary account"]
