"""Statements: opening plus movements is closing, each month once, and the ledger says the same."""

from __future__ import annotations

import pytest

from comptoir.chores.banking_statements import make_statements
from comptoir.domain.banking.movements.chart import FEE_INCOME, INTEREST_PAID
from comptoir.domain.banking.movements.models import INITIATED
from comptoir.domain.banking.movements.moving import settle, void
from comptoir.domain.banking.statements.errors import PeriodNotOver, StatementNotFound
from comptoir.domain.banking.statements.making import draft_statements, keep_statements, months_due
from comptoir.domain.banking.statements.periods import Period
from comptoir.domain.banking.statements.queries import find_statements, get_statement
from comptoir.domain.events.queries import list_events
from comptoir.domain.ledger.transfers import post_transfer
from comptoir.domain.tx import OpenShop
from tests.domain.banking.statements.given import Bank

JANUARY, FEBRUARY = Period("Monthly", 2026, 1), Period("Monthly", 2026, 2)


@pytest.fixture
def bank(shop: OpenShop) -> Bank:
    return Bank(shop)


def lines(account: dict[str, object]) -> list[list[object]]:
    movements = account["movements"]
    assert isinstance(movements, list)
    return [movement[1:5] for movement in movements]


def test_a_month_is_told_line_by_line(bank: Bank) -> None:
    ada = bank.at("2026-01-02").customer()
    account_id = bank.account(ada)
    first = bank.at("2026-01-05").move(50_000, target=account_id, description="Pay for January")
    bank.at("2026-01-10").move(12_345, source=account_id, type_code="CPWTH", description="Rent")
    bank.at("2026-01-31", "23:00").move(17, source=INTEREST_PAID, target=account_id, type_code="INTPAY")
    assert bank.at("2026-02-02").make() == 1
    facts = bank.facts(ada)
    assert (facts["begins_on"], facts["ends_on"]) == ("2026-01-01", "2026-01-31")
    (account,) = facts["accounts"]
    assert (account["opening_minor"], account["closing_minor"]) == (0, 37_672)
    assert (account["in_minor"], account["out_minor"]) == (50_017, 12_345)
    assert account["interest_minor"] == account["year"]["interest_minor"] == 17
    assert lines(account)[:2] == [
        ["2026-01-05", "Pay for January", 50_000, 50_000],
        ["2026-01-10", "Rent", -12_345, 37_655],
    ]
    assert account["movements"][0][0] == first.transactions[account_id]
    assert bank.problems() == []


def test_the_next_month_opens_where_the_last_one_closed(bank: Bank) -> None:
    ada = bank.customer()
    account_id = bank.account(ada)
    bank.at("2026-01-05").move(1_000, target=account_id)
    bank.at("2026-02-03").make()
    bank.at("2026-02-05").move(300, source=account_id, type_code="CPWTH")
    assert bank.at("2026-03-01", "12:00").make() == 1
    (account,) = bank.facts(ada)["accounts"]
    assert (account["opening_minor"], account["closing_minor"], len(account["movements"])) == (1_000, 700, 1)
    assert bank.problems() == []


def test_a_day_is_the_banks_own(bank: Bank) -> None:
    ada = bank.customer()
    account_id = bank.account(ada)
    # In Chicago this is still the last minute of January, and that the first of February.
    bank.at("2026-02-01", "05:59").move(100, target=account_id)
    bank.at("2026-02-01", "06:00").move(1, target=account_id)
    bank.at("2026-03-02").make()
    january, february = bank.facts(ada, 1)["accounts"][0], bank.facts(ada, 0)["accounts"][0]
    assert [line[0] for line in lines(january)] == ["2026-01-31"]
    assert [line[0] for line in lines(february)] == ["2026-02-01"]
    assert bank.problems() == []


def test_each_month_is_made_once_also_when_the_clock_jumps(bank: Bank) -> None:
    ada, bob = bank.customer(), bank.customer("Bob")
    ours, other = bank.account(ada), bank.account(bob)
    bank.at("2026-01-20").move(500, target=ours)
    bank.at("2026-03-15").move(40, source=ours, target=other, type_code="CPXFR")
    assert bank.at("2026-06-10").make() == 10
    assert bank.make() == 0
    assert [(row.year, row.month) for row in bank.told(ada)] == [(2026, month) for month in (5, 4, 3, 2, 1)]
    closings = [bank.facts(ada, place)["accounts"][0]["closing_minor"] for place in range(5)]
    assert closings == [460, 460, 460, 500, 500]
    assert bank.problems() == []


def test_nothing_is_told_of_a_month_that_is_not_over(bank: Bank) -> None:
    bank.account(bank.customer())
    bank.at("2026-02-01", "06:14")
    assert bank.shop.read(months_due) == []
    with pytest.raises(PeriodNotOver):
        bank.shop.read(lambda tx: draft_statements(tx, period=JANUARY))


def test_two_who_make_the_same_statement_make_it_once(bank: Bank) -> None:
    ada = bank.customer()
    bank.account(ada)
    bank.at("2026-02-02")
    drafted = bank.shop.read(lambda tx: draft_statements(tx, period=JANUARY))
    assert bank.shop.write(lambda tx: keep_statements(tx, drafted)) == 1
    assert bank.shop.write(lambda tx: keep_statements(tx, drafted)) == 0
    assert len(bank.told(ada)) == 1
    events = bank.shop.read(
        lambda tx: [one for one in list_events(tx, limit=1000) if one.kind == "statement.made"]
    )
    assert len(events) == 1


