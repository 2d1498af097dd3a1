"""The sandbox's clock: what it shows, what would happen by a later time, and moving it there."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from comptoir.console import kinds
from comptoir.console.forms import Field, Form
from comptoir.console.places import address_of
from comptoir.console.visits import Act, Answer, Gone, Page, Shown, Visit
from comptoir.console.wording import sentence
from comptoir.domain.errors import ComptoirError, Invalid
from comptoir.domain.identity.permissions import SANDBOX
from comptoir.domain.identity.shopkeeping import freeze_clock, refuse_span, release_clock
from comptoir.domain.outlook.living import DAY, HOUR, KIND, ask_to_advance
from comptoir.domain.outlook.looking import look_ahead
from comptoir.domain.tasks.actions import stop_task
from comptoir.domain.tasks.errors import TaskNotFound
from comptoir.domain.tasks.queries import TaskRow, get_task, list_tasks

PATH = "/clock"
UNITS = {"hours": HOUR, "days": DAY, "weeks": timedelta(weeks=1)}
COUNT_MAX = 10_000_000
# What is asked for most, a step away.
USUAL = (
    ("1 hour", "1", "hours"),
    ("1 day", "1", "days"),
    ("1 week", "1", "weeks"),
    ("30 days", "30", "days"),
)
# Nobody takes on what has waited for so long.
UNATTENDED = timedelta(seconds=10)
SHOWN_MAX = 10
WORDS = {
    "renewals": "Subscriptions are billed",
    "reviews": "Fraud reviews end",
    "captures": "Payments are captured",
    "deposits": "Deposits arrive",
    "lapses": "Authorisations lapse",
    "paydays": "Paydays",
    "holds": "Holds end",
    "deliveries": "Messages are sent",
    "files": "Transfers go out in bank files",
    "settlements": "Transfers settle",
    "interest": "Accounts earn interest",
    "statements": "Statements are made",
    "authorisations": "Card authorisations lapse",
    "registrations": "Registrations expire",
    "verifications": "Verifications of external accounts end",
}
# What people call a thing that has another name in the house.
CALLED = {"enrolment": "subscription", "delivery": "message"}
FREEZE = Form(
    "freeze",
    (
        Field(
            "at", "At", kinds.MOMENT,
            hint="Now, unless a later time is given. What falls due until then is done at once, not day by day.",
        ),
    ),
    button="Freeze",
)  # fmt: skip


class Goal(NamedTuple):
    """Where the clock is to go, as it was asked for in the address."""

    until: datetime | None = None
    problem: str = ""
    by: str = "30"
    unit: str = "days"
    at: str = ""


def show_clock(visit: Visit) -> Answer:
    """The clock, what would happen until a time that is asked about, and what is under way."""
    facts, tx = visit.shop, visit.tx
    goal = goal_of(visit) if facts.is_sandbox else Goal()
    tasks = list_tasks(tx, kinds=[KIND], limit=SHOWN_MAX)
    under_way = next((one for one in tasks if not one.is_over), None)
    return Shown(
        "clock.html",
        {
            "offset": told_span(tx.now - tx.machine_now),
            "may": visit.may(SANDBOX) and facts.is_sandbox,
            "units": list(UNITS),
            "usual": [(label, visit.asked.again(by=by, unit=unit, until=None)) for label, by, unit in USUAL],
            "goal": goal,
            "ahead": [] if goal.until is None else look_ahead(tx, until=goal.until),
            "words": WORDS,
            "called": CALLED,
            "freeze": FREEZE.filled(visit, address_of(f"{PATH}/freeze"), {}),
            "task": under_way,
            "is_unattended": under_way is not None and is_unattended(under_way, tx.machine_now),
            "tasks": [one for one in tasks if one.is_over],
            "done_of": done_of,
        },
    )


def goal_of(visit: Visit) -> Goal:
    """The time that is asked about: a span from now, or a moment; nothing when none is."""
    count, unit, at = (visit.asked.said(name).strip() for name in ("by", "unit", "until"))
    if not count and not at:
        return Goal()
    asked = Goal(by=count[:12], unit=unit if unit in UNITS else "days", at=at[:40])
    try:
        if at:
            by = kinds.read_moment(at, visit.shop) - visit.tx.now
        else:
            by = min(kinds.read_integer(count, visit.shop), COUNT_MAX) * UNITS[asked.unit]
        refuse_span(visit.tx, by)
    except Invalid as error:
        return asked._replace(problem=f"The time {error.problem}.")
    except ComptoirError as error:
        return asked._replace(problem=sentence(error))
    except ValueError as error:
        return asked._replace(problem=f"The time {error}.")
    return asked._replace(until=visit.tx.now + by)


def freeze(visit: Visit) -> Answer:
    """Let the clock stand still."""
    at = freeze_clock(visit.tx, **FREEZE.read(visit))
    return Gone(address_of(PATH), f"The clock stands at {visit.shop.local(at):%Y-%m-%d %H:%M}.")


def release(visit: Visit) -> Answer:
    """Let it run on."""
    release_clock(visit.tx)
    return Gone(address_of(PATH), "The clock runs.")


def advance(visit: Visit) -> Answer:
    """Ask for the time until the goal to be lived through."""
    try:
        until = datetime.fromisoformat(visit.asked.posted("until"))
        by = until - visit.tx.now
    except (ValueError, TypeError, OverflowError):
        raise Invalid("until", "must be a time such as 2027-01-31T12:00:00+00:00") from None
    ask_to_advance(visit.tx, by=by)
    return Gone(address_of(PATH), "The clock is on its way.")


def stop(visit: Visit) -> Answer:
    """Ask for the end of what is under way. Refuses: TaskNotFound, TaskEnded."""
    if get_task(visit.tx, visit.id).kind != KIND:
        raise TaskNotFound(visit.id)
    task = stop_task(visit.tx, visit.id)
    return Gone(address_of(PATH), "It was stopped." if task.is_over else "It stops after the step it is at.")


def is_unattended(task: TaskRow, now: datetime) -> bool:
    """Whether nobody takes a task on."""
    return task.begun_at is None and now - task.asked_at > UNATTENDED


def done_of(task: TaskRow) -> list[tuple[str, int]]:
    """What was done on the way, by the names of the work."""
    done: Mapping[str, Any] = (task.result or {}).get("done", {})
    return sorted(done.items())


def told_span(span: timedelta) -> str:
    """How far the shop's clock is from the machine's, in words; from two days on, to the hour."""
    seconds = round(span / timedelta(seconds=1))
    if abs(span) > 2 * DAY:
        seconds = round(span / HOUR) * 3600
    if abs(seconds) < 1:
        return "the same"
    days, rest = divmod(abs(seconds), 86_400)
    hours, rest = divmod(rest, 3600)
    parts = [f"{days} d"] * bool(days) + [f"{hours} h"] * bool(hours) + [f"{rest // 60} min"] * (rest >= 60)
    told = " ".join(parts) or f"{rest} s"
    return f"{told} {'ahead' if seconds > 0 else 'behind'}"


PAGES = (
    Page(PATH, show_clock, SANDBOX),
    Act(f"{PATH}/freeze", freeze, SANDBOX, show_clock),
    Act(f"{PATH}/release", release, SANDBOX, show_clock),
    Act(f"{PATH}/advance", advance, SANDBOX, show_clock),
    Act(f"{PATH}/{{id:digits}}/stop", stop, SANDBOX, show_clock),
)
