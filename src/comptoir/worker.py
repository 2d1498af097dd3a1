"""What is done on the clock: renewals, forgetting, sweeping; each a verb of the domain, run when due."""

import fcntl
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from os import SEEK_END
from pathlib import Path
from time import monotonic
from typing import IO

import structlog

from comptoir.chores import (
    banking_accounts,
    banking_cards,
    banking_customers,
    banking_external,
    banking_statements,
    payouts,
)
from comptoir.chores.banking_files import run_files, write_days, write_events
from comptoir.chores.books import RUNNERS as BOOKS_RUNNERS
from comptoir.chores.clock import LivingThrough
from comptoir.chores.deliveries import Deliveries
from comptoir.chores.exchanges import RUNNERS
from comptoir.chores.gateways import OpenAttempts, captures, chargebacks, deposits, fraud_reviews
from comptoir.chores.renewals import renewals
from comptoir.chores.tasks import Tasks
from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.documents.queries import document_digests
from comptoir.domain.checkout.actions import forget_checkouts
from comptoir.domain.checkout.paying import reopen_checkouts
from comptoir.domain.errors import ComptoirError
from comptoir.domain.identity.answers import forget_old_answers
from comptoir.domain.identity.key_uses import KeyUses
from comptoir.domain.identity.logins import forget_failed_logins
from comptoir.domain.identity.sessions import forget_ended_sessions
from comptoir.domain.ledger.holds import release_expired_holds
from comptoir.domain.media.queries import digests_in_use
from comptoir.domain.outlook.living import KIND
from comptoir.domain.payments.cards import forget_old_tokens
from comptoir.domain.tasks.actions import forget_old_contents
from comptoir.domain.tasks.queries import task_digests
from comptoir.domain.tx import Tx
from comptoir.domain.webhooks.forgetting import forget_old_deliveries
from comptoir.storage.errors import StorageError
from comptoir.storage.session import Session

LOG = structlog.get_logger()
TICK_SECONDS = 1.0
# Jobs of one lane are done one after the other, in a thread of their own.
CLOCK, POST, MONEY, PAPER, TASKS = "clock", "post", "money", "paper", "tasks"
# A content is kept this many sweeps after nothing points at it any more: a request may be about to.
SWEEPS_OF_GRACE = 2

Work = Callable[[ServedShop], int]


@dataclass(frozen=True)
class Job:
    """Something to do every so many seconds, for each shop."""

    name: str
    every_seconds: float
    work: Work
    lane: str = CLOCK


class MediaSweep:
    """Forgets the contents that nothing has pointed at for a while."""

    def __init__(self, grace: int = SWEEPS_OF_GRACE) -> None:
        self._grace = grace
        self._unused: dict[tuple[str, str], int] = {}

    def __call__(self, home: ServedShop) -> int:
        """Look at one shop's store, and say how many contents were forgotten."""
        kept = list(home.media.digests())
        used = home.shop.database.read(used_digests)
        doomed = []
        for digest in kept:
            place = (home.shop.name, digest)
            if digest in used:
                self._unused.pop(place, None)
                continue
            seen = self._unused[place] = self._unused.get(place, 0) + 1
            if seen > self._grace:
                doomed.append(digest)
                del self._unused[place]
        return home.shop.database.write(partial(forget_contents, home, doomed)) if doomed else 0


def used_digests(session: Session) -> set[str]:
    """The contents that something points at."""
    return digests_in_use(session) | document_digests(session) | task_digests(session)


def forget_contents(home: ServedShop, doomed: Sequence[str], session: Session) -> int:
    """Forget contents, unless something points at them by now, as after a snapshot was put back."""
    used = used_digests(session)
    gone = [digest for digest in doomed if digest not in used]
    for digest in gone:
        home.media.delete(digest)
    return len(gone)


def writing(verb: Callable[[Tx], int]) -> Work:
    """A verb as a job: one transaction for each shop."""
    return lambda home: home.shop.write(verb)


def jobs() -> tuple[Job, ...]:
    """Everything that is done on the clock: the shop's, and the machine's."""
    by_shop = jobs_by_shop()
    runners = RUNNERS | BOOKS_RUNNERS | {KIND: LivingThrough(lambda home: Rounds([home], due=by_shop).once)}
    return (
        *by_shop,
        Job("sessions forgotten", 600, writing(forget_ended_sessions)),
        Job("media swept", 1800, MediaSweep()),
        Job("tasks", 1, Tasks(runners), lane=TASKS),
        Job("contents of tasks forgotten", 3600, writing(forget_old_contents)),
    )


