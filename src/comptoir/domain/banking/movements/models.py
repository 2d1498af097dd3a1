"""What banking knows of a ledger transfer, under the same id. Its transactions are the transfer's postings."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint

from comptoir.storage.columns import WholeNumber
from comptoir.storage.schema import Id, JsonValue, Mapped, Record, mapped_column, partial_index

INITIATED, PENDING, SETTLED, VOIDED, DELAYED = "Initiated", "Pending", "Settled", "Voided", "Delayed"
TRANSACTION_STATUSES = (INITIATED, PENDING, SETTLED, VOIDED, DELAYED)


class BankTransfer(Record):
    """A movement of money by the bank.

    `from_id` and `to_id` are accounts, program accounts or external accounts, whichever is meant.
    `master_id` groups what belongs together: a withdrawal and its return, an authorisation and its
    completion; it is the id of the first of them. `settles_on` is the bank day on which it is to settle,
    `trace_number` its entry in the bank file. `details` holds what only some kinds have: a card's merchant,
    a wire, the words of an ACH origination.
    """

    __tablename__ = "bank_transfer"
    __table_args__ = (
        UniqueConstraint("tag"),
        UniqueConstraint("to_tag"),
        partial_index("ix_bank_transfer_open", "status", "settles_on", where="status NOT IN ('Settled', 'Voided')"),
        partial_index("ix_bank_transfer_external", "external_account_id", where="external_account_id IS NOT NULL"),
        partial_index("ix_bank_transfer_trace", "trace_number", where="trace_number <> ''"),
        partial_index("ix_bank_transfer_card", "card_id", "created_at", where="card_id IS NOT NULL"),
        partial_index("ix_bank_transfer_settled", "settled_at", where="settled_at IS NOT NULL"),
        partial_index("ix_bank_transfer_file", "file_id", "type_code", "return_code", where="file_id IS NOT NULL"),
        Index("ix_bank_transfer_amount", "amount_minor", "transfer_id"),
        partial_index("ix_bank_transfer_voided", "transfer_id", where="status = 'Voided'"),
    )  # fmt: skip

    transfer_id: Mapped[int] = mapped_column(
        WholeNumber, ForeignKey("transfer.id"), primary_key=True, autoincrement=False
    )
    master_id: Mapped[int] = mapped_column(index=True)
    customer_id: Mapped[int | None]
    requesting_customer_id: Mapped[int | None]
    from_id: Mapped[int | None]
    to_id: Mapped[int | None]
    external_account_id: Mapped[int | None]
    card_id: Mapped[int | None]
    amount_minor: Mapped[int]
    type_code: Mapped[str]
    status: Mapped[str]
    tag: Mapped[str | None]
    to_tag: Mapped[str | None]
    description: Mapped[str]
    purpose_code: Mapped[str]
    fee_code: Mapped[str]
    sub_type_code: Mapped[str]
    return_code: Mapped[str]
    is_same_day: Mapped[bool]
    settles_on: Mapped[date | None]
    available_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    file_id: Mapped[int | None] = mapped_column(ForeignKey("bank_file.id"))
    trace_number: Mapped[str]
    details: Mapped[JsonValue]
    created_at: Mapped[datetime]


class AppliedFee(Record):
    """A fee that was charged to an account by hand or by a rule."""

    __tablename__ = "applied_fee"
    __table_args__ = (UniqueConstraint("tag"),)

    id: Mapped[Id]
    fee_type_id: Mapped[int] = mapped_column(ForeignKey("fee_type.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.account_id"), index=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("bank_customer.customer_id"))
    amount_minor: Mapped[int]
    tag: Mapped[str | None]
    transfer_id: Mapped[int] = mapped_column(ForeignKey("transfer.id"), index=True)
    created_at: Mapped[datetime]


class LimitUse(Record):
    """How much of a daily or monthly limit is used: one row for a scope, a direction and a period.

    `scope` is account, customer or program; `period` is `2026-03-01` or `2026-03` in the bank's zone.
    """

    __tablename__ = "limit_use"

    scope: Mapped[str] = mapped_column(primary_key=True)
    scope_id: Mapped[int] = mapped_column(WholeNumber, primary_key=True)
    direction: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    used_minor: Mapped[int]
    count: Mapped[int]
