"""When a transfer to or from another bank settles, and what may still do so on the same day (reference 3.8)."""

from collections.abc import Iterator
from datetime import datetime, time

from comptoir.domain.banking.files.bank_days import bank_today, is_bank_day, next_bank_day
from comptoir.domain.banking.movements.errors import Problem, Reason
from comptoir.domain.banking.program.queries import ProgramFacts
from comptoir.domain.tx import Tx

# The most that may settle on the same day, for people and for businesses.
LARGE_MINOR, LARGE_BUSINESS_MINOR = 2_500_000, 10_000_000


def same_day_problems(
    tx: Tx, program: ProgramFacts, amount_minor: int, *, is_business: bool
) -> Iterator[Problem]:
    """Why an amount cannot settle today."""
    if not program.same_day_deadline:
        yield Problem(Reason.SAME_DAY_UNKNOWN, "no time is configured for settling on the same day")
    else:
        local = tx.now.astimezone(program.zone)
        if not is_bank_day(local.date()):
            yield Problem(Reason.SAME_DAY_CLOSED, "nothing settles on the same day on weekends and holidays")
        elif local.time() > time.fromisoformat(program.same_day_deadline):
            words = f"the deadline for settling on the same day, {program.same_day_deadline}, is past"
            yield Problem(Reason.SAME_DAY_LATE, words)
    if is_business and amount_minor > LARGE_BUSINESS_MINOR:
        words = "a business may let at most 100,000.00 settle on the same day"
        yield Problem(Reason.SAME_DAY_LARGE_BUSINESS, words)
    elif not is_business and amount_minor > LARGE_MINOR:
        yield Problem(Reason.SAME_DAY_LARGE, "at most 25,000.00 may settle on the same day")


def available_from(tx: Tx, program: ProgramFacts, *, is_immediate: bool = False) -> datetime | None:
    """When a deposit that settles now can be spent: None for at once, else a midnight of the bank."""
    if tx.shop.is_sandbox or is_immediate or program.deposit_available_days == 0:
        return None
    day = next_bank_day(bank_today(tx, program), program.deposit_available_days)
    return datetime.combine(day, time(), program.zone)
