"""Days, weeks and months on the shop's wall clock, as instants; what each is compared with."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

TODAY, WEEK, MONTH = "today", "week", "month"
SPANS = (TODAY, WEEK, MONTH)
DAYS, MONTHS = "days", "months"
MONTHS_PER_YEAR = 12
INSTANT = timedelta(microseconds=1)


class Span(NamedTuple):
    """A stretch of time; its end is no part of it."""

    since: datetime
    until: datetime


class Compared(NamedTuple):
    """What has passed of a day, week or month, and as much of the one before."""

    name: str
    now: Span
    before: Span


class Bucket(NamedTuple):
    """One day or month of a series."""

    day: date
    span: Span


def compared(name: str, now: datetime, zone: ZoneInfo) -> Compared:
    """A day, week or month so far, and the one before up to the same day and hour of the wall clock."""
    local = now.astimezone(zone)
    today = local.date()
    if name == TODAY:
        first, earlier = today, today - timedelta(days=1)
    elif name == WEEK:
        first = today - timedelta(days=today.weekday())
        earlier = first - timedelta(days=7)
    else:
        assert name == MONTH, name
        first = today.replace(day=1)
        earlier = (first - timedelta(days=1)).replace(day=1)
    begun = midnight(first, zone)
    reached = datetime.combine(earlier + (today - first), local.time(), zone).astimezone(UTC)
    # What happens at this very moment counts: a sandbox's clock may stand still.
    return Compared(
        name,
        Span(begun, now + INSTANT),
        Span(midnight(earlier, zone), min(reached + INSTANT, begun)),
    )


def last_days(now: datetime, zone: ZoneInfo, count: int) -> list[Bucket]:
    """So many days, the last of them today."""
    today = now.astimezone(zone).date()
    days = [today + timedelta(days=place) for place in range(1 - count, 2)]
    return _buckets(days, zone)


def last_months(now: datetime, zone: ZoneInfo, count: int) -> list[Bucket]:
    """So many months, the last of them this one."""
    today = now.astimezone(zone).date()
    this = today.year * MONTHS_PER_YEAR + today.month - 1
    firsts = [
        date(number // MONTHS_PER_YEAR, number % MONTHS_PER_YEAR + 1, 1)
        for number in range(this + 1 - count, this + 2)
    ]
    return _buckets(firsts, zone)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """When a day begins on the wall clock, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def _buckets(days: Sequence[date], zone: ZoneInfo) -> list[Bucket]:
    starts = [midnight(day, zone) for day in days]
    return [Bucket(day, Span(*pair)) for day, pair in zip(days, pairwise(starts), strict=False)]
