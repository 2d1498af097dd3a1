"""The transactions of an account: each posting on it, with what is known of the transfer that it belongs to.

Transfers are numbered in the order in which they come, so the newest stand first by their numbers. Days are found
by halving the numbers; what the clocks of several writers may have mixed up is looked at one by one.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, func, literal_column, select, text

from comptoir.domain.banking.accounts.errors import AccessMissing
from comptoir.domain.banking.accounts.models import NONE, RDONLY, AccountAccess, BankAccount
from comptoir.domain.banking.customers.queries import get_customer
from comptoir.domain.banking.external.models import ExternalAccount
from comptoir.domain.banking.movements.models import (
    DELAYED,
    INITIATED,
    PENDING,
    SETTLED,
    VOIDED,
    BankTransfer,
)
from comptoir.domain.ledger.models import DEBIT_KINDS, POSTED, Account, Posting, Transfer
from comptoir.domain.tx import Tx
from comptoir.storage.columns import Instant
from comptoir.storage.lists import among

NUMBER_MAX = 2**63 - 1
# How far the clocks of those who write at the same time may differ.
SLACK = timedelta(minutes=10)
# How many postings are looked at, at most, for a balance as it was.
BACK_MAX = 10_000
WAITING = frozenset({INITIATED, PENDING, DELAYED})


class Wanted(NamedTuple):
    """Which transactions are asked for; `end` is the first moment that is not."""

    status: str | None = None
    begin: datetime | None = None
    end: datetime | None = None
    start: int = 0
    size: int = 200


class TransactionRow(NamedTuple):
    """One transaction of one account."""

    id: int
    account_id: int
    customer_id: int
    amount_minor: int
    account_kind: str
    transfer_id: int
    kind: str
    state: str
    created_at: datetime
    posted_at: datetime | None
    memo: str
    master_id: int | None
    requesting_customer_id: int | None
    from_id: int | None
    to_id: int | None
    card_id: int | None
    type_code: str | None
    bank_status: str | None
    tag: str | None
    to_tag: str | None
    description: str | None
    purpose_code: str | None
    fee_code: str | None
    sub_type_code: str | None
    return_code: str | None
    is_same_day: bool | None
    settles_on: date | None
    available_at: datetime | None
    settled_at: datetime | None
    voided_at: datetime | None
    details: dict[str, Any] | None
    institution: str | None
    balance_minor: int | None = None

    @property
    def natural_minor(self) -> int:
        """By how much the account grew, from its own side."""
        return self.amount_minor if self.account_kind in DEBIT_KINDS else -self.amount_minor

    @property
    def is_credit(self) -> bool:
        """Whether the account grew."""
        return self.natural_minor > 0

    @property
    def status(self) -> str:
        """What became of it."""
        if self.bank_status is not None:
            return self.bank_status
        return {POSTED: SETTLED, "pending": PENDING}.get(self.state, VOIDED)

    @property
    def own_tag(self) -> str | None:
        """The caller's tag; the recipient of a payment between customers has another one."""
        return self.to_tag if self.account_id == self.to_id and self.to_tag is not None else self.tag


class Page(NamedTuple):
    """Some transactions, and how many there are of them."""

    rows: list[TransactionRow]
    total: int


