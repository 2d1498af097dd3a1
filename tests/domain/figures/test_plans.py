"""No figure is reckoned by looking at every row of what grows."""

import pytest

from comptoir.domain.figures.returns import BY_CODE
from comptoir.domain.figures.takings import FIGURES
from comptoir.domain.figures.troubles import COUNTS, FAILED_RENEWALS, FRAUD_REVIEWS, LOWEST
from comptoir.domain.tx import Tx
from tests.conftest import NOW

BOUNDS = {
    "since": NOW, "until": NOW, "own": "AUD", "lately": NOW, "unheard": NOW, "limit": 10,
}  # fmt: skip
STATEMENTS = {
    **{
        f"{kind} {place}": one
        for kind, figure in FIGURES.items()
        for place, one in enumerate(figure)
        if one is not None
    },
    **COUNTS,
    "renewals": FAILED_RENEWALS,
    "reviews": FRAUD_REVIEWS,
    "lowest": LOWEST,
    "returns": BY_CODE,
}
# Tables that stay small in the largest shop, and what is read within an index that holds nothing else.
SMALL = {"chargeback", "anon_1", "subscription"}
WITHIN = ("ix_delivery_retried", "ix_bank_customer_waits")


@pytest.mark.parametrize("name", STATEMENTS)
def test_what_grows_is_searched(tx: Tx, name: str) -> None:
    if tx.engine != "sqlite":
        pytest.skip("the plan of an empty table says nothing on PostgreSQL")
    compiled = tx.statements.get(STATEMENTS[name])
    tx.cursor.execute(f"EXPLAIN QUERY PLAN {compiled.sql}", compiled.bind(BOUNDS))
    steps = [str(row[3]) for row in tx.cursor.fetchall()]
    scans = [step for step in steps if step.startswith("SCAN") and step.split()[1] not in SMALL]
    assert [step for step in scans if not any(index in step for index in WITHIN)] == []
