"""The merchant's own accounts in the books, and entries that a person makes: tax that was paid, money put in.

Everything else on the ledger is posted by what it is for, and proved against that; so a person posts to accounts of
their own, and to the two that the trade only fills: what was paid out, and the tax that is owed.
"""

import re
from datetime import datetime

from sqlalchemy import bindparam, or_, select

from comptoir.domain.errors import Conflict, Invalid
from comptoir.domain.ledger.accounts import close_account, open_account
from comptoir.domain.ledger.models import Account
from comptoir.domain.ledger.queries import get_account
from comptoir.domain.ledger.standing import Standing
from comptoir.domain.ledger.transfers import get_transfer, post_transfer, reverse_transfer
from comptoir.domain.tx import Tx

OWN = "own:"
ENTRY, SUBJECT = "entry", "operator"
FREE_CODES = frozenset({"bank", "tax_payable"})
CODE_MAX, NAME_MAX, MEMO_MAX = 40, 255, 255
_CODE = re.compile(r"[a-z0-9][a-z0-9_-]*", re.ASCII)

FREE_ACCOUNTS = (
    select(Account.id, Account.code, Account.name, Account.currency)
    .where(
        or_(*(Account.code == code for code in sorted(FREE_CODES)), Account.code.startswith(OWN)),
        Account.is_closed.is_(False),
    )
    .order_by(Account.currency, Account.code)
    .limit(bindparam("limit"))
)


class NotForEntries(Conflict):
    """What stands on this account is posted by what it is for, never by hand."""

    def __init__(self, account: Standing) -> None:
        super().__init__(f"account {account.code} is posted to by the trade alone, not by hand")
        self.account_id = account.id


class NotAnEntry(Conflict):
    """The transfer was not made by hand, so it is not taken back by hand."""

    def __init__(self, transfer_id: int) -> None:
        super().__init__(f"transfer {transfer_id} was not entered by hand")
        self.transfer_id = transfer_id


def open_own_account(tx: Tx, *, code: str, name: str, kind: str, currency: str | None = None) -> int:
    """Open an account of the merchant's own, and give its id; its code begins with `own:`.

    Refuses: Invalid (code, name, kind, currency), AccountCodeTaken.
    """
    if _CODE.fullmatch(code) is None or len(code) > CODE_MAX:
        raise Invalid("code", f"must be small letters, digits and dashes, at most {CODE_MAX}")
    _refuse_text("name", name, NAME_MAX)
    return open_account(tx, code=f"{OWN}{code}", name=name, kind=kind, currency=currency)


def close_own_account(tx: Tx, *, account_id: int) -> None:
    """Close an account of the merchant's own for good.

    Refuses: AccountNotFound, NotForEntries, AccountClosed, AccountNotEmpty.
    """
    account = get_account(tx, account_id)
    if not account.code.startswith(OWN):
        raise NotForEntries(account)
    close_account(tx, account_id=account_id)


def post_entry(
    tx: Tx, *, debit_id: int, credit_id: int, amount_minor: int, memo: str, at: datetime | None = None
) -> int:
    """Move an amount by hand, from the credited account to the debited one, and give the transfer's id.

    Refuses: Invalid (amount, memo, credit, at), AccountNotFound, NotForEntries, Invalid (credit), AccountClosed,
    InsufficientFunds.
    """
    if amount_minor <= 0:
        raise Invalid("amount_minor", "must be above zero")
    _refuse_text("memo", memo, MEMO_MAX)
    if debit_id == credit_id:
        raise Invalid("credit_id", "must be another account")
    if at is not None and at > tx.now:
        raise Invalid("at", "must not be in the future")
    debit, credit = _free(tx, debit_id), _free(tx, credit_id)
    if debit.currency != credit.currency:
        raise Invalid("credit_id", f"is in {credit.currency}, the other account in {debit.currency}")
    return post_transfer(
        tx,
        kind=ENTRY,
        subject=SUBJECT,
        subject_id=tx.actor.operator_id or 0,
        postings=[(debit_id, amount_minor), (credit_id, -amount_minor)],
        memo=memo,
        at=at or tx.now,
    )


def reverse_entry(tx: Tx, *, transfer_id: int, memo: str = "taken back") -> int:
    """Take back an entry that was made by hand, by its opposite, and give the opposite's id.

    Refuses: TransferNotFound, NotAnEntry, Invalid (memo), NotPosted, AlreadyReversed, AccountClosed,
    InsufficientFunds.
    """
    if get_transfer(tx, transfer_id).kind != ENTRY:
        raise NotAnEntry(transfer_id)
    _refuse_text("memo", memo, MEMO_MAX)
    return reverse_transfer(tx, transfer_id=transfer_id, memo=memo)


def list_free_accounts(tx: Tx, limit: int = 500) -> list[tuple[int, str, str, str]]:
    """The accounts that entries may be made on, open ones only: id, code, name, currency."""
    return [(row[0], row[1], row[2], row[3]) for row in tx.all(FREE_ACCOUNTS, limit=limit)]


def is_free(code: str) -> bool:
    """Whether entries may be made on an account with this code."""
    return code in FREE_CODES or code.startswith(OWN)


def _free(tx: Tx, account_id: int) -> Standing:
    account = get_account(tx, account_id)
    if not is_free(account.code):
        raise NotForEntries(account)
    return account


def _refuse_text(field: str, text: str, most: int) -> None:
    if not text.strip() or len(text) > most or not text.isprintable():
        raise Invalid(field, f"must be a text of at most {most} characters")