_bank = BankTransfer
ROWS = (
    select(
        Posting.id, Posting.account_id, BankAccount.customer_id, Posting.amount_minor, Account.kind,
        Transfer.id, Transfer.kind, Transfer.state, Transfer.created_at, Transfer.posted_at, Transfer.memo,
        _bank.master_id, _bank.requesting_customer_id, _bank.from_id, _bank.to_id, _bank.card_id,
        _bank.type_code, _bank.status, _bank.tag, _bank.to_tag, _bank.description, _bank.purpose_code,
        _bank.fee_code, _bank.sub_type_code, _bank.return_code, _bank.is_same_day, _bank.settles_on,
        _bank.available_at, _bank.settled_at, _bank.voided_at, _bank.details, ExternalAccount.name,
    )
    .select_from(Posting)
    .join(Account, Account.id == Posting.account_id)
    .join(BankAccount, BankAccount.account_id == Posting.account_id)
    .join(Transfer, Transfer.id == Posting.transfer_id)
    .outerjoin(_bank, _bank.transfer_id == Posting.transfer_id)
    .outerjoin(ExternalAccount, ExternalAccount.id == _bank.external_account_id)
)  # fmt: skip
AMONG_IDS = ROWS.where(among(Posting.id, "ids")).order_by(Posting.transfer_id.desc(), Posting.id.desc())
_accessible = (
    select(AccountAccess.account_id)
    .where(AccountAccess.customer_id == bindparam("customer_id"), AccountAccess.access_type != NONE)
    .order_by(AccountAccess.account_id)
)
ACCESSIBLE = _accessible
_is_theirs = Posting.account_id.in_(_accessible.order_by(None))
OWN = ROWS.where(Posting.id == bindparam("transaction_id"), _is_theirs)
RELATED = ROWS.where(
    Posting.transfer_id.in_(select(_bank.transfer_id).where(_bank.master_id == bindparam("master_id"))),
    _is_theirs,
)
_tagged = select(_bank.master_id)
MASTERS_OF_TAG = (
    _tagged.where(_bank.tag == bindparam("tag")),
    _tagged.where(_bank.to_tag == bindparam("tag")),
)
NEXT_TRANSFER = (
    select(Transfer.id, Transfer.created_at)
    .where(Transfer.id >= bindparam("number"))
    .order_by(Transfer.id)
    .limit(1)
)
LAST_TRANSFER = select(func.coalesce(func.max(Transfer.id), 0))
NEWER = (
    select(Posting.transfer_id, Posting.amount_minor)
    .join(Transfer, Transfer.id == Posting.transfer_id)
    .where(
        Posting.account_id == bindparam("account_id"),
        Posting.transfer_id >= bindparam("lowest"),
        Transfer.state == POSTED,
    )
    .order_by(Posting.transfer_id.desc())
    .limit(BACK_MAX + 1)
)
BALANCE = select(Account.posted_minor, Account.kind).where(Account.id == bindparam("account_id"))


class _Statements(NamedTuple):
    """The ids of a page, and how many there are."""

    page: Select[Any]
    total: Select[Any]


def _statements(*, single: bool, group: str, is_dated: bool) -> _Statements:
    """How transactions are found: of one account or several, of which kind of status, between which days."""
    # A plus before a column keeps its index out: few transfers wait or are void, and they are looked at first.
    few = group in {"waiting", "void"}
    column: Any = (
        literal_column("+posting.account_id", Posting.account_id.type) if few else Posting.account_id
    )
    where = [column == bindparam("account_id") if single else among(column, "account_ids")]
    joins_transfer = is_dated or group == "settled"
    base: Any = select(Posting.id).select_from(Posting)
    count: Any = select(func.count()).select_from(Posting)
    if few:
        join = Posting.transfer_id == literal_column("+bank_transfer.transfer_id", Posting.transfer_id.type)
        base, count = base.join(_bank, join), count.join(_bank, join)
        literal = "bank_transfer.status NOT IN ('Settled', 'Voided')"
        where.append(text("bank_transfer.status = 'Voided'" if group == "void" else literal))
        if group == "waiting":
            where.append(_bank.status == bindparam("status"))
    if joins_transfer:
        join = Transfer.id == Posting.transfer_id
        base, count = base.join(Transfer, join), count.join(Transfer, join)
    if group == "settled":
        where.append(Transfer.state == POSTED)
    if is_dated:
        where += [
            Posting.transfer_id >= bindparam("lowest"),
            Posting.transfer_id <= bindparam("highest"),
            Transfer.created_at >= bindparam("begin", type_=Instant()),
            Transfer.created_at < bindparam("end", type_=Instant()),
        ]
    return _Statements(
        base.where(*where)
        .order_by((_bank if few else Posting).transfer_id.desc(), Posting.id.desc())
        .limit(bindparam("size"))
        .offset(bindparam("start")),
        count.where(*where),
    )


STATEMENTS = {
    (single, group, is_dated): _statements(single=single, group=group, is_dated=is_dated)
    for single in (True, False)
    for group in ("all", "settled", "waiting", "void")
    for is_dated in (True, False)
}
EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


def list_transactions(tx: Tx, *, customer_id: int, account_id: int | None, wanted: Wanted) -> Page:
    """A page of the transactions of one account, or of all that a customer may see, the newest first.

    Refuses: CustomerNotFound, AccessMissing (to the account).
    """
    get_customer(tx, customer_id)
    accounts = accessible_accounts(tx, customer_id)
    if account_id is not None:
        if account_id not in accounts:
            raise AccessMissing(account_id, customer_id, RDONLY)
        accounts = [account_id]
    if not accounts:
        return Page([], 0)
    values = _bounds(tx, wanted) | {
        "account_ids": accounts,
        "account_id": accounts[0],
        "status": wanted.status,
    }
    found = _chosen(wanted, single=len(accounts) == 1)
    ids = [row[0] for row in tx.all(found.page, **values, size=wanted.size, start=wanted.start)]
    rows = [TransactionRow(*row) for row in tx.all(AMONG_IDS, ids=ids)]
    return Page(_with_balances(tx, rows), _total(tx, wanted, values, single=len(accounts) == 1))


