"""The worker is killed while it settles and pays out, many times: every sale is settled once, to the cent."""

from __future__ import annotations

import sys
import time
from typing import Any

import pytest
from sqlalchemy import func, select

from comptoir.dialects.edge import ServedShop
from comptoir.domain.payouts.gathering import gather_entries
from comptoir.domain.payouts.models import PAID, SALE, Payout, PayoutEntry
from comptoir.domain.proof import prove_books
from comptoir.domain.tx import Tx
from tests.domain.payouts.given import a_deposit, refund, terms
from tests.e2e.conftest import Installation, wait_for
from tests.e2e.test_kill_worker import Mortals, home

__all__ = ["home"]

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
KILLS = 50
STEP_SECONDS = 0.0007

EACH = 5

SETTLED: Any = select(func.count(PayoutEntry.id), func.count(PayoutEntry.order_id.distinct())).where(
    PayoutEntry.kind == SALE
)
PAYOUTS: Any = select(func.count(Payout.id)).where(Payout.state == PAID)


def sell(tx: Tx) -> None:
    """Some sales, some of their money given back."""
    for minor in range(EACH):
        refund(tx, a_deposit(tx, 10_000 + minor), 100 + minor)


def test_every_sale_is_settled_once_though_the_worker_dies_while_it_pays_out(
    installation: Installation, home: ServedShop, capsys: pytest.CaptureFixture[str]
) -> None:
    shop = home.shop
    shop.write(terms)
    mortals = Mortals(installation.folder / "data", "pay out")
    seen = [0]

    def is_settling() -> bool:
        """Something more was settled since the last time."""
        count = shop.read(lambda tx: int(tx.value(SETTLED)))
        grown, seen[0] = count > seen[0], count
        return grown

    try:
        for kill in range(KILLS):
            shop.write(sell)
            mortals.start()
            wait_for(is_settling, seconds=40)
            time.sleep(kill * STEP_SECONDS)
            mortals.kill()
    finally:
        mortals.close()
    while shop.write(gather_entries):
        pass
    assert shop.read(lambda tx: tx.one(SETTLED)) == (KILLS * EACH, KILLS * EACH)
    assert shop.read(prove_books) == []
    payouts = shop.read(lambda tx: int(tx.value(PAYOUTS)))
    assert payouts > 1
    with capsys.disabled():
        sys.stdout.write(f" {KILLS} kills, {KILLS * EACH} sales, {payouts} payouts ")
    assert installation.run("books", "check")["balanced"] is True
