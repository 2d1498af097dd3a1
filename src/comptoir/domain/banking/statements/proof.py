"""The proof of statements: each adds up, follows from the one before, and says what the ledger says."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select

from comptoir.domain.banking.program.errors import NoProgram
from comptoir.domain.banking.program.queries import get_program
from comptoir.domain.banking.statements.models import MONTHLY, QUARTERLY, Statement
from comptoir.domain.banking.statements.periods import Period
from comptoir.domain.ledger.books import PROBLEMS_MAX
from comptoir.domain.ledger.models import DEBIT_KINDS, POSTED, Account, Posting, Transfer
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

BATCH = 200
# Only these tell of accounts; forms of taxes tell of sums.
TOLD_OF_ACCOUNTS = (MONTHLY, QUARTERLY)

PAGE = (
    select(Statement.id, Statement.year, Statement.month, Statement.facts)
    .where(
        Statement.type == bindparam("type"),
        (Statement.year > bindparam("after_year"))
        | ((Statement.year == bindparam("year")) & (Statement.month > bindparam("after_month")))
        | (
            (Statement.year == bindparam("same_year"))
            & (Statement.month == bindparam("same_month"))
            & (Statement.id > bindparam("after_id"))
        ),
    )
    .order_by(Statement.year, Statement.month, Statement.id)
    .limit(bindparam("limit"))
)
STOOD = (
    select(Posting.account_id, Account.kind, func.coalesce(func.sum(Posting.amount_minor), 0))
    .join(Transfer, Transfer.id == Posting.transfer_id)
    .join(Account, Account.id == Posting.account_id)
    .where(
        among(Posting.account_id, "accounts"),
        Transfer.state == POSTED,
        Transfer.posted_at < bindparam("before"),
        Transfer.id <= bindparam("through_id"),
    )
    .group_by(Posting.account_id, Account.kind)
)

Told = tuple[int, Period, Mapping[str, Any]]


def check_statements(tx: Tx) -> list[str]:
    """Everything that is wrong with statements, in words; empty when every line of them can be proved."""
    try:
        zone = get_program(tx).zone
    except NoProgram:
        return []
    problems: list[str] = []
    for type_ in TOLD_OF_ACCOUNTS:
        closings: dict[int, tuple[Period, int]] = {}
        for batch in _batches(tx, type_):
            problems += _wrong_sums(batch)
            problems += _wrong_openings(batch, closings)
            problems += _wrong_closings(tx, batch, zone)
            if len(problems) >= PROBLEMS_MAX:
                return problems[:PROBLEMS_MAX]
    return problems


def _batches(tx: Tx, type_: str) -> Iterator[list[Told]]:
    """Statements of a type by period, some at a time."""
    year = month = statement_id = 0
    while True:
        rows = tx.all(
            PAGE, type=type_, after_year=year, year=year, after_month=month, same_year=year, same_month=month,
            after_id=statement_id, limit=BATCH,
        )  # fmt: skip
        if not rows:
            return
        statement_id, year, month, _ = rows[-1]
        yield [(row[0], Period(type_, row[1], row[2]), row[3]) for row in rows]


def _wrong_sums(batch: Sequence[Told]) -> Iterator[str]:
    """Opening plus movements is closing, line by line, and each movement is told once."""
    for statement_id, _, facts in batch:
        for one in facts["accounts"]:
            name = f"statement {statement_id}, account {one['account_id']}"
            balance = one["opening_minor"]
            for transaction_id, _, _, amount, after, _ in one["movements"]:
                balance += amount
                if balance != after:
                    yield f"{name}: transaction {transaction_id} leaves {balance}, {after} is told"
            if balance != one["closing_minor"]:
                yield f"{name}: the movements lead to {balance}, {one['closing_minor']} is told"
            if one["in_minor"] - one["out_minor"] != balance - one["opening_minor"]:
                yield f"{name}: the totals differ from the movements"
            if len({movement[0] for movement in one["movements"]}) != len(one["movements"]):
                yield f"{name}: a transaction is told twice"


def _wrong_openings(batch: Sequence[Told], closings: dict[int, tuple[Period, int]]) -> Iterator[str]:
    """Each opening is the closing of the period before, when that was told."""
    for statement_id, period, facts in batch:
        for one in facts["accounts"]:
            account_id = one["account_id"]
            before, closing = closings.get(account_id, (None, 0))
            if before == period.before and closing != one["opening_minor"]:
                yield (
                    f"statement {statement_id}, account {account_id}: opens with {one['opening_minor']}, "
                    f"the one before closed with {closing}"
                )
            closings[account_id] = (period, one["closing_minor"])


def _wrong_closings(tx: Tx, batch: Sequence[Told], zone: ZoneInfo) -> Iterator[str]:
    """Each closing is what the ledger held when the period ended, as far as it was written down then."""

    def made_together(told: Told) -> tuple[datetime, int]:
        return told[1].ends_at(zone), told[2]["through_id"]

    for (ends_at, through_id), together in groupby(sorted(batch, key=made_together), key=made_together):
        accounts = [(told[0], one) for told in together for one in told[2]["accounts"]]
        ids = sorted({one["account_id"] for _, one in accounts})
        rows = tx.all(STOOD, accounts=ids, before=ends_at, through_id=through_id)
        stood = {row[0]: int(row[2]) if row[1] in DEBIT_KINDS else -int(row[2]) for row in rows}
        for statement_id, one in sorted(accounts, key=itemgetter(0)):
            held = stood.get(one["account_id"], 0)
            if held != one["closing_minor"]:
                yield (
                    f"statement {statement_id}, account {one['account_id']}: closes with {one['closing_minor']}, "
                    f"the ledger held {held}"
                )
