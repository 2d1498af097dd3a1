"""Reading statements as they were made."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.banking.statements.errors import StatementNotFound
from comptoir.domain.banking.statements.models import Statement
from comptoir.domain.tx import Tx

# Far more than one customer gets in a lifetime, so that a list is never cut off silently.
LISTED_MAX = 10_000


class StatementRow(NamedTuple):
    """What a statement is, without what it says."""

    id: int
    customer_id: int
    type: str
    year: int
    month: int
    created_at: datetime


STATEMENTS = select(
    Statement.id, Statement.customer_id, Statement.type, Statement.year, Statement.month, Statement.created_at
)
_OF_CUSTOMER = STATEMENTS.where(Statement.customer_id == bindparam("customer_id"))
OF_CUSTOMER = _OF_CUSTOMER.order_by(
    Statement.year.desc(), Statement.month.desc(), Statement.type, Statement.id
).limit(bindparam("limit"))
OF_PERIOD = _OF_CUSTOMER.where(
    Statement.type == bindparam("type"),
    Statement.year == bindparam("year"),
    Statement.month == bindparam("month"),
)
OF_YEAR = _OF_CUSTOMER.where(
    Statement.type == bindparam("type"), Statement.year == bindparam("year")
).order_by(Statement.month.desc())
GET_STATEMENT = _OF_CUSTOMER.where(Statement.id == bindparam("statement_id"))
FACTS = select(Statement.facts).where(Statement.id == bindparam("statement_id"))
ALL_OF_PERIOD = STATEMENTS.where(
    Statement.type == bindparam("type"),
    Statement.year == bindparam("year"),
    Statement.month == bindparam("month"),
    Statement.id > bindparam("after_id"),
).order_by(Statement.id).limit(bindparam("limit"))  # fmt: skip


def list_statements(tx: Tx, customer_id: int) -> list[StatementRow]:
    """Every statement of a customer, the newest period first."""
    return [StatementRow(*row) for row in tx.all(OF_CUSTOMER, customer_id=customer_id, limit=LISTED_MAX)]


def find_statements(
    tx: Tx, customer_id: int, *, type: str, year: int, month: int | None = None
) -> list[StatementRow]:
    """A customer's statements of one type and year, or of one month of it, the newest first."""
    if month is None:
        rows = tx.all(OF_YEAR, customer_id=customer_id, type=type, year=year)
    else:
        rows = tx.all(OF_PERIOD, customer_id=customer_id, type=type, year=year, month=month)
    return [StatementRow(*row) for row in rows]


def get_statement(tx: Tx, customer_id: int, statement_id: int) -> StatementRow:
    """One statement of a customer. Refuses: StatementNotFound."""
    row = tx.one(GET_STATEMENT, customer_id=customer_id, statement_id=statement_id)
    if row is None:
        raise StatementNotFound(statement_id)
    return StatementRow(*row)


def get_facts(tx: Tx, customer_id: int, statement_id: int) -> Mapping[str, Any]:
    """What a customer's statement says. Refuses: StatementNotFound."""
    row = get_statement(tx, customer_id, statement_id)
    facts: Mapping[str, Any] = tx.value(FACTS, statement_id=row.id)
    return facts


def list_of_period(
    tx: Tx, *, type: str, year: int, month: int, after_id: int = 0, limit: int = 100
) -> list[StatementRow]:
    """A page of everybody's statements of one period, after a statement's id."""
    rows = tx.all(ALL_OF_PERIOD, type=type, year=year, month=month, after_id=after_id, limit=limit)
    return [StatementRow(*row) for row in rows]
