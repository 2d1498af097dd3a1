"""Asking for time to be lived through: the sandbox's clock goes on step by step, and what falls due is done."""

from datetime import datetime, timedelta

from comptoir.domain.errors import Conflict
from comptoir.domain.identity.errors import ClockNotFrozen
from comptoir.domain.identity.shopkeeping import advance_clock, refuse_span
from comptoir.domain.tasks.actions import ask_task
from comptoir.domain.tasks.queries import list_unended
from comptoir.domain.tx import Tx

KIND = "clock"
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# A short while is lived through by the hour, since banks exchange files on the hour.
BY_THE_HOUR = timedelta(days=3)


class ClockOnItsWay(Conflict):
    """The clock is being moved already."""

    def __init__(self, task_id: int) -> None:
        super().__init__("the clock is being moved already; stop that first, or wait")
        self.task_id = task_id


def ask_to_advance(tx: Tx, *, by: timedelta, is_step: bool = False) -> int:
    """Ask for the clock to be moved on, by the hour for up to three days, else by the day; the task's number.

    A step is for a clock that stands, and leaves it standing.
    Refuses: NotASandbox, ClockMovesBack, Invalid (by), ClockNotFrozen (a step), ClockOnItsWay.
    """
    refuse_span(tx, by)
    if is_step and tx.shop.clock_frozen_at is None:
        raise ClockNotFrozen("the clock runs; freeze it first, or advance it")
    under_way = next((task for task in list_unended(tx) if task.kind == KIND), None)
    if under_way is not None:
        raise ClockOnItsWay(under_way.id)
    each = HOUR if by <= BY_THE_HOUR else DAY
    until = tx.now + by
    arguments = {"until": until.isoformat(), "each_seconds": each // timedelta(seconds=1)}
    title = f"To {tx.shop.local(until):%Y-%m-%d %H:%M}"
    return ask_task(tx, kind=KIND, title=title, arguments=arguments, total=steps_to(by, each))


def take_step(tx: Tx, *, until: datetime, each: timedelta) -> datetime:
    """Move the clock on by one step, or by what is left, and say what it shows. Refuses: NotASandbox."""
    left = until - tx.now
    return advance_clock(tx, by=min(each, left)) if left > timedelta(0) else tx.now


def steps_to(left: timedelta, each: timedelta) -> int:
    """How many steps are left; at least one."""
    return max(1, -(-left // each))
