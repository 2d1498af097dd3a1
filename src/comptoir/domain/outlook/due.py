"""What falls due up to a time, kind by kind; for whoever is about to move a sandbox's clock.

Each kind is found by the query by which the worker finds it, asked in a transaction that believes it is later. What
follows from what is done by then, such as the next renewal after a renewal, comes on top.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from comptoir.domain.clock import Chance
from comptoir.domain.errors import Invalid
from comptoir.domain.tx import Tx

# So many of a kind are counted; of more it is said that there are more.
COUNT_MAX = 1_000
SHOWN_MAX = 5


class Due(NamedTuple):
    """One thing that falls due: what it is, and when, where that is known beforehand."""

    kind: str
    id: int
    at: datetime | None = None
    words: str = ""


class Ahead(NamedTuple):
    """What falls due of one kind: how many, at least, and the first of them."""

    name: str
    number: int
    is_more: bool
    first: list[Due]


Look = Callable[[Tx, datetime, int], Iterable[Due]]
"""Finds what is due in a transaction that believes it is later, from when on, so many at most."""


def later(tx: Tx, at: datetime) -> Tx:
    """The same transaction as it would read at another time. Nothing may be written in it."""
    shop = replace(tx.shop, clock_frozen_at=at)
    return Tx(tx, shop=shop, actor=tx.actor, system=lambda: at, chance=Chance(), request_id=tx.request_id)


def gathered(tx: Tx, looks: Iterable[tuple[str, Look]], *, until: datetime) -> list[Ahead]:
    """What falls due until a time, of each kind that there is anything of. Refuses: Invalid (until)."""
    if until < tx.now:
        raise Invalid("until", "must not be before the shop's time")
    ahead = later(tx, until)
    found = []
    for name, look in looks:
        due = list(look(ahead, tx.now, COUNT_MAX + 1))
        if due:
            found.append(Ahead(name, min(len(due), COUNT_MAX), len(due) > COUNT_MAX, due[:SHOWN_MAX]))
    return found
