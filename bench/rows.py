"""The table: what was measured, against what, and whether the budget holds."""

import os
import platform
import sqlite3
from collections.abc import Callable, Sequence
from importlib.metadata import version
from statistics import median
from typing import NamedTuple

LIBRARIES = ("granian", "falcon", "SQLAlchemy", "msgspec", "psycopg")
BUSY = 0.5
Measure = Callable[[], float]


class Row(NamedTuple):
    """One line of the table. A budget is the least of a ratio, or the most of anything else."""

    work: str
    measured: str
    against: str
    value: float
    unit: str
    budget: float | None
    is_least: bool = True

    @property
    def verdict(self) -> str:
        """Whether the budget holds."""
        if self.budget is None:
            return NONE
        return (
            "pass" if (self.value >= self.budget) == self.is_least or self.value == self.budget else "short"
        )

    def cells(self) -> tuple[str, ...]:
        """The line's cells as text."""
        sign = "≥" if self.is_least else "≤"
        budget = NONE if self.budget is None else f"{sign} {number(self.budget)}{self.unit}"
        return (
            self.work,
            self.measured,
            self.against,
            f"{number(self.value)}{self.unit}",
            budget,
            self.verdict,
        )


NONE = "\N{EN DASH}"
HEAD = ("work", "comptoir", "against", "result", "budget", "verdict")


def number(value: float) -> str:
    """A number with as many digits as mean something."""
    return f"{value:,.0f}" if value >= 1000 else f"{value:.0f}" if value >= 100 else f"{value:.2f}"


def compared(ours: Measure, other: Measure, rounds: int) -> tuple[float, float, float]:
    """Medians of both, measured in turns, and the median of each turn's ratio: a busy machine slows both."""
    pairs = []
    for turn in range(rounds):
        if turn % 2:
            second, first = other(), ours()
        else:
            first, second = ours(), other()
        pairs.append((first, second))
    return (
        median(first for first, _ in pairs),
        median(second for _, second in pairs),
        median(first / second for first, second in pairs),
    )


def printed(row: Row) -> Row:
    """Show a row as soon as it is known."""
    work, measured, against, value, budget, verdict = row.cells()
    print(f"  {work:<52} {measured:>14} {against:>16} {value:>10} {budget:>14}  {verdict}", flush=True)
    return row


def machine() -> str:
    """What the numbers were made on, without names or paths."""
    libraries = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    return (
        f"{os.cpu_count()} cores ({platform.machine()}), {platform.system()} {platform.release().split('-')[0]}, "
        f"{platform.python_implementation()} {platform.python_version()}, SQLite {sqlite3.sqlite_version}, {libraries}"
    )


def busyness() -> str:
    """What else the machine had to do when the measurement began."""
    load = os.getloadavg()[0]
    if load < BUSY * (os.cpu_count() or 1):
        return ""
    return f"The machine was busy with other work (load {load:.1f}): rates are low, times long, and ratios nearer to 1."


def table(rows: Sequence[Row]) -> str:
    """The rows in Markdown."""
    lines = [HEAD, ("---", "---:", "---:", "---:", "---:", "---"), *(row.cells() for row in rows)]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
