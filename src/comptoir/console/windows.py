"""Looking through a long list a part at a time, where no index leads to what is asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from comptoir.console.listing import place_of
from comptoir.console.visits import Visit
from comptoir.domain.tx import Tx
from comptoir.storage.columns import EPOCH
from comptoir.storage.reading import Filter, Target

# So many records are looked through for one page.
SIZE = 50_000
LATEST = timedelta(days=365 * 7000)


def moment_of(micros: int) -> datetime:
    """A bound of a filter by days as a moment; one without an end is far away."""
    return EPOCH + min(timedelta(microseconds=micros), LATEST)


class Further(NamedTuple):
    """Where to look on: the address, and the number of the last record that was looked at."""

    address: str
    number: int


@dataclass(frozen=True, eq=False)
class Window:
    """The records of a list, newest first, that are looked through for one page.

    Their numbers are nearly without gaps. `newest` is the highest; `from_on` finds the first that is kept from a
    number on, or None.
    """

    number: Target
    newest: Callable[[Tx], int]
    from_on: Callable[[Tx, int], int | None]

    def around(self, visit: Visit) -> tuple[Filter, ...]:
        """The numbers that this page looks at."""
        before = place_of(visit, "before")
        if before is not None:
            return (Filter(self.number, "between", (before, before + SIZE)),)
        past = place_of(visit, "past") or self.newest(visit.tx) + 1
        return (Filter(self.number, "between", (max(past - SIZE, 0), past)),)

    def further(self, visit: Visit, around: tuple[Filter, ...]) -> Further | None:
        """The way on behind what was looked through, if there is more."""
        lowest = around[0].values[0]
        reached = self.from_on(visit.tx, max(lowest, 1))
        if lowest <= 1 or reached is None:
            return None
        return Further(visit.asked.again(past=str(reached), before=None), reached)
