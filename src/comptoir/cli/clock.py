"""Commands on the clock of a sandbox shop."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from functools import partial
from re import compile as pattern
from typing import TYPE_CHECKING, Annotated, Any

import typer

from comptoir.cli.demonstration import progress
from comptoir.cli.desk import MISUSED, Desk, command, operator_at_the_desk

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from comptoir.domain.tx import Tx

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# A short while is lived through by the hour, since banks exchange files on the hour.
BY_THE_HOUR = timedelta(days=3)
SPAN = pattern(r"(\d{1,6})\s*(s|m|h|d|w)")
UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
At = Annotated[str | None, typer.Argument(help="The time, such as 2027-01-31T12:00:00Z.", show_default="now")]
By = Annotated[str, typer.Argument(help="How far, such as 30d, 12h, 90m or 4w.")]


def register(app: typer.Typer) -> None:
    """Add these commands."""
    group = typer.Typer(
        help="The clock of a sandbox: show, freeze, step, advance, release.", no_args_is_help=True
    )
    command(group, "show")(show)
    command(group, "freeze")(freeze)
    command(group, "step")(step)
    command(group, "advance")(advance)
    command(group, "release")(release)
    app.add_typer(group, name="clock")


def show(desk: Desk) -> None:
    """What the shop's clock shows, and whether it stands still."""
    with desk.opened() as home:
        now, facts = home.shop.read(lambda tx: (tx.now, tx.shop))
    state = "stands still" if facts.clock_frozen_at else "runs"
    told = {
        "now": now.isoformat(),
        "local": facts.local(now).isoformat(),
        "time_zone": facts.zone.key,
        "is_frozen": facts.clock_frozen_at is not None,
        "is_sandbox": facts.is_sandbox,
        "offset_seconds": facts.clock_offset // timedelta(seconds=1),
    }
    desk.tell(
        told, [f"{facts.local(now).isoformat(timespec='seconds')} ({facts.zone.key}); the clock {state}."]
    )


def freeze(desk: Desk, at: At = None) -> None:
    """Let the clock stand still, now or at a later time."""
    from comptoir.domain.identity.shopkeeping import freeze_clock

    moment = None if at is None else _moment(desk, at)
    _change(desk, lambda tx: freeze_clock(tx, at=moment), "stands still at")


def step(desk: Desk, by: By) -> None:
    """Move a clock that stands on, and leave it standing."""
    from comptoir.domain.identity.errors import ClockNotFrozen
    from comptoir.domain.identity.shopkeeping import advance_clock

    def take_step(tx: "Tx", by: timedelta) -> datetime:
        if tx.shop.clock_frozen_at is None:
            raise ClockNotFrozen("the clock runs; freeze it first, or use `comptoir clock advance`")
        return advance_clock(tx, by=by)

    _live_through(desk, _span(desk, by), take_step, "stands still at")


def advance(desk: Desk, by: By) -> None:
    """Move the clock on, whether it stands or runs, and do what falls due: by the hour for up to three days."""
    from comptoir.domain.identity.shopkeeping import advance_clock

    _live_through(desk, _span(desk, by), advance_clock, "shows")


def release(desk: Desk) -> None:
    """Let the clock run on from where it stands."""
    from comptoir.domain.identity.shopkeeping import release_clock

    _change(desk, release_clock, "runs from")


def _live_through(desk: Desk, span: timedelta, verb: "Callable[..., datetime]", words: str) -> None:
    """Go a day or an hour at a time, so that what follows from what falls due falls due in its turn."""
    from comptoir.worker import Rounds, jobs_by_shop

    _tell_of_trouble()
    done: Counter[str] = Counter()
    moment = None
    each = HOUR if span <= BY_THE_HOUR else DAY
    steps = -(-span // each)
    with desk.opened() as home, progress("Living through the days") as show:
        rounds = Rounds([home], due=jobs_by_shop())
        while moment is None or span:
            by = min(span, each)
            moment = home.shop.write(partial(verb, by=by), operator_at_the_desk())
            done.update(rounds.once())
            span -= by
            show(steps - -(-span // each), steps)
    _tell(desk, moment, words, done)


def _change(desk: Desk, verb: "Callable[[Tx], datetime]", words: str) -> None:
    from comptoir.worker import Rounds, jobs

    _tell_of_trouble()
    with desk.opened() as home:
        moment = home.shop.write(verb, operator_at_the_desk())
        done = Rounds([home], due=jobs()).once()
    _tell(desk, moment, words, done)


def _tell_of_trouble() -> None:
    """What was done is told at the end; of what went wrong on the way the log tells at once."""
    from comptoir.operations.logs import configure_logs

    configure_logs("auto", "warning")


def _tell(desk: Desk, moment: datetime, words: str, done: "Mapping[str, int]") -> None:
    told: dict[str, Any] = {"now": moment.isoformat(), "done": dict(done)}
    did = [f"  {name}: {count}" for name, count in done.items() if count]
    desk.tell(told, [f"The clock {words} {moment.isoformat(timespec='seconds')}.", *did])


def _moment(desk: Desk, text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        desk.refuse(f"{text!r} is no time such as 2027-01-31T12:00:00Z", MISUSED)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _span(desk: Desk, text: str) -> timedelta:
    match = SPAN.fullmatch(text.strip().lower())
    if match is None:
        desk.refuse(f"{text!r} is no span of time such as 30d, 12h, 90m or 4w", MISUSED)
    return timedelta(**{UNITS[match[2]]: int(match[1])})
