"""Documents; their contents lie in the media store under their digest."""

from datetime import datetime

from sqlalchemy import Index, UniqueConstraint

from comptoir.storage.schema import Id, JsonValue, Mapped, Record, mapped_column

OF_CUSTOMER, OF_EXTERNAL_ACCOUNT, OF_BANK = "customer", "external_account", "bank"


class BankDocument(Record):
    """A document of a customer, of an external account, or of the bank itself (a disclosure)."""

    __tablename__ = "bank_document"
    __table_args__ = (
        UniqueConstraint("kind", "tag"),
        Index("ix_bank_document_customer", "customer_id", "id"),
        Index("ix_bank_document_culture", "kind", "culture", "document_type"),
    )

    id: Mapped[Id]
    kind: Mapped[str]
    customer_id: Mapped[int | None]
    external_account_id: Mapped[int | None]
    tag: Mapped[str | None]
    document_type: Mapped[str]
    reason_type: Mapped[str]
    name: Mapped[str]
    title: Mapped[str]
    culture: Mapped[str]
    html: Mapped[str]
    status: Mapped[str]
    digest: Mapped[str] = mapped_column(index=True)
    content_type: Mapped[str]
    byte_size: Mapped[int]
    custom: Mapped[JsonValue]
    effective_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    keep_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
