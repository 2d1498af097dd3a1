"""Living through a span of a sandbox's time: the clock goes a step on, what is due is done, and so on to the end."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from comptoir.chores.tasks import Run
from comptoir.dialects.edge import ServedShop
from comptoir.domain.outlook.living import steps_to, take_step
from comptoir.domain.tasks.actions import Outcome

DoDue = Callable[[], Mapping[str, int]]


class LivingThrough:
    """Runs what `comptoir clock advance` does, as a task. Begun again, it goes on from where the clock is."""

    def __init__(self, begin: Callable[[ServedShop], DoDue]) -> None:
        self._begin = begin

    def __call__(self, home: ServedShop, run: Run) -> Outcome:
        """Live through it. Refuses: NotASandbox, TaskLost, TaskStopped."""
        until = datetime.fromisoformat(run.task.arguments["until"])
        each = timedelta(seconds=run.task.arguments["each_seconds"])
        done: Counter[str] = Counter((run.result or {}).get("done", {}))
        do_due = self._begin(home)
        while True:
            now = home.shop.write(partial(take_step, until=until, each=each), run.actor)
            done.update(do_due())
            result = told(now, done)
            if now >= until:
                return Outcome(run.total, result)
            run.tell(max(0, run.total - steps_to(until - now, each)), result=result)


def told(now: datetime, done: Mapping[str, int]) -> dict[str, Any]:
    """What the clock shows, and what was done on the way."""
    return {"now": now.isoformat(), "done": {name: count for name, count in done.items() if count}}
