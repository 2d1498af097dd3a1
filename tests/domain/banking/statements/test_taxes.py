"""Form 1099-INT: for whoever earned ten dollars of interest in a year, once."""

from __future__ import annotations

import pytest

from comptoir.chores.banking_statements import make_tax_forms
from comptoir.domain.banking.movements.chart import INTEREST_PAID, WITHHOLDING
from comptoir.domain.banking.statements.errors import PeriodNotOver
from comptoir.domain.banking.statements.periods import Period
from comptoir.domain.banking.statements.taxes import years_due
from comptoir.domain.tx import OpenShop
from tests.domain.banking.statements.given import Bank

YEAR = Period("Tax1099INT", 2026, 12)


@pytest.fixture
def bank(shop: OpenShop) -> Bank:
    return Bank(shop)


def earn(bank: Bank, account_id: int, minor: int) -> None:
    bank.move(minor, source=INTEREST_PAID, target=account_id, type_code="INTPAY")


def make(bank: Bank) -> int:
    return sum(make_tax_forms(bank.shop, period) for period in bank.shop.read(years_due))


def test_ten_dollars_over_all_accounts_are_told_and_a_cent_less_is_not(bank: Bank) -> None:
    ada, bob = bank.customer(tax_id="900000283"), bank.customer("Bob")
    first, second, third = bank.account(ada, "One"), bank.account(ada, "Two"), bank.account(bob)
    earn(bank.at("2026-03-05"), first, 6_00)
    earn(bank.at("2026-09-05"), second, 4_00)
    earn(bank, third, 9_99)
    assert make(bank.at("2027-01-02")) == 1
    facts = bank.facts(ada)
    assert (facts["interest_minor"], facts["withheld_minor"], facts["tax_id"]) == (10_00, 0, "********0283")
    assert [(row.type, row.year, row.month) for row in bank.told(ada)] == [("Tax1099INT", 2026, 12)]
    assert bank.told(bob) == []


def test_what_was_withheld_stands_beside(bank: Bank) -> None:
    ada = bank.customer()
    account_id = bank.account(ada)
    earn(bank.at("2026-03-05"), account_id, 20_00)
    bank.move(4_80, source=account_id, target=WITHHOLDING, type_code="INTWHD")
    make(bank.at("2027-01-02"))
    facts = bank.facts(ada)
    assert (facts["interest_minor"], facts["withheld_minor"], facts["tax_id"]) == (20_00, 4_80, "")


def test_a_year_is_told_once_and_missed_years_are_made_good(bank: Bank) -> None:
    ada = bank.customer()
    account_id = bank.account(ada)
    earn(bank.at("2026-05-05"), account_id, 15_00)
    earn(bank.at("2028-05-05"), account_id, 30_00)
    assert [period.year for period in bank.at("2029-02-02").shop.read(years_due)] == [2026, 2027, 2028]
    assert make(bank) == 2
    assert bank.shop.read(years_due) == []
    assert make(bank) == 0
    assert [row.year for row in bank.told(ada)] == [2028, 2026]


def test_a_year_that_is_not_over_is_refused(bank: Bank) -> None:
    bank.account(bank.customer())
    assert bank.at("2026-12-31").shop.read(years_due) == []
    with pytest.raises(PeriodNotOver):
        make_tax_forms(bank.shop, YEAR)
