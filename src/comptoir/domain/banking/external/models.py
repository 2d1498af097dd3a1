"""Accounts at other banks."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint

from comptoir.storage.columns import Digest
from comptoir.storage.schema import Id, Mapped, Record, Sealed, mapped_column, partial_index

UNVERIFIED, VERIFY_LOCKED, VERIFIED, DENIED, EXPIRED, ARCHIVED = (
    "Unverified", "VerifyLocked", "Verified", "Denied", "Expired", "Archived",
)  # fmt: skip
EXTERNAL_STATUSES = (UNVERIFIED, VERIFY_LOCKED, VERIFIED, DENIED, EXPIRED, ARCHIVED)


class ExternalAccount(Record):
    """A customer's account elsewhere. Its id comes from the ledger's sequence `account`.

    `amount1_minor` and `amount2_minor` are the trial deposits that prove that the customer sees the account.
    """

    __tablename__ = "external_account"
    __table_args__ = (
        UniqueConstraint("tag"),
        partial_index("ix_external_account_expiry", "verify_expires_at", where="status = 'Unverified'"),
    )

    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("bank_customer.customer_id"), index=True)
    tag: Mapped[str | None]
    type: Mapped[str]
    name: Mapped[str]
    nick_name: Mapped[str]
    first_name: Mapped[str]
    last_name: Mapped[str]
    business_name: Mapped[str]
    routing_number: Mapped[str]
    account_number: Mapped[Sealed]
    account_digest: Mapped[str] = mapped_column(Digest, index=True)
    status: Mapped[str]
    status_at: Mapped[datetime]
    is_locked: Mapped[bool]
    locked_at: Mapped[datetime | None]
    locked_reason: Mapped[str]
    is_locked_by_system: Mapped[bool]
    attempts: Mapped[int]
    amount1_minor: Mapped[int | None]
    amount2_minor: Mapped[int | None]
    verify_sent_at: Mapped[datetime | None]
    verify_expires_at: Mapped[datetime | None]
    noc_code: Mapped[str]
    custom1: Mapped[str]
    custom2: Mapped[str]
    custom3: Mapped[str]
    custom4: Mapped[str]
    custom5: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
