"""What a statement is about: a month, a quarter or a year of the bank's own calendar."""

from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from comptoir.domain.banking.statements.models import MONTHLY, QUARTERLY, TAX_1099_INT, TAX_1099_MISC
from comptoir.domain.errors import Invalid

MONTHS = {MONTHLY: 1, QUARTERLY: 3, TAX_1099_INT: 12, TAX_1099_MISC: 12}
YEAR_MIN, YEAR_MAX = 1970, 9000
# A period is told of when even the slowest transaction that began in it has ended.
GRACE = timedelta(minutes=15)


class Period(NamedTuple):
    """A span of whole months; `year` and `month` are those of its last month."""

    type: str
    year: int
    month: int

    @property
    def begins_on(self) -> date:
        """Its first day."""
        return _month(self.year, self.month, 1 - MONTHS[self.type])

    @property
    def ends_on(self) -> date:
        """Its last day."""
        return _month(self.year, self.month, 1) - timedelta(days=1)

    def begins_at(self, zone: ZoneInfo) -> datetime:
        """The moment at which its first day begins."""
        return midnight(self.begins_on, zone)

    def ends_at(self, zone: ZoneInfo) -> datetime:
        """The moment at which its last day is over."""
        return midnight(_month(self.year, self.month, 1), zone)

    @property
    def next(self) -> "Period":
        """The period after this one."""
        first = _month(self.year, self.month, MONTHS[self.type])
        return self._replace(year=first.year, month=first.month)

    @property
    def before(self) -> "Period":
        """The period before this one."""
        last = _month(self.year, self.month, -MONTHS[self.type])
        return self._replace(year=last.year, month=last.month)


def period_of(type: str, year: int, month: int) -> Period:
    """The period of a type that ends with this month. Refuses: Invalid (type, year, month)."""
    months = MONTHS.get(type)
    if months is None:
        raise Invalid("type", f"must be one of {', '.join(MONTHS)}")
    if not YEAR_MIN <= year <= YEAR_MAX:
        raise Invalid("year", f"must be a year from {YEAR_MIN} to {YEAR_MAX}")
    if not 1 <= month <= 12 or month % months:
        raise Invalid("month", "is not the last month of such a period")
    return Period(type, year, month)


def month_of(at: datetime, zone: ZoneInfo) -> Period:
    """The month that a moment falls in."""
    local = at.astimezone(zone)
    return Period(MONTHLY, local.year, local.month)


def last_month(now: datetime, zone: ZoneInfo) -> Period:
    """The last month that is over, and has been for long enough."""
    return month_of(now - GRACE, zone).before


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """The moment at which a day begins, in UTC."""
    return datetime.combine(day, time(), zone).astimezone(UTC)


def _month(year: int, month: int, later: int) -> date:
    """The first day of the month so many months later."""
    count = year * 12 + month - 1 + later
    return date(count // 12, count % 12 + 1, 1)