def jobs_by_shop() -> tuple[Job, ...]:
    """What is due by the shop's own clock, and done when a sandbox's is moved."""
    return (
        Job("renewals", 60, renewals),
        Job("cards moved on", 60, banking_cards.cards),
        Job("expired holds released", 60, writing(release_expired_holds)),
        Job("answers forgotten", 600, writing(forget_old_answers)),
        Job("failed logins forgotten", 600, writing(forget_failed_logins)),
        Job("registrations expired", 600, banking_customers.registrations),
        Job("verifications ended", 60, banking_external.verifications),
        Job("documents forgotten", 3600, banking_external.retention),
        Job("attempts reconciled", 5, OpenAttempts(), lane=MONEY),
        Job("fraud reviews", 15, fraud_reviews, lane=MONEY),
        Job("captures", 15, captures, lane=MONEY),
        Job("deposits", 60, deposits, lane=MONEY),
        Job("chargebacks", 900, chargebacks, lane=MONEY),
        Job("payouts gathered", 60, payouts.gather, lane=MONEY),
        Job("payouts run", 60, payouts.pay, lane=MONEY),
        Job("checkouts opened again", 60, writing(reopen_checkouts), lane=MONEY),
        Job("checkouts forgotten", 3600, writing(forget_checkouts)),
        Job("card tokens forgotten", 3600, writing(forget_old_tokens)),
        Job("accounts moved on", 60, banking_accounts.accounts),
        Job("interest", 300, banking_accounts.interest, lane=MONEY),
        Job("statements", 300, banking_statements.statements, lane=PAPER),
        Job("bank files", 60, run_files, lane=MONEY),
        Job("bank events", 60, write_events, lane=PAPER),
        Job("bank days told", 600, write_days, lane=PAPER),
        Job("deliveries", 1, Deliveries(), lane=POST),
        Job("deliveries forgotten", 3600, writing(forget_old_deliveries)),
    )


class Rounds:
    """Goes round the shops and does what is due."""

    def __init__(
        self,
        shops: Sequence[ServedShop],
        *,
        uses: Mapping[str, KeyUses] | None = None,
        due: Sequence[Job] = (),
        lock: Path | None = None,
    ) -> None:
        self._shops = tuple(shops)
        self._uses = uses or {}
        self._jobs = tuple(due)
        self._lock = lock
        self._next: dict[str, float] = {}
        self._stopped = threading.Event()

    def once(self, *, all_jobs: bool = True, lane: str | None = None) -> dict[str, int]:
        """Do everything that is due now, or simply everything, of one lane or all, and say what was done."""
        now = monotonic()
        done: dict[str, int] = {}
        for job in self._jobs:
            if lane not in {None, job.lane}:
                continue
            if all_jobs or now >= self._next.get(job.name, 0.0):
                self._next[job.name] = now + job.every_seconds
                done[job.name] = sum(self._attempt(job, home) for home in self._shops)
        return done

    def write_uses(self) -> None:
        """Write down when keys were used in this process."""
        for home in self._shops:
            uses = self._uses.get(home.shop.name)
            if uses is not None and uses.is_due:
                self._attempt(Job("key uses", 0, writing(uses.flush)), home)

    def run(self) -> None:
        """Go round until stopped."""
        for thread in self.start():
            thread.join()

    def start(self) -> list[threading.Thread]:
        """Go round beside the requests of this process, in each lane, so that none waits for another."""
        lanes = dict.fromkeys((CLOCK, *(job.lane for job in self._jobs)))
        threads = [
            threading.Thread(target=self._go_round, args=(lane,), name=f"rounds-{lane}", daemon=True)
            for lane in lanes
        ]
        for thread in threads:
            thread.start()
        return threads

    def stop(self) -> None:
        """End after what is being done now, and write the last uses of keys."""
        self._stopped.set()
        self.write_uses()

    def _go_round(self, lane: str) -> None:
        """Where several processes could go round, the one that holds the lock does."""
        with alone(self._lock) as try_alone:
            while not self._stopped.wait(TICK_SECONDS):
                if lane == CLOCK:
                    self.write_uses()
                if self._jobs and try_alone():
                    self.once(all_jobs=False, lane=lane)

    def _attempt(self, job: Job, home: ServedShop) -> int:
        """Do one job for one shop; what goes wrong is told, and tried again the next time."""
        try:
            done = job.work(home)
        except (ComptoirError, StorageError) as error:
            LOG.warning("job refused", job=job.name, shop=home.shop.name, reason=str(error))
            return 0
        except Exception:
            LOG.exception("job failed", job=job.name, shop=home.shop.name)
            return 0
        if done:
            LOG.info("job done", job=job.name, shop=home.shop.name, count=done)
        return done


@contextmanager
def alone(lock: Path | None) -> Iterator[Callable[[], bool]]:
    """Gives a question: is this process the one that goes round? Its end, however sudden, frees the lock."""
    if lock is None:
        yield lambda: True
        return
    lock.parent.mkdir(parents=True, exist_ok=True)
    with lock.open("ab") as file:
        yield lambda: _take(file)


def _take(file: IO[bytes]) -> bool:
    try:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 0, 0, SEEK_END)
    except OSError:
        return False
    return True
