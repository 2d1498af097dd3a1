"""Regular contributions to an account: what may be agreed, and when the next one is due.

Nothing moves by itself: a list of what is due is the merchant's to act on (reference 4.4).
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from comptoir.domain.banking.accounts.errors import Fault
from comptoir.domain.banking.external.models import VERIFIED
from comptoir.domain.banking.external.queries import find_external_account
from comptoir.domain.banking.program.queries import ProductRow, ProgramFacts, Range
from comptoir.domain.tx import Tx

NO_CONTRIBUTION, BIWEEKLY, MONTHLY = "None", "BiWeekly", "Monthly"
CONTRIBUTION_TYPES = (NO_CONTRIBUTION, BIWEEKLY, MONTHLY)
CONTRIBUTION_FIELDS = (
    "contribution_type", "contribution_minor", "contribution_external_account_id", "contribution_starts_on",
    "contribution_ends_on",
)  # fmt: skip
TWO_WEEKS = 14
# Every month has these days.
MONTHLY_DAYS = range(1, 29)
DECEMBER = 12


def next_contribution(values: Mapping[str, Any], today: date) -> date | None:
    """When the next contribution is due, today included; None when there is none any more."""
    starts_on: date | None = values["contribution_starts_on"]
    if values["contribution_type"] not in {BIWEEKLY, MONTHLY} or starts_on is None:
        return None
    due = starts_on
    if due < today and values["contribution_type"] == BIWEEKLY:
        due += timedelta(days=-(-(today - due).days // TWO_WEEKS) * TWO_WEEKS)
    elif due < today:
        due = _month_of(today, starts_on.day)
    ends_on: date | None = values["contribution_ends_on"]
    return None if ends_on is not None and due > ends_on else due


def contribution_faults(
    tx: Tx, values: Mapping[str, Any], *, customer_id: int, program: ProgramFacts, product: ProductRow
) -> Iterator[Fault]:
    """What is wrong with a contribution as it would stand; every field of it is given."""
    kind = values["contribution_type"]
    if kind == NO_CONTRIBUTION:
        return
    if kind not in CONTRIBUTION_TYPES:
        yield Fault("recurrence_unknown", "contribution_type", f"is none of {', '.join(CONTRIBUTION_TYPES)}")
        return
    if not program.is_recurring_contribution_enabled:
        yield Fault("contributions_off", "contribution_type", "is not enabled for this program")
        return
    if not product.is_recurring_contribution_enabled:
        yield Fault("recurrence_not_offered", "contribution_type", "is not offered for this product")
    yield from _amount_faults(values["contribution_minor"], program)
    external_id = values["contribution_external_account_id"]
    external = None if external_id is None else find_external_account(tx, external_id)
    if external is None or external.customer_id != customer_id or external.status != VERIFIED:
        words = "is not a verified external account of the customer"
        yield Fault("external_account", "contribution_external_account_id", words)
    yield from _day_faults(kind, values["contribution_starts_on"], values["contribution_ends_on"])


def _amount_faults(amount_minor: int | None, program: ProgramFacts) -> Iterator[Fault]:
    allowed = Range(program.contribution_minimum_minor or 1, program.contribution_maximum_minor)
    if amount_minor is None or amount_minor < (allowed.minimum_minor or 0):
        yield Fault("contribution_too_small", "contribution_minor", "is below the minimum")
    elif not allowed.holds(amount_minor):
        yield Fault("contribution_range", "contribution_minor", "is out of range")


def _day_faults(kind: str, starts_on: date | None, ends_on: date | None) -> Iterator[Fault]:
    if starts_on is None:
        yield Fault("start_missing", "contribution_starts_on", "is required")
        return
    if kind == MONTHLY and starts_on.day not in MONTHLY_DAYS:
        yield Fault("start_day", "contribution_starts_on", "must be one of the days 1 to 28 of a month")
    if ends_on is not None and starts_on >= ends_on:
        yield Fault("start_after_end", "contribution_starts_on", "must be before the end")


def _month_of(today: date, day: int) -> date:
    """The first day of this number from today on."""
    if today.day <= day:
        return today.replace(day=day)
    if today.month == DECEMBER:
        return date(today.year + 1, 1, day)
    return date(today.year, today.month + 1, day)
