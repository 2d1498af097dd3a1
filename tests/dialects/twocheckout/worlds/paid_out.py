"""A shop that is paid out by wire: two payouts as the documentation prints them, taken over with their numbers,
one of its own, one called back, and money that waits.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from comptoir.domain.payouts.amounts import Parts
from comptoir.domain.payouts.gathering import gather_entries
from comptoir.domain.payouts.importing import PaidElsewhere, import_payouts
from comptoir.domain.payouts.models import COMMISSION, OUTGOING_COMMISSION
from comptoir.domain.payouts.paying import adjust_balance, pay_out, void_payout
from tests.domain.payouts.given import a_deposit, dispute, refund, terms

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop, Tx

WEEK_AGO = datetime(2026, 2, 23, 5, 30, tzinfo=UTC)


def load(shop: OpenShop) -> None:
    """Sell, give back, pay out, call back, and sell again."""
    shop.write(taken_over)
    shop.write(paid)
    shop.write(waiting)


def taken_over(tx: Tx) -> None:
    """The documented payouts."""
    terms(tx, release_level_minor=1_500)
    import_payouts(
        tx,
        [
            PaidElsewhere(
                2436561667, "wire_999042012", "wire", 5_024_051, WEEK_AGO,
                Parts(sales=5_486_900, fees=194_134, refunds=241_846, reserve_held=164_607,
                      reserve_released=139_738),
                gateway="2checkout",
            ),
            PaidElsewhere(
                2436561600, "wire_999042011", "wire", 4_561_652, WEEK_AGO - timedelta(days=364),
                Parts(sales=4_999_430, fees=176_857, refunds=255_300, reserve_held=149_983,
                      reserve_released=146_362),
                reserve_released_at=WEEK_AGO, gateway="2checkout",
            ),
        ],
    )  # fmt: skip


def paid(tx: Tx) -> None:
    """One payout of 1000.00 that is called back."""
    a_deposit(tx, 100_000)
    payout_id = pay_out(tx)
    assert payout_id == 2436561668
    void_payout(tx, payout_id=payout_id)


def waiting(tx: Tx) -> None:
    """What the next payout will be made of."""
    order_id = a_deposit(tx, 28_386)
    refund(tx, order_id, 10_000)
    dispute(tx, order_id, 5_000)
    adjust_balance(tx, amount_minor=6_107, memo="goodwill")
    adjust_balance(tx, amount_minor=21, memo="a friend's sale", kind=COMMISSION)
    adjust_balance(tx, amount_minor=435, memo="to a friend", kind=OUTGOING_COMMISSION)
    gather_entries(tx)
