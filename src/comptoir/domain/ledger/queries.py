"""Reading the books."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from comptoir.domain.ledger.errors import AccountNotFound
from comptoir.domain.ledger.models import POSTED, Account, Posting, Transfer
from comptoir.domain.ledger.standing import STANDINGS, Standing
from comptoir.domain.tx import Tx


class PostingRow(NamedTuple):
    """One posting with the transfer that it belongs to."""

    id: int
    transfer_id: int
    kind: str
    state: str
    posted_at: datetime | None
    account_id: int
    account_code: str
    amount_minor: int
    currency: str


class TrialRow(NamedTuple):
    """One account in the trial balance; debits equal credits over each currency."""

    currency: str
    code: str
    name: str
    kind: str
    debit_minor: int
    credit_minor: int


GET_ACCOUNT = STANDINGS.where(Account.id == bindparam("account_id"))
LIST_ACCOUNTS = STANDINGS.order_by(Account.currency, Account.code)
POSTINGS = (
    select(
        Posting.id, Posting.transfer_id, Transfer.kind, Transfer.state, Transfer.posted_at,
        Posting.account_id, Account.code, Posting.amount_minor, Posting.currency,
    )
    .join(Transfer, Transfer.id == Posting.transfer_id)
    .join(Account, Account.id == Posting.account_id)
    .order_by(Posting.id)
)  # fmt: skip
POSTINGS_OF_SUBJECT = POSTINGS.where(
    Transfer.subject == bindparam("subject"), Transfer.subject_id == bindparam("subject_id")
)
POSTINGS_OF_ACCOUNT = POSTINGS.where(
    Posting.account_id == bindparam("account_id"), Posting.id > bindparam("after_id")
).limit(bindparam("limit"))
POSTED_BEFORE = (
    select(func.coalesce(func.sum(Posting.amount_minor), 0))
    .join(Transfer, Transfer.id == Posting.transfer_id)
    .where(
        Posting.account_id == bindparam("account_id"),
        Transfer.state == POSTED,
        Transfer.posted_at < bindparam("before"),
    )
)


def get_account(tx: Tx, account_id: int) -> Standing:
    """One account with its balances. Refuses: AccountNotFound."""
    row = tx.one(GET_ACCOUNT, account_id=account_id)
    if row is None:
        raise AccountNotFound(account_id)
    return Standing(*row)


def list_accounts(tx: Tx) -> list[Standing]:
    """Every account with its balances, by currency and code."""
    return [Standing(*row) for row in tx.all(LIST_ACCOUNTS)]


def list_postings_of_subject(tx: Tx, *, subject: str, subject_id: int) -> list[PostingRow]:
    """What was posted for one subject, in the order in which it was written."""
    return [PostingRow(*row) for row in tx.all(POSTINGS_OF_SUBJECT, subject=subject, subject_id=subject_id)]


def list_postings_of_account(
    tx: Tx, account_id: int, *, after_id: int = 0, limit: int = 100
) -> list[PostingRow]:
    """A page of what was posted on one account, oldest first, after a posting's id."""
    rows = tx.all(POSTINGS_OF_ACCOUNT, account_id=account_id, after_id=after_id, limit=limit)
    return [PostingRow(*row) for row in rows]


def balance_before(tx: Tx, account_id: int, before: datetime) -> int:
    """An account's balance of all that counts before a time, from its own side. Refuses: AccountNotFound."""
    account = get_account(tx, account_id)
    return account.natural(int(tx.value(POSTED_BEFORE, account_id=account_id, before=before)))


def trial_balance(tx: Tx) -> list[TrialRow]:
    """Every account's balance in its column."""
    return [
        TrialRow(
            account.currency,
            account.code,
            account.name,
            account.kind,
            max(account.posted_minor, 0),
            max(-account.posted_minor, 0),
        )
        for account in list_accounts(tx)
    ]
