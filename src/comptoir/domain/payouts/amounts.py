"""What a payout is made of, and what it comes to."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from comptoir.domain.payouts.models import (
    ADJUSTMENT,
    BALANCE_FORWARD,
    CHARGEBACK,
    CHARGEBACK_FEE,
    COMMISSION,
    FEE,
    OUTGOING_COMMISSION,
    PAYOUT_FEE,
    REFUND,
    RESERVE_HELD,
    RESERVE_RELEASED,
    SALE,
)

DAYS_OF_WEEK = 7


class Parts(NamedTuple):
    """The totals that explain a payout, each with the sign of its name; chargebacks are among the refunds."""

    sales: int = 0
    fees: int = 0
    refunds: int = 0
    chargeback_fees: int = 0
    adjustments: int = 0
    commissions: int = 0
    outgoing_commissions: int = 0
    balance_forward: int = 0
    reserve_held: int = 0
    reserve_released: int = 0
    payout_fee: int = 0

    @property
    def payable_minor(self) -> int:
        """What is paid out (reference 6.9)."""
        return (
            self.sales
            - self.fees
            - self.refunds
            - self.chargeback_fees
            + self.adjustments
            + self.commissions
            - self.outgoing_commissions
            + self.balance_forward
            - self.reserve_held
            + self.reserve_released
            - self.payout_fee
        )


def parts_of(sums: Mapping[str, int]) -> Parts:
    """The parts of a payout, from the sums of its entries by kind."""
    given = {kind: sums.get(kind, 0) for kind in (SALE, ADJUSTMENT, COMMISSION, BALANCE_FORWARD)}
    taken = {kind: -sums.get(kind, 0) for kind in (FEE, CHARGEBACK_FEE, OUTGOING_COMMISSION, PAYOUT_FEE)}
    return Parts(
        sales=given[SALE],
        fees=taken[FEE],
        refunds=-sums.get(REFUND, 0) - sums.get(CHARGEBACK, 0),
        chargeback_fees=taken[CHARGEBACK_FEE],
        adjustments=given[ADJUSTMENT],
        commissions=given[COMMISSION],
        outgoing_commissions=taken[OUTGOING_COMMISSION],
        balance_forward=given[BALANCE_FORWARD],
        reserve_held=-sums.get(RESERVE_HELD, 0),
        reserve_released=sums.get(RESERVE_RELEASED, 0),
        payout_fee=taken[PAYOUT_FEE],
    )


def last_payday(now: datetime, weekday: int, zone: ZoneInfo) -> tuple[date, datetime]:
    """The last day of the week on which payouts leave, today included, and when it began."""
    today = now.astimezone(zone).date()
    day = today - timedelta(days=(today.weekday() - weekday) % DAYS_OF_WEEK)
    return day, datetime.combine(day, time(), zone)
