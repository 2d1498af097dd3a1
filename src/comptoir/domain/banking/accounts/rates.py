"""What a balance earns: which rate, how much a day, how much of it is paid; arithmetic without I/O.

Interest is kept in 1e-8 of a minor unit and rounded once, when it is paid: half to even (reference 9, #17).
"""

from collections.abc import Iterable
from datetime import datetime

from comptoir.domain.banking.program.queries import Range, RateRow

E8 = 10**8
# Rates are in 1e-11 of the whole; every year has 365 days here, and a leap year one day's interest more.
DAYS_PER_YEAR = 365
E3 = 10**3
WITHHELD_PERCENT = 24


def rate_in_force(rates: Iterable[RateRow], balance_minor: int, at: datetime) -> RateRow | None:
    """The rate that a whole balance earns at a time: that of the highest tier that it falls into."""
    found = [
        rate
        for rate in rates
        if Range(rate.minimum_minor, rate.maximum_minor).holds(balance_minor)
        and (rate.effective_at is None or rate.effective_at <= at)
        and (rate.expires_at is None or at < rate.expires_at)
    ]
    return max(found, key=lambda rate: rate.tier, default=None)


def daily_interest(balance_minor: int, apr_e11: int) -> int:
    """What a balance earns in a day, in 1e-8 of a minor unit, rounded down; a debt earns nothing."""
    return max(balance_minor, 0) * apr_e11 // (DAYS_PER_YEAR * E3)


def payable(accrued_e8: int) -> int:
    """What is paid of what was earned, in minor units: the nearest, of two that are as near the even one."""
    return half_even(accrued_e8, E8) if accrued_e8 > 0 else 0


def withheld(paid_minor: int) -> int:
    """What is kept back of interest for the tax office, where it wants that."""
    return half_even(paid_minor * WITHHELD_PERCENT, 100)


def half_even(numerator: int, denominator: int) -> int:
    """The whole number nearest to a fraction that is not below zero; of two that are as near, the even one."""
    whole, rest = divmod(numerator, denominator)
    return whole + (2 * rest + whole % 2 > denominator)
