"""What a balance earns, by hand."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.domain.banking.accounts.rates import (
    E8,
    daily_interest,
    half_even,
    payable,
    rate_in_force,
    withheld,
)
from comptoir.domain.banking.program.queries import RateRow

AT = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("balance_minor", "apr_e11", "daily_e8"),
    [
        # 10,000.00 at 1.5 % are 150.00 a year: 15000 cents / 365 = 41.09589041095… cents a day.
        (1_000_000, 1_500_000_000, 4_109_589_041),
        # 365.00 at 1 % are one cent a day, exactly.
        (36_500, 1_000_000_000, 100_000_000),
        (1, 1_000_000_000, 2_739),
        (0, 1_000_000_000, 0),
        (-36_500, 1_000_000_000, 0),
        (10**15, 100_000_000_000, 10**15 * 10**8 // 365),
    ],
)
def test_a_day_earns_a_365th_of_a_year(balance_minor: int, apr_e11: int, daily_e8: int) -> None:
    assert daily_interest(balance_minor, apr_e11) == daily_e8


@pytest.mark.parametrize(
    ("accrued_e8", "minor"),
    [(0, 0), (E8 // 2, 0), (E8 // 2 + 1, 1), (3 * E8 // 2, 2), (5 * E8 // 2, 2), (-E8, 0), (7 * E8 - 1, 7)],
)
def test_what_is_paid_is_rounded_half_to_even(accrued_e8: int, minor: int) -> None:
    assert payable(accrued_e8) == minor


@pytest.mark.parametrize(("paid", "kept"), [(0, 0), (2, 0), (3, 1), (100, 24), (1274, 306), (625, 150)])
def test_a_quarter_less_a_hundredth_is_withheld(paid: int, kept: int) -> None:
    assert withheld(paid) == kept


@given(st.integers(0, 10**18), st.integers(1, 10**9))
def test_half_even_is_the_nearest(numerator: int, denominator: int) -> None:
    distance = 2 * (half_even(numerator, denominator) * denominator - numerator)
    assert abs(distance) <= denominator
    assert abs(distance) != denominator or half_even(numerator, denominator) % 2 == 0


def rate(tier: int, least: int | None = None, most: int | None = None, **times: datetime | None) -> RateRow:
    return RateRow(tier, tier, tier, least, most, times.get("since"), times.get("until"), "")


def test_the_highest_tier_that_is_in_force_speaks() -> None:
    rates = [
        rate(1, None, 99),
        rate(2, 100, 999),
        rate(3, 1000),
        rate(4, 500, 600, since=AT),
        rate(5, 700, until=AT),
    ]
    found = {minor: rate_in_force(rates, minor, AT) for minor in (0, 99, 100, 550, 700, 10**9)}
    assert {minor: one and one.tier for minor, one in found.items()} == {
        0: 1,
        99: 1,
        100: 2,
        550: 4,
        700: 2,
        10**9: 3,
    }
    assert rate_in_force(rates[1:2], 5, AT) is None
