"""Stretches of time that movements are told by: days, months and years of the shop's wall clock, and what lies beyond.

They are called as days are written: `2026`, `2026-03`, `2026-03-15`. `from-2026-04` is all that comes later,
`before-1995` all that was before that year, `ever` the whole of it.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from comptoir.domain.explaining.errors import NotExplained
from comptoir.domain.figures.spans import MONTHS_PER_YEAR, last_months, midnight

# Into how many others a stretch is parted at most; a month has fewer days.
PARTS = 45
EARLIEST, LATEST = datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)
YEARS = range(2, 9000)
DAY = timedelta(days=1)
EVER = "ever"
_NAMED = re.compile(r"(from-|before-)?(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


class Stretch(NamedTuple):
    """From when to when, and what that is called; its end is no part of it."""

    name: str
    since: datetime
    until: datetime

    @property
    def words(self) -> str:
        """What it is called in a sentence."""
        return words_of(self.name)


def words_of(name: str) -> str:
    """What a stretch of this name is called in a sentence."""
    return name.replace("-", " ", 1) if name[:1].isalpha() else name


def stretch_named(name: str, zone: ZoneInfo) -> Stretch:
    """What is called so. Refuses: NotExplained."""
    if name == EVER:
        return Stretch(name, EARLIEST, LATEST)
    found = _NAMED.fullmatch(name)
    if found is None or int(found[2]) not in YEARS:
        raise NotExplained(f"of {name}")
    beyond, year, month, day = found.groups()
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError as error:
        raise NotExplained(f"of {name}") from error
    if beyond:
        edge = midnight(first, zone)
        return Stretch(name, edge, LATEST) if beyond == "from-" else Stretch(name, EARLIEST, edge)
    end = first + DAY if day else _next_month(first) if month else date(first.year + 1, 1, 1)
    return Stretch(name, midnight(first, zone), midnight(end, zone))


def parts_of(stretch: Stretch, now: datetime, zone: ZoneInfo) -> list[Stretch]:
    """The stretches that make one, the newest first; none of a day, and of what lies beyond."""
    if stretch.name == EVER:
        return _of_ever(now, zone)
    if stretch.name[:1].isalpha():
        return []
    first = stretch.since.astimezone(zone).date()
    if len(stretch.name) == len("2026"):
        months = [f"{stretch.name}-{month:02}" for month in range(MONTHS_PER_YEAR, 0, -1)]
        return [stretch_named(name, zone) for name in months]
    if len(stretch.name) == len("2026-03"):
        days = (_next_month(first) - first).days
        return [stretch_named(f"{stretch.name}-{day:02}", zone) for day in range(days, 0, -1)]
    return []


def begins_of(parts: Sequence[Stretch]) -> dict[str, datetime]:
    """What a statement that parts movements binds: from when on each part is."""
    return {f"begins_{place}": parts[min(place, len(parts) - 1)].since for place in range(PARTS)}


def _of_ever(now: datetime, zone: ZoneInfo) -> list[Stretch]:
    """This year and the last by months, years before them, and what is later and what was earlier."""
    today = now.astimezone(zone).date()
    months = [f"{one.day:%Y-%m}" for one in last_months(now, zone, MONTHS_PER_YEAR + today.month)[::-1]]
    years = [f"{today.year - 2 - place:04}" for place in range(PARTS - len(months) - 2)]
    names = [f"from-{_next_month(today):%Y-%m}", *months, *years, f"before-{years[-1]}"]
    return [stretch_named(name, zone) for name in names]


def _next_month(day: date) -> date:
    return (day.replace(day=1) + 31 * DAY).replace(day=1)
