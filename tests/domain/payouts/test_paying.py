"""Payouts leave on their day, when enough has come together, and can be called back."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import bindparam, select

from comptoir.domain.errors import Invalid
from comptoir.domain.identity.shopkeeping import change_shop
from comptoir.domain.merchant.queries import get_merchant
from comptoir.domain.orders.models import Invoice
from comptoir.domain.payouts.amounts import Parts
from comptoir.domain.payouts.errors import NotPaidOut, PayoutNotFound
from comptoir.domain.payouts.gathering import gather_entries
from comptoir.domain.payouts.models import COMMISSION, OUTGOING_COMMISSION
from comptoir.domain.payouts.paying import adjust_balance, pay_out, run_payouts, void_payout
from comptoir.domain.payouts.queries import explain_payout, find_pending, get_payout, list_ended, list_payouts
from comptoir.domain.proof import prove_books
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.orders.given import balances
from tests.domain.payouts.given import a_deposit, advance, dispute, pending, refund, terms

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
PAID_OUT = select(Invoice.payout_id, Invoice.paid_out_at).where(Invoice.order_id == bindparam("order_id"))


def test_a_payout_leaves_once_the_day_has_begun(shop: OpenShop) -> None:
    shop.write(terms)
    order_id = shop.write(lambda tx: a_deposit(tx, 100_000))
    assert (shop.write(run_payouts), shop.write(gather_entries)) == (0, 1)
    assert shop.read(lambda tx: tx.one(PAID_OUT, order_id=order_id)) == (1, None)
    advance(shop, 11 * HOUR)
    assert shop.write(run_payouts) == 0
    advance(shop, HOUR)
    assert [shop.write(run_payouts) for _ in range(3)] == [1, 0, 0]
    found = shop.read(lambda tx: explain_payout(tx, 1))
    assert found.parts == Parts(sales=100_000, fees=5_545, reserve_held=3_000, payout_fee=2_000)
    assert found.payout.amount_minor == found.parts.payable_minor == 89_455
    assert (found.payout.identifier, found.payout.paid_at) == ("wire_1", shop.system())
    assert shop.read(lambda tx: tx.one(PAID_OUT, order_id=order_id)) == (1, shop.system())
    assert shop.read(balances) == {
        "sales": 100_000, "bank": 89_455, "processing_fees": 5_545, "processor_reserve": 3_000,
        "payout_fees": 2_000,
    }  # fmt: skip


def test_what_comes_in_on_the_day_leaves_a_week_later(shop: OpenShop) -> None:
    shop.write(terms)
    shop.write(a_deposit)
    shop.write(gather_entries)
    advance(shop, DAY)
    assert shop.write(run_payouts) == 1
    shop.write(lambda tx: a_deposit(tx, 50_000))
    shop.write(gather_entries)
    advance(shop, 6 * DAY + 11 * HOUR)
    assert shop.write(run_payouts) == 0
    advance(shop, HOUR)
    assert shop.write(run_payouts) == 1
    assert [one.parts.sales for one in shop.read(list_payouts)] == [50_000, 10_041]


def test_paydays_follow_the_shops_own_clock(shop: OpenShop) -> None:
    shop.write(lambda tx: change_shop(tx, time_zone="Australia/Sydney"))
    shop.write(terms)
    shop.write(a_deposit)
    shop.write(gather_entries)
    advance(shop, HOUR - timedelta(seconds=1))
    assert shop.write(run_payouts) == 0
    advance(shop, timedelta(seconds=1))
    assert shop.write(run_payouts) == 1


def test_too_little_waits_for_the_next_payday(shop: OpenShop) -> None:
    shop.write(lambda tx: terms(tx, release_level_minor=30_000))
    shop.write(lambda tx: a_deposit(tx, 20_000))
    shop.write(gather_entries)
    advance(shop, 7 * DAY)
    assert shop.write(run_payouts) == 0
    shop.write(lambda tx: a_deposit(tx, 20_000))
    advance(shop, 11 * HOUR)
    assert shop.write(run_payouts) == 0
    advance(shop, HOUR)
    assert shop.write(run_payouts) == 1
    assert shop.read(lambda tx: explain_payout(tx, 1)).parts.sales == 40_000


def test_the_level_is_reached_exactly(tx: Tx) -> None:
    terms(tx, fee_ppm=0, fee_fixed_minor=0, reserve_ppm=0, release_level_minor=10_000)
    a_deposit(tx, 9_999)
    assert pay_out(tx) is None
    adjust_balance(tx, amount_minor=1, memo="a cent found")
    assert pay_out(tx) == 1
    assert get_payout(tx, 1).amount_minor == 8_000


def test_a_payout_never_costs_more_than_it_brings(tx: Tx) -> None:
    terms(tx, fee_ppm=0, fee_fixed_minor=0, reserve_ppm=0)
    a_deposit(tx, 2_000)
    assert pay_out(tx) is None
    assert list_ended(tx) == []


def test_a_debt_is_brought_forward_once(tx: Tx) -> None:
    terms(tx)
    first = a_deposit(tx)
    assert pay_out(tx) == 1
    dispute(tx, first)
    second = a_deposit(tx, 1_000)
    assert pay_out(tx) is None
    assert pay_out(tx) is None
    carried = explain_payout(tx, 2)
    debt = 10_041 + 2_000 - (1_000 - 100 - 30)
    assert (carried.payout.state, carried.payout.amount_minor) == ("carried", 0)
    assert carried.parts == Parts(
        sales=1_000, fees=100, refunds=10_041, chargeback_fees=2_000, reserve_held=30, balance_forward=debt,
    )  # fmt: skip
    assert pending(tx) == Parts(balance_forward=-debt)
    assert [one.payout.id for one in list_payouts(tx)] == [1]
    assert [one.payout.id for one in list_ended(tx)] == [2, 1]
    assert tx.one(PAID_OUT, order_id=second) == (2, tx.now)
    a_deposit(tx, 100_000)
    assert pay_out(tx) == 3
    assert get_payout(tx, 3).amount_minor == 91_455 - debt - 2_000
    assert prove_books(tx) == []


def test_a_payout_is_called_back(tx: Tx) -> None:
    terms(tx)
    order_id = a_deposit(tx, 100_000)
    pay_out(tx)
    void_payout(tx, payout_id=1)
    voided = explain_payout(tx, 1)
    assert (voided.payout.state, voided.payout.amount_minor, voided.payout.voided_at) == (
        "void",
        89_455,
        tx.now,
    )
    assert pending(tx) == Parts(balance_forward=89_455)
    assert tx.one(PAID_OUT, order_id=order_id) == (2, None)
    assert "bank" not in balances(tx)
    assert prove_books(tx) == []
    with pytest.raises(NotPaidOut):
        void_payout(tx, payout_id=1)
    with pytest.raises(NotPaidOut):
        void_payout(tx, payout_id=2)
    with pytest.raises(PayoutNotFound):
        void_payout(tx, payout_id=77)
    assert pay_out(tx) == 2
    assert get_payout(tx, 2).amount_minor == 87_455
    assert tx.one(PAID_OUT, order_id=order_id) == (2, tx.now)
    assert balances(tx)["bank"] == 87_455
    assert prove_books(tx) == []


def test_a_voided_payouts_reserve_is_released_all_the_same(shop: OpenShop) -> None:
    shop.write(terms)
    shop.write(a_deposit)
    shop.write(pay_out)
    shop.write(lambda tx: void_payout(tx, payout_id=1))
    advance(shop, timedelta(days=91))
    assert shop.write(gather_entries) == 1
    assert shop.read(lambda tx: get_payout(tx, 1)).reserve_released_at == shop.system()


def test_corrections_and_commissions_count(tx: Tx) -> None:
    terms(tx)
    adjust_balance(tx, amount_minor=-500, memo="postage")
    adjust_balance(tx, amount_minor=6_107, memo="goodwill")
    adjust_balance(tx, amount_minor=21, memo="a friend's sale", kind=COMMISSION)
    adjust_balance(tx, amount_minor=435, memo="to a friend", kind=OUTGOING_COMMISSION)
    assert pending(tx) == Parts(adjustments=5_607, commissions=21, outgoing_commissions=435)
    assert balances(tx) == {
        "processor": 5_193, "payout_adjustments": 5_607, "commissions_earned": 21, "commissions_paid": 435,
    }  # fmt: skip
    assert prove_books(tx) == []


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("amount", {"amount_minor": 0}),
        ("amount", {"amount_minor": -1, "kind": COMMISSION}),
        ("amount", {"amount_minor": 10**15}),
        ("kind", {"kind": "sale"}),
        ("memo", {"memo": " "}),
        ("memo", {"memo": "a\0"}),
        ("memo", {"memo": "x" * 256}),
    ],
)
def test_what_a_correction_may_not_be(tx: Tx, field: str, change: dict[str, Any]) -> None:
    right: dict[str, Any] = {"amount_minor": 1, "memo": "x"}
    with pytest.raises(Invalid) as refused:
        adjust_balance(tx, **right | change)
    assert refused.value.field == field
    assert balances(tx) == {}


def test_the_next_payout_is_told_before_it_leaves(tx: Tx) -> None:
    terms(tx)
    assert find_pending(tx, get_merchant(tx)) == (1, Parts(payout_fee=2_000))
    order_id = a_deposit(tx, 100_000)
    refund(tx, order_id, 1_000)
    gather_entries(tx)
    told = find_pending(tx, get_merchant(tx))
    assert pay_out(tx) == told.id
    assert explain_payout(tx, told.id).parts == told.parts
    assert get_payout(tx, told.id).amount_minor == told.parts.payable_minor == 88_455
