"""Months, quarters and years of the bank's calendar."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from comptoir.domain.banking.statements.periods import Period, last_month, month_of, period_of
from comptoir.domain.errors import Invalid

CHICAGO = ZoneInfo("America/Chicago")


def test_a_month_is_bounded_by_the_banks_own_midnights() -> None:
    march = period_of("Monthly", 2026, 3)
    assert (march.begins_on, march.ends_on) == (date(2026, 3, 1), date(2026, 3, 31))
    # Clocks go forward on the eighth of March 2026.
    assert march.begins_at(CHICAGO) == datetime(2026, 3, 1, 6, tzinfo=UTC)
    assert march.ends_at(CHICAGO) == datetime(2026, 4, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("type", "month", "begins", "ends"),
    [
        ("Monthly", 2, date(2024, 2, 1), date(2024, 2, 29)),
        ("Monthly", 12, date(2024, 12, 1), date(2024, 12, 31)),
        ("Quarterly", 3, date(2024, 1, 1), date(2024, 3, 31)),
        ("Quarterly", 12, date(2024, 10, 1), date(2024, 12, 31)),
        ("Tax1099INT", 12, date(2024, 1, 1), date(2024, 12, 31)),
    ],
)
def test_a_period_has_whole_months(type: str, month: int, begins: date, ends: date) -> None:
    period = period_of(type, 2024, month)
    assert (period.begins_on, period.ends_on) == (begins, ends)


def test_periods_follow_each_other_over_the_years() -> None:
    assert Period("Monthly", 2025, 12).next == Period("Monthly", 2026, 1)
    assert Period("Monthly", 2026, 1).before == Period("Monthly", 2025, 12)
    assert Period("Quarterly", 2025, 12).next == Period("Quarterly", 2026, 3)
    assert Period("Tax1099INT", 2025, 12).before == Period("Tax1099INT", 2024, 12)


@pytest.mark.parametrize(
    ("type", "year", "month", "field"),
    [
        ("Weekly", 2026, 1, "type"),
        ("Monthly", 2026, 0, "month"),
        ("Monthly", 2026, 13, "month"),
        ("Quarterly", 2026, 4, "month"),
        ("Tax1099INT", 2026, 6, "month"),
        ("Monthly", 1, 1, "year"),
        ("Monthly", 10**9, 1, "year"),
    ],
)
def test_what_is_no_period_is_refused(type: str, year: int, month: int, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        period_of(type, year, month)
    assert refused.value.field == field


def test_a_month_is_over_a_quarter_of_an_hour_after_it_ended() -> None:
    assert last_month(datetime(2026, 2, 1, 6, 14, tzinfo=UTC), CHICAGO) == Period("Monthly", 2025, 12)
    assert last_month(datetime(2026, 2, 1, 6, 15, tzinfo=UTC), CHICAGO) == Period("Monthly", 2026, 1)
    assert month_of(datetime(2026, 2, 1, 5, 59, tzinfo=UTC), CHICAGO) == Period("Monthly", 2026, 1)