def test_what_is_pending_is_told_in_the_month_in_which_it_takes_place(bank: Bank) -> None:
    ada = bank.customer()
    account_id = bank.account(ada)
    slow = bank.at("2026-01-30").move(700, target=account_id, status=INITIATED)
    undone = bank.move(900, target=account_id, status=INITIATED)
    bank.at("2026-02-03").make()
    bank.at("2026-02-04").move(5, target=account_id)
    bank.shop.write(lambda tx: void(tx, undone.transfer_id))
    bank.at("2026-03-03").make()
    bank.at("2026-03-04").shop.write(lambda tx: settle(tx, slow.transfer_id))
    bank.at("2026-04-03").make()
    told = [lines(bank.facts(ada, place)["accounts"][0]) for place in range(3)]
    assert [[line[2] for line in month] for month in told] == [[700], [5], []]
    assert bank.problems() == []


def test_what_is_written_down_later_is_told_later_with_its_own_day(bank: Bank) -> None:
    bank.at("2026-01-05")
    ada = bank.customer()
    account_id = bank.account(ada)
    bank.at("2026-02-03").make()
    late = bank.at("2026-02-04").now.replace(month=1, day=30)
    bank.shop.write(
        lambda tx: post_transfer(
            tx, kind="adjustment", subject="payout", subject_id=4, at=late,
            postings=[(f"deposit:{account_id}", -250), ("bank_cash", 250)],
        )
    )  # fmt: skip
    bank.at("2026-03-03").make()
    (account,) = bank.facts(ada)["accounts"]
    assert (account["opening_minor"], account["closing_minor"]) == (0, 250)
    assert lines(account) == [["2026-01-30", "Adjustment, payout 4", 250, 250]]
    assert bank.problems() == []


def test_fees_and_interest_are_counted_for_the_month_and_the_year(bank: Bank) -> None:
    ada = bank.at("2026-01-03").customer()
    account_id = bank.account(ada)
    bank.move(10_000, target=account_id)
    for day, fee in (("2026-01-09", 250), ("2026-02-09", 100)):
        bank.at(day).move(fee, source=account_id, target=FEE_INCOME, type_code="FEEDBT", fee_code="DAF")
        bank.move(7, source=INTEREST_PAID, target=account_id, type_code="INTPAY")
    bank.at("2026-03-03").make()
    (account,) = bank.facts(ada)["accounts"]
    assert (account["fees_minor"], account["interest_minor"]) == (100, 7)
    assert account["year"] == {"fees_minor": 350, "interest_minor": 14, "withheld_minor": 0}


def test_the_sums_of_the_year_begin_again_with_it(bank: Bank) -> None:
    ada = bank.at("2026-11-03").customer()
    account_id = bank.account(ada)
    for day in ("2026-11-10", "2026-12-10", "2027-01-10"):
        bank.at(day).move(11, source=INTEREST_PAID, target=account_id, type_code="INTPAY")
    bank.at("2027-02-03").make()
    sums = [bank.facts(ada, place)["accounts"][0]["year"]["interest_minor"] for place in range(3)]
    assert sums == [11, 22, 11]


def test_history_from_before_the_first_statement_is_in_its_opening(bank: Bank) -> None:
    ada = bank.at("2026-01-03").customer()
    account_id = bank.account(ada)
    bank.move(800, source=INTEREST_PAID, target=account_id, type_code="INTPAY")
    bank.at("2026-03-05")
    assert make_statements(bank.shop, FEBRUARY) == 1
    (account,) = bank.facts(ada)["accounts"]
    assert (account["opening_minor"], account["closing_minor"], account["movements"]) == (800, 800, [])
    assert account["year"]["interest_minor"] == 800


def test_somebody_else_s_statement_is_not_found(bank: Bank) -> None:
    ada, bob = bank.customer(), bank.customer("Bob")
    bank.account(ada)
    bank.at("2026-02-03").make()
    (row,) = bank.told(ada)
    with pytest.raises(StatementNotFound):
        bank.shop.read(lambda tx: get_statement(tx, bob, row.id))
    found = bank.shop.read(lambda tx: find_statements(tx, ada, type="Monthly", year=2026, month=1))
    assert [one.id for one in found] == [row.id]
    assert bank.shop.read(lambda tx: find_statements(tx, ada, type="Monthly", year=2025)) == []


def test_quarters_are_made_when_they_are_asked_for(bank: Bank) -> None:
    ada = bank.customer()
    account_id = bank.account(ada)
    for month in ("01", "02", "03"):
        bank.at(f"2026-{month}-15").move(100, target=account_id)
    bank.at("2026-07-02")
    for last_month in (3, 6):
        assert make_statements(bank.shop, Period("Quarterly", 2026, last_month)) == 1
    spring, winter = (bank.facts(ada, place)["accounts"][0] for place in range(2))
    assert (winter["opening_minor"], winter["closing_minor"], len(winter["movements"])) == (0, 300, 3)
    assert (spring["opening_minor"], spring["closing_minor"], len(spring["movements"])) == (300, 300, 0)
    assert bank.problems() == []
