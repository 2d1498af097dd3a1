"""Paid orders to refund, and what is left of them."""

from typing import Any

from comptoir.domain.orders.placing import place_order
from comptoir.domain.payments.actions import charge_order
from comptoir.domain.payments.gateways import SANDBOX, gateway_named
from comptoir.domain.refunds.standing import find_standings
from comptoir.domain.tx import Tx
from tests.domain.orders.given import TEN_PERCENT, a_line, e4

GATEWAY = gateway_named(SANDBOX)


def a_paid_order(tx: Tx, **fields: Any) -> int:
    """Two lines, three and one pieces, delivery, a discount and tax."""
    order: dict[str, Any] = {
        "lines": [a_line("10", 3, tax_rate_ppm=TEN_PERCENT), a_line("7", tax_rate_ppm=TEN_PERCENT)],
        "delivery_e4": e4("5"),
        "charges_tax_ppm": TEN_PERCENT,
        "discount_e4": e4("1"),
        "tax_included": False,
    }
    order_id = place_order(tx, **(order | fields))
    charge_order(tx, order_id=order_id, gateway=GATEWAY)
    return order_id


def left(tx: Tx, order_id: int) -> list[int]:
    standing = find_standings(tx, [order_id])[order_id]
    return [*(line.left_minor for line in standing.lines.values()), standing.charges.left_minor]
