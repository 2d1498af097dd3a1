"""Reading tasks: one, the newest, and which contents they hold."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, literal, or_, select

from comptoir.domain.tasks.errors import TaskNotFound
from comptoir.domain.tasks.models import ENDED, RUNNING, WAITING, Task
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among
from comptoir.storage.session import Session

ID_MAX = 2**63 - 1
# A run that was not heard of for so long has ended without a word.
SILENCE = timedelta(seconds=60)


class TaskRow(NamedTuple):
    """One task."""

    id: int
    kind: str
    title: str
    arguments: dict[str, Any]
    state: str
    is_stopping: bool
    done: int
    total: int
    result: dict[str, Any] | None
    problem: str
    source_digest: str | None
    source_name: str
    output_digest: str | None
    output_name: str
    operator_id: int | None
    operator: str
    claim: str
    runs: int
    asked_at: datetime
    begun_at: datetime | None
    beat_at: datetime | None
    ended_at: datetime | None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.state in ENDED

    @property
    def percent(self) -> int | None:
        """How much of it is done, 0 to 100; None where nobody knows."""
        return None if self.total <= 0 else min(100, 100 * self.done // self.total)


TASKS = select(*(Task.__table__.columns[name] for name in TaskRow._fields))
GET_TASK = TASKS.where(Task.id == bindparam("task_id"))
LOCK_TASK = {"sqlite": GET_TASK, "postgres": GET_TASK.with_for_update()}
NEWEST = TASKS.where(Task.id < bindparam("before")).order_by(Task.id.desc()).limit(bindparam("limit"))
NEWEST_OF_KINDS = NEWEST.where(among(Task.kind, "kinds"))
IS_FREE = or_(
    Task.state == literal(WAITING),
    and_(Task.state == literal(RUNNING), Task.beat_at < bindparam("silent_since")),
)
FREE_TASK = select(Task.id).where(IS_FREE).order_by(Task.id).limit(1)
UNENDED = TASKS.where(or_(Task.state == literal(WAITING), Task.state == literal(RUNNING))).order_by(Task.id)
DIGESTS = select(Task.source_digest, Task.output_digest).where(
    or_(Task.source_digest.is_not(None), Task.output_digest.is_not(None))
)


def get_task(tx: Tx, task_id: int) -> TaskRow:
    """One task. Refuses: TaskNotFound."""
    row = tx.one(GET_TASK, task_id=task_id)
    if row is None:
        raise TaskNotFound(task_id)
    return TaskRow(*row)


def lock_task(tx: Tx, task_id: int) -> TaskRow:
    """One task, which nobody else changes until this transaction ends. Refuses: TaskNotFound."""
    row = tx.one(LOCK_TASK[tx.engine], task_id=task_id)
    if row is None:
        raise TaskNotFound(task_id)
    return TaskRow(*row)


def list_tasks(
    tx: Tx, *, kinds: Sequence[str] | None = None, before: int = ID_MAX, limit: int = 50
) -> list[TaskRow]:
    """Tasks, or those of some kinds, the newest first."""
    if kinds is None:
        rows = tx.all(NEWEST, before=before, limit=limit)
    else:
        rows = tx.all(NEWEST_OF_KINDS, before=before, limit=limit, kinds=kinds)
    return [TaskRow(*row) for row in rows]


def list_unended(tx: Tx) -> list[TaskRow]:
    """Tasks that wait or run, in the order in which they were asked for."""
    return [TaskRow(*row) for row in tx.all(UNENDED)]


def is_any_free(tx: Tx) -> bool:
    """Whether some task can be taken on now."""
    return tx.value(FREE_TASK, silent_since=tx.machine_now - SILENCE) is not None


def task_digests(session: Session) -> set[str]:
    """The contents that some task was given or made."""
    return {digest for row in session.all(DIGESTS) for digest in row if digest is not None}
