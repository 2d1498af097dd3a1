"""Files that went to another bank or came from one."""

from datetime import date, datetime

from sqlalchemy import Index

from comptoir.storage.schema import Id, JsonValue, Mapped, Record, Sealed, mapped_column

ACH_OUT, ACH_RETURNS, ACH_IN, EVENTS = "ach_out", "ach_returns", "ach_in", "events"
TRANSACTIONS, BALANCES = "transactions", "balances"
FILE_KINDS = (ACH_OUT, ACH_RETURNS, ACH_IN, EVENTS, TRANSACTIONS, BALANCES)
# Files of money, and those that are for whoever runs the program.
ACH_KINDS = (ACH_OUT, ACH_RETURNS, ACH_IN)
TOLD_KINDS = (EVENTS, TRANSACTIONS, BALANCES)
WRITTEN, SENT, ANSWERED, READ = "written", "sent", "answered", "read"


class BankFile(Record):
    """One file, as it was sent or came, with its control totals; the content never changes.

    It is sealed, for it names people and their accounts. `digest` tells a file that comes again.
    """

    __tablename__ = "bank_file"
    __table_args__ = (
        Index("ix_bank_file_kind", "kind", "id"),
        Index("ix_bank_file_state", "state", "effective_on"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    name: Mapped[str]
    state: Mapped[str]
    content: Mapped[Sealed]
    digest: Mapped[str] = mapped_column(index=True)
    effective_on: Mapped[date | None]
    entry_count: Mapped[int]
    debit_minor: Mapped[int]
    credit_minor: Mapped[int]
    outcome: Mapped[JsonValue]
    created_at: Mapped[datetime]
