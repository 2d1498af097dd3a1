"""Long work that was asked for: each kind has a runner, and how far one is, is told beside it.

A run tells by memory alone, for it may be in the middle of reading; a thread beside it writes that down every
moment, and so shows that the run lives, and looks whether it is to stop.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from time import monotonic
from typing import Any

import structlog

from comptoir.dialects.edge import ServedShop
from comptoir.domain.errors import ComptoirError
from comptoir.domain.tasks.actions import (
    Outcome,
    end_task,
    fail_task,
    leave_task,
    take_task,
    tell_progress,
)
from comptoir.domain.tasks.errors import TaskLost, TaskNotFound, TaskStopped
from comptoir.domain.tasks.queries import TaskRow, get_task, is_any_free
from comptoir.domain.tx import Actor, Tx
from comptoir.storage.errors import StorageError

LOG = structlog.get_logger()
LOOK_SECONDS = 0.5
BEAT_SECONDS = 10.0
FAULT = "an unexpected fault ended it; the server's log tells more"


class Run:
    """One run of a task, as its runner sees it."""

    def __init__(self, task: TaskRow) -> None:
        self.task = task
        self.actor = Actor(name=task.operator, dialect="console", operator_id=task.operator_id)
        self.done = task.done
        self.total = task.total
        self.result = task.result
        self.is_told = True
        self.is_lost = False
        self.is_to_stop = False

    def tell(self, done: int, total: int | None = None, result: dict[str, Any] | None = None) -> None:
        """Say how far it is. Refuses: TaskLost, TaskStopped; both end the run."""
        self.done = done
        self.total = self.total if total is None else total
        self.result = self.result if result is None else result
        self.is_told = False
        self.go_on()

    def go_on(self) -> None:
        """Refuses: TaskLost, TaskStopped."""
        if self.is_lost:
            raise TaskLost(self.task.id)
        if self.is_to_stop:
            raise TaskStopped(self.task.id)


Runner = Callable[[ServedShop, Run], Outcome]


class Tasks:
    """Does what was asked for in a shop, one task after the other; a kind's runner is found by its name."""

    def __init__(self, runners: Mapping[str, Runner]) -> None:
        self._runners = dict(runners)

    def __call__(self, home: ServedShop) -> int:
        """Do all that waits, and say how many there were."""
        count = 0
        while home.shop.read(is_any_free):
            task = home.shop.write(take_task)
            if task is None:
                break
            self._run(home, task)
            count += 1
        return count

    def _run(self, home: ServedShop, task: TaskRow) -> None:
        run = Run(task)
        try:
            with telling(home, run):
                outcome = self._outcome(home, run)
            home.shop.write(lambda tx: _end(tx, run, outcome), run.actor)
        except TaskStopped:
            home.shop.write(lambda tx: _leave(tx, run), run.actor)
        except TaskLost:
            LOG.warning("task lost", shop=home.shop.name, task=task.id)
        except StorageError:
            raise  # it is taken on again once its silence has been long enough
        except ComptoirError as refusal:
            self._fail(home, run, str(refusal))
        except Exception:
            LOG.exception("task failed", shop=home.shop.name, task=task.id, kind=task.kind)
            self._fail(home, run, FAULT)

    def _outcome(self, home: ServedShop, run: Run) -> Outcome:
        runner = self._runners.get(run.task.kind)
        if runner is None:
            return _unknown(run.task.kind)
        return runner(home, run)

    def _fail(self, home: ServedShop, run: Run, problem: str) -> None:
        try:
            home.shop.write(lambda tx: _fail(tx, run, problem), run.actor)
        except TaskLost:
            LOG.warning("task lost", shop=home.shop.name, task=run.task.id)


def _unknown(kind: str) -> Outcome:
    raise UnknownWork(f"nobody here knows how to do {kind!r}")


class UnknownWork(ComptoirError):
    """The release that asked for it knew more than this one."""


def _tell(tx: Tx, run: Run) -> None:
    run.is_to_stop = tell_progress(tx, run.task, done=run.done, total=run.total, result=run.result)


def _end(tx: Tx, run: Run, outcome: Outcome) -> None:
    _tell(tx, run)
    end_task(tx, run.task, outcome)


def _leave(tx: Tx, run: Run) -> None:
    _tell(tx, run)
    leave_task(tx, run.task)


def _fail(tx: Tx, run: Run, problem: str) -> None:
    _tell(tx, run)
    fail_task(tx, run.task, problem)


@contextmanager
def telling(home: ServedShop, run: Run) -> Iterator[None]:
    """Write down beside a run how far it is, for as long as it lasts."""
    ended = threading.Event()
    thread = threading.Thread(target=_tell_beside, args=(home, run, ended), name="task-beat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def _tell_beside(home: ServedShop, run: Run, ended: threading.Event) -> None:
    last = monotonic()
    while not ended.wait(LOOK_SECONDS):
        try:
            if run.is_told and monotonic() - last < BEAT_SECONDS:
                run.is_to_stop = home.shop.read(partial(get_task, task_id=run.task.id)).is_stopping
            else:
                run.is_told, last = True, monotonic()
                home.shop.write(partial(_tell, run=run))
        except (TaskLost, TaskNotFound):  # a snapshot that was put back may know nothing of it
            run.is_lost = True
            return
        except StorageError as error:
            LOG.warning("task not told", shop=home.shop.name, task=run.task.id, reason=str(error))
