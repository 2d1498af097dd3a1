"""The records of settlement: what sales left the merchant, and what of it was paid out."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index

from comptoir.storage.schema import Id, Mapped, Record, mapped_column, partial_index

OPEN, PAID, CARRIED, VOIDED = "open", "paid", "carried", "void"

SALE, FEE, REFUND, CHARGEBACK, CHARGEBACK_FEE = "sale", "fee", "refund", "chargeback", "chargeback_fee"
ADJUSTMENT, COMMISSION, OUTGOING_COMMISSION = "adjustment", "commission", "outgoing_commission"
BALANCE_FORWARD, RESERVE_HELD, RESERVE_RELEASED = "balance_forward", "reserve_held", "reserve_released"
PAYOUT_FEE = "payout_fee"
ENTRY_KINDS = (
    SALE,
    FEE,
    REFUND,
    CHARGEBACK,
    CHARGEBACK_FEE,
    ADJUSTMENT,
    COMMISSION,
    OUTGOING_COMMISSION,
    BALANCE_FORWARD,
    RESERVE_HELD,
    RESERVE_RELEASED,
    PAYOUT_FEE,
)


# What a processor takes for its work.
IS_FEE = "kind IN ('fee', 'chargeback_fee', 'payout_fee')"


class Payout(Record):
    """Money on its way to the merchant, or there: the sum of its entries, in minor units of the shop's currency.

    The one that is `open` gathers what comes in. One that ended below zero is `carried`: nothing was paid, and
    what was owed was brought forward to the next. `identifier` is its batch, such as wire_999042012.
    """

    __tablename__ = "payout"
    __table_args__ = (Index("ix_payout_state", "state", "id"),)

    id: Mapped[Id]
    identifier: Mapped[str]
    method: Mapped[str]
    state: Mapped[str]
    amount_minor: Mapped[int]
    created_at: Mapped[datetime]
    paid_at: Mapped[datetime | None]
    reserve_released_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    transfer_id: Mapped[int | None] = mapped_column(ForeignKey("transfer.id"))


class PayoutEntry(Record):
    """One reason why a payout is what it is: what adds to it is positive, what takes from it negative.

    `order_id` names the invoice it is about, if any; `transfer_id` the transfer that moved it in the books, none
    for what is only brought forward. A reserve is held until `available_at`. An entry is of the open payout at
    once; none has no payout.
    """

    __tablename__ = "payout_entry"
    __table_args__ = (
        Index("ix_payout_entry_payout", "payout_id", "kind", "amount_minor"),
        Index("ix_payout_entry_order", "order_id"),
        Index("ix_payout_entry_waiting", "payout_id", "available_at"),
        partial_index("ix_payout_entry_fees", "at", "amount_minor", "kind", where=IS_FEE),
    )

    id: Mapped[Id]
    payout_id: Mapped[int | None] = mapped_column(ForeignKey("payout.id"))
    kind: Mapped[str]
    order_id: Mapped[int | None]
    amount_minor: Mapped[int]
    at: Mapped[datetime]
    available_at: Mapped[datetime]
    memo: Mapped[str]
    transfer_id: Mapped[int | None] = mapped_column(ForeignKey("transfer.id"))
