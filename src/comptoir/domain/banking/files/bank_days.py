"""The days on which banks are open: the calendar of the Federal Reserve.

The Federal Reserve keeps the holidays of the United States with one rule of its own: one that falls on a
Sunday is kept on the Monday after, one that falls on a Saturday is not kept on another day.
"""

from datetime import date, timedelta
from functools import lru_cache
from typing import Protocol
from zoneinfo import ZoneInfo

from comptoir.domain.tx import Tx

DAY = timedelta(days=1)
WEEK_DAYS = 7
MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6
JUNETEENTH_SINCE = 2022


@lru_cache(maxsize=256)
def bank_holidays(year: int) -> frozenset[date]:
    """The days of a year, Saturdays and Sundays apart, on which banks are closed."""
    fixed = [date(year, 1, 1), date(year, 7, 4), date(year, 11, 11), date(year, 12, 25)]
    if year >= JUNETEENTH_SINCE:
        fixed.append(date(year, 6, 19))
    moving = (
        _nth(year, 1, MONDAY, 3),  # Birthday of Martin Luther King, Jr.
        _nth(year, 2, MONDAY, 3),  # Washington's Birthday
        _nth(year, 6, MONDAY, 1) - WEEK_DAYS * DAY,  # Memorial Day, the last Monday of May
        _nth(year, 9, MONDAY, 1),  # Labor Day
        _nth(year, 10, MONDAY, 2),  # Columbus Day
        _nth(year, 11, THURSDAY, 4),  # Thanksgiving Day
    )
    kept = (day + DAY if day.weekday() == SUNDAY else day for day in fixed)
    return frozenset(day for day in (*kept, *moving) if day.weekday() < SATURDAY)


class Zoned(Protocol):
    """What has a time zone: a program."""

    @property
    def zone(self) -> ZoneInfo: ...


def is_bank_day(day: date) -> bool:
    """Whether banks are open on this day."""
    return day.weekday() < SATURDAY and day not in bank_holidays(day.year)


def next_bank_day(day: date, count: int = 1) -> date:
    """The bank day that comes so many bank days after a day; with a count of 0 the day itself may be it."""
    found, left = day, count
    while left > 0 or not is_bank_day(found):
        found += DAY
        left -= is_bank_day(found)
    return found


def bank_today(tx: Tx, program: Zoned) -> date:
    """The day that it is at the bank, by the shop's clock."""
    return tx.now.astimezone(program.zone).date()


def _nth(year: int, month: int, weekday: int, count: int) -> date:
    """The first, second, third… of a weekday in a month."""
    first = date(year, month, 1)
    return first + ((weekday - first.weekday()) % WEEK_DAYS + WEEK_DAYS * (count - 1)) * DAY
