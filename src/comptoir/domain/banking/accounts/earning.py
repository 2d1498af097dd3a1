"""What an account earns over some days, and what of it is to be paid; arithmetic without I/O."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from comptoir.domain.banking.accounts.rates import (
    E8,
    daily_interest,
    payable,
    rate_in_force,
    withheld,
)
from comptoir.domain.banking.program.queries import RateRow
from comptoir.storage.columns import micros_of

ONE_DAY = timedelta(days=1)
# Movements are summed by quarters of an hour: days begin with one in every zone.
SLOT_MICROS = 900 * 1_000_000


class Earner(NamedTuple):
    """An account that earns interest, as it stands."""

    account_id: int
    customer_id: int
    product_id: int
    accrued_e8: int
    accrued_through: date
    interest_paid_on: date | None
    is_withheld: bool
    posted_minor: int


class Payment(NamedTuple):
    """Interest that is paid for the time until a day, and what is kept back of it."""

    account_id: int
    customer_id: int
    until: date
    gross_minor: int
    withheld_minor: int

    @property
    def net_minor(self) -> int:
        """What the customer has of it."""
        return self.gross_minor - self.withheld_minor


class Earned(NamedTuple):
    """What an account has earned until a day, and what of it is to be paid."""

    earner: Earner
    accrued_e8: int
    accrued_through: date
    interest_paid_on: date | None
    payments: tuple[Payment, ...]


class Calendar:
    """The days of a span at the bank, with the slots in which they end, and what products earn on them."""

    def __init__(
        self, zone: ZoneInfo, first: date, through: date, rates: Mapping[int, Sequence[RateRow]]
    ) -> None:
        self._zone = zone
        self._rates = rates
        self._starts: dict[date, datetime] = {}
        self.through = through
        self.ends: dict[date, int] = {}
        day = first - ONE_DAY
        while day <= through:
            self._starts[day] = midnight(zone, day)
            self.ends[day] = micros_of(midnight(zone, day + ONE_DAY)) // SLOT_MICROS
            day += ONE_DAY

    def earned_on(self, day: date, product_id: int, balance_minor: int) -> int:
        """What a balance earns on a day, in 1e-8 of a minor unit."""
        if balance_minor <= 0:
            return 0
        rate = rate_in_force(self._rates[product_id], balance_minor, self._starts[day])
        return 0 if rate is None else daily_interest(balance_minor, rate.apr_e11)


def midnight(zone: ZoneInfo, day: date) -> datetime:
    """When a day begins."""
    return datetime(day.year, day.month, day.day, tzinfo=zone)


def earned_of(earner: Earner, moved: Mapping[int, int], calendar: Calendar) -> Earned:
    """Go through the days after the last one that counts, each with the balance that it ended with.

    `moved` is what was posted by slots, debits being positive. What is to be paid counts from the next day on.
    """
    start = calendar.ends.get(earner.accrued_through)
    slots = sorted((slot, minor) for slot, minor in moved.items() if start is not None and slot >= start)
    balance = sum(minor for _, minor in slots) - earner.posted_minor
    accrued, paid_on, through = earner.accrued_e8, earner.interest_paid_on, earner.accrued_through
    payments: list[Payment] = []
    place = 0
    while through < calendar.through:
        through += ONE_DAY
        while place < len(slots) and slots[place][0] < calendar.ends[through]:
            balance -= slots[place][1]
            place += 1
        accrued += calendar.earned_on(through, earner.product_id, balance)
        if (through + ONE_DAY).day == 1:
            payment = payment_of(earner, accrued, through)
            balance += payment.net_minor
            accrued, paid_on = accrued - payment.gross_minor * E8, through
            payments.append(payment)
    return Earned(earner, accrued, through, paid_on, tuple(payments))


def payment_of(earner: Earner, accrued_e8: int, until: date) -> Payment:
    """What is paid of what was earned until a day."""
    gross = payable(accrued_e8)
    kept = withheld(gross) if earner.is_withheld else 0
    return Payment(earner.account_id, earner.customer_id, until, gross, kept)
