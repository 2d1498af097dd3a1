from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.domain.banking.files.bank_days import bank_holidays, is_bank_day, next_bank_day

# As the Federal Reserve Banks publish them: a holiday on a Saturday is not kept, one on a Sunday is the day after.
PUBLISHED = {
    2019: "01-01 01-21 02-18 05-27 07-04 09-02 10-14 11-11 11-28 12-25",
    2022: "01-17 02-21 05-30 06-20 07-04 09-05 10-10 11-11 11-24 12-26",
    2023: "01-02 01-16 02-20 05-29 06-19 07-04 09-04 10-09 11-23 12-25",
    2025: "01-01 01-20 02-17 05-26 06-19 07-04 09-01 10-13 11-11 11-27 12-25",
    2026: "01-01 01-19 02-16 05-25 06-19 09-07 10-12 11-11 11-26 12-25",
    2027: "01-01 01-18 02-15 05-31 07-05 09-06 10-11 11-11 11-25",
}
DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2090, 1, 1))


@pytest.mark.parametrize("year", PUBLISHED)
def test_holidays_are_those_that_the_federal_reserve_publishes(year: int) -> None:
    assert sorted(f"{day:%m-%d}" for day in bank_holidays(year)) == PUBLISHED[year].split()


def test_banks_are_open_on_the_friday_before_a_holiday_on_a_saturday() -> None:
    # 4 July 2026 is a Saturday; the government closes on the Friday, the Federal Reserve does not.
    assert is_bank_day(date(2026, 7, 3))
    assert not is_bank_day(date(2026, 7, 4))
    assert next_bank_day(date(2026, 7, 3)) == date(2026, 7, 6)


@pytest.mark.parametrize(
    ("day", "count", "found"),
    [
        ("2026-11-20", 0, "2026-11-20"),
        ("2026-11-20", 1, "2026-11-23"),
        ("2026-11-21", 0, "2026-11-23"),
        ("2026-11-21", 1, "2026-11-23"),
        ("2026-11-21", 2, "2026-11-24"),
        ("2026-11-25", 1, "2026-11-27"),  # over Thanksgiving
        ("2027-12-31", 1, "2028-01-03"),  # 1 January 2028 is a Saturday
        ("2022-12-30", 1, "2023-01-03"),  # 1 January 2023 is a Sunday
    ],
)
def test_bank_days_are_counted_over_weekends_and_holidays(day: str, count: int, found: str) -> None:
    assert next_bank_day(date.fromisoformat(day), count) == date.fromisoformat(found)


@given(day=DAYS, count=st.integers(0, 30))
def test_a_later_bank_day_has_exactly_so_many_before_it(day: date, count: int) -> None:
    found = next_bank_day(day, count)
    between = [day + timedelta(days=number) for number in range(1, (found - day).days + 1)]
    assert is_bank_day(found)
    assert sum(map(is_bank_day, between)) == (count or int(found != day))
