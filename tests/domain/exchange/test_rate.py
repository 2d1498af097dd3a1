"""Importing products is fast enough for a catalogue of a million."""

import time

import pytest

from comptoir.domain.tx import OpenShop
from tests.domain.exchange.given import imported

ROWS = 10_000
# The budget is 10,000 rows in a second of a quiet machine; `make bench` measures it. This one may be busy.
ROWS_PER_SECOND = 4_000


@pytest.mark.slow
def test_products_come_in_by_the_thousand(shop: OpenShop, engine: str) -> None:
    if engine != "sqlite":
        pytest.skip("the budget is that of SQLite")
    rows = [
        {
            "id": number,
            "name": f"Shiny powder {number}",
            "code": f"C-{number}",
            "price_rrp": f"{number % 90}.95",
        }
        for number in range(1, ROWS + 1)
    ]
    begun = time.process_time()
    report = imported(shop, "products", rows)
    assert report.created == ROWS
    assert ROWS / (time.process_time() - begun) > ROWS_PER_SECOND
