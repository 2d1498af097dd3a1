"""A deposit account: what banking knows of a ledger account, under the same id."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Index, UniqueConstraint

from comptoir.storage.columns import WholeNumber
from comptoir.storage.schema import Id, Mapped, Record, mapped_column, partial_index

PENDING_OPEN, OPEN, DORMANT, PENDING_CLOSED, CLOSED = (
    "PendingOpen", "Open", "Dormant", "PendingClosed", "Closed",
)  # fmt: skip
ACCOUNT_STATUSES = (PENDING_OPEN, OPEN, DORMANT, PENDING_CLOSED, CLOSED)

UNLOCKED, LOCKED_BY_CUSTOMER, LOCKED_BY_SYSTEM = "UNL", "CST", "SYS"
LOCK_REASONS = ("UNK", "FRD", "ADM", "TMP", "FRZ", "SUS", "CO", "RTN", "REC", "DED", "DOR")
CREDITS_ONLY = "CO"

FULL, RDONLY, AUTHSIGNER, NONE = "FULL", "RDONLY", "AUTHSIGNER", "NONE"
ACCOUNT_ACCESS_TYPES = (FULL, RDONLY, AUTHSIGNER, NONE)


class BankAccount(Record):
    """A deposit account. Its balances are those of the ledger's account of the same id.

    Ids are drawn from the ledger's sequence `account`, as those of external accounts are, so that a number
    means one thing. `accrued_e8` is interest that is earned and not yet paid, in 1e-8 of a minor unit, to the end of
    the day `accrued_through`, which is None for an account that earns none.
    """

    __tablename__ = "bank_account"
    __substring_search__: ClassVar[tuple[str, ...]] = ("account_number", "name")
    __table_args__ = (
        UniqueConstraint("tag"),
        UniqueConstraint("account_number"),
        Index("ix_bank_account_customer", "customer_id", "account_id"),
        partial_index("ix_bank_account_accrues", "accrued_through", "account_id", where="status <> 'Closed'"),
        partial_index(
            "ix_bank_account_unfinished", "account_id", where="status IN ('PendingOpen', 'PendingClosed')"
        ),
        partial_index(
            "ix_bank_account_goal", "account_id", where="target_minor > 0 AND target_met_at IS NULL"
        ),
    )

    account_id: Mapped[int] = mapped_column(
        WholeNumber, ForeignKey("account.id"), primary_key=True, autoincrement=False
    )
    customer_id: Mapped[int] = mapped_column(ForeignKey("bank_customer.customer_id"))
    product_id: Mapped[int] = mapped_column(ForeignKey("bank_product.id"))
    tag: Mapped[str | None]
    name: Mapped[str]
    type: Mapped[str]
    status: Mapped[str]
    account_number: Mapped[str]
    category: Mapped[str]
    sub_category: Mapped[str]
    legal_name1: Mapped[str]
    legal_name2: Mapped[str]
    miscellaneous: Mapped[str]
    external_program_tag: Mapped[str]
    custom1: Mapped[str]
    custom2: Mapped[str]
    custom3: Mapped[str]
    custom4: Mapped[str]
    custom5: Mapped[str]
    is_closeable: Mapped[bool]
    is_primary: Mapped[bool]
    lock_type: Mapped[str]
    lock_reason: Mapped[str]
    locked_at: Mapped[datetime | None]
    target_minor: Mapped[int | None]
    target_on: Mapped[date | None]
    target_met_at: Mapped[datetime | None]
    contribution_type: Mapped[str]
    contribution_minor: Mapped[int | None]
    contribution_external_account_id: Mapped[int | None]
    contribution_starts_on: Mapped[date | None]
    contribution_ends_on: Mapped[date | None]
    minimum_balance_minor: Mapped[int]
    accrued_e8: Mapped[int]
    accrued_through: Mapped[date | None]
    interest_paid_on: Mapped[date | None]
    closed_at: Mapped[datetime | None]
    closed_reason: Mapped[str]
    closed_notes: Mapped[str]
    closed_minor: Mapped[int | None]
    closed_transaction_id: Mapped[int | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class AccountAccess(Record):
    """What a customer may do with an account; the owner has FULL and priority 1 from the beginning."""

    __tablename__ = "account_access"

    account_id: Mapped[int] = mapped_column(
        WholeNumber, ForeignKey("bank_account.account_id"), primary_key=True
    )
    customer_id: Mapped[int] = mapped_column(
        WholeNumber, ForeignKey("bank_customer.customer_id"), primary_key=True, index=True
    )
    access_type: Mapped[str]
    priority: Mapped[int]
    created_at: Mapped[datetime]


class BankHold(Record):
    """What a person wrote beside a hold on an account; the hold itself is the ledger's."""

    __tablename__ = "bank_hold"

    hold_id: Mapped[int] = mapped_column(
        WholeNumber, ForeignKey("hold.id"), primary_key=True, autoincrement=False
    )
    account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.account_id"), index=True)
    description: Mapped[str]


class StopPay(Record):
    """Cheques that are not to be paid, by number and amount."""

    __tablename__ = "stop_pay"

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.account_id"), index=True)
    number_minimum: Mapped[int]
    number_maximum: Mapped[int]
    amount_minimum_minor: Mapped[int | None]
    amount_maximum_minor: Mapped[int | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]


class Entitlement(Record):
    """What a person may do with the account of a business."""

    __tablename__ = "entitlement"
    __table_args__ = (UniqueConstraint("account_id", "customer_id"),)

    id: Mapped[Id]
    account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.account_id"))
    customer_id: Mapped[int] = mapped_column(ForeignKey("bank_customer.customer_id"))
    entitlement: Mapped[str]
    created_at: Mapped[datetime]


class AccountBeneficiary(Record):
    """That a beneficiary is to have what is on an account."""

    __tablename__ = "account_beneficiary"

    account_id: Mapped[int] = mapped_column(
        WholeNumber, ForeignKey("bank_account.account_id"), primary_key=True
    )
    beneficiary_id: Mapped[int] = mapped_column(
        WholeNumber, ForeignKey("customer_beneficiary.id"), primary_key=True, index=True
    )
    is_active: Mapped[bool]
    created_at: Mapped[datetime]
