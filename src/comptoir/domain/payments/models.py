"""The record of one movement of money between a customer and the merchant."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index

from comptoir.storage.columns import WholeNumber
from comptoir.storage.schema import Id, JsonValue, Mapped, Record, mapped_column, partial_index

PENDING, SUCCESS, FAIL = "pending", "success", "fail"
PAYMENT_STATUSES = (PENDING, SUCCESS, FAIL)

OPEN, DONE, ABANDONED = "open", "done", "abandoned"
AUTHORISE, CAPTURE, VOID, REFUND = "authorise", "capture", "void", "refund"


class PaymentTransaction(Record):
    """One attempt to move money for an order: received when the amount is positive, given back when negative.

    `identifier` is the gateway's own reference, `response` its raw answer. `transfer_id` names the transfer
    in the books: pending while the attempt is, none when it failed at once.
    """

    __tablename__ = "payment_transaction"
    __table_args__ = (
        partial_index("ix_payment_transaction_identifier", "identifier", where="identifier <> ''"),
        # How the console's list is narrowed.
        Index("ix_payment_transaction_status", "status", "date", "id"),
        Index("ix_payment_transaction_date", "date", "id"),
    )

    id: Mapped[Id]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    date: Mapped[datetime]
    status: Mapped[str]
    amount_e4: Mapped[int]
    currency: Mapped[str]
    gateway: Mapped[str]
    identifier: Mapped[str]
    response: Mapped[JsonValue]
    transfer_id: Mapped[int | None] = mapped_column(ForeignKey("transfer.id"))


class GatewayAttempt(Record):
    """That a gateway is about to be asked, written down and durable before it is, and what it answered.

    `key` is ours and the same for the same attempt, and the gateway knows it: one that was asked and never
    heard is looked up by it instead of being asked to charge again. `method` names the card or account at the
    gateway, never its number.
    """

    __tablename__ = "gateway_attempt"
    __table_args__ = (Index("ix_gateway_attempt_open", "state", "created_at"),)

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    verb: Mapped[str]
    gateway: Mapped[str]
    method: Mapped[str]
    amount_minor: Mapped[int]
    currency: Mapped[str]
    subject: Mapped[str]
    subject_id: Mapped[int]
    state: Mapped[str]
    status: Mapped[str]
    identifier: Mapped[str]
    response: Mapped[JsonValue]
    payment_id: Mapped[int | None] = mapped_column(index=True)
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class CardToken(Record):
    """A card that a buyer handed over, as the gateway's name for it: good once, until `expires_at`.

    The number and the security code are nowhere; the token itself is kept as a keyed hash.
    """

    __tablename__ = "card_token"
    __table_args__ = (Index("ix_card_token_expiry", "expires_at"),)

    id: Mapped[Id]
    token_hash: Mapped[str] = mapped_column(unique=True)
    gateway: Mapped[str]
    method: Mapped[str]
    card_type: Mapped[str]
    first_six: Mapped[str]
    last_four: Mapped[str]
    expiry_month: Mapped[int]
    expiry_year: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class PaymentMethod(Record):
    """The card or account at a gateway that renews a sale: what a later installment is charged to."""

    __tablename__ = "payment_method"

    sale_id: Mapped[int] = mapped_column(WholeNumber, primary_key=True, autoincrement=False)
    gateway: Mapped[str]
    method: Mapped[str]
    updated_at: Mapped[datetime]


class Chargeback(Record):
    """Money that the buyer's bank took back; `transfer_id` took it from the clearing account."""

    __tablename__ = "chargeback"

    id: Mapped[Id]
    order_id: Mapped[int] = mapped_column(ForeignKey("orders.id"), index=True)
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment_transaction.id"))
    identifier: Mapped[str] = mapped_column(unique=True)
    reason: Mapped[str]
    amount_minor: Mapped[int]
    currency: Mapped[str]
    at: Mapped[datetime]
    transfer_id: Mapped[int | None] = mapped_column(ForeignKey("transfer.id"))
