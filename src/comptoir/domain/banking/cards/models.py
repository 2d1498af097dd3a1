"""Debit cards. Neither a full number nor a PIN nor a security code is kept anywhere."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from comptoir.storage.columns import WholeNumber
from comptoir.storage.schema import Id, JsonValue, Record


class Card(Record):
    """A card; the accounts that it draws on are its `CardAccount` rows, the primary one among them.

    `limits` holds what was decided for this card alone, `details` what only some cards have: whether fraud
    is told by text message, the risk factors, what was decided about its renewal.
    """

    __tablename__ = "card"
    __table_args__ = (
        UniqueConstraint("tag"),
        Index("ix_card_status", "status", "id"),
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
