"""Opening accounts: which product, which number, and everything that is wrong at once."""

from datetime import date
from typing import Any

import pytest

from comptoir.domain.banking.accounts.errors import AccountFaulty, BankAccountNotFound
from comptoir.domain.banking.accounts.models import FULL, NONE, OPEN, PENDING_OPEN
from comptoir.domain.banking.accounts.opening import open_bank_account
from comptoir.domain.banking.accounts.queries import (
    access_of,
    find_by_number,
    find_by_tag,
    get_bank_account,
    list_bank_accounts,
    list_holders,
)
from comptoir.domain.banking.customers.errors import CustomerNotFound
from comptoir.domain.banking.customers.models import INITIATED, MANUAL_REVIEW
from comptoir.domain.banking.program.errors import NotEnabled
from comptoir.domain.tx import Tx
from tests.domain.banking.accounts.people import found_bank, make_account, make_customer


def kinds(refusal: pytest.ExceptionInfo[AccountFaulty]) -> list[str]:
    return [fault.kind for fault in refusal.value.faults]


def test_an_account_is_open_and_empty_and_its_owners(tx: Tx) -> None:
    found_bank(tx)
    customer_id = make_customer(tx)
    account_id = open_bank_account(tx, customer_id=customer_id, name="Rent", tag="R 1", category="Flat")
    account = get_bank_account(tx, account_id)
    assert (account.status, account.type, account.balance_minor) == (OPEN, "Checking", 0)
    assert (account.available_minor, account.pending_minor, account.standing.floor_minor) == (0, 0, 0)
    assert len(account.account_number) == 12
    assert account.account_number.isdigit()
    assert find_by_number(tx, account.account_number) == account
    assert find_by_tag(tx, customer_id, "R 1") == account
    assert find_by_tag(tx, customer_id, "r 1") is None
    assert list_bank_accounts(tx, customer_id) == [account]
    (owner,) = list_holders(tx, account_id)
    assert (owner.customer_id, owner.access_type, owner.priority) == (customer_id, FULL, 1)
    assert access_of(tx, account_id, customer_id + 1) == NONE
    with pytest.raises(BankAccountNotFound):
        get_bank_account(tx, account_id + 1)


@pytest.mark.parametrize(
    ("asked", "product"),
    [
        ({}, "checking"),
        ({"type": "savings"}, "savings"),
        ({"type": "CHECKING"}, "checking"),
        ({"product_id": 19797713, "type": "Savings"}, "checking"),
    ],
)
def test_the_product_is_found_by_id_or_by_type(tx: Tx, asked: dict[str, Any], product: str) -> None:
    found_bank(tx)
    account = get_bank_account(tx, make_account(tx, make_customer(tx), **asked))
    assert account.type.lower() == product


def test_a_program_may_have_one_type_of_its_own(tx: Tx) -> None:
    found_bank(tx, sample="prepaid")
    customer_id = make_customer(tx)
    assert get_bank_account(tx, make_account(tx, customer_id, type="client")).type == "Client"
    with pytest.raises(AccountFaulty) as refusal:
        make_account(tx, customer_id, "Other", type="Checking")
    assert kinds(refusal) == ["type_wrong"]


def test_everything_that_is_wrong_is_said_at_once(tx: Tx) -> None:
    found_bank(tx)
    customer_id = make_customer(tx)
    make_account(tx, customer_id, "Rent", tag="R")
    with pytest.raises(AccountFaulty) as refusal:
        open_bank_account(
            tx, customer_id=customer_id, name="Rent", tag="R", type="Time Deposit", target_minor=10**12
        )
    assert kinds(refusal) == ["name_taken", "type_not_enabled", "tag_taken", "target_too_large"]
    with pytest.raises(AccountFaulty) as refusal:
        open_bank_account(
            tx,
            customer_id=customer_id,
            contribution_type="Monthly",
            contribution_minor=10**9,
            contribution_starts_on=date(2026, 5, 29),
            contribution_ends_on=date(2026, 5, 29),
        )
    assert kinds(refusal) == [
        "name_missing", "contribution_range", "external_account", "start_day", "start_after_end",
    ]  # fmt: skip
    assert len(list_bank_accounts(tx, customer_id)) == 1


def test_numbers_of_ones_own_need_the_programs_leave(tx: Tx) -> None:
    found_bank(tx)
    customer_id = make_customer(tx)
    with pytest.raises(NotEnabled):
        make_account(tx, customer_id, account_number="12345")
    found_bank(tx, ('"customer_tokens"', '"customer_tokens", "custom_account_numbers"'))
    make_account(tx, customer_id, account_number="12345")
    for number, kind in (
        ("12345", "number_taken"),
        ("12a45", "number_malformed"),
        ("١٢٣", "number_malformed"),
    ):
        with pytest.raises(AccountFaulty) as refusal:
            make_account(tx, customer_id, "Other", account_number=number)
        assert kinds(refusal) == [kind]


def test_who_may_open_an_account(tx: Tx) -> None:
    found_bank(tx)
    waiting = make_customer(tx, "Zapp", status=INITIATED)
    with pytest.raises(AccountFaulty) as refusal:
        make_account(tx, waiting)
    assert kinds(refusal) == ["customer_status"]
    reviewed = make_customer(tx, "Kif", status=MANUAL_REVIEW)
    assert get_bank_account(tx, make_account(tx, reviewed)).status == PENDING_OPEN
    with pytest.raises(AccountFaulty) as refusal:
        make_account(tx, reviewed, "Second")
    assert kinds(refusal) == ["one_in_review"]
    with pytest.raises(CustomerNotFound):
        make_account(tx, 999)


def test_a_program_limits_how_many_are_open(tx: Tx) -> None:
    found_bank(tx, ("\naccounts = 50", "\naccounts = 2"))
    customer_id = make_customer(tx)
    make_account(tx, customer_id, "One")
    make_account(tx, customer_id, "Two")
    with pytest.raises(AccountFaulty) as refusal:
        make_account(tx, customer_id, "Three")
    assert kinds(refusal) == ["open_accounts_full"]


def test_business_accounts_are_for_businesses_that_somebody_acts_for(tx: Tx) -> None:
    found_bank(tx)
    person = make_customer(tx)
    with pytest.raises(AccountFaulty) as refusal:
        make_account(tx, person, type="Business Checking")
    assert kinds(refusal) == ["type_wrong"]
    business = make_customer(tx, "Planet", is_business=True)
    with pytest.raises(AccountFaulty) as refusal:
        make_account(tx, business)
    assert kinds(refusal) == ["no_individual"]


def test_one_account_of_a_customer_is_the_primary_one(tx: Tx) -> None:
    found_bank(tx)
    customer_id = make_customer(tx)
    first = make_account(tx, customer_id, "One", is_primary=True)
    second = make_account(tx, customer_id, "Two", is_primary=True)
    assert not get_bank_account(tx, first).is_primary
    assert get_bank_account(tx, second).is_primary
