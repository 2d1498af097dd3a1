"""Accounts and what moves between them."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint

from comptoir.storage.schema import Id, Mapped, Record, mapped_column

ASSET, LIABILITY, INCOME, EXPENSE, EQUITY = "asset", "liability", "income", "expense", "equity"
ACCOUNT_KINDS = (ASSET, LIABILITY, INCOME, EXPENSE, EQUITY)
DEBIT_KINDS = frozenset({ASSET, EXPENSE})

PENDING, POSTED, VOIDED = "pending", "posted", "voided"
ACTIVE, RELEASED, CAPTURED = "active", "released", "captured"


class Account(Record):
    """A place where money of one currency stands.

    Debits are positive and credits negative in `posted_minor`, whatever the kind. The other amounts are
    never negative and are told from the account's own side: `pending_in` will make the balance of an asset
    or expense larger by a debit, that of the other kinds by a credit; `pending_out` and `held` make less of
    it available. `floor_minor` is the least that may be available; None means that nobody minds.
    """

    __tablename__ = "account"
    __table_args__ = (UniqueConstraint("code", "currency"),)

    id: Mapped[Id]
    code: Mapped[str]
    name: Mapped[str]
    kind: Mapped[str]
    currency: Mapped[str]
    is_closed: Mapped[bool]
    floor_minor: Mapped[int | None]
    posted_minor: Mapped[int]
    pending_in_minor: Mapped[int]
    pending_out_minor: Mapped[int]
    held_minor: Mapped[int]
    created_at: Mapped[datetime]


class Transfer(Record):
    """The instruction to move money: two or more postings that sum to zero in each currency.

    `posted_at` is when the money counts (the value date), `created_at` when it was written down. What it is
    for is the caller's to say: `subject` and `subject_id`, such as order 46.
    """

    __tablename__ = "transfer"
    __table_args__ = (
        Index("ix_transfer_subject", "subject", "subject_id"),
        Index("ix_transfer_kind", "kind", "id"),
    )

    id: Mapped[Id]
    tag: Mapped[str | None] = mapped_column(unique=True)
    kind: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[int]
    state: Mapped[str]
    posted_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("transfer.id"), unique=True)
    memo: Mapped[str]


class Posting(Record):
    """One debit (positive) or credit (negative) on one account. Written once, never changed or removed."""

    __tablename__ = "posting"
    __table_args__ = (
        Index("ix_posting_account", "account_id", "transfer_id"),
        {"info": {"append_only": True}},
    )

    id: Mapped[Id]
    transfer_id: Mapped[int] = mapped_column(ForeignKey("transfer.id"), index=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    amount_minor: Mapped[int]
    currency: Mapped[str]


class Hold(Record):
    """Money that is still on its account but promised elsewhere."""

    __tablename__ = "hold"
    __table_args__ = (
        Index("ix_hold_account", "account_id", "state"),
        Index("ix_hold_expiry", "state", "expires_at"),
    )

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"))
    amount_minor: Mapped[int]
    state: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[int]
    placed_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    transfer_id: Mapped[int | None] = mapped_column(ForeignKey("transfer.id"))
