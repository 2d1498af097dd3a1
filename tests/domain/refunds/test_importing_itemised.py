"""Refunds of itemised orders from elsewhere: shipping lines, coupons, and amounts of no line."""

from typing import Any

import pytest

from comptoir.domain.errors import Invalid
from comptoir.domain.orders.importing import import_order
from comptoir.domain.payments.importing import import_payment
from comptoir.domain.proof import prove_books
from comptoir.domain.refunds.errors import RefundTooLarge
from comptoir.domain.refunds.importing import RefundImport, import_refund
from comptoir.domain.refunds.queries import list_items
from comptoir.domain.refunds.standing import find_standings
from comptoir.domain.tx import Tx
from tests.domain.orders.given import LONG_AGO, a_line, balances, e4
from tests.domain.payments.test_payments import a_payment

LAMP, VAN, COUPON, TAX = 1, 2, 3, 4


@pytest.fixture
def itemised(tx: Tx) -> Tx:
    """A lamp of 100, 10 for shipping, a coupon over 10, 9 of tax; paid."""
    lines = [
        a_line("100", id=LAMP, name="Lamp"),
        a_line("10", id=VAN, name="Van", type="shipping"),
        a_line("10", id=COUPON, name="TENOFF", type="coupon"),
        a_line("9", id=TAX, name="Tax", type="tax"),
    ]
    order: dict[str, Any] = {"id": 46, "number": "46", "created_at": LONG_AGO, "status": "new"}
    import_order(tx, order | {"lines": lines, "total_e4": e4("109")})  # type: ignore[arg-type]
    import_payment(tx, a_payment(49, 46, "109.00"))
    return tx


def a_refund(refund_id: int, *items: tuple[str, int, str]) -> RefundImport:
    """A refund of items: type, line, amount."""
    rows: list[Any] = [
        {
            "type": kind,
            "order_line_id": line_id,
            "amount_e4": -e4(amount[1:]) if amount[0] == "-" else e4(amount),
        }
        for kind, line_id, amount in items
    ]
    shipping = sum(row["amount_e4"] for row in rows if row["type"] == "shipping")
    total = sum(row["amount_e4"] for row in rows)
    return {
        "id": refund_id,
        "order_id": 46,
        "status": "success",
        "created_at": LONG_AGO,
        "items": rows,
        "items_e4": total - shipping,
        "shipping_e4": shipping,
        "total_e4": total,
    }


def test_what_was_given_back_elsewhere_ends_at_nothing_here(itemised: Tx) -> None:
    import_refund(itemised, a_refund(1, ("amount", 0, "9")))
    import_refund(itemised, a_refund(2, ("product", LAMP, "100"), ("product", COUPON, "-10")))
    import_refund(itemised, a_refund(3, ("shipping", VAN, "10")))

    standing = find_standings(itemised, [46])[46]
    assert (standing.balance_minor, standing.tax_left_minor) == (0, 0)
    assert [one.order_line_id for one in list_items(itemised, 3)] == [VAN]
    assert "tax_payable" not in balances(itemised)
    assert prove_books(itemised) == []


def test_what_no_order_could_give_back_is_refused(itemised: Tx) -> None:
    for wrong in (
        a_refund(1, ("product", COUPON, "10")),
        a_refund(1, ("product", LAMP, "-5"), ("product", TAX, "9")),
        a_refund(1, ("amount", LAMP, "5")),
        a_refund(1, ("gift", 0, "5")),
    ):
        with pytest.raises((Invalid, RefundTooLarge)):
            import_refund(itemised, wrong)
    with pytest.raises(RefundTooLarge):
        import_refund(itemised, a_refund(1, ("amount", 0, "109.01")))
    with pytest.raises(RefundTooLarge):
        import_refund(itemised, a_refund(1, ("product", LAMP, "100"), ("product", COUPON, "-11")))
