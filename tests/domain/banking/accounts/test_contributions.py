"""When the next contribution to an account is due."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.domain.banking.accounts.contributions import MONTHLY_DAYS, next_contribution

TODAY = date(2026, 3, 1)


def agreed(kind: str, starts_on: date | None, ends_on: date | None = None) -> dict[str, Any]:
    return {"contribution_type": kind, "contribution_starts_on": starts_on, "contribution_ends_on": ends_on}


@pytest.mark.parametrize(
    ("kind", "starts_on", "ends_on", "due"),
    [
        ("None", date(2026, 4, 1), None, None),
        ("Monthly", None, None, None),
        ("Monthly", date(2026, 4, 15), None, date(2026, 4, 15)),
        ("Monthly", date(2025, 1, 1), None, date(2026, 3, 1)),
        ("Monthly", date(2025, 1, 28), None, date(2026, 3, 28)),
        ("Monthly", date(2026, 2, 15), date(2026, 3, 15), date(2026, 3, 15)),
        ("Monthly", date(2026, 2, 15), date(2026, 3, 14), None),
        ("BiWeekly", date(2026, 2, 15), None, date(2026, 3, 1)),
        ("BiWeekly", date(2026, 2, 16), None, date(2026, 3, 2)),
        ("BiWeekly", date(2026, 2, 14), None, date(2026, 3, 14)),
        ("BiWeekly", date(2026, 3, 2), None, date(2026, 3, 2)),
        ("BiWeekly", date(2026, 2, 14), date(2026, 3, 13), None),
    ],
)
def test_the_next_one_is_due(
    kind: str, starts_on: date | None, ends_on: date | None, due: date | None
) -> None:
    assert next_contribution(agreed(kind, starts_on, ends_on), TODAY) == due


def test_a_month_that_is_past_its_day_gives_the_next_also_over_the_year() -> None:
    monthly = agreed("Monthly", date(2020, 1, 10))
    assert next_contribution(monthly, date(2026, 12, 11)) == date(2027, 1, 10)
    assert next_contribution(monthly, date(2026, 1, 11)) == date(2026, 2, 10)
    assert next_contribution(monthly, date(2026, 1, 10)) == date(2026, 1, 10)


@given(
    st.dates(date(2000, 1, 1), date(2030, 1, 1)).filter(lambda day: day.day in MONTHLY_DAYS),
    st.integers(0, 3000),
    st.sampled_from(["BiWeekly", "Monthly"]),
)
def test_no_due_day_is_left_out(starts_on: date, after: int, kind: str) -> None:
    today = starts_on + timedelta(days=after)
    due = next_contribution(agreed(kind, starts_on), today)
    assert due is not None
    assert today <= due <= today + timedelta(days=31)
    if kind == "Monthly":
        assert due.day == starts_on.day
    else:
        assert (due - starts_on).days % 14 == 0
        assert due < today + timedelta(days=14)
