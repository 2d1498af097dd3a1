"""Money given back after payment, and for what."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index

from comptoir.storage.schema import Id, Mapped, Record, mapped_column, partial_index

DRAFT, SUCCESS, ERROR = "draft", "success", "error"
REFUND_STATUSES = (DRAFT, SUCCESS, ERROR)

PRODUCT, SHIPPING, AMOUNT = "product", "shipping", "amount"
ITEM_TYPES = (PRODUCT, SHIPPING, AMOUNT)


class Refund(Record):
    """A refund: drafted, then processed through a gateway to success or error.

    `transaction_id` is the payment transaction that paid it out, 0 for none; `parent_id` the refund that it
    continues, 0 for none; `user_id` the operator who made it. Shipping may be negative: a charge.
    `category` is the numbered reason that was given (2Checkout reference 6.8), None for none.
    `removed_at` is that of its order.
    """

    __tablename__ = "refund"
    __table_args__ = (
        partial_index(
            "ix_refund_given",
            "refunded_at",
            "currency",
            "total_e4",
            "status",
            "removed_at",
            where="status = 'success' AND removed_at IS NULL",
        ),
        Index("ix_refund_total", "total_e4", "id"),
        Index("ix_refund_created", "created_at", "id"),
    )

    id: Mapped[Id]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    user_id: Mapped[int]
    parent_id: Mapped[int]
    status: Mapped[str]
    transaction_id: Mapped[int]
    transaction_identifier: Mapped[str]
    notes: Mapped[str]
    category: Mapped[int | None]
    created_at: Mapped[datetime]
    refunded_at: Mapped[datetime | None]
    currency: Mapped[str]
    items_e4: Mapped[int]
    shipping_e4: Mapped[int]
    total_e4: Mapped[int]
    transfer_id: Mapped[int | None] = mapped_column(ForeignKey("transfer.id"))
    removed_at: Mapped[datetime | None]


class RefundItem(Record):
    """What is refunded of one order line, or of the shipping, or an amount of no line (`order_line_id` 0).

    `tax_minor` is the part of the amount that was tax; it is known when the refund succeeds.
    """

    __tablename__ = "refund_item"

    id: Mapped[Id]
    refund_id: Mapped[int] = mapped_column(ForeignKey("refund.id"), index=True)
    type: Mapped[str]
    order_line_id: Mapped[int] = mapped_column(index=True)
    quantity: Mapped[int]
    amount_e4: Mapped[int]
    tax_minor: Mapped[int]
