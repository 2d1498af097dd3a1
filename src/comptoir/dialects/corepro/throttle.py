"""How often a key may ask: so many requests in each second, counted in this process (reference 1.7)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from threading import Lock
from time import perf_counter
from typing import Any

from comptoir.dialects.corepro.replies import moment

PERIOD_SECONDS = 1
# Answers tell how much is left when this part of the limit, or less, is.
WARNING_THRESHOLD = Decimal("0.2")
# For how long the program's limit is remembered: of the program itself nothing is (3.1).
LIMIT_SECONDS = 1
# How many keys are remembered before those whose period is over are forgotten.
KEYS_MAX = 1000


@dataclass(frozen=True, slots=True)
class Standing:
    """What is left to a key in the present period."""

    limit: int
    asked: int
    ends_at: datetime

    @property
    def is_over(self) -> bool:
        """Whether the key has asked too often."""
        return self.asked > self.limit

    @property
    def is_told(self) -> bool:
        """Whether answers tell of it."""
        return self.limit - self.asked <= self.limit * WARNING_THRESHOLD

    def shown(self) -> dict[str, Any]:
        """The node `throttle` of an envelope."""
        return {
            "periodEndsAt": moment(self.ends_at, UTC),
            "periodLengthInSeconds": PERIOD_SECONDS,
            "periodRequestLimit": self.limit,
            "requestsRemainingInPeriod": max(0, self.limit - self.asked),
            "warningThreshold": WARNING_THRESHOLD,
        }


class Throttle:
    """Counts what each key asks; a period begins with the first request after the last one ended."""

    def __init__(self, seconds: Callable[[], float] = perf_counter) -> None:
        self._seconds = seconds
        self._lock = Lock()
        # By key: when its period began, and what it asked since.
        self._periods: dict[int, tuple[float, int]] = {}
        self._limit: tuple[float, int | None] | None = None

    def limit(self, read: Callable[[], int | None]) -> int | None:
        """How many requests a period allows, read anew now and then."""
        at = self._seconds()
        if self._limit is None or at - self._limit[0] >= LIMIT_SECONDS:
            self._limit = (at, read())
        return self._limit[1]

    def note(self, key_id: int, limit: int, now: datetime) -> Standing:
        """Count one request of a key."""
        with self._lock:
            at = self._seconds()
            began, asked = self._periods.get(key_id, (at, 0))
            if at - began >= PERIOD_SECONDS:
                began, asked = at, 0
            if len(self._periods) >= KEYS_MAX and key_id not in self._periods:
                self._forget(at)
            self._periods[key_id] = (began, asked + 1)
        left = timedelta(seconds=PERIOD_SECONDS - (at - began))
        return Standing(limit, asked + 1, now + left)

    def _forget(self, at: float) -> None:
        self._periods = {
            key: period for key, period in self._periods.items() if at - period[0] < PERIOD_SECONDS
        }
