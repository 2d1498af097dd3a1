"""The record of long work: who asked for what, how far it is, how it ended."""

from datetime import datetime

from sqlalchemy import Index

from comptoir.storage.schema import Id, JsonValue, Mapped, Record

WAITING, RUNNING, DONE, FAILED, STOPPED = "waiting", "running", "done", "failed", "stopped"
STATES = (WAITING, RUNNING, DONE, FAILED, STOPPED)
ENDED = (DONE, FAILED, STOPPED)


class Task(Record):
    """Long work that an operator asked for, done beside the requests by one process at a time.

    Times are the machine's: a sandbox's clock may stand still or leap. `claim` names the run that works on it
    and `beat_at` when that run was last heard of; one that went silent loses the task to the next. `total` is
    0 where nobody knows how much there is to do. `result` says what came of it, or what did so far;
    `problem` why it failed. Contents are named by their digests in the media store: `source` is what was
    given in, `output` what came out.
    """

    __tablename__ = "task"
    __table_args__ = (Index("ix_task_state", "state", "id"),)

    id: Mapped[Id]
    kind: Mapped[str]
    title: Mapped[str]
    arguments: Mapped[JsonValue]
    state: Mapped[str]
    is_stopping: Mapped[bool]
    done: Mapped[int]
    total: Mapped[int]
    result: Mapped[JsonValue | None]
    problem: Mapped[str]
    source_digest: Mapped[str | None]
    source_name: Mapped[str]
    output_digest: Mapped[str | None]
    output_name: Mapped[str]
    operator_id: Mapped[int | None]
    operator: Mapped[str]
    claim: Mapped[str]
    runs: Mapped[int]
    asked_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    beat_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
