"""The record of one movement of money between a customer and the merchant."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from comptoir.storage.schema import Id, JsonValue, Record

PENDING, SUCCESS, FAIL = "pending", "success", "fail"
PAYMENT_STATUSES = (PENDING, SUCCESS, FAIL)


class PaymentTransaction(Record):
    """One attempt to move money for an order: received when the amount is positive, given back when negative.

    `identifier` is the gateway's own reference, `response` its raw answer. `transfer_id` names the transfer
    in the books: pending while the attempt is, none when it failed at once.
    """

    __tablename__ = "payment_transaction"

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
