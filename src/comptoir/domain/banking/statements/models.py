"""Statements as they were made: what they say never changes."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index

from comptoir.storage.schema import Id, JsonValue, Mapped, Record, mapped_column

MONTHLY, QUARTERLY, TAX_1099_INT, TAX_1099_MISC = "Monthly", "Quarterly", "Tax1099INT", "Tax1099MISC"
STATEMENT_TYPES = (MONTHLY, QUARTERLY, TAX_1099_INT, TAX_1099_MISC)


class Statement(Record):
    """What a customer's accounts did in a month or a year, written down once it was over.

    `facts` holds each account with its opening balance, movements and closing balance, in minor units.
    """

    __tablename__ = "statement"
    __table_args__ = (
        Index("ix_statement_period", "customer_id", "type", "year", "month", unique=True),
        Index("ix_statement_made", "type", "year", "month"),
    )

    id: Mapped[Id]
    customer_id: Mapped[int] = mapped_column(ForeignKey("bank_customer.customer_id"))
    type: Mapped[str]
    year: Mapped[int]
    month: Mapped[int]
    facts: Mapped[JsonValue]
    created_at: Mapped[datetime]
