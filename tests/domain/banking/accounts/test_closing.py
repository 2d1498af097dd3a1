"""Closing accounts: where the last money goes, and what stands in the way."""

from datetime import timedelta
from typing import Any

import pytest

from comptoir.domain.banking.accounts.closing import Closing, close_bank_account
from comptoir.domain.banking.accounts.errors import AccountLocked, CloseRefused
from comptoir.domain.banking.accounts.locking import hold_account, lock_account
from comptoir.domain.banking.accounts.models import CLOSED, FULL, OPEN, PENDING_CLOSED, RDONLY
from comptoir.domain.banking.accounts.queries import get_bank_account
from comptoir.domain.banking.accounts.sharing import set_access
from comptoir.domain.banking.accounts.waiting import finish_closing
from comptoir.domain.banking.accounts.writing import change_account
from comptoir.domain.banking.movements.models import INITIATED
from comptoir.domain.banking.movements.moving import settle, void
from comptoir.domain.banking.program.queries import program_account_of
from comptoir.domain.ledger.errors import AccountClosed
from comptoir.domain.ledger.queries import get_account
from comptoir.domain.tx import OpenShop, Tx
from tests.conftest import NOW
from tests.domain.banking.accounts.people import (
    add_external,
    found_bank,
    make_account,
    make_customer,
    pay_in,
    pay_out,
    reserve,
)


def close(tx: Tx, customer_id: int, account_id: int, close_to_id: int | None = None, **said: Any) -> Closing:
    return close_bank_account(
        tx, customer_id=customer_id, account_id=account_id, close_to_id=close_to_id, **said
    )


def refused(tx: Tx, *args: Any, **said: Any) -> str:
    with pytest.raises(CloseRefused) as refusal:
        close(tx, *args, **said)
    return refusal.value.kind


def test_an_empty_account_closes_by_itself(tx: Tx) -> None:
    found_bank(tx)
    customer_id = make_customer(tx)
    account_id = make_account(tx, customer_id)
    closing = close(tx, customer_id, account_id, reason="whatever", notes="gone")
    assert closing == Closing(
        account_id, None, is_external=False, balance_minor=0, interest_minor=0, withheld_minor=0, total_minor=0,
        transaction_id=None,
    )  # fmt: skip
    account = get_bank_account(tx, account_id)
    assert (account.status, account.closed_reason, account.closed_at) == (CLOSED, "whatever", NOW)
    assert account.standing.is_closed
    with pytest.raises(AccountClosed):
        pay_in(tx, account_id, 5)
    assert refused(tx, customer_id, account_id) == "closed"
    make_account(tx, customer_id, "Rent")


def test_the_balance_goes_to_another_account_with_the_interest(shop: OpenShop) -> None:
    def opened(tx: Tx) -> tuple[int, int, int]:
        found_bank(tx)
        customer_id = make_customer(tx, is_backup_withholding=True)
        savings = make_account(tx, customer_id, type="Savings", balance_minor=1_000_000)
        return customer_id, savings, make_account(tx, customer_id, "Other")

    customer_id, savings, other = shop.write(opened)
    shop.system = lambda: NOW + timedelta(days=10)
    closing = shop.write(lambda tx: close(tx, customer_id, savings, other, tag="T"))
    assert closing.balance_minor == 1_000_000
    assert (closing.interest_minor, closing.withheld_minor, closing.total_minor) == (411, 99, 1_000_312)
    account, target = shop.read(lambda tx: (get_bank_account(tx, savings), get_bank_account(tx, other)))
    assert (account.status, account.balance_minor, account.closed_minor) == (CLOSED, 0, 1_000_312)
    assert account.closed_transaction_id == closing.transaction_id
    assert target.balance_minor == 1_000_312


def test_what_goes_to_another_bank_is_on_its_way_for_a_while(tx: Tx) -> None:
    found_bank(tx)
    customer_id = make_customer(tx)
    account_id = make_account(tx, customer_id, balance_minor=500)
    external = add_external(tx, customer_id)
    closing = close(tx, customer_id, account_id, external)
    assert closing.is_external
    account = get_bank_account(tx, account_id)
    assert (account.status, account.balance_minor, account.available_minor) == (PENDING_CLOSED, 500, 0)
    assert finish_closing(tx) == 0
    settle(tx, moved_last(tx))
    assert finish_closing(tx) == 1
    assert get_bank_account(tx, account_id).status == CLOSED
    assert finish_closing(tx) == 0


def moved_last(tx: Tx) -> int:
    found: list[int] = [one.subject_id for one in tx.changes if one.subject == "bank_transfer"]
    return found[-1]


