"""The proof of statements notices whatever is changed in them."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from comptoir.domain.banking.statements.models import Statement
from comptoir.domain.banking.statements.proof import check_statements
from comptoir.domain.tx import OpenShop
from tests.domain.banking.statements.given import Bank

Change = Callable[[dict[str, Any]], object]


@pytest.fixture
def bank(shop: OpenShop) -> Bank:
    bank = Bank(shop)
    account_id = bank.account(bank.customer())
    bank.at("2026-01-10").move(1_000, target=account_id)
    bank.at("2026-01-11").move(250, source=account_id, type_code="CPWTH")
    bank.at("2026-02-10").move(5, target=account_id)
    bank.at("2026-03-02").make()
    return bank


def tampered(bank: Bank, change: Change) -> list[str]:
    """What the proof says after January's statement was changed; it is put back afterwards."""
    (customer_id, row) = next(
        (customer_id, row) for customer_id in (1, 2) for row in bank.told(customer_id) if row.month == 1
    )
    facts = bank.facts(customer_id, 1)
    changed = copy.deepcopy(facts)
    change(changed["accounts"][0])
    bank.shop.write(lambda tx: tx.update(Statement, row.id, facts=changed))
    try:
        return bank.problems()
    finally:
        bank.shop.write(lambda tx: tx.update(Statement, row.id, facts=facts))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda one: one.update(opening_minor=1), "leaves 1001, 1000 is told"),
        (lambda one: one["movements"][1].__setitem__(4, 751), "leaves 750, 751 is told"),
        (lambda one: one.update(closing_minor=751), "the movements lead to 750, 751 is told"),
        (lambda one: one.update(in_minor=999), "the totals differ"),
        (lambda one: one["movements"].pop(), "the movements lead to 1000"),
        (lambda one: one["movements"].append([*one["movements"][0][:3], 0, 750, ""]), "is told twice"),
    ],
    ids=["opening", "balance", "closing", "totals", "missing", "twice"],
)
def test_what_does_not_add_up_is_noticed(bank: Bank, change: Change, words: str) -> None:
    assert bank.problems() == []
    problems = tampered(bank, change)
    assert any(words in problem for problem in problems), problems


def test_a_statement_that_adds_up_but_is_wrong_is_noticed(bank: Bank) -> None:
    def invent(one: dict[str, Any]) -> None:
        one["movements"].append([999, "2026-01-12", "A present", 50, 800, "Deposit"])
        one.update(closing_minor=800, in_minor=1_050)

    problems = tampered(bank, invent)
    assert any("the one before closed with 800" in problem for problem in problems)
    assert any("closes with 800, the ledger held 750" in problem for problem in problems)


def test_a_shop_without_a_program_has_nothing_to_prove(shop: OpenShop) -> None:
    assert shop.read(check_statements) == []
