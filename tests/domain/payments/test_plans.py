"""The payments of one order are found by that order, though nearly all payments of a shop are in the same state."""

from typing import Any

import pytest
from sqlalchemy import Select

from comptoir.domain.explaining import order_rows
from comptoir.domain.payments.chargebacks import FIND_PAID
from comptoir.domain.payments.queries import LAST_RECEIVED, OF_REFERENCE, RECEIVED
from comptoir.domain.payments.surplus import UNDER_WAY
from comptoir.domain.sales import rows
from comptoir.domain.tx import Tx

VALUES: dict[str, Any] = {
    "root_id": 1, "ids": [1], "status": "pending", "identifier": "x", "gateway": "x", "limit": 1,
}  # fmt: skip


@pytest.mark.parametrize(
    ("statement", "index"),
    [
        (RECEIVED, "order_id"), (LAST_RECEIVED, "order_id"), (UNDER_WAY, "order_id"), (rows.RECEIVED, "order_id"),
        (order_rows.PAYMENTS, "order_id"), (FIND_PAID, "identifier"), (OF_REFERENCE, "identifier"),
    ],
)  # fmt: skip
def test_payments_are_found_by_what_they_are_few_of(tx: Tx, statement: Select[Any], index: str) -> None:
    if tx.engine != "sqlite":
        pytest.skip("the plan of an empty table says nothing on PostgreSQL")
    compiled = tx.statements.get(statement)
    tx.cursor.execute(f"EXPLAIN QUERY PLAN {compiled.sql}", compiled.bind(VALUES))
    steps = [str(row[3]) for row in tx.cursor.fetchall()]
    (step,) = [step for step in steps if " payment_transaction " in step]
    assert f"ix_payment_transaction_{index} ({index}=?" in step
