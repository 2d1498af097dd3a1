"""Sales are counted within an index, however many there are."""

import pytest

from comptoir.domain.sales.listing import Wanted, list_sales
from comptoir.domain.tx import Tx


def test_sales_are_counted_within_an_index(tx: Tx) -> None:
    if tx.engine != "sqlite":
        pytest.skip("the plan of an empty table says nothing on PostgreSQL")
    asked: list[str] = []
    tx.cursor.connection.set_trace_callback(asked.append)  # type: ignore[attr-defined]
    list_sales(tx, Wanted(), order="date_placed", is_descending=True, limit=10, start=0)
    tx.cursor.connection.set_trace_callback(None)  # type: ignore[attr-defined]
    (counting,) = [sql for sql in asked if "count(*)" in sql]
    tx.cursor.execute(f"EXPLAIN QUERY PLAN {counting}")
    steps = [row[3] for row in tx.cursor.fetchall()]
    assert steps == ["SCAN orders USING COVERING INDEX ix_orders_first"]
