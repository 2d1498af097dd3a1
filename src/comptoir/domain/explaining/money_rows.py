"""Reading where money went: postings of a subject, entries of payouts."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.ledger.models import POSTED, Account, Posting, Transfer
from comptoir.domain.payouts.models import CHARGEBACK, REFUND, SALE, Payout, PayoutEntry
from comptoir.domain.tx import Tx

# What moves between a gateway's clearing account and the settlement account; the rest has another cause.
CLEARED = frozenset({SALE, REFUND, CHARGEBACK})
CLEARING = "clearing:"


class PostedRow(NamedTuple):
    """One posting of a transfer that counts, with its account."""

    id: int
    transfer_id: int
    transfer_kind: str
    posted_at: datetime | None
    memo: str
    account_id: int
    code: str
    name: str
    amount_minor: int
    currency: str

    @property
    def is_clearing(self) -> bool:
        """Whether it stands on the account of a gateway."""
        return self.code.startswith(CLEARING)


class EntryRow(NamedTuple):
    """What an order brought to a payout, or took from it."""

    id: int
    payout_id: int | None
    kind: str
    order_id: int | None
    amount_minor: int
    at: datetime
    available_at: datetime
    memo: str
    transfer_id: int | None
    payout_state: str | None
    payout_identifier: str | None


_POSTED = (
    select(
        Posting.id, Posting.transfer_id, Transfer.kind, Transfer.posted_at, Transfer.memo, Posting.account_id,
        Account.code, Account.name, Posting.amount_minor, Posting.currency,
    )
    .join(Transfer, Transfer.id == Posting.transfer_id)
    .join(Account, Account.id == Posting.account_id)
    .order_by(Posting.id)
)  # fmt: skip
OF_SUBJECT = _POSTED.where(
    Transfer.subject == bindparam("subject"),
    Transfer.subject_id == bindparam("subject_id"),
    Transfer.state == POSTED,
)
OF_TRANSFER = _POSTED.where(Posting.transfer_id == bindparam("transfer_id"))
_ENTRIES = select(
    *(PayoutEntry.__table__.columns[name] for name in EntryRow._fields[:-2]), Payout.state, Payout.identifier
).outerjoin(Payout, Payout.id == PayoutEntry.payout_id)
OF_ORDER = _ENTRIES.where(PayoutEntry.order_id == bindparam("order_id")).order_by(PayoutEntry.id)
GET_ENTRY = _ENTRIES.where(PayoutEntry.id == bindparam("entry_id"))


def postings_of_subject(tx: Tx, subject: str, subject_id: int) -> list[PostedRow]:
    """What counts in the books for a subject."""
    return [PostedRow(*row) for row in tx.all(OF_SUBJECT, subject=subject, subject_id=subject_id)]


def postings_of_transfer(tx: Tx, transfer_id: int) -> list[PostedRow]:
    """The postings of a transfer."""
    return [PostedRow(*row) for row in tx.all(OF_TRANSFER, transfer_id=transfer_id)]


def entries_of_order(tx: Tx, order_id: int) -> list[EntryRow]:
    """What an order brought to payouts and took from them."""
    return [EntryRow(*row) for row in tx.all(OF_ORDER, order_id=order_id)]


def find_entry(tx: Tx, entry_id: int) -> EntryRow | None:
    """One entry of a payout."""
    row = tx.one(GET_ENTRY, entry_id=entry_id)
    return None if row is None else EntryRow(*row)
