"""The record of a buyer on the way to a paid order."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index

from comptoir.storage.schema import Id, JsonValue, Mapped, Record, mapped_column

OPEN, PAYING, PAID, DEMO = "open", "paying", "paid", "demo"


class Checkout(Record):
    """A buyer's checkout: what the shop's link or form asked for, what the buyer said, and what became of it.

    `key` names it in the page's form. `parameters` are those that came, in their order, for the passback.
    `answers` are what the buyer filled in; card data is never among them. `attempt` names the charge, so that
    a form sent twice is charged once.
    """

    __tablename__ = "checkout"
    __table_args__ = (Index("ix_checkout_state", "state", "expires_at"),)

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str]
    parameters: Mapped[JsonValue]
    answers: Mapped[JsonValue]
    language: Mapped[str]
    currency: Mapped[str]
    ip_address: Mapped[str]
    referrer: Mapped[str]
    is_demo: Mapped[bool]
    sale_id: Mapped[int | None]
    order_id: Mapped[int | None] = mapped_column(ForeignKey("orders.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    completed_at: Mapped[datetime | None]
