"""Changing accounts: only what is new is judged and written."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from comptoir.domain.banking.accounts.changing import update_bank_account
from comptoir.domain.banking.accounts.errors import AccountFaulty, BankAccountNotFound
from comptoir.domain.banking.accounts.locking import lock_account
from comptoir.domain.banking.accounts.models import FULL, RDONLY
from comptoir.domain.banking.accounts.queries import get_bank_account
from comptoir.domain.banking.accounts.sharing import set_access
from comptoir.domain.banking.accounts.writing import change_account
from comptoir.domain.banking.customers.errors import CustomerDeceased
from comptoir.domain.banking.customers.models import DECEASED
from comptoir.domain.banking.program.queries import find_product
from comptoir.domain.tx import OpenShop, Tx
from tests.conftest import NOW
from tests.domain.banking.accounts.people import (
    add_external,
    become,
    found_bank,
    make_account,
    make_customer,
)


def kinds(tx: Tx, customer_id: int, account_id: int, **values: Any) -> list[str]:
    with pytest.raises(AccountFaulty) as refusal:
        update_bank_account(tx, customer_id=customer_id, account_id=account_id, **values)
    return [fault.kind for fault in refusal.value.faults]


def test_only_what_is_named_changes(tx: Tx) -> None:
    found_bank(tx)
    customer_id = make_customer(tx)
    account_id = make_account(tx, customer_id, "Rent", tag="R", category="Flat", target_minor=500)
    update_bank_account(
        tx, customer_id=customer_id, account_id=account_id, category="House", legal_name1="P. J. Fry"
    )
    account = get_bank_account(tx, account_id)
    assert (account.name, account.tag, account.category) == ("Rent", "R", "House")
    assert (account.legal_name1, account.target_minor) == ("P. J. Fry", 500)
    assert tx.changes[-1].after == {"changed": ["category", "legal_name1"]}


def test_what_comes_back_as_it_was_is_not_judged(tx: Tx) -> None:
    found_bank(tx)
    customer_id = make_customer(tx)
    account_id = make_account(tx, customer_id, "Rent", tag="R", target_on=date(2025, 1, 1))
    account = get_bank_account(tx, account_id)
    noted = len(tx.changes)
    update_bank_account(
        tx,
        customer_id=customer_id,
        account_id=account_id,
        name="Rent",
        tag="R",
        target_on=date(2025, 1, 1),
        product_id=account.product_id,
        account_number=account.account_number,
        primary_customer_id=customer_id,
        contribution_type="None",
    )
    assert get_bank_account(tx, account_id) == account
    assert len(tx.changes) == noted


def test_everything_that_is_wrong_is_said_at_once(tx: Tx) -> None:
    found_bank(tx)
    customer_id = make_customer(tx)
    make_account(tx, customer_id, "Other", tag="O")
    account_id = make_account(tx, customer_id)
    assert kinds(
        tx, customer_id, account_id, name="Other", tag="O", target_minor=10**12, target_on=date(2026, 3, 1),
        contribution_type="Weekly", account_number="99", product_id=5,
    ) == [
        "name_taken", "number_refused", "tag_taken", "target_too_large", "target_past", "recurrence_unknown",
        "type_wrong",
    ]  # fmt: skip
    assert kinds(tx, customer_id, account_id, name=" ") == ["name_missing"]


def test_contributions_are_judged_beside_what_stays(tx: Tx) -> None:
    found_bank(tx)
    customer_id = make_customer(tx)
    account_id = make_account(tx, customer_id)
    external = add_external(tx, customer_id)
    assert kinds(tx, customer_id, account_id, contribution_type="BiWeekly") == [
        "contribution_too_small", "external_account", "start_missing",
    ]  # fmt: skip
    update_bank_account(
        tx,
        customer_id=customer_id,
        account_id=account_id,
        contribution_type="BiWeekly",
        contribution_minor=100,
        contribution_external_account_id=external,
        contribution_starts_on=date(2026, 5, 31),
    )
    assert kinds(tx, customer_id, account_id, contribution_type="Monthly") == ["start_day"]
    assert kinds(tx, customer_id, account_id, contribution_minor=1_000_001) == ["contribution_range"]
    stranger = add_external(tx, make_customer(tx, "Amy"))
    assert kinds(tx, customer_id, account_id, contribution_external_account_id=stranger) == [
        "external_account"
    ]
    lock_account(tx, customer_id=customer_id, account_id=account_id, lock_type="CST", lock_reason="TMP")
    assert kinds(tx, customer_id, account_id, contribution_minor=200) == ["credit_refused"]


def test_who_may_change_an_account(tx: Tx) -> None:
    found_bank(tx)
    philip, leela, amy = (make_customer(tx, name) for name in ("Philip", "Leela", "Amy"))
    account_id = make_account(tx, philip)
    for target, access in ((leela, FULL), (amy, RDONLY)):
        set_access(
            tx, customer_id=philip, target_customer_id=target, account_id=account_id, access_type=access
        )
    assert kinds(tx, amy, account_id, category="x") == ["edit_refused"]
    update_bank_account(tx, customer_id=leela, account_id=account_id, category="Flat")
    assert kinds(tx, leela, account_id, primary_customer_id=leela) == ["primary_refused"]
    assert kinds(tx, philip, account_id, primary_customer_id=amy) == ["primary_refused"]
    update_bank_account(tx, customer_id=philip, account_id=account_id, primary_customer_id=leela)
    assert get_bank_account(tx, account_id).customer_id == leela
    with pytest.raises(BankAccountNotFound):
        update_bank_account(tx, customer_id=philip, account_id=999)
    become(tx, philip, status=DECEASED)
    with pytest.raises(CustomerDeceased):
        update_bank_account(tx, customer_id=philip, account_id=account_id)


def test_numbers_change_where_they_may_be_chosen(tx: Tx) -> None:
    found_bank(tx, ('"customer_tokens"', '"customer_tokens", "custom_account_numbers"'))
    philip, leela = make_customer(tx), make_customer(tx, "Leela")
    account_id = make_account(tx, philip)
    make_account(tx, philip, "Other", account_number="555")
    set_access(tx, customer_id=philip, target_customer_id=leela, account_id=account_id, access_type=FULL)
    assert kinds(tx, philip, account_id, account_number="555") == ["number_taken"]
    assert kinds(tx, philip, account_id, account_number="5-5") == ["number_malformed"]
    assert kinds(tx, leela, account_id, account_number="556") == ["number_refused"]
    update_bank_account(tx, customer_id=philip, account_id=account_id, account_number="556")
    assert get_bank_account(tx, account_id).account_number == "556"


def test_another_product_pays_the_interest_of_the_one_before(shop: OpenShop) -> None:
    def opened(tx: Tx) -> tuple[int, int]:
        found_bank(tx)
        customer_id = make_customer(tx)
        return customer_id, make_account(tx, customer_id, type="Savings", balance_minor=1_000_000)

    customer_id, account_id = shop.write(opened)
    shop.system = lambda: NOW + timedelta(days=10)

    def changed(tx: Tx, type: str) -> None:
        product = find_product(tx, type=type)
        assert product is not None
        update_bank_account(tx, customer_id=customer_id, account_id=account_id, product_id=product.id)

    shop.write(lambda tx: changed(tx, "checking"))
    account = shop.read(lambda tx: get_bank_account(tx, account_id))
    assert (account.type, account.balance_minor, account.accrued_through) == ("Checking", 1_000_411, None)
    shop.write(lambda tx: changed(tx, "savings"))
    account = shop.read(lambda tx: get_bank_account(tx, account_id))
    assert (account.type, account.accrued_through) == ("Savings", date(2026, 3, 10))
    with pytest.raises(AccountFaulty) as refusal:
        shop.write(lambda tx: changed(tx, "business"))
    assert [fault.kind for fault in refusal.value.faults] == ["kind_switched"]


def test_another_goal_is_not_met_yet(tx: Tx) -> None:
    found_bank(tx)
    customer_id = make_customer(tx)
    account_id = make_account(tx, customer_id, target_minor=500)
    change_account(tx, account_id, target_met_at=datetime.fromisoformat("2026-02-01T00:00:00+00:00"))
    update_bank_account(tx, customer_id=customer_id, account_id=account_id, target_minor=600)
    assert get_bank_account(tx, account_id).target_met_at is None
