"""Days, weeks and months are those of the shop's wall clock, wherever it is and whatever its clock does."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comptoir.domain.figures.spans import INSTANT, SPANS, Span, compared, last_days, last_months

SYDNEY = ZoneInfo("Australia/Sydney")
ZONES = st.sampled_from(["UTC", "Australia/Sydney", "America/New_York", "Africa/Cairo", "Pacific/Apia"])
MOMENTS = st.integers(0, 120 * 365 * 86_400).map(
    lambda seconds: datetime(1975, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


@pytest.mark.parametrize(
    ("name", "since", "earlier", "reached"),
    [
        ("today", "2026-03-10T13:00Z", "2026-03-09T13:00Z", "2026-03-10T01:30Z"),
        ("week", "2026-03-08T13:00Z", "2026-03-01T13:00Z", "2026-03-04T01:30Z"),
        ("month", "2026-02-28T13:00Z", "2026-01-31T13:00Z", "2026-02-11T01:30Z"),
    ],
)
def test_each_is_compared_with_as_much_of_the_one_before(
    name: str, since: str, earlier: str, reached: str
) -> None:
    now = at("2026-03-11T01:30Z")  # half past twelve in Sydney, a Wednesday
    found = compared(name, now, SYDNEY)
    assert found.now == Span(at(since), now + INSTANT)
    assert found.before == Span(at(earlier), at(reached) + INSTANT)


def test_a_longer_month_is_compared_with_the_whole_of_a_shorter_one() -> None:
    found = compared("month", at("2026-03-31T12:00Z"), ZoneInfo("UTC"))
    assert found.before == Span(at("2026-02-01T00:00Z"), at("2026-03-01T00:00Z"))


def test_a_day_may_have_twenty_five_hours() -> None:
    days = last_days(at("2026-04-05T12:00Z"), SYDNEY, 3)
    assert [bucket.day for bucket in days] == [date(2026, 4, 3), date(2026, 4, 4), date(2026, 4, 5)]
    assert [bucket.span.until - bucket.span.since for bucket in days] == [
        timedelta(hours=24),
        timedelta(hours=24),
        timedelta(hours=25),
    ]


def test_months_go_back_over_the_year() -> None:
    months = last_months(at("2026-02-28T14:00Z"), SYDNEY, 4)
    assert [bucket.day for bucket in months] == [
        date(2025, 12, 1),
        date(2026, 1, 1),
        date(2026, 2, 1),
        date(2026, 3, 1),
    ]


@given(MOMENTS, ZONES, st.sampled_from(SPANS))
def test_now_is_in_it_and_what_was_before_is_no_longer(moment: datetime, zone: str, name: str) -> None:
    found = compared(name, moment, ZoneInfo(zone))
    assert found.before.since <= found.before.until <= found.now.since <= found.now.until == moment + INSTANT


@given(MOMENTS, ZONES, st.integers(1, 40))
def test_buckets_follow_each_other_and_the_last_holds_now(moment: datetime, zone: str, count: int) -> None:
    for buckets in (last_days(moment, ZoneInfo(zone), count), last_months(moment, ZoneInfo(zone), count)):
        assert len(buckets) == count
        for one, other in pairwise(buckets):
            assert one.span.since <= one.span.until == other.span.since
        assert buckets[-1].span.since <= moment < buckets[-1].span.until
