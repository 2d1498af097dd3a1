"""Statements on the clock: in batches, by whichever process comes first, and only where there is a bank."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from comptoir.chores import banking_statements
from comptoir.chores.banking_statements import make_statements, statements
from comptoir.domain.banking.movements.chart import INTEREST_PAID
from comptoir.domain.banking.statements.making import Drafted, keep_statements
from comptoir.domain.banking.statements.periods import Period
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.banking.statements.given import Bank
from tests.domain.webhooks.given import served

JANUARY = Period("Monthly", 2026, 1)


@pytest.fixture
def bank(shop: OpenShop) -> Bank:
    return Bank(shop)


def test_a_shop_without_a_bank_has_nothing_to_do(shop: OpenShop, tmp_path: Path) -> None:
    assert statements(served(shop, tmp_path)) == 0


def test_what_is_due_is_made_once(bank: Bank, tmp_path: Path) -> None:
    ada, bob = bank.customer(tax_id="900000283"), bank.customer("Bob")
    account_id = bank.account(ada)
    bank.account(bob)
    bank.move(12_00, source=INTEREST_PAID, target=account_id, type_code="INTPAY")
    home = served(bank.shop, tmp_path)
    assert statements(home) == 0
    # Two customers for twelve months, and one form for taxes.
    bank.at("2027-01-01", "06:14")
    assert statements(home) == 2 * 11
    bank.at("2027-01-01", "06:15")
    assert statements(home) == 2 + 1
    assert statements(home) == 0
    assert bank.problems() == []


def test_a_run_that_dies_is_finished_by_the_next(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        bank.account(bank.customer(f"Number {number}"))
    bank.at("2026-02-02")
    monkeypatch.setattr(banking_statements, "BATCH", 2)
    kept: list[Drafted] = []

    def dying(tx: Tx, drafted: Drafted) -> int:
        if len(kept) == 1:
            raise RuntimeError("the machine is gone")
        kept.append(drafted)
        return keep_statements(tx, drafted)

    with monkeypatch.context() as dies:
        dies.setattr(banking_statements, "keep_statements", dying)
        with pytest.raises(RuntimeError):
            make_statements(bank.shop, JANUARY)
    assert make_statements(bank.shop, JANUARY) == 3
    assert bank.problems() == []


def test_several_who_make_the_same_month_make_it_once(bank: Bank, monkeypatch: pytest.MonkeyPatch) -> None:
    people = [bank.customer(f"Number {number}") for number in range(12)]
    for one in people:
        bank.account(one)
    bank.at("2026-02-02")
    monkeypatch.setattr(banking_statements, "BATCH", 3)
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: make_statements(bank.shop, JANUARY), range(4)))
    assert sum(made) == len(people)
    assert [len(bank.told(one)) for one in people] == [1] * len(people)
    assert bank.problems() == []
