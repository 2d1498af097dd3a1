"""No amount is explained by looking at every row of what grows."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from sqlalchemy import Select

from comptoir.domain import explaining
from comptoir.domain.explaining.balances import ALL_NEWER, ALL_OLDER, BY_MONTH, EDGE, NEWER, OLDER
from comptoir.domain.explaining.moved import SUMS, WITHIN
from comptoir.domain.explaining.movements import MOVEMENTS
from comptoir.domain.explaining.stretches import PARTS
from comptoir.domain.tx import Tx
from tests.conftest import NOW

MOMENTS = dict.fromkeys(("since", "until", "begins_at", "ends_at"), NOW)
TEXTS = dict.fromkeys(("currency", "kind", "subject", "trace_number"), "x")
NUMBERS = (
    "account_id", "transfer_id", "before_id", "limit", "among", "posting_id", "subject_id", "order_id", "root_id",
    "line_id", "refund_id", "item_id", "payment_id", "chargeback_id", "attempt_id", "hold_id", "file_id",
    "statement_id", "customer_id", "payout_id", "entry_id", "after_id", "pricing_id", "enrolment_id",
    "from_transfer", "from_id",
)  # fmt: skip
BOUNDS: dict[str, Any] = {
    "ids": [1],
    **{f"begins_{place}": NOW for place in range(PARTS)},
    **MOMENTS,
    **TEXTS,
    **dict.fromkeys(NUMBERS, 1),
}
# What other statements are made of, and never asked as it is.
PATTERNS = frozenset({"ON_ACCOUNT", "ATTEMPTS"})
# What is read within a subquery or a list.
READ = ("SCAN CONSTANT ROW", "SCAN anon_", "SCAN json_each", "SCAN (", "SCAN item")
STATEMENTS = {
    f"{name} of {module.name}": one
    for module in iter_modules(explaining.__path__)
    for name, one in vars(import_module(f"{explaining.__name__}.{module.name}")).items()
    if isinstance(one, Select) and not name.startswith("_") and name not in PATTERNS
}
# The trial balance adds up all accounts anyway.
del STATEMENTS["SUMS of trial"]


def steps_of(tx: Tx, statement: Select[Any]) -> list[str]:
    if tx.engine != "sqlite":
        pytest.skip("the plan of an empty table says nothing on PostgreSQL")
    compiled = tx.statements.get(statement)
    tx.cursor.execute(f"EXPLAIN QUERY PLAN {compiled.sql}", compiled.bind(BOUNDS))
    return [str(row[3]) for row in tx.cursor.fetchall()]


@pytest.mark.parametrize("name", STATEMENTS)
def test_what_grows_is_searched(tx: Tx, name: str) -> None:
    scans = [step for step in steps_of(tx, STATEMENTS[name]) if step.startswith("SCAN")]
    assert [step for step in scans if not step.startswith(READ)] == []


@pytest.mark.parametrize("statement", [SUMS, ALL_NEWER, ALL_OLDER, NEWER, OLDER])
def test_what_moved_on_an_account_is_added_up_within_its_index(tx: Tx, statement: Select[Any]) -> None:
    steps = steps_of(tx, statement)
    read = "SEARCH posting USING INDEX ix_posting_account (account_id=? AND transfer_id"
    assert [step for step in steps if step.startswith(read)]


@pytest.mark.parametrize("statement", [MOVEMENTS, WITHIN, EDGE, BY_MONTH])
def test_movements_come_in_the_order_of_their_index(tx: Tx, statement: Select[Any]) -> None:
    steps = steps_of(tx, statement)
    assert any("ix_posting_account" in step for step in steps)
    assert [step for step in steps if "ORDER BY" in step] == []