def test_what_comes_back_opens_the_account_again(tx: Tx) -> None:
    found_bank(tx)
    customer_id = make_customer(tx)
    account_id = make_account(tx, customer_id, balance_minor=500)
    close(tx, customer_id, account_id, add_external(tx, customer_id))
    void(tx, moved_last(tx), return_code="R03")
    assert finish_closing(tx) == 1
    account = get_bank_account(tx, account_id)
    assert (account.status, account.available_minor, account.closed_minor) == (OPEN, 500, None)


def test_without_bank_files_it_is_gone_at_once(tx: Tx) -> None:
    found_bank(tx, ("nacha = true", "nacha = false"))
    customer_id = make_customer(tx)
    account_id = make_account(tx, customer_id, balance_minor=500)
    assert close(tx, customer_id, account_id, add_external(tx, customer_id)).is_external
    assert get_bank_account(tx, account_id).status == CLOSED


def test_the_program_takes_what_is_left_into_its_cash(tx: Tx) -> None:
    found_bank(tx)
    customer_id = make_customer(tx)
    account_id = make_account(tx, customer_id, balance_minor=500)
    trials = program_account_of(tx, "VerificationFunds")
    assert refused(tx, customer_id, account_id, trials) == "not_cash"
    before = get_account(tx, reserve(tx)).balance_minor
    assert not close(tx, customer_id, account_id, reserve(tx)).is_external
    assert get_account(tx, reserve(tx)).balance_minor == before + 500


def test_what_stands_in_the_way(tx: Tx) -> None:
    found_bank(tx)
    customer_id, amy = make_customer(tx), make_customer(tx, "Amy")
    account_id = make_account(tx, customer_id, balance_minor=500)
    assert refused(tx, customer_id, 999) == "account"
    assert refused(tx, amy, account_id) == "account"
    set_access(tx, customer_id=customer_id, target_customer_id=amy, account_id=account_id, access_type=RDONLY)
    assert refused(tx, amy, account_id) == "privilege"
    assert refused(tx, customer_id, account_id, reason="3") == "reason"
    assert refused(tx, customer_id, account_id, reason="other") == "notes"
    assert refused(tx, customer_id, account_id) == "target_missing"
    change_account(tx, account_id, is_closeable=False)
    assert refused(tx, customer_id, account_id) == "not_closeable"
    change_account(tx, account_id, is_closeable=True, is_primary=True)
    other = make_account(tx, customer_id, "Other")
    assert refused(tx, customer_id, account_id, other) == "primary"
    change_account(tx, account_id, is_primary=False)
    pending = pay_out(tx, account_id, 1, status=INITIATED).transfer_id
    assert refused(tx, customer_id, account_id, other) == "pending"
    void(tx, pending)
    pending = pay_in(tx, account_id, 1, status=INITIATED).transfer_id
    assert refused(tx, customer_id, account_id, other) == "pending"
    void(tx, pending)
    pay_in(tx, account_id, 1, tag="T")
    assert refused(tx, customer_id, account_id, other, tag="T") == "tag"
    pay_out(tx, account_id, 800, is_forced=True)
    assert refused(tx, customer_id, account_id, other) == "negative"
    pay_in(tx, account_id, 500)
    hold_account(tx, customer_id=customer_id, account_id=account_id, amount_minor=1)
    assert refused(tx, customer_id, account_id, other) == "pending"


def test_where_money_cannot_go(tx: Tx) -> None:
    found_bank(tx)
    customer_id, amy = make_customer(tx), make_customer(tx, "Amy")
    account_id = make_account(tx, customer_id, balance_minor=500)
    other, hers = make_account(tx, customer_id, "Other"), make_account(tx, amy)
    assert refused(tx, customer_id, account_id, account_id) == "same"
    assert refused(tx, customer_id, account_id, 999) == "target_unknown"
    assert refused(tx, customer_id, account_id, hers) == "target_privilege"
    lock_account(tx, customer_id=customer_id, account_id=other, lock_type="CST", lock_reason="TMP")
    with pytest.raises(AccountLocked):
        close(tx, customer_id, account_id, other)
    change_account(tx, other, status=PENDING_CLOSED)
    assert refused(tx, customer_id, account_id, other) == "target_not_open"
    assert refused(tx, customer_id, account_id, add_external(tx, amy)) == "target_foreign"
    gone = add_external(tx, customer_id, "777", status="Archived")
    assert refused(tx, customer_id, account_id, gone) == "target_gone"
    unproved = add_external(tx, customer_id, "778", status="Unverified")
    assert refused(tx, customer_id, account_id, unproved) == "target_unverified"


def test_who_shares_the_account_may_close_it(tx: Tx) -> None:
    found_bank(tx)
    customer_id, amy = make_customer(tx), make_customer(tx, "Amy")
    account_id = make_account(tx, customer_id)
    set_access(tx, customer_id=customer_id, target_customer_id=amy, account_id=account_id, access_type=FULL)
    assert close(tx, amy, account_id).total_minor == 0
