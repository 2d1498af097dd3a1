"""Files of each day that is over at the bank: the transactions that were posted, and every account's balance.

They are gathered without holding anybody up and kept in a transaction of their own, each day once.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.banking.accounts.models import CLOSED, BankAccount
from comptoir.domain.banking.clearing.daily_rows import (
    BALANCES_NAME,
    POSTED_NAME,
    BalanceRow,
    PostedRow,
    balances_file,
    posted_file,
)
from comptoir.domain.banking.clearing.keeping import keep_file, list_files, next_file_id
from comptoir.domain.banking.files.ach import Totals
from comptoir.domain.banking.files.models import BALANCES, TRANSACTIONS, WRITTEN
from comptoir.domain.banking.movements.chart import SETTLEMENT
from comptoir.domain.banking.movements.models import SETTLED, BankTransfer
from comptoir.domain.banking.program.errors import NoProgram
from comptoir.domain.banking.program.queries import ProgramFacts, get_program
from comptoir.domain.ledger.models import DEBIT_KINDS, POSTED, Account, Posting, Transfer
from comptoir.domain.tx import Tx

DAY = timedelta(days=1)
SLACK = timedelta(minutes=15)

_FACTS = (
    Posting.id, Posting.account_id, BankAccount.customer_id, Posting.amount_minor, Transfer.posted_at,
    Transfer.kind, BankTransfer.master_id, BankTransfer.card_id, BankTransfer.type_code,
    BankTransfer.return_code, BankTransfer.tag, Account.kind,
)  # fmt: skip
# Movements of the bank are found by when they settled; those of the shop stand on its settlement account alone.
BY_THE_BANK = (
    select(*_FACTS)
    .select_from(BankTransfer)
    .join(Transfer, Transfer.id == BankTransfer.transfer_id)
    .join(Posting, Posting.transfer_id == BankTransfer.transfer_id)
    .join(Account, Account.id == Posting.account_id)
    .join(BankAccount, BankAccount.account_id == Posting.account_id)
    .where(
        BankTransfer.status == SETTLED,
        BankTransfer.settled_at >= bindparam("begins_at"),
        BankTransfer.settled_at < bindparam("ends_at"),
    )
)
BY_THE_SHOP = (
    select(*_FACTS)
    .select_from(Posting)
    .join(Transfer, Transfer.id == Posting.transfer_id)
    .join(Account, Account.id == Posting.account_id)
    .join(BankAccount, BankAccount.account_id == Posting.account_id)
    .outerjoin(BankTransfer, BankTransfer.transfer_id == Posting.transfer_id)
    .where(
        Account.code == SETTLEMENT.code,
        Transfer.state == POSTED,
        Transfer.posted_at >= bindparam("begins_at"),
        Transfer.posted_at < bindparam("ends_at"),
        BankTransfer.transfer_id.is_(None),
    )
)
STANDING = (
    select(
        BankAccount.account_id, BankAccount.customer_id, BankAccount.product_id, BankAccount.status,
        Account.posted_minor, BankAccount.tag, Account.kind,
    )
    .join(Account, Account.id == BankAccount.account_id)
    .where(
        BankAccount.created_at < bindparam("ends_at"),
        (BankAccount.status != CLOSED) | (BankAccount.closed_at >= bindparam("begins_at")),
    )
    .order_by(BankAccount.account_id)
)  # fmt: skip


class DayFiles(NamedTuple):
    """What a day's files will say."""

    day: date
    program: ProgramFacts
    posted: list[PostedRow]
    balances: list[BalanceRow]


def gather_day(tx: Tx) -> DayFiles | None:
    """What was posted on the first day that no files tell of and that is over, and how the accounts stood then."""
    try:
        program = get_program(tx)
    except NoProgram:
        return None
    day = _next_day(tx, program)
    if day >= _today(tx, program):
        return None
    begins_at, ends_at = (datetime.combine(one, time(), program.zone) for one in (day, day + DAY))
    later: defaultdict[int, int] = defaultdict(int)
    for moved in _posted(tx, ends_at, tx.now + DAY):
        later[moved.account_id] += moved.natural_minor
    balances = []
    for row in tx.all(STANDING, begins_at=begins_at, ends_at=ends_at):
        one, kind = BalanceRow(*row[:-1]), row[-1]
        natural = one.natural_minor if kind in DEBIT_KINDS else -one.natural_minor
        balances.append(one._replace(natural_minor=natural - later[one.account_id]))
    posted = sorted(_posted(tx, begins_at, ends_at), key=lambda row: (row.posted_at, row.transaction_id))
    return DayFiles(day, program, posted, balances)


def keep_day(tx: Tx, found: DayFiles) -> int:
    """Keep the files of a day, unless they are kept already, and say how many rows they have."""
    file_id = next_file_id(tx)
    if _next_day(tx, found.program) != found.day:
        return 0
    program, stamp = found.program, f"{tx.now.astimezone(found.program.zone):%Y%m%d%H%M}"
    posted = posted_file(found.posted, day=found.day, program=program.name, zone=program.zone)
    balances = balances_file(found.balances, day=found.day, program=program.name)
    for number, kind, name, content, count in (
        (file_id, TRANSACTIONS, POSTED_NAME, posted, len(found.posted)),
        (next_file_id(tx), BALANCES, BALANCES_NAME, balances, len(found.balances)),
    ):
        keep_file(
            tx, id=number, kind=kind, name=f"{stamp}_{name}.TXT", state=WRITTEN, content=content,
            totals=Totals(entry_count=count), effective_on=found.day,
        )  # fmt: skip
    return len(found.posted) + len(found.balances)


def _next_day(tx: Tx, program: ProgramFacts) -> date:
    """The day after the last one that files tell of; else yesterday, if there was a program by then."""
    last = next(iter(list_files(tx, kind=TRANSACTIONS, limit=1)), None)
    if last is None or last.effective_on is None:
        return max(_today(tx, program) - DAY, program.created_at.astimezone(program.zone).date())
    return last.effective_on + DAY


def _today(tx: Tx, program: ProgramFacts) -> date:
    """The day that it is, once nothing that was begun on the day before can still be under way."""
    return (tx.now - SLACK).astimezone(program.zone).date()


def _posted(tx: Tx, begins_at: datetime, ends_at: datetime) -> Iterator[PostedRow]:
    for statement in (BY_THE_BANK, BY_THE_SHOP):
        for *facts, kind in tx.all(statement, begins_at=begins_at, ends_at=ends_at):
            row = PostedRow(*facts)
            natural = row.natural_minor if kind in DEBIT_KINDS else -row.natural_minor
            yield row._replace(natural_minor=natural)
