"""Orders, lines, refunds and payments: every amount is told by its parts, to the cent and below it."""

import pytest

from comptoir.domain.explaining.asking import explain
from comptoir.domain.explaining.errors import NotExplained
from comptoir.domain.explaining.nodes import PARTS_MAX, TIMES, Ask
from comptoir.domain.orders.errors import OrderNotFound
from comptoir.domain.orders.importing import import_orders
from comptoir.domain.orders.placing import place_order
from comptoir.domain.orders.queries import list_lines
from comptoir.domain.orders.splitting import split_order
from comptoir.domain.refunds.actions import ItemFields, draft_refund, process_refund
from comptoir.domain.tx import Tx
from tests.domain.explaining.given import prove_everything, prove_kept, shown
from tests.domain.orders.given import TEN_PERCENT, a_line, a_sale, an_import, e4
from tests.domain.refunds.given import a_paid_order


def test_a_total_is_told_from_price_to_rounding_remainder(tx: Tx) -> None:
    lines = [a_line("3.3333", 3, tax_rate_ppm=TEN_PERCENT, name="Nut"), a_line("7", discount_e4=e4("0.50"))]
    order_id = place_order(
        tx, lines=lines, delivery_e4=e4("5"), discount_e4=e4("1"), tax_included=False,
        charges_tax_ppm=TEN_PERCENT,
    )  # fmt: skip
    assert shown(explain(tx, "order", order_id).made_of) == [
        "total: 21.94",
        f"  3 {TIMES} Nut: 10.33",
        "    price: 9.9999",
        "      price as it came with the order: 9.9999",
        "    rounded to what can be paid: 0.0001",
        "    share of the order's discount: -0.61",
        "    tax: 0.94",
        "      tax of the pieces: 0.9999",
        "      less tax for the order's discount, and the rounding remainder of the tax: -0.0599",
        f"  1 {TIMES} line 2: 6.11",
        "    price: 7.00",
        "      price as it came with the order: 7.00",
        "    discount of the line: -0.50",
        "    share of the order's discount: -0.39",
        "  delivery: 5.00",
        "  tax on the charges: 0.50",
    ]
    prove_everything(tx)
    prove_kept(tx)


def test_a_sale_is_told_by_its_lines_and_by_the_books(tx: Tx) -> None:
    placed = a_sale(tx)
    found = explain(tx, "order", placed.order_id)
    assert [part.amount for part in found.made_of.parts] == ["100.00", "10.00", "-10.00", "9.00"]
    assert found.went_to is not None
    assert shown(found.went_to) == [
        "in the books, as the sale: 109.00",
        "  Discounts given on whole orders: -10.00",
        "  Sales tax owed to the state: 9.00",
        "  Delivery charged: 10.00",
        "  Goods sold, before discounts and without tax: 100.00",
    ]
    prove_everything(tx)
    prove_kept(tx)


def test_imported_orders_keep_their_fractions_as_parts(tx: Tx) -> None:
    import_orders(tx, [an_import(46), an_import(47, lines=[a_line("29.95", id=7)])])
    assert shown(explain(tx, "order", 46, "tax").made_of) == [
        "tax: 3.1818",
        "  line 46001: 2.72",
        "    tax of the pieces: 2.7227",
        "    rounding remainder of the tax: -0.0027",
        "  tax on the charges: 0.46",
        "  fractions of a cent, as the order came with them: 0.0018",
    ]
    assert shown(explain(tx, "line", 7, "tax").made_of) == ["tax: 2.73", "  share of the order's tax: 2.73"]
    prove_everything(tx)
    prove_kept(tx)


def test_a_refunded_order_is_told_with_where_its_money_is(tx: Tx) -> None:
    order_id = a_paid_order(tx)
    line = list_lines(tx, order_id)[0]
    items: list[ItemFields] = [{"order_line_id": line.id, "quantity": 1}, {"type": "shipping"}]
    refund_id = draft_refund(tx, order_id=order_id, items=items)
    assert process_refund(tx, refund_id=refund_id) == "success"
    found = explain(tx, "order", order_id, "paid")
    assert found.went_to is not None
    assert shown(found.went_to) == [
        "where it is now: 45.10",
        "  given back to the customer: 16.20",
        "  with the gateway: 28.90",
        "    on clearing:sandbox: 28.90",
    ]
    assert explain(tx, "order", order_id, "balance").made_of.amount == "0.00"
    assert explain(tx, "line", line.id, "refunded").made_of.parts[0].ask == Ask("refund", refund_id, "total")
    prove_everything(tx)
    prove_kept(tx)


def test_the_money_of_a_split_order_stands_with_its_parent(tx: Tx) -> None:
    order_id = a_paid_order(tx)
    lines = [line.id for line in list_lines(tx, order_id)]
    children = split_order(tx, order_id=order_id, parts=[lines[:1], lines[1:]])
    assert f"order {order_id}" in explain(tx, "order", children[0], "paid").made_of.why
    prove_everything(tx)
    prove_kept(tx)


def test_an_order_of_very_many_lines_is_told_in_short(tx: Tx) -> None:
    order_id = place_order(tx, lines=[a_line(f"1.{number:04}") for number in range(PARTS_MAX + 5)])
    found = explain(tx, "order", order_id).made_of
    assert [part.label for part in found.parts[-1:]] == ["5 more"]
    assert len(found.parts) == PARTS_MAX + 1
    prove_kept(tx)


@pytest.mark.parametrize(
    ("kind", "id", "what"),
    [("order", 1, "colour"), ("orders", 1, ""), ("order", "x", ""), ("order", "9" * 19, ""), ("posting", 9, ""),
     ("order", "²", ""), ("payout_entry", 9, "")],
)  # fmt: skip
def test_what_is_no_amount_is_not_explained(tx: Tx, kind: str, id: int | str, what: str) -> None:
    place_order(tx, lines=[a_line()], id=1)
    with pytest.raises(NotExplained):
        explain(tx, kind, id, what)


def test_an_order_that_is_not_there_is_refused(tx: Tx) -> None:
    with pytest.raises(OrderNotFound):
        explain(tx, "order", 99)
