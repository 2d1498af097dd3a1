"""Reading what statements are made of: for many customers at once, by a handful of searches."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, bindparam, case, func, or_, select

from comptoir.domain.banking.accounts.models import BankAccount
from comptoir.domain.banking.customers.models import BankAddress, BankCustomer
from comptoir.domain.banking.movements.models import BankTransfer
from comptoir.domain.banking.statements.kinds import IS_FEE, IS_INTEREST, IS_WITHHELD
from comptoir.domain.banking.statements.models import Statement
from comptoir.domain.customers.models import Customer
from comptoir.domain.ledger.models import POSTED, VOIDED, Account, Posting, Transfer
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among


class HolderRow(NamedTuple):
    """Whom a statement is for."""

    customer_id: int
    is_business: bool
    first_name: str
    middle_name: str
    last_name: str
    suffix: str
    tax_id: str | None
    details: dict[str, Any]
    address1: str
    address2: str
    city: str
    state: str
    postcode: str
    country: str


class AddressRow(NamedTuple):
    """Where a holder lives, or wants to be written to."""

    customer_id: int
    address_type: str
    line1: str
    line2: str
    city: str
    state: str
    postal_code: str
    country: str


class AccountRow(NamedTuple):
    """An account that a statement is about."""

    account_id: int
    customer_id: int
    name: str
    type: str
    account_number: str
    legal_name1: str
    legal_name2: str
    created_at: datetime
    closed_at: datetime | None
    kind: str
    ledger_created_at: datetime


class MovementRow(NamedTuple):
    """What was posted on an account, or is about to be; `amount_minor` is debit-positive."""

    account_id: int
    transaction_id: int
    transfer_id: int
    amount_minor: int
    posted_at: datetime | None
    kind: str
    subject: str
    subject_id: int
    memo: str
    type_code: str | None
    description: str | None
    fee_code: str | None


class OpeningRow(NamedTuple):
    """What was posted on an account before a period, debit-positive; parts of it in the period's year."""

    account_id: int
    posted_minor: int = 0
    interest_minor: int = 0
    withheld_minor: int = 0
    fees_minor: int = 0


def _lived(begins: str, ends: str) -> tuple[ColumnElement[bool], ...]:
    """Whether an account was there in a period."""
    return (
        BankAccount.created_at < bindparam(ends),
        or_(BankAccount.closed_at.is_(None), BankAccount.closed_at >= bindparam(begins)),
    )


def _sum_in_year(condition: ColumnElement[bool]) -> ColumnElement[int]:
    counted = condition & (Transfer.posted_at >= bindparam("year_begins_at"))
    return func.coalesce(func.sum(case((counted, Posting.amount_minor), else_=0)), 0)


TOLD = select(Statement.id).where(
    Statement.customer_id == BankAccount.customer_id,
    Statement.type == bindparam("type"),
    Statement.year == bindparam("year"),
    Statement.month == bindparam("month"),
)
DUE = (
    select(BankAccount.customer_id)
    .where(BankAccount.customer_id > bindparam("after_id"), *_lived("begins_at", "ends_at"), ~TOLD.exists())
    .group_by(BankAccount.customer_id)
    .order_by(BankAccount.customer_id)
    .limit(bindparam("limit"))
)
HOLDERS = (
    select(
        BankCustomer.customer_id, BankCustomer.is_business, Customer.first_name, BankCustomer.middle_name,
        Customer.last_name, BankCustomer.suffix, BankCustomer.tax_id, BankCustomer.details, Customer.address1,
        Customer.address2, Customer.city, Customer.state_id, Customer.postcode, Customer.country_id,
    )
    .join(Customer, Customer.id == BankCustomer.customer_id)
    .where(among(BankCustomer.customer_id, "customers"))
)  # fmt: skip
ADDRESSES = (
    select(
        BankAddress.customer_id, BankAddress.address_type, BankAddress.line1, BankAddress.line2,
        BankAddress.city, BankAddress.state, BankAddress.postal_code, BankAddress.country,
    )
    .where(among(BankAddress.customer_id, "customers"), BankAddress.is_active)
    .order_by(BankAddress.customer_id, BankAddress.id)
)  # fmt: skip
ACCOUNTS = (
    select(
        BankAccount.account_id, BankAccount.customer_id, BankAccount.name, BankAccount.type,
        BankAccount.account_number, BankAccount.legal_name1, BankAccount.legal_name2, BankAccount.created_at,
        BankAccount.closed_at, Account.kind, Account.created_at,
    )
    .join(Account, Account.id == BankAccount.account_id)
    .where(among(BankAccount.customer_id, "customers"), *_lived("begins_at", "ends_at"))
    .order_by(BankAccount.customer_id, BankAccount.account_id)
)  # fmt: skip
EARLIER = select(Statement.facts).where(
    among(Statement.customer_id, "customers"),
    Statement.type == bindparam("type"),
    Statement.year == bindparam("year"),
    Statement.month == bindparam("month"),
)
NEWEST = select(func.coalesce(func.max(Transfer.id), 0))
_JOINED = (
    select(
        Posting.account_id, Posting.id, Posting.transfer_id, Posting.amount_minor, Transfer.posted_at,
        Transfer.kind, Transfer.subject, Transfer.subject_id, Transfer.memo, BankTransfer.type_code,
        BankTransfer.description, BankTransfer.fee_code,
    )
    .join(Transfer, Transfer.id == Posting.transfer_id)
    .outerjoin(BankTransfer, BankTransfer.transfer_id == Posting.transfer_id)
)  # fmt: skip
MOVEMENTS = _JOINED.where(
    among(Posting.account_id, "accounts"),
    Posting.transfer_id >= bindparam("first_id"),
    Transfer.state != VOIDED,
    or_(
        Transfer.posted_at.is_(None),
        Transfer.posted_at >= bindparam("begins_at"),
        Transfer.id > bindparam("through_id"),
    ),
).order_by(Posting.account_id, Transfer.posted_at, Posting.id)
OPENINGS = (
    select(
        Posting.account_id, func.coalesce(func.sum(Posting.amount_minor), 0), _sum_in_year(IS_INTEREST),
        _sum_in_year(IS_WITHHELD), _sum_in_year(IS_FEE),
    )
    .join(Transfer, Transfer.id == Posting.transfer_id)
    .outerjoin(BankTransfer, BankTransfer.transfer_id == Posting.transfer_id)
    .where(
        among(Posting.account_id, "accounts"),
        Transfer.state == POSTED,
        Transfer.posted_at < bindparam("begins_at"),
    )
    .group_by(Posting.account_id)
)  # fmt: skip


