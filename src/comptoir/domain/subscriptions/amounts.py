"""When a subscription is billed: steps on the shop's calendar, back to the same day after short months."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from comptoir.domain.errors import Invalid
from comptoir.domain.subscriptions.models import DAY, INTERVAL_UNITS, MONTH, QUARTER, WEEK, YEAR

DAYS = {DAY: 1, WEEK: 7}
MONTHS = {MONTH: 1, QUARTER: 3, YEAR: 12}
# About ten years of each.
INTERVAL_MAX = {DAY: 3650, WEEK: 520, MONTH: 120, QUARTER: 40, YEAR: 10}
YEAR_MAX = 9000

# Days from one attempt to the next after the first, second … was declined; then it is given up.
RETRY_DAYS = (1, 3, 5, 7)


def refuse_wrong_interval(unit: str, count: int) -> None:
    """Refuses: Invalid (interval_unit, interval_count)."""
    if unit not in INTERVAL_UNITS:
        raise Invalid("interval_unit", f"must be one of {', '.join(INTERVAL_UNITS)}")
    if not 1 <= count <= INTERVAL_MAX[unit]:
        raise Invalid("interval_count", f"must be between 1 and {INTERVAL_MAX[unit]}")


def next_billing(after: datetime, *, unit: str, count: int, anchor_day: int, zone: ZoneInfo) -> datetime:
    """One interval after a billing: the same time of day on the shop's clock, in UTC.

    A month that has no such day bills on its last; the next one returns to the anchor day. A time which the
    clock leaves out in spring is billed when the clock has gone on.
    """
    local = after.astimezone(zone)
    day = local.date()
    if unit in DAYS:
        next_day = day + timedelta(days=DAYS[unit] * count)
    else:
        next_day = month_day(day, MONTHS[unit] * count, anchor_day)
    return datetime.combine(next_day, local.time(), tzinfo=zone).astimezone(UTC)


def installments_in(
    start: datetime, unit: str, count: int, span_unit: str, span_count: int, *, zone: ZoneInfo
) -> int:
    """How many billings a span holds, the first at its start: twelve months in a year, fifty-two weeks.

    Nobody pays for an interval that outlasts the span, but for the first.
    """
    anchor_day = anchor_of(start, zone)
    end = next_billing(start, unit=span_unit, count=span_count, anchor_day=anchor_day, zone=zone)
    installments, at = 0, start
    while (at := next_billing(at, unit=unit, count=count, anchor_day=anchor_day, zone=zone)) <= end:
        installments += 1
    return max(installments, 1)


def month_day(day: date, months: int, anchor_day: int) -> date:
    """The anchor day, or the last day before it, of the month that is so many months later."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    return date(year, month, min(anchor_day, monthrange(year, month)[1]))


def anchor_of(at: datetime, zone: ZoneInfo) -> int:
    """The day of the month on the shop's calendar."""
    return at.astimezone(zone).day


def retry_after(failed_attempts: int) -> timedelta | None:
    """How long to wait after this many declines in a row; None when it is given up."""
    if failed_attempts > len(RETRY_DAYS):
        return None
    return timedelta(days=RETRY_DAYS[failed_attempts - 1])


def due_at(next_billing_at: datetime | None, ends_at: datetime | None) -> datetime | None:
    """When something must be done next: the billing, or the end if that is not later."""
    if next_billing_at is None or ends_at is None:
        return next_billing_at or ends_at
    return min(next_billing_at, ends_at)
