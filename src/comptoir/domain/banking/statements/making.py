"""Making statements once a period is over: read for many customers at once, written down for good."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite

from comptoir.domain.banking.accounts.models import BankAccount
from comptoir.domain.banking.program.queries import ProgramFacts, get_program
from comptoir.domain.banking.statements.errors import PeriodNotOver
from comptoir.domain.banking.statements.facts import (
    NOTHING,
    Earlier,
    Facts,
    Span,
    account_facts,
    earlier_by_ledger,
    earlier_of,
    is_new,
    span_of,
    statement_facts,
)
from comptoir.domain.banking.statements.gathering import (
    AccountRow,
    MovementRow,
    OpeningRow,
    list_accounts,
    list_addresses,
    list_due,
    list_earlier,
    list_holders,
    list_movements,
    list_openings,
    newest_transfer,
)
from comptoir.domain.banking.statements.models import MONTHLY, Statement
from comptoir.domain.banking.statements.periods import GRACE, Period, last_month, midnight, month_of
from comptoir.domain.tx import Tx

FIRST_OPENED = select(func.min(BankAccount.created_at))
LATEST_MADE = (
    select(Statement.year, Statement.month)
    .where(Statement.type == bindparam("type"))
    .order_by(Statement.year.desc(), Statement.month.desc())
    .limit(1)
)


class Drafted(NamedTuple):
    """Statements of one period, ready to be written down; `last_customer` is where the next batch goes on."""

    period: Period
    facts: Mapping[int, Facts]
    last_customer: int


def _keep(dialect: Any) -> Any:
    columns: dict[str, Any] = {column.name: bindparam(column.name) for column in Statement.__table__.columns}
    return (
        dialect.insert(Statement)
        .values(columns)
        .on_conflict_do_nothing(index_elements=["customer_id", "type", "year", "month"])
    )


# Whoever was faster made the same statement.
KEEP = {"sqlite": _keep(sqlite), "postgres": _keep(postgresql)}


def months_due(tx: Tx) -> list[Period]:
    """The months that are over and may not have been told of to everybody, oldest first.

    Refuses: NoProgram.
    """
    zone = get_program(tx).zone
    first = first_month(tx, zone)
    last = last_month(tx.now, zone)
    due = []
    while first is not None and first[1:] <= last[1:]:
        due.append(first)
        first = first.next
    return due


def first_month(tx: Tx, zone: ZoneInfo) -> Period | None:
    """The month where making goes on: the latest that was begun, or the first in which there was an account."""
    made = tx.one(LATEST_MADE, type=MONTHLY)
    if made is not None:
        return Period(MONTHLY, *made)
    opened: datetime | None = tx.value(FIRST_OPENED)
    return None if opened is None else month_of(opened, zone)


def draft_statements(tx: Tx, *, period: Period, after_id: int = 0, limit: int = 200) -> Drafted:
    """Read what statements of a period say, for some customers who have none yet; reading only.

    Refuses: NoProgram, PeriodNotOver.
    """
    program = get_program(tx)
    span = span_of(period, program.zone)
    if tx.now < span.ends_at + GRACE:
        raise PeriodNotOver(f"{period.ends_on} is not over yet")
    customers = list_due(
        tx, type=period.type, year=period.year, month=period.month, begins_at=span.begins_at, ends_at=span.ends_at,
        after_id=after_id, limit=limit,
    )  # fmt: skip
    if not customers:
        return Drafted(period, {}, after_id)
    return Drafted(period, _drafts(tx, span, program, customers), customers[-1])


def keep_statements(tx: Tx, drafted: Drafted) -> int:
    """Write drafted statements down, and give how many; what was written down meanwhile stays as it is."""
    if not drafted.facts:
        return 0
    number = tx.ids.next("statement", len(drafted.facts))
    kept = 0
    for statement_id, (customer_id, facts) in enumerate(drafted.facts.items(), number):
        made = tx.run(
            KEEP[tx.engine],
            id=statement_id,
            customer_id=customer_id,
            **drafted.period._asdict(),
            facts=facts,
            created_at=tx.now,
        )
        kept += made
        if made:
            after = {"customer_id": customer_id, **drafted.period._asdict()}
            tx.note("statement.made", "statement", statement_id, after=after)
    return kept


def _drafts(tx: Tx, span: Span, program: ProgramFacts, customers: Sequence[int]) -> dict[int, Facts]:
    newest_id = newest_transfer(tx)
    holders = list_holders(tx, customers)
    addresses = list_addresses(tx, customers)
    accounts = list_accounts(tx, customers, begins_at=span.begins_at, ends_at=span.ends_at)
    stood = _stood(tx, span, customers, accounts, newest_id)
    movements = _movements(tx, span, stood)
    told: dict[int, list[Facts]] = {customer_id: [] for customer_id in customers}
    for account in accounts:
        rows = movements.get(account.account_id, [])
        told[account.customer_id].append(
            account_facts(span, account, rows, stood[account.account_id], newest_id=newest_id)
        )
    return {
        customer_id: statement_facts(
            span, program, holders[customer_id], addresses.get(customer_id, []), told[customer_id],
            currency=tx.shop.currency, through_id=newest_id,
        )
        for customer_id in customers
    }  # fmt: skip


def _stood(
    tx: Tx, span: Span, customers: Sequence[int], accounts: Sequence[AccountRow], newest_id: int
) -> dict[int, Earlier]:
    """Where each account stood when the period began: as was told, or else by the ledger."""
    before = span.period.before
    told = list_earlier(tx, customers, **before._asdict())
    stood = earlier_of(told, is_new_year=before.year != span.period.year)
    unknown = [account for account in accounts if account.account_id not in stood]
    stood |= {account.account_id: NOTHING for account in unknown if is_new(span, account)}
    older = [account for account in unknown if account.account_id not in stood]
    if older:
        openings = list_openings(
            tx, [account.account_id for account in older], begins_at=span.begins_at,
            year_begins_at=midnight(span.period.ends_on.replace(month=1, day=1), span.zone),
        )  # fmt: skip
        for account in older:
            opening = openings.get(account.account_id, OpeningRow(account.account_id))
            stood[account.account_id] = earlier_by_ledger(account, opening, newest_id)
    return {account.account_id: stood[account.account_id] for account in accounts}


def _movements(tx: Tx, span: Span, stood: Mapping[int, Earlier]) -> dict[int, list[MovementRow]]:
    """What is new on accounts: read apart for those that are new, those that are not, and those told of before."""
    groups: defaultdict[tuple[bool, bool], list[int]] = defaultdict(list)
    for account_id, one in stood.items():
        groups[bool(one.first_id), bool(one.through_id)].append(account_id)
    found: dict[int, list[MovementRow]] = {}
    for accounts in groups.values():
        found |= list_movements(
            tx,
            accounts,
            first_id=min(stood[account_id].first_id for account_id in accounts),
            begins_at=span.begins_at,
            through_id=min(stood[account_id].through_id for account_id in accounts),
        )
    return found