def list_due(
    tx: Tx, *, type: str, year: int, month: int, begins_at: datetime, ends_at: datetime, after_id: int, limit: int
) -> list[int]:  # fmt: skip
    """Customers who had an account in a period and were told nothing of it yet, by id."""
    rows = tx.all(
        DUE, type=type, year=year, month=month, begins_at=begins_at, ends_at=ends_at, after_id=after_id, limit=limit
    )  # fmt: skip
    return [row[0] for row in rows]


def list_holders(tx: Tx, customers: Sequence[int]) -> dict[int, HolderRow]:
    """Customers by their ids."""
    return {row[0]: HolderRow(*row) for row in tx.all(HOLDERS, customers=customers)}


def list_addresses(tx: Tx, customers: Sequence[int]) -> dict[int, list[AddressRow]]:
    """Customers' addresses that are in use, by the customers' ids."""
    return _grouped(AddressRow(*row) for row in tx.all(ADDRESSES, customers=customers))


def list_accounts(
    tx: Tx, customers: Sequence[int], *, begins_at: datetime, ends_at: datetime
) -> list[AccountRow]:
    """Customers' accounts that were there in a period, by customer and account."""
    rows = tx.all(ACCOUNTS, customers=customers, begins_at=begins_at, ends_at=ends_at)
    return [AccountRow(*row) for row in rows]


def list_earlier(
    tx: Tx, customers: Sequence[int], *, type: str, year: int, month: int
) -> list[Mapping[str, Any]]:
    """What customers' statements of another period say."""
    return [row[0] for row in tx.all(EARLIER, customers=customers, type=type, year=year, month=month)]


def newest_transfer(tx: Tx) -> int:
    """The last transfer that was written; numbers are given out one transaction after the other."""
    return int(tx.value(NEWEST))


def list_movements(
    tx: Tx, accounts: Sequence[int], *, first_id: int, begins_at: datetime, through_id: int
) -> dict[int, list[MovementRow]]:
    """What may be new on accounts, oldest first, by account."""
    rows = tx.all(MOVEMENTS, accounts=accounts, first_id=first_id, begins_at=begins_at, through_id=through_id)
    grouped: defaultdict[int, list[MovementRow]] = defaultdict(list)
    for row in rows:
        grouped[row[0]].append(MovementRow(*row))
    return grouped


def list_openings(
    tx: Tx, accounts: Sequence[int], *, begins_at: datetime, year_begins_at: datetime
) -> dict[int, OpeningRow]:
    """What was posted on accounts before a period, by account; nothing for those on which nothing was."""
    rows = tx.all(OPENINGS, accounts=accounts, begins_at=begins_at, year_begins_at=year_begins_at)
    return {row[0]: OpeningRow(row[0], *(int(value) for value in row[1:])) for row in rows}


def _grouped(rows: Iterable[AddressRow]) -> dict[int, list[AddressRow]]:
    grouped: defaultdict[int, list[AddressRow]] = defaultdict(list)
    for row in rows:
        grouped[row.customer_id].append(row)
    return grouped
