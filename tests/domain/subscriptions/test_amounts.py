from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.domain.errors import Invalid
from comptoir.domain.subscriptions.amounts import (
    INTERVAL_MAX,
    RETRY_DAYS,
    anchor_of,
    due_at,
    month_day,
    next_billing,
    refuse_wrong_interval,
    retry_after,
)
from comptoir.domain.subscriptions.models import INTERVAL_UNITS

MELBOURNE = ZoneInfo("Australia/Melbourne")
NEW_YORK = ZoneInfo("America/New_York")
ZONES = st.sampled_from(
    [MELBOURNE, NEW_YORK, ZoneInfo("UTC"), ZoneInfo("Asia/Kolkata"), ZoneInfo("Pacific/Apia")]
)
DAYS = st.dates(date(1990, 1, 1), date(2100, 1, 1))


def billings(start: str, unit: str, number: int, zone: str = "UTC", count: int = 1) -> list[str]:
    place = ZoneInfo(zone)
    moment = datetime.fromisoformat(start).replace(tzinfo=place)
    anchor_day, found = moment.day, []
    for _ in range(number):
        moment = next_billing(moment, unit=unit, count=count, anchor_day=anchor_day, zone=place)
        found.append(f"{moment.astimezone(place):%Y-%m-%d %H:%M}")
    return found


def test_the_last_day_stands_in_for_a_missing_one_and_the_anchor_comes_back() -> None:
    assert billings("2027-01-31 09:00", "month", 4) == [
        "2027-02-28 09:00",
        "2027-03-31 09:00",
        "2027-04-30 09:00",
        "2027-05-31 09:00",
    ]
    assert billings("2027-11-30 09:00", "quarter", 2) == ["2028-02-29 09:00", "2028-05-30 09:00"]
    assert billings("2028-02-29 09:00", "year", 4) == [
        "2029-02-28 09:00",
        "2030-02-28 09:00",
        "2031-02-28 09:00",
        "2032-02-29 09:00",
    ]


def test_days_and_weeks_are_counted_on_the_calendar() -> None:
    assert billings("2026-12-30 23:59", "week", 2) == ["2027-01-06 23:59", "2027-01-13 23:59"]
    assert billings("2026-12-30 23:59", "day", 1, count=10) == ["2027-01-09 23:59"]


def test_the_time_of_day_stays_when_the_clock_changes() -> None:
    assert billings("2026-10-03 09:00", "day", 2, "Australia/Melbourne") == [
        "2026-10-04 09:00",
        "2026-10-05 09:00",
    ]
    assert billings("2026-10-15 09:00", "month", 1, "America/New_York") == ["2026-11-15 09:00"]


def test_a_time_left_out_in_spring_is_billed_after_it() -> None:
    assert billings("2026-03-07 02:30", "day", 1, "America/New_York") == ["2026-03-08 03:30"]


def test_the_anchor_is_a_day_of_the_shop() -> None:
    assert anchor_of(datetime(2026, 3, 31, 20, tzinfo=UTC), MELBOURNE) == 1


@given(DAYS, st.integers(1, 130), st.integers(1, 31))
def test_a_month_later_is_the_month_meant(day: date, months: int, anchor_day: int) -> None:
    found = month_day(day, months, anchor_day)
    assert (found.year * 12 + found.month) - (day.year * 12 + day.month) == months
    assert found.day == min(anchor_day, monthrange(found.year, found.month)[1])


@given(DAYS, st.times(), ZONES, st.sampled_from(INTERVAL_UNITS), st.integers(1, 12))
def test_billings_rise_and_never_drift(
    day: date, time: object, zone: ZoneInfo, unit: str, count: int
) -> None:
    start = datetime.combine(day, time, tzinfo=zone).astimezone(UTC)  # type: ignore[arg-type]
    anchor_day = anchor_of(start, zone)
    moment = start
    for _ in range(6):
        following = next_billing(moment, unit=unit, count=count, anchor_day=anchor_day, zone=zone)
        assert following > moment
        assert following.tzinfo is UTC
        if unit in {"month", "quarter", "year"}:
            local = following.astimezone(zone).date()
            # The calendar may leave out a whole day where a country changed sides of the date line.
            assert abs(local.day - min(anchor_day, monthrange(local.year, local.month)[1])) <= 1
        moment = following


@pytest.mark.parametrize(
    ("unit", "count"),
    [("fortnight", 1), ("month", 0), ("month", -1), *((u, m + 1) for u, m in INTERVAL_MAX.items())],
)
def test_what_is_no_interval(unit: str, count: int) -> None:
    with pytest.raises(Invalid, match="interval"):
        refuse_wrong_interval(unit, count)


def test_attempts_are_spaced_and_end() -> None:
    assert [retry_after(attempt) for attempt in range(1, 6)] == [
        *(timedelta(days=d) for d in RETRY_DAYS),
        None,
    ]


def test_what_is_first_is_due() -> None:
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 2, 1, tzinfo=UTC)
    assert (due_at(early, late), due_at(late, early), due_at(None, late)) == (early, early, late)
    assert (due_at(early, None), due_at(None, None)) == (early, None)
