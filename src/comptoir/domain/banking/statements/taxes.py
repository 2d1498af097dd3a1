"""The yearly form 1099-INT: what somebody earned in interest, told when it is ten dollars or more."""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, bindparam, case, func, select

from comptoir.domain.banking.accounts.models import BankAccount
from comptoir.domain.banking.movements.models import BankTransfer
from comptoir.domain.banking.program.queries import ProgramFacts, get_program
from comptoir.domain.banking.statements.errors import PeriodNotOver
from comptoir.domain.banking.statements.facts import Facts, Span, heading, masked, span_of
from comptoir.domain.banking.statements.gathering import HolderRow, list_addresses, list_due, list_holders
from comptoir.domain.banking.statements.kinds import IS_INTEREST, IS_WITHHELD
from comptoir.domain.banking.statements.making import FIRST_OPENED, Drafted
from comptoir.domain.banking.statements.models import TAX_1099_INT
from comptoir.domain.banking.statements.periods import GRACE, Period
from comptoir.domain.ledger.models import POSTED, Posting, Transfer
from comptoir.domain.tx import Counter, Tx
from comptoir.storage.lists import among

LEAST_MINOR = 10_00
# The counter that holds the last year of which everybody was told who has to be.
TOLD_YEAR = "statement_tax_year"


class Earned(NamedTuple):
    """What a customer's accounts earned in a year, and what of it went to the state; minor units."""

    customer_id: int
    interest_minor: int
    withheld_minor: int


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(case((condition, Posting.amount_minor), else_=0)), 0)


EARNED = (
    select(BankAccount.customer_id, _sum(IS_INTEREST), _sum(IS_WITHHELD))
    .join(Posting, Posting.account_id == BankAccount.account_id)
    .join(Transfer, Transfer.id == Posting.transfer_id)
    .join(BankTransfer, BankTransfer.transfer_id == Posting.transfer_id)
    .where(
        among(BankAccount.customer_id, "customers"),
        Transfer.state == POSTED,
        Transfer.posted_at >= bindparam("begins_at"),
        Transfer.posted_at < bindparam("ends_at"),
    )
    .group_by(BankAccount.customer_id)
    .order_by(BankAccount.customer_id)
)
YEAR_TOLD = select(Counter.value).where(Counter.kind == TOLD_YEAR)


def years_due(tx: Tx) -> list[Period]:
    """The years that are over and whose forms are not made yet, oldest first. Refuses: NoProgram."""
    zone = get_program(tx).zone
    opened = tx.value(FIRST_OPENED)
    if opened is None:
        return []
    first = max(opened.astimezone(zone).year, (tx.value(YEAR_TOLD) or 0) + 1)
    return [Period(TAX_1099_INT, year, 12) for year in range(first, (tx.now - GRACE).astimezone(zone).year)]


def draft_tax_forms(tx: Tx, *, period: Period, after_id: int = 0, limit: int = 500) -> Drafted:
    """Read what the forms of a year say, for some customers who have none yet; reading only.

    Whoever earned less gets none. Refuses: NoProgram, PeriodNotOver.
    """
    program = get_program(tx)
    span = span_of(period, program.zone)
    if tx.now < span.ends_at + GRACE:
        raise PeriodNotOver(f"{period.year} is not over yet")
    customers = list_due(
        tx, type=period.type, year=period.year, month=period.month, begins_at=span.begins_at, ends_at=span.ends_at,
        after_id=after_id, limit=limit,
    )  # fmt: skip
    if not customers:
        return Drafted(period, {}, after_id)
    return Drafted(period, _forms(tx, span, program, customers), customers[-1])


def mark_told(tx: Tx, year: int) -> None:
    """Remember that the forms of a year, and of those before it, are made."""
    tx.ids.reach(TOLD_YEAR, year)


def _forms(tx: Tx, span: Span, program: ProgramFacts, customers: Sequence[int]) -> dict[int, Facts]:
    rows = tx.all(EARNED, customers=customers, begins_at=span.begins_at, ends_at=span.ends_at)
    # Deposits are what the bank owes: what it pays in is a credit.
    earned = [Earned(row[0], -int(row[1]), int(row[2])) for row in rows]
    told = [one for one in earned if one.interest_minor >= LEAST_MINOR]
    ids = [one.customer_id for one in told]
    holders, addresses = list_holders(tx, ids), list_addresses(tx, ids)
    return {
        one.customer_id: heading(
            span, program, holders[one.customer_id], addresses.get(one.customer_id, []), currency=tx.shop.currency
        )
        | {
            "tax_id": _tax_id(holders[one.customer_id]),
            "interest_minor": one.interest_minor,
            "withheld_minor": one.withheld_minor,
        }
        for one in told
    }  # fmt: skip


def _tax_id(holder: HolderRow) -> str:
    return masked(holder.tax_id) if holder.tax_id else ""
