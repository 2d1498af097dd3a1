"""Asking for long work, taking it on, telling how far it is, ending it."""

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, literal, or_, update

from comptoir.domain.tasks.errors import TaskEnded, TaskLost
from comptoir.domain.tasks.models import DONE, ENDED, FAILED, RUNNING, STOPPED, WAITING, Task
from comptoir.domain.tasks.queries import FREE_TASK, SILENCE, TaskRow, get_task, lock_task
from comptoir.domain.tx import Tx

SUBJECT = "task"
# Contents are kept this long after the end of what they were for.
KEEP_CONTENTS = timedelta(days=7)
CLAIM_BYTES = 8
# What ended so many runs without a word would end the next one too.
RUNS_MAX = 5

LOCK_FREE_TASK = {"sqlite": FREE_TASK, "postgres": FREE_TASK.with_for_update(skip_locked=True)}
BEAT = (
    update(Task)
    .where(Task.id == bindparam("task_id"), Task.claim == bindparam("run"), Task.state == literal(RUNNING))
    .values(
        beat_at=bindparam("now"), done=bindparam("so_far"), total=bindparam("of"), result=bindparam("outcome")
    )
)
FORGET_CONTENTS = (
    update(Task)
    .where(
        Task.ended_at < bindparam("until"),
        or_(Task.source_digest.is_not(None), Task.output_digest.is_not(None)),
    )
    .values(source_digest=None, output_digest=None)
)


class Source(NamedTuple):
    """A content that a task is given: its digest in the media store, and its file's name."""

    digest: str
    name: str


class Outcome(NamedTuple):
    """What came of a task: how much was done, what there is to say, and a content, if one was made."""

    done: int
    result: dict[str, Any]
    output_digest: str | None = None
    output_name: str = ""


def ask_task(
    tx: Tx, *, kind: str, title: str, arguments: dict[str, Any], source: Source | None = None, total: int = 0
) -> int:
    """Ask for long work, which the worker will do; gives its number."""
    task_id = tx.ids.next("task")
    tx.insert(
        Task,
        id=task_id,
        kind=kind,
        title=title,
        arguments=arguments,
        state=WAITING,
        is_stopping=False,
        done=0,
        total=total,
        result=None,
        problem="",
        source_digest=None if source is None else source.digest,
        source_name="" if source is None else source.name,
        output_digest=None,
        output_name="",
        operator_id=tx.actor.operator_id,
        operator=tx.actor.name,
        claim="",
        runs=0,
        asked_at=tx.machine_now,
        begun_at=None,
        beat_at=None,
        ended_at=None,
    )
    tx.note("task.asked", SUBJECT, task_id, after={"kind": kind, "title": title})
    return task_id


def take_task(tx: Tx) -> TaskRow | None:
    """Take on the first task that waits, or that a run went silent on; None when there is none.

    One that was to stop when its run went silent is ended instead of taken, and so is one that ended too many runs.
    """
    now = tx.machine_now
    while (task_id := tx.value(LOCK_FREE_TASK[tx.engine], silent_since=now - SILENCE)) is not None:
        task = get_task(tx, task_id)
        if task.is_stopping:
            _end(tx, task, STOPPED, now)
            continue
        if task.runs >= RUNS_MAX:
            _end(tx, task, FAILED, now, problem=f"was begun {RUNS_MAX} times, and no run came to its end")
            continue
        tx.update(
            Task,
            task_id,
            state=RUNNING,
            claim=tx.ids.secret(CLAIM_BYTES),
            runs=task.runs + 1,
            begun_at=task.begun_at or now,
            beat_at=now,
        )
        if task.runs == 0:
            tx.note("task.begun", SUBJECT, task_id, before={"state": WAITING}, after={"state": RUNNING})
        return get_task(tx, task_id)
    return None


def tell_progress(tx: Tx, task: TaskRow, *, done: int, total: int, result: dict[str, Any] | None) -> bool:
    """Say how far a task is and that its run lives; gives whether it is to stop. Refuses: TaskLost."""
    told = tx.run(
        BEAT, task_id=task.id, run=task.claim, now=tx.machine_now, so_far=done, of=total, outcome=result
    )
    if not told:
        raise TaskLost(task.id)
    return get_task(tx, task.id).is_stopping


def end_task(tx: Tx, task: TaskRow, outcome: Outcome) -> None:
    """Say that a task is done. Refuses: TaskLost."""
    current = _own(tx, task)
    result = {"result": outcome.result, "output_digest": outcome.output_digest}
    _end(tx, current, DONE, tx.machine_now, done=outcome.done, output_name=outcome.output_name, **result)


def fail_task(tx: Tx, task: TaskRow, problem: str) -> None:
    """Say that a task cannot be done, and why. What was done so far stays told. Refuses: TaskLost."""
    _end(tx, _own(tx, task), FAILED, tx.machine_now, problem=problem)


def leave_task(tx: Tx, task: TaskRow) -> None:
    """Say that a run ended because it was asked to. Refuses: TaskLost."""
    _end(tx, _own(tx, task), STOPPED, tx.machine_now)


def stop_task(tx: Tx, task_id: int) -> TaskRow:
    """Ask for a task's end: one that waits is over at once, one that runs soon.

    Refuses: TaskNotFound, TaskEnded.
    """
    task = lock_task(tx, task_id)
    if task.state in ENDED:
        raise TaskEnded(task_id, task.state)
    if task.state == WAITING:
        _end(tx, task, STOPPED, tx.machine_now)
    elif not task.is_stopping:
        tx.update(Task, task_id, is_stopping=True)
        tx.note("task.stop_asked", SUBJECT, task_id, before={"state": RUNNING}, after={"is_stopping": True})
    return get_task(tx, task_id)


def forget_old_contents(tx: Tx) -> int:
    """Let go of what ended tasks were given and made a while ago; says how many had something."""
    return tx.run(FORGET_CONTENTS, until=tx.machine_now - KEEP_CONTENTS)


def _own(tx: Tx, task: TaskRow) -> TaskRow:
    current = lock_task(tx, task.id)
    if current.claim != task.claim or current.state != RUNNING:
        raise TaskLost(task.id)
    return current


def _end(tx: Tx, task: TaskRow, state: str, now: datetime, **values: Any) -> None:
    tx.update(Task, task.id, state=state, ended_at=now, claim="", **values)
    said = {"state": state} | ({"problem": values["problem"]} if "problem" in values else {})
    tx.note(f"task.{state}", SUBJECT, task.id, before={"state": task.state}, after=said)
