"""A buyer's process is killed while it pays, many times: each checkout is charged once and sold once."""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select

from comptoir.domain.checkout.models import PAID, Checkout
from comptoir.domain.orders.models import Order
from comptoir.domain.payments.attempts import list_open_attempts
from comptoir.domain.payments.models import PaymentTransaction
from tests.domain.checkout.shopping import ONE_SHIRT, be_seller, opened
from tests.e2e.mortal import REMOTE
from tests.e2e.test_kill_worker import Mortals, home, killed

if TYPE_CHECKING:
    from comptoir.dialects.edge import ServedShop
    from tests.e2e.conftest import Installation

__all__ = ["home"]
pytestmark = [pytest.mark.e2e, pytest.mark.slow]
CHECKOUTS = 120
STATES = select(Checkout.state, func.count()).group_by(Checkout.state)
SALES = select(Checkout.sale_id, Order.sale_id).join(Order, Order.id == Checkout.order_id)


def test_each_checkout_is_charged_and_sold_once_though_the_process_dies(
    home: ServedShop,
    installation: Installation,
    capsys: pytest.CaptureFixture[str],
) -> None:
    home.shop.write(lambda tx: be_seller(tx, gateway=REMOTE))
    for number in range(CHECKOUTS):
        opened(home.shop, ONE_SHIRT | {"li_0_price": "5.00", "merchant_order_id": str(number)})
    charged = installation.folder / "data" / "gateway.log"
    charged.touch()

    def is_asking() -> bool:
        return bool(home.shop.read(list_open_attempts))

    def is_done() -> bool:
        return dict(home.shop.read(lambda tx: tx.all(STATES))) == {PAID: CHECKOUTS}

    kills = killed(Mortals(installation.folder / "data", "pay"), is_asking, is_done)
    sold = home.shop.read(lambda tx: tx.all(SALES))
    assert len(sold) == CHECKOUTS
    assert all(own == placed for own, placed in sold)
    assert len({placed for _, placed in sold}) == CHECKOUTS
    paid = select(func.count()).select_from(PaymentTransaction)
    assert home.shop.read(lambda tx: (tx.value(select(func.count()).select_from(Order)), tx.value(paid))) == (
        CHECKOUTS,
        CHECKOUTS,
    )
    # A charge is named after its checkout and the try; each checkout has one that reached the gateway.
    lines = [line.split()[1] for line in charged.read_text().splitlines() if line.startswith("authorise ")]
    of_checkouts = Counter(reference.rpartition("-")[0] for reference in lines)
    assert (len(of_checkouts), set(of_checkouts.values())) == (CHECKOUTS, {1})
    with capsys.disabled():
        sys.stdout.write(f" {kills} kills, {CHECKOUTS} checkouts ")
    assert installation.run("books", "check")["balanced"] is True
