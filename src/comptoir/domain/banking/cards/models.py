"""Debit cards. Neither a full number nor a PIN nor a security code is kept anywhere."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint

from comptoir.storage.columns import WholeNumber
from comptoir.storage.schema import Id, JsonValue, Mapped, Record, mapped_column

(
    INITIATED, PENDING, PENDING_VERIFICATION, VERIFIED, DENIED, EXPIRED, ARCHIVED, REISSUED, HOT_LISTED,
    REISSUED_PENDING, AUTO_REISSUED_PENDING, DIGITAL_INITIATED, DIGITAL_PENDING, AUTO_REISSUE_INITIATED,
    REISSUE_STAGED,
) = CARD_STATUSES = (
    "Initiated", "Pending", "PendingVerification", "Verified", "Denied", "Expired", "Archived", "Reissued",
    "HotListed", "ReissuedPendingVerification", "AutoReissuedPendingVerification",
    "DigitalActivePhysicalInitiated", "DigitalActivePhysicalPending", "AutoReissueInitiated", "ReissueStaged",
)  # fmt: skip
ENDED_STATUSES = frozenset({DENIED, EXPIRED, ARCHIVED, HOT_LISTED})
# What may be paid with.
IN_USE_STATUSES = frozenset({VERIFIED, DIGITAL_INITIATED, DIGITAL_PENDING})
# What is on its way anew: the old card may be paid with until then, if there is one that is still good.
RETURNING_STATUSES = frozenset({
    REISSUED, REISSUED_PENDING, AUTO_REISSUED_PENDING, AUTO_REISSUE_INITIATED, REISSUE_STAGED,
})  # fmt: skip
# What waits for its holder to say that it has come.
VERIFIABLE_STATUSES = frozenset({
    PENDING_VERIFICATION, REISSUED, REISSUED_PENDING, AUTO_REISSUED_PENDING, DIGITAL_PENDING,
})  # fmt: skip
UNSENT_STATUSES = frozenset({INITIATED, PENDING, AUTO_REISSUE_INITIATED, REISSUE_STAGED, DIGITAL_INITIATED})

UNLOCKED, LOCKED_BY_CUSTOMER, LOCKED_BY_SYSTEM = "UNL", "CST", "SYS"
UNKNOWN, FRAUD, DAMAGED, TEMPORARY, STOLEN, LOST = "UNK", "FRD", "DMG", "TMP", "STL", "LST"
ADMINISTRATIVE = "ADM"
LOCK_REASONS = (UNKNOWN, FRAUD, DAMAGED, TEMPORARY)
HOTLIST_REASONS = (FRAUD, STOLEN, LOST)
LATER_HOTLIST_REASONS = ("UPG", "DEC", "ESC", "DES", "ACL", "STA", "VOD")
# What cannot be unlocked, whoever locked it.
LASTING_REASONS = frozenset({LOST, STOLEN, FRAUD})
RENEWED, COMPROMISED = "REN", "CMP"
REISSUE_REASONS = (DAMAGED, RENEWED, FRAUD, LOST, STOLEN, "NCN", COMPROMISED)
# Why a card is issued again whose old one is good no longer.
UNSAFE_REASONS = LASTING_REASONS | {COMPROMISED}

DEBIT, VISA, MASTERCARD = "DBT", "VS", "MC"
TYPE_CODES = (DEBIT, "CDT", "GFT", "GPR")
NETWORKS = (VISA, MASTERCARD)
ACCOUNTS_PER_CATEGORY_MAX = 4


class Card(Record):
    """A card; the accounts that it draws on are its `CardAccount` rows, the primary one among them.

    `limits` holds what was decided for this card alone, `details` what only some cards have: whether fraud
    is told by text message, the risk factors, what was decided about its renewal. `verified_at` is when that was taken
    into use which is good now: None again, once it is lost or misused and issued anew.
    """

    __tablename__ = "card"
    __table_args__ = (
        UniqueConstraint("tag"),
        Index("ix_card_status", "status", "id"),
        Index("ix_card_last_four", "last_four", "id"),
        Index("ix_card_expiry", "expire_year", "expire_month"),
    )

    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("bank_customer.customer_id"), index=True)
    holder_customer_id: Mapped[int] = mapped_column(ForeignKey("bank_customer.customer_id"), index=True)
    primary_account_id: Mapped[int] = mapped_column(ForeignKey("bank_account.account_id"), index=True)
    bin_id: Mapped[int | None] = mapped_column(ForeignKey("bin.id"))
    tag: Mapped[str | None]
    nick_name: Mapped[str]
    first_name: Mapped[str]
    middle_name: Mapped[str]
    last_name: Mapped[str]
    status: Mapped[str]
    type_code: Mapped[str]
    network: Mapped[str]
    last_four: Mapped[str]
    expire_month: Mapped[int | None]
    expire_year: Mapped[int | None]
    lock_type: Mapped[str]
    lock_reason: Mapped[str]
    reissue_reason: Mapped[str]
    is_digital_only: Mapped[bool]
    is_dual_issuance: Mapped[bool]
    limits: Mapped[JsonValue]
    details: Mapped[JsonValue]
    pin_set_at: Mapped[datetime | None]
    requested_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    reissued_at: Mapped[datetime | None]
    archived_at: Mapped[datetime | None]
    denied_at: Mapped[datetime | None]
    expired_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class CardAccount(Record):
    """That a card draws on an account; the first in `priority` of its category is drawn on first."""

    __tablename__ = "card_account"

    card_id: Mapped[int] = mapped_column(WholeNumber, ForeignKey("card.id"), primary_key=True)
    account_id: Mapped[int] = mapped_column(
        WholeNumber, ForeignKey("bank_account.account_id"), primary_key=True, index=True
    )
    category: Mapped[str]
    priority: Mapped[int]


class CardControl(Record):
    """Rules of what a card may be used for."""

    __tablename__ = "card_control"
    __table_args__ = (UniqueConstraint("tag"),)

    id: Mapped[Id]
    card_id: Mapped[int] = mapped_column(ForeignKey("card.id"), index=True)
    tag: Mapped[str | None]
    rules: Mapped[JsonValue]
    archived_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
