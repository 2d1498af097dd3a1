"""Which transactions at the bank a movement of the books is: its postings on accounts that the bank shows."""

from typing import NamedTuple

from sqlalchemy import Select, bindparam, select

from comptoir.domain.banking.accounts.models import BankAccount
from comptoir.domain.ledger.errors import TransferNotFound
from comptoir.domain.ledger.models import Posting, Transfer
from comptoir.domain.tx import Tx


class Booked(NamedTuple):
    """A transaction at the bank, and whose it is."""

    id: int
    transfer_id: int
    account_id: int
    customer_id: int
    kind: str
    amount_minor: int
    currency: str


BOOKED: Select[tuple[int, int, int, int, str, int, str]] = (
    select(
        Posting.id, Posting.transfer_id, Posting.account_id, BankAccount.customer_id, Transfer.kind,
        Posting.amount_minor, Posting.currency,
    )
    .select_from(Transfer)
    .join(Posting, Posting.transfer_id == Transfer.id)
    .join(BankAccount, BankAccount.account_id == Posting.account_id)
    .order_by(Posting.id)
    .limit(bindparam("limit"))
)  # fmt: skip
OF_SUBJECT = BOOKED.where(
    Transfer.subject == bindparam("subject"), Transfer.subject_id == bindparam("subject_id")
)
OF_TRANSFER = BOOKED.where(Transfer.id == bindparam("transfer_id"))
OF_TAG = BOOKED.where(Transfer.tag == bindparam("tag"))
SUBJECT = select(Transfer.subject, Transfer.subject_id).where(Transfer.id == bindparam("transfer_id"))


def booked_for(tx: Tx, *, subject: str, subject_id: int, limit: int = 20) -> list[Booked]:
    """What was booked at the bank for one subject, such as order 46, oldest first."""
    rows = tx.all(OF_SUBJECT, subject=subject, subject_id=subject_id, limit=limit)
    return [Booked(*row) for row in rows]


def booked_by(tx: Tx, transfer_id: int, *, limit: int = 20) -> list[Booked]:
    """What one transfer of the books is at the bank: a transaction for each account that it touched."""
    return [Booked(*row) for row in tx.all(OF_TRANSFER, transfer_id=transfer_id, limit=limit)]


def booked_under(tx: Tx, tag: str, *, limit: int = 20) -> list[Booked]:
    """What the transfer of this tag is at the bank."""
    return [Booked(*row) for row in tx.all(OF_TAG, tag=tag, limit=limit)]


def subject_of(tx: Tx, transfer_id: int) -> tuple[str, int]:
    """What a transfer of the books is about: a word such as order, and its number. Refuses: TransferNotFound."""
    row = tx.one(SUBJECT, transfer_id=transfer_id)
    if row is None:
        raise TransferNotFound(transfer_id)
    return row[0], row[1]
