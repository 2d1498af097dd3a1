"""Payouts, their entries and the accounts of the ledger: told by what brought them about."""

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.domain.errors import ComptoirError
from comptoir.domain.explaining.asking import explain
from comptoir.domain.explaining.errors import NotExplained
from comptoir.domain.explaining.payouts import SHOWN
from comptoir.domain.ledger.accounts import find_account_id, open_account
from comptoir.domain.ledger.holds import place_hold
from comptoir.domain.ledger.transfers import create_pending_transfer, post_transfer
from comptoir.domain.payouts.gathering import gather_entries
from comptoir.domain.payouts.paying import adjust_balance, pay_out, void_payout
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.explaining.given import prove_everything, prove_kept, shown
from tests.domain.payouts.given import a_deposit, a_sale, advance, dispute, refund, terms

STEPS = "sell wait_for give_back take_back correct pay call_back wait".split()


def test_money_is_followed_from_the_sale_to_the_payout(tx: Tx) -> None:
    terms(tx)
    order_id = a_deposit(tx)
    refund(tx, order_id, 1_000)
    adjust_balance(tx, amount_minor=50_000, memo="a correction")
    payout_id = pay_out(tx)
    assert payout_id is not None
    found = explain(tx, "order", order_id, "paid")
    assert found.went_to is not None
    assert shown(found.went_to) == [
        "where it is now: 100.41",
        "  given back to the customer: 10.00",
        "  settled: 90.41",
        "    kept as fees for processing: 5.98",
        "    held back as a reserve: 3.01",
        "    payout wire_1: 81.42",
        "      sale: 100.41",
        "      fee: -5.98",
        "      reserve held: -3.01",
        "      refund: -10.00",
    ]
    whole = explain(tx, "payout", payout_id)
    assert [part.label for part in whole.made_of.parts] == [
        "sale", "fee", "refund", "adjustment", "reserve held", "payout fee",
    ]  # fmt: skip
    assert whole.went_to is not None
    assert whole.went_to.parts[0].label == "Paid out to the merchant"
    prove_everything(tx)
    prove_kept(tx)


def test_a_fee_is_told_by_its_rate_and_how_it_was_rounded(tx: Tx) -> None:
    terms(tx)
    order_id = a_deposit(tx)
    assert shown(explain(tx, "order", order_id, "fee").made_of) == [
        "fee for processing: 5.98",
        "  5.50 % of 100.41: 5.5226",
        "  for each sale: 0.45",
        "  the share is rounded up: 0.0074",
    ]
    terms(tx, fee_fixed_minor=50)
    assert not explain(tx, "order", order_id, "fee").made_of.parts


def test_many_entries_are_told_by_pages_that_add_up(tx: Tx) -> None:
    terms(tx)
    for minor in range(SHOWN + 7):
        a_deposit(tx, 1_000 + minor)
    gather_entries(tx, limit=1_000)
    first = explain(tx, "payout", 1, "sale").made_of
    assert first.parts[-1].label == "7 more"
    assert first.parts[-1].ask is not None
    last = explain(tx, *first.parts[-1].ask[:3], after=first.parts[-1].ask.after).made_of
    assert (last.amount_e4, last.parts[0].label, len(last.parts)) == (
        first.amount_e4,
        f"{SHOWN} before these",
        8,
    )
    receivable = find_account_id(tx, code="receivable", currency=tx.shop.currency)
    page = explain(tx, "account", receivable)
    assert page.made_of.parts[-1].label == "balance before these"
    assert prove_everything(tx) > SHOWN
    with pytest.raises(NotExplained):
        explain(tx, "account", receivable, after=10**9)


def test_what_is_announced_and_held_is_told_apart(tx: Tx) -> None:
    account_id = open_account(tx, code="till", name="Till", kind="asset", floor_minor=0)
    given: dict[str, Any] = {"subject": "test", "subject_id": 1}
    open_account(tx, code="drawer", name="Drawer", kind="equity")
    post_transfer(tx, kind="fill", postings=[("till", 500), ("drawer", -500)], **given)
    for minor in (10, 20):
        create_pending_transfer(tx, kind="take", postings=[("till", -minor), ("drawer", minor)], **given)
        create_pending_transfer(tx, kind="give", postings=[("till", 5), ("drawer", -5)], **given)
    place_hold(tx, account_id=account_id, amount_minor=100, **given)
    found = explain(tx, "account", account_id, "available").made_of
    assert shown(found) == [
        "available: 3.70",
        "  balance: 5.00",
        "  less announced to leave: -0.30",
        "    less transfer 4: -0.20",
        "    less transfer 2: -0.10",
        "  less held: -1.00",
        "    less hold 1 for test 1: -1.00",
    ]
    assert found.why == "at least 0.00 must stay available"
    assert explain(tx, "account", account_id, "pending_in").made_of.amount == "0.10"
    prove_everything(tx)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 10_000)), max_size=16))
def test_whatever_becomes_of_money_is_told(shop: OpenShop, steps: list[tuple[str, int]]) -> None:
    shop.write(terms)
    orders = [shop.write(lambda tx: a_deposit(tx, 20_000))]
    for step, number in steps:
        with suppress(ComptoirError):
            _do(shop, orders, step, number)
    shop.read(prove_everything)
    shop.read(prove_kept)


def _do(shop: OpenShop, orders: list[int], step: str, number: int) -> None:
    order_id = orders[number % len(orders)]
    verbs: dict[str, Callable[[Tx], object]] = {
        "sell": lambda tx: orders.append(a_deposit(tx, 5_000 + number)),
        "wait_for": lambda tx: orders.append(a_sale(tx, 5_000 + number)),
        "give_back": lambda tx: refund(tx, order_id, 1 + number % 700),
        "take_back": lambda tx: dispute(tx, order_id, 1 + number % 300),
        "correct": lambda tx: adjust_balance(tx, amount_minor=number - 5_000, memo="x"),
        "pay": pay_out,
        "call_back": lambda tx: void_payout(tx, payout_id=1 + number % 3),
        "wait": lambda _: advance(shop, timedelta(days=1 + number % 40)),
    }
    shop.write(verbs[step])
