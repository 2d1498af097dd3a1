"""Finding the transfer behind a transaction or a tag, for a customer who may see it."""

from typing import NamedTuple

from sqlalchemy import bindparam, or_, select

from comptoir.domain.banking.accounts.models import NONE, AccountAccess
from comptoir.domain.banking.movements.errors import TransactionNotFound
from comptoir.domain.banking.movements.models import BankTransfer
from comptoir.domain.ledger.models import Posting
from comptoir.domain.tx import Tx


class Found(NamedTuple):
    """A transaction of a customer: its own id, the transfer that it belongs to, and what the customer may do."""

    transaction_id: int
    transfer_id: int
    master_id: int
    account_id: int
    access: str
    tag: str | None
    to_tag: str | None


FOUND = (
    select(
        Posting.id, BankTransfer.transfer_id, BankTransfer.master_id, Posting.account_id,
        AccountAccess.access_type, BankTransfer.tag, BankTransfer.to_tag,
    )
    .select_from(Posting)
    .join(BankTransfer, BankTransfer.transfer_id == Posting.transfer_id)
    .join(AccountAccess, AccountAccess.account_id == Posting.account_id)
    .where(AccountAccess.customer_id == bindparam("customer_id"), AccountAccess.access_type != NONE)
    .order_by(Posting.id)
    .limit(1)
)  # fmt: skip
BY_ID = FOUND.where(Posting.id == bindparam("transaction_id"))
BY_TAG = FOUND.where(or_(BankTransfer.tag == bindparam("tag"), BankTransfer.to_tag == bindparam("tag")))

ASKED_BY = (
    select(BankTransfer.customer_id)
    .join(Posting, Posting.transfer_id == BankTransfer.transfer_id)
    .where(Posting.id == bindparam("transaction_id"))
)
POSTING_OF = select(Posting.id).where(
    Posting.transfer_id == bindparam("transfer_id"), Posting.account_id == bindparam("account_id")
)


def find_transaction(
    tx: Tx, *, customer_id: int, transaction_id: int | None = None, tag: str | None = None
) -> Found | None:
    """The customer's transaction of an id, or else the first of a tag."""
    if transaction_id is not None:
        row = tx.one(BY_ID, customer_id=customer_id, transaction_id=transaction_id)
    else:
        row = None if tag is None else tx.one(BY_TAG, customer_id=customer_id, tag=tag)
    return None if row is None else Found(*row)


def get_transaction(
    tx: Tx, *, customer_id: int, transaction_id: int | None = None, tag: str | None = None
) -> Found:
    """The same, or a refusal. Refuses: TransactionNotFound."""
    found = find_transaction(tx, customer_id=customer_id, transaction_id=transaction_id, tag=tag)
    if found is None:
        raise TransactionNotFound(tag if transaction_id is None else transaction_id)
    return found


def find_posting(tx: Tx, *, transfer_id: int, account_id: int) -> int | None:
    """The transaction of a transfer on an account."""
    found: int | None = tx.value(POSTING_OF, transfer_id=transfer_id, account_id=account_id)
    return found


def asked_by(tx: Tx, transaction_id: int) -> int | None:
    """The customer who asked for the transfer of a transaction."""
    found: int | None = tx.value(ASKED_BY, transaction_id=transaction_id)
    return found
