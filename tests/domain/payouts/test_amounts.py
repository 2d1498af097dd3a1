"""The formula of payouts, held against the documented ones."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from comptoir.domain.payouts.amounts import Parts, last_payday, parts_of
from comptoir.domain.payouts.models import ENTRY_KINDS

FIRST = Parts(
    sales=5_486_900, fees=194_134, refunds=241_846, reserve_held=164_607, reserve_released=139_738,
    payout_fee=2_000,
)  # fmt: skip
SECOND = Parts(
    sales=4_999_430, fees=176_857, refunds=255_300, reserve_held=149_983, reserve_released=146_362,
    payout_fee=2_000,
)  # fmt: skip


@pytest.mark.parametrize(("parts", "amount"), [(FIRST, 5_024_051), (SECOND, 4_561_652)])
def test_the_documented_payouts_add_up(parts: Parts, amount: int) -> None:
    assert parts.payable_minor == amount


def test_every_kind_of_entry_counts_once_with_its_sign() -> None:
    sums = {kind: 10**place for place, kind in enumerate(ENTRY_KINDS)}
    assert parts_of(sums).payable_minor == sum(sums.values())
    assert parts_of({}) == Parts()
    assert parts_of({"refund": -5, "chargeback": -7}).refunds == 12


@pytest.mark.parametrize(
    ("now", "weekday", "zone", "day", "began"),
    [
        ("2026-03-01T12:00", 0, "UTC", date(2026, 2, 23), "2026-02-23T00:00"),
        ("2026-03-02T00:00", 0, "UTC", date(2026, 3, 2), "2026-03-02T00:00"),
        ("2026-03-01T12:59", 0, "Australia/Sydney", date(2026, 2, 23), "2026-02-22T13:00"),
        ("2026-03-01T13:00", 0, "Australia/Sydney", date(2026, 3, 2), "2026-03-01T13:00"),
        ("2026-03-02T04:59", 0, "America/New_York", date(2026, 2, 23), "2026-02-23T05:00"),
        ("2026-03-05T00:00", 6, "UTC", date(2026, 3, 1), "2026-03-01T00:00"),
    ],
)
def test_paydays_begin_at_the_shops_midnight(
    now: str, weekday: int, zone: str, day: date, began: str
) -> None:
    at = datetime.fromisoformat(now).replace(tzinfo=UTC)
    found, began_at = last_payday(at, weekday, ZoneInfo(zone))
    assert (found, began_at) == (day, datetime.fromisoformat(began).replace(tzinfo=UTC))
