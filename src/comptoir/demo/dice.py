"""Chance that falls the same way each time: the demo world is drawn from a seed, never from the system."""

import random  # noqa: TID251 - dice from a fixed seed, so that every demo is the same
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Generic, TypeVar

Thing = TypeVar("Thing")

SEED = "comptoir"


class Dice(random.Random):
    """Draws for one part of the world; no part's draws move another's."""

    def __init__(self, part: str) -> None:
        super().__init__(f"{SEED} {part}")

    def happens(self, percent: int) -> bool:
        """Whether something happens that happens so often in a hundred."""
        return self.randrange(100) < percent

    def one_of(self, things: Sequence[Thing]) -> Thing:
        """One of the things, each as likely."""
        return things[self.randrange(len(things))]


class Loaded(Generic[Thing]):
    """Things of which some come up more often than others."""

    def __init__(self, weighed: Iterable[tuple[Thing, int]]) -> None:
        pairs = list(weighed)
        self._things = [thing for thing, _ in pairs]
        self._reached = list(accumulate(weight for _, weight in pairs))

    def draw(self, dice: Dice) -> Thing:
        """One of them."""
        return self._things[bisect_right(self._reached, dice.randrange(self._reached[-1]))]
