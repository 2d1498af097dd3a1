"""Whose accounts are told of when: several, closed ones in their last month, the merchant's own; in any batches."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from comptoir.domain.banking.accounts.closing import close_bank_account
from comptoir.domain.banking.statements.making import draft_statements, keep_statements
from comptoir.domain.banking.statements.periods import Period
from comptoir.domain.customers.models import Customer
from comptoir.domain.ledger.accounts import find_account_id
from comptoir.domain.ledger.models import ASSET
from comptoir.domain.ledger.queries import get_account
from comptoir.domain.payouts.chart import PROCESSOR
from comptoir.domain.payouts.gathering import gather_entries
from comptoir.domain.payouts.paying import pay_out
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.banking.statements.given import Bank
from tests.domain.payouts.given import a_deposit, refund, terms


@pytest.fixture
def bank(shop: OpenShop) -> Bank:
    return Bank(shop)


def test_a_closed_account_is_told_of_in_its_last_month_and_then_no_more(bank: Bank) -> None:
    ada = bank.customer()
    kept, closed = bank.account(ada, "Kept"), bank.account(ada, "Closed")
    bank.at("2026-02-10").move(500, target=closed)
    bank.at("2026-02-20").move(500, source=closed, target=kept, type_code="CPXFR")
    bank.shop.write(lambda tx: close_bank_account(tx, customer_id=ada, account_id=closed))
    bank.at("2026-04-03").make()
    march, february, january = (bank.facts(ada, place)["accounts"] for place in range(3))
    assert [one["account_id"] for one in january] == [kept, closed]
    assert [one["closed_on"] for one in february] == [None, "2026-02-20"]
    assert [one["closing_minor"] for one in february] == [500, 0]
    assert [one["account_id"] for one in march] == [kept]
    assert bank.problems() == []


def test_nothing_is_told_once_everything_is_closed(bank: Bank) -> None:
    ada = bank.customer()
    closed = bank.account(ada)
    bank.at("2026-01-20").shop.write(lambda tx: close_bank_account(tx, customer_id=ada, account_id=closed))
    bank.at("2026-05-03").make()
    assert [(row.year, row.month) for row in bank.told(ada)] == [(2026, 1)]


def test_nothing_is_told_of_months_before_an_account_was_opened(bank: Bank) -> None:
    bank.account(bank.customer())
    bob = bank.customer("Bob")
    bank.at("2026-03-09").account(bob)
    bank.at("2026-04-03").make()
    assert [(row.year, row.month) for row in bank.told(bob)] == [(2026, 3)]


def test_batches_of_any_size_make_the_same_statements(bank: Bank) -> None:
    people = [bank.customer(f"Number {number}") for number in range(7)]
    for number, one in enumerate(people):
        for name in ("First", "Second")[: 1 + number % 2]:
            bank.at("2026-01-05").move(100 + number, target=bank.account(one, name))
    bank.at("2026-02-03")
    january = Period("Monthly", 2026, 1)
    whole = bank.shop.read(lambda tx: draft_statements(tx, period=january, limit=100)).facts
    last, made = 0, 0
    for _ in range(4):
        drafted = bank.shop.read(partial(draft_statements, period=january, after_id=last, limit=2))
        assert all(whole[customer_id] == facts for customer_id, facts in drafted.facts.items())
        made += bank.shop.write(partial(keep_statements, drafted=drafted))
        last = drafted.last_customer
    assert made == len(whole) == 7
    assert bank.problems() == []


def test_the_merchants_settlement_account_tells_of_its_trade(bank: Bank) -> None:
    """Sales settled with their fees, a refund and a payout; what was settled before counts as opening."""
    bank.shop.write(terms)
    _settle(bank.at("2025-12-20"), lambda tx: a_deposit(tx, 2_000))
    own = bank.shop.read(lambda tx: find_account_id(tx, code=PROCESSOR.code, currency="USD"))
    before = bank.shop.read(lambda tx: get_account(tx, own)).balance_minor
    merchant = bank.at("2026-01-01", "07:00").customer("The", last_name="Corner Comptoir")
    bank.account(merchant, "Settlement", ledger_account_id=own)
    sold = _settle(bank.at("2026-01-10"), a_deposit)
    _settle(bank.at("2026-01-12"), lambda tx: refund(tx, sold, 2_000))
    bank.at("2026-01-19").shop.write(pay_out)
    bank.at("2026-02-02").make()
    (account,) = bank.facts(merchant)["accounts"]
    assert (before, account["opening_minor"]) == (1_785, 1_785)
    standing = bank.shop.read(lambda tx: get_account(tx, own))
    assert (standing.kind, standing.balance_minor) == (ASSET, account["closing_minor"])
    # 100.41 less 5.98 for processing and 3.01 held back; 20.00 given back; then all of it is paid out.
    assert [movement[1:4] for movement in account["movements"]] == [
        ["2026-01-10", f"Sale, order {sold}", 10_041],
        ["2026-01-10", f"Processing fee, order {sold}", -598],
        ["2026-01-10", f"Reserve, order {sold}", -301],
        ["2026-01-12", f"Refund, order {sold}", -2_000],
        ["2026-01-19", "Payout fee, payout 1", -2_000],
        ["2026-01-19", "Payout, payout 1", -6_927],
    ]
    assert account["closing_minor"] == 0
    assert account["fees_minor"] == 598 + 2_000
    assert bank.problems() == []


def _settle(bank: Bank, verb: Callable[[Tx], Any]) -> Any:
    done = bank.shop.write(verb)
    bank.shop.write(gather_entries)
    return done


def test_a_letter_goes_to_the_banks_address_or_else_to_the_shops(bank: Bank) -> None:
    at_bank = {"line1": "1 Bank Road", "line2": "", "line3": "", "line4": "", "city": "Chicago", "state": "IL",
               "postal_code": "60601", "country": "US", "is_active": True}  # fmt: skip
    ada = bank.customer(
        addresses=[
            {**at_bank, "address_type": "Residence", "line1": "2 Home Street"},
            {**at_bank, "address_type": "Mailing"},
        ]
    )
    bob, nobody = bank.customer("Bob"), bank.customer("Nobody")
    shops = {
        "address1": "3 Shop Lane",
        "city": "Melbourne",
        "state_id": "VIC",
        "postcode": "3000",
        "country_id": "AU",
    }
    bank.shop.write(lambda tx: tx.update(Customer, bob, **shops))
    for one in (ada, bob, nobody):
        bank.account(one)
    bank.at("2026-02-03").make()
    told = [bank.facts(one)["customer"] for one in (ada, bob, nobody)]
    assert [one["address"] for one in told] == [
        ["1 Bank Road", "Chicago, IL 60601"],
        ["3 Shop Lane", "Melbourne, VIC 3000", "AUSTRALIA"],
        [],
    ]
    assert [one["name"] for one in told] == ["Ada Lovelace", "Bob Lovelace", "Nobody Lovelace"]
