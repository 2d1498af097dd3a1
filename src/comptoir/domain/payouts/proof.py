"""The proof of payouts: each is the sum of its entries, and its entries are what the ledger moved."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from comptoir.domain.ledger.books import PROBLEMS_MAX
from comptoir.domain.ledger.models import POSTED, Account, Posting, Transfer
from comptoir.domain.orders.models import Invoice
from comptoir.domain.payouts.chart import BANK, PROCESSOR, RESERVE
from comptoir.domain.payouts.models import (
    BALANCE_FORWARD,
    OPEN,
    PAID,
    RESERVE_HELD,
    RESERVE_RELEASED,
    SALE,
    Payout,
    PayoutEntry,
)
from comptoir.domain.tx import Tx


def _total(amount: Any) -> ColumnElement[int]:
    return func.coalesce(func.sum(amount), 0)


def _posted_on(code: str) -> Select[Any]:
    """What transfers moved on the account with this code, and which transfer they take back, if any."""
    return (
        select(
            Posting.transfer_id.label("transfer_id"),
            Transfer.reverses_id.label("reverses_id"),
            func.sum(Posting.amount_minor).label("minor"),
        )
        .select_from(Account)
        .join(Posting, Posting.account_id == Account.id)
        .join(Transfer, Transfer.id == Posting.transfer_id)
        .where(Account.code == code, Transfer.state == POSTED)
        .group_by(Posting.transfer_id, Transfer.reverses_id)
    )


_sums = (
    select(PayoutEntry.payout_id.label("payout_id"), func.sum(PayoutEntry.amount_minor).label("minor"))
    .group_by(PayoutEntry.payout_id)
    .subquery()
)
_sum = func.coalesce(_sums.c.minor, 0)
WRONG_SUMS = (
    select(Payout.id, Payout.amount_minor, _sum)
    .outerjoin(_sums, _sums.c.payout_id == Payout.id)
    .where(Payout.state != OPEN, Payout.amount_minor != _sum)
    .limit(PROBLEMS_MAX)
)
_moved = _posted_on(PROCESSOR.code).subquery()
_told = (
    select(PayoutEntry.transfer_id.label("transfer_id"), func.sum(PayoutEntry.amount_minor).label("minor"))
    .where(PayoutEntry.transfer_id.is_not(None))
    .group_by(PayoutEntry.transfer_id)
    .subquery()
)
_minor = func.coalesce(_moved.c.minor, 0)
WRONG_ENTRIES = (
    select(_told.c.transfer_id, _told.c.minor, _minor)
    .outerjoin(_moved, _moved.c.transfer_id == _told.c.transfer_id)
    .where(_told.c.minor != _minor)
    .limit(PROBLEMS_MAX)
)
NOT_MOVED = (
    select(PayoutEntry.id)
    .where(
        or_(
            and_(PayoutEntry.transfer_id.is_(None), PayoutEntry.kind != BALANCE_FORWARD),
            PayoutEntry.payout_id.is_(None),
        )
    )
    .limit(PROBLEMS_MAX)
)
_sent = _posted_on(BANK.code).subquery()
_sent_minor = _total(_sent.c.minor)
_due = case((Payout.state == PAID, Payout.amount_minor), else_=0)
WRONG_PAID = (
    select(Payout.id, _due, _sent_minor)
    .outerjoin(
        _sent, or_(_sent.c.transfer_id == Payout.transfer_id, _sent.c.reverses_id == Payout.transfer_id)
    )
    .group_by(Payout.id, Payout.state, Payout.amount_minor)
    .having(_due != _sent_minor)
    .limit(PROBLEMS_MAX)
)
TWICE = (
    select(PayoutEntry.order_id)
    .where(PayoutEntry.kind == SALE, PayoutEntry.order_id.is_not(None))
    .group_by(PayoutEntry.order_id)
    .having(func.count(PayoutEntry.id) > 1)
    .limit(PROBLEMS_MAX)
)
WRONG_INVOICES = (
    select(Invoice.order_id)
    .join(Payout, Payout.id == Invoice.payout_id)
    .where((Payout.state == OPEN) == Invoice.paid_out_at.is_not(None))
    .limit(PROBLEMS_MAX)
)


def _balance(code: str) -> Select[Any]:
    return select(_total(Account.posted_minor)).where(Account.code == code)


ON_PROCESSOR = _balance(PROCESSOR.code)
IN_RESERVE = _balance(RESERVE.code)
_moving = PayoutEntry.transfer_id.is_not(None)
ALL_ENTRIES = select(_total(PayoutEntry.amount_minor)).where(_moving)
ALL_PAID = select(_total(Payout.amount_minor)).where(Payout.state == PAID)
ALL_HELD = select(_total(-PayoutEntry.amount_minor)).where(
    or_(PayoutEntry.kind == RESERVE_HELD, PayoutEntry.kind == RESERVE_RELEASED)
)


def check_payouts(tx: Tx) -> list[str]:
    """Everything in which payouts, their entries and the ledger disagree."""
    return [
        *(f"payout {row[0]} is {int(row[1])}, its entries are {int(row[2])}" for row in tx.all(WRONG_SUMS)),
        *(
            f"transfer {row[0]} moved {int(row[2])} for entries of {int(row[1])}"
            for row in tx.all(WRONG_ENTRIES)
        ),
        *(f"payout entry {entry_id} stands alone" for (entry_id,) in tx.all(NOT_MOVED)),
        *(f"payout {row[0]} sent {int(row[2])} to the bank, not {int(row[1])}" for row in tx.all(WRONG_PAID)),
        *(f"invoice {order_id} was settled twice" for (order_id,) in tx.all(TWICE)),
        *(
            f"invoice {order_id} does not know whether it was paid out"
            for (order_id,) in tx.all(WRONG_INVOICES)
        ),
        *_totals(tx),
    ]


def _totals(tx: Tx) -> list[str]:
    """What stands on the accounts of settlement, against everything that was ever gathered and paid."""
    told = {
        PROCESSOR.code: (tx.value(ON_PROCESSOR), tx.value(ALL_ENTRIES) - tx.value(ALL_PAID)),
        RESERVE.code: (tx.value(IN_RESERVE), tx.value(ALL_HELD)),
    }
    return [
        f"account {code} stands at {int(kept)}, its payouts say {int(said)}"
        for code, (kept, said) in told.items()
        if int(kept) != int(said)
    ]
