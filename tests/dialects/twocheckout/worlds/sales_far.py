"""A sale that was paid through a gateway far away, which is asked outside any transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comptoir.domain.orders.selling import SaleLine, SaleTerms, place_sale
from tests.dialects.twocheckout.worlds.sales import TESTER, pay
from tests.domain.orders.given import e4

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop, Tx

FAR = 4800001100


def load(shop: OpenShop) -> None:
    """Sell one thing."""
    shop.write(far)


def far(tx: Tx) -> None:
    """A download, paid by card."""
    line = SaleLine(id=4800001150, name="Download", amount_e4=e4("10.00"))
    sold = place_sale(tx, lines=[line], buyer=TESTER, terms=SaleTerms(sale_id=FAR, placed_at=tx.now))
    pay(tx, sold, gateway="stripe")