def related_transactions(tx: Tx, *, customer_id: int, transaction_id: int) -> list[TransactionRow]:
    """A transaction and all that belongs to it, what settled last first; nothing when it is not this customer's.

    Refuses: CustomerNotFound.
    """
    get_customer(tx, customer_id)
    own = tx.one(OWN, transaction_id=transaction_id, customer_id=customer_id)
    if own is None:
        return []
    found = TransactionRow(*own)
    if found.master_id is None:
        return _with_balances(tx, [found])
    return _related(tx, [found.master_id], customer_id)


def transactions_tagged(tx: Tx, *, customer_id: int, tags: Sequence[str]) -> list[TransactionRow]:
    """What was moved under the first of these tags that names anything. Refuses: CustomerNotFound."""
    get_customer(tx, customer_id)
    for tag in tags:
        masters = [row[0] for statement in MASTERS_OF_TAG for row in tx.all(statement, tag=tag)]
        rows = _related(tx, list(dict.fromkeys(masters)), customer_id)
        if rows:
            return rows
    return []


def accessible_accounts(tx: Tx, customer_id: int) -> list[int]:
    """The accounts that a customer may look at."""
    return [row[0] for row in tx.all(ACCESSIBLE, customer_id=customer_id)]


def _related(tx: Tx, masters: Sequence[int], customer_id: int) -> list[TransactionRow]:
    rows = [
        TransactionRow(*row)
        for master_id in masters
        for row in tx.all(RELATED, master_id=master_id, customer_id=customer_id)
    ]
    rows.sort(key=lambda row: (row.posted_at or EARLIEST, row.id), reverse=True)
    return _with_balances(tx, rows)


def _chosen(wanted: Wanted, *, single: bool) -> _Statements:
    groups = {None: "all", SETTLED: "settled", VOIDED: "void"}
    is_dated = wanted.begin is not None or wanted.end is not None
    return STATEMENTS[single, groups.get(wanted.status, "waiting"), is_dated]


def _total(tx: Tx, wanted: Wanted, values: dict[str, Any], *, single: bool) -> int:
    """How many there are: of what is settled, all but the few that are not."""
    if wanted.status != SETTLED or wanted.begin is not None or wanted.end is not None:
        return int(tx.value(_chosen(wanted, single=single).total, **values))
    everything = int(tx.value(STATEMENTS[single, "all", False].total, **values))
    void = int(tx.value(STATEMENTS[single, "void", False].total, **values))
    waiting = sum(
        int(tx.value(STATEMENTS[single, "waiting", False].total, **values | {"status": status}))
        for status in sorted(WAITING)
    )
    return everything - void - waiting


def _bounds(tx: Tx, wanted: Wanted) -> dict[str, Any]:
    """The moments asked for, and the numbers of transfers between which all of them are."""
    if wanted.begin is None and wanted.end is None:
        return {}
    begin = wanted.begin or EARLIEST
    end = wanted.end or LATEST
    last = int(tx.value(LAST_TRANSFER))
    return {
        "begin": begin,
        "end": end,
        "lowest": first_since(tx, begin - SLACK, last) if wanted.begin else 0,
        "highest": first_since(tx, end + SLACK, last) if wanted.end else NUMBER_MAX,
    }


def first_since(tx: Tx, moment: datetime, last: int) -> int:
    """The number of the first transfer that was written at this moment or after it."""
    low, high = 1, last + 1
    while low < high:
        middle = (low + high) // 2
        row = tx.one(NEXT_TRANSFER, number=middle)
        if row is None or row[1] >= moment:
            high = middle
        else:
            low = row[0] + 1
    return low


def _with_balances(tx: Tx, rows: list[TransactionRow]) -> list[TransactionRow]:
    """The rows with the balance after each that is settled, as far as it is near enough to be counted back."""
    after: dict[tuple[int, int], int] = {}
    for account_id in dict.fromkeys(row.account_id for row in rows):
        lowest = min(row.transfer_id for row in rows if row.account_id == account_id)
        newer = tx.all(NEWER, account_id=account_id, lowest=lowest)
        standing = tx.one(BALANCE, account_id=account_id)
        assert standing is not None
        balance, kind = standing
        for transfer_id, amount_minor in newer[:BACK_MAX]:
            after[account_id, transfer_id] = balance if kind in DEBIT_KINDS else -balance
            balance -= amount_minor
    return [row._replace(balance_minor=after.get((row.account_id, row.transfer_id))) for row in rows]
