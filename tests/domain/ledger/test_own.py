"""Accounts and entries that a person makes: only where nothing else is proved against the books."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from comptoir.domain.errors import ComptoirError, Invalid
from comptoir.domain.ledger.accounts import accounts_for, close_account, open_account
from comptoir.domain.ledger.errors import AccountCodeTaken, AccountNotEmpty, AlreadyReversed
from comptoir.domain.ledger.own import (
    FREE_CODES,
    NotAnEntry,
    NotForEntries,
    close_own_account,
    list_free_accounts,
    open_own_account,
    post_entry,
    reverse_entry,
)
from comptoir.domain.ledger.queries import get_account
from comptoir.domain.ledger.transfers import post_transfer
from comptoir.domain.ledger.trial import trial_groups
from comptoir.domain.orders.chart import RECEIVABLE, TAX_PAYABLE
from comptoir.domain.payouts.chart import BANK
from comptoir.domain.proof import prove_books
from comptoir.domain.tx import Tx
from tests.domain.refunds.given import a_paid_order


def an_account(tx: Tx, code: str = "rent", **more: str) -> int:
    return open_own_account(tx, **{"code": code, "name": "Rent", "kind": "expense"} | more)


def bank(tx: Tx) -> int:
    return accounts_for(tx, [BANK], tx.shop.currency)[BANK.code]


def test_rent_is_paid_from_the_bank_and_the_books_are_proved(tx: Tx) -> None:
    rent = an_account(tx)
    transfer_id = post_entry(tx, debit_id=rent, credit_id=bank(tx), amount_minor=90_000, memo="November")
    assert get_account(tx, rent).balance_minor == 90_000
    assert prove_books(tx) == []
    assert tx.changes[-1].kind == "transfer.posted"
    reverse_entry(tx, transfer_id=transfer_id)
    assert get_account(tx, rent).balance_minor == 0
    with pytest.raises(AlreadyReversed):
        reverse_entry(tx, transfer_id=transfer_id)
    close_own_account(tx, account_id=rent)
    assert [code for _, code, _, _ in list_free_accounts(tx)] == ["bank"]


def test_what_the_trade_posts_is_not_posted_or_taken_back_by_hand(tx: Tx) -> None:
    order_id = a_paid_order(tx)
    receivable = accounts_for(tx, [RECEIVABLE], tx.shop.currency)[RECEIVABLE.code]
    with pytest.raises(NotForEntries):
        post_entry(tx, debit_id=receivable, credit_id=bank(tx), amount_minor=1, memo="x")
    with pytest.raises(NotForEntries):
        close_own_account(tx, account_id=receivable)
    assert order_id
    with pytest.raises(NotAnEntry):
        reverse_entry(tx, transfer_id=1)


def test_the_free_accounts_are_those_of_the_charts() -> None:
    assert {BANK.code, TAX_PAYABLE.code} == FREE_CODES


@pytest.mark.parametrize(
    ("wrong", "field"),
    [({"amount_minor": 0}, "amount_minor"), ({"amount_minor": -1}, "amount_minor"), ({"memo": " "}, "memo"),
     ({"memo": "a\0b"}, "memo"), ({"memo": "x" * 256}, "memo")],
)  # fmt: skip
def test_an_entry_that_says_too_little_is_refused(tx: Tx, wrong: dict[str, object], field: str) -> None:
    entry = {"debit_id": an_account(tx), "credit_id": bank(tx), "amount_minor": 1, "memo": "x"}
    with pytest.raises(Invalid) as refused:
        post_entry(tx, **entry | wrong)  # type: ignore[arg-type]
    assert refused.value.field == field


def test_an_entry_needs_two_accounts_of_one_currency_and_no_future(tx: Tx) -> None:
    rent, dollars = an_account(tx), an_account(tx, "dollars", currency="USD")
    for credit, at in ((rent, None), (dollars, None), (bank(tx), tx.now + timedelta(days=1))):
        with pytest.raises(Invalid):
            post_entry(tx, debit_id=rent, credit_id=credit, amount_minor=1, memo="x", at=at)


@pytest.mark.parametrize("code", ["", "Rent", "a b", "-a", "a:b", "x" * 41, "é"])
def test_a_code_of_our_own_is_short_and_plain(tx: Tx, code: str) -> None:
    with pytest.raises(Invalid):
        an_account(tx, code)


def test_own_accounts_are_refused_twice_and_closed_when_they_are_empty(tx: Tx) -> None:
    rent = an_account(tx)
    closings: list[Callable[[], object]] = [
        lambda: an_account(tx),
        lambda: an_account(tx, "other", kind="toy"),
        lambda: an_account(tx, "other", currency="dollars"),
        lambda: an_account(tx, "other", name="\n"),
    ]
    for refused in closings:
        with pytest.raises(ComptoirError):
            refused()
    with pytest.raises(AccountCodeTaken):
        an_account(tx)
    post_entry(tx, debit_id=rent, credit_id=bank(tx), amount_minor=1, memo="x")
    with pytest.raises(AccountNotEmpty):
        close_own_account(tx, account_id=rent)


def test_the_trial_balance_tells_deposits_as_one(tx: Tx) -> None:
    for number in (1, 2):
        open_account(tx, code=f"deposit:{number}", name=f"D{number}", kind="liability")
    given = {"kind": "test", "subject": "test", "subject_id": 1}
    postings = [("deposit:1", -300), ("deposit:2", -200), (bank(tx), 500)]
    post_transfer(tx, postings=postings, **given)  # type: ignore[arg-type]
    rows = trial_groups(tx)[tx.shop.currency]
    assert [(row.code, row.accounts, row.debit_minor, row.credit_minor) for row in rows] == [
        ("bank", 1, 500, 0), ("deposit:", 2, 0, 500),
    ]  # fmt: skip
    close_account(tx, account_id=open_account(tx, code="x", name="X", kind="asset"))
