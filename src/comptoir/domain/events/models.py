"""The record of one state change."""

from datetime import datetime

from sqlalchemy import Index

from comptoir.storage.columns import WholeNumber
from comptoir.storage.schema import JsonValue, Mapped, Record, mapped_column, partial_index


class Event(Record):
    """What happened, once: audit log, order logs and notifications are views of these rows.

    `seq` rises in the order of commits, and has no gaps but where a snapshot was put back. `before` and `after`
    hold the changed fields.
    """

    __tablename__ = "event"
    __table_args__ = (
        Index("ix_event_subject", "subject", "subject_id", "seq"),
        Index("ix_event_kind", "kind", "seq"),
        partial_index("ix_event_operator", "operator_id", "seq", where="operator_id IS NOT NULL"),
    )

    seq: Mapped[int] = mapped_column(WholeNumber, primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    kind: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[int]
    operator_id: Mapped[int | None]
    actor: Mapped[str]
    dialect: Mapped[str]
    request_id: Mapped[str]
    before: Mapped[JsonValue | None]
    after: Mapped[JsonValue | None]
