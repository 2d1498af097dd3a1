"""Proving the books because somebody asked for it: each part of the proof by itself, with what it found."""

from time import monotonic
from typing import Any

from comptoir.chores.tasks import Run
from comptoir.dialects.edge import ServedShop
from comptoir.domain.events.queries import last_seq
from comptoir.domain.proof import PROOFS
from comptoir.domain.tasks.actions import Outcome
from comptoir.domain.tx import Tx

KIND = "books"
# So many findings of each part are kept; whoever has more needs no more to begin with.
SHOWN_MAX = 100


def check_books(home: ServedShop, run: Run) -> Outcome:
    """Run the whole proof on one and the same state of the books. Refuses: TaskLost, TaskStopped."""

    def prove(tx: Tx) -> dict[str, Any]:
        parts = []
        for done, (name, check) in enumerate(PROOFS.items()):
            run.tell(done, len(PROOFS))
            began = monotonic()
            problems = check(tx)
            took = round((monotonic() - began) * 1000)
            parts.append({"name": name, "problems": problems[:SHOWN_MAX], "count": len(problems), "ms": took})
        return {"parts": parts, "seq": last_seq(tx)}

    result = home.shop.read(prove)
    return Outcome(len(PROOFS), result)


RUNNERS = {KIND: check_books}
