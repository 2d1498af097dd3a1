"""Refunds from elsewhere, and the proof that finds what is wrong."""

import pytest
from sqlalchemy import Update, null, update

from comptoir.domain.errors import ComptoirError
from comptoir.domain.orders.importing import import_orders
from comptoir.domain.orders.models import Order, OrderLine
from comptoir.domain.payments.importing import import_payments
from comptoir.domain.payments.models import PaymentTransaction
from comptoir.domain.proof import prove_books
from comptoir.domain.refunds.actions import process_refund
from comptoir.domain.refunds.importing import ItemImport, RefundImport, import_refund, import_refunds
from comptoir.domain.refunds.models import Refund, RefundItem
from comptoir.domain.refunds.queries import get_refund, list_items
from comptoir.domain.tx import Tx
from tests.domain.orders.given import LONG_AGO, an_import, balances, e4, order_value
from tests.domain.payments.test_payments import a_payment


def an_item(amount_e4: int, line_id: int = 0, **fields: object) -> ItemImport:
    item: ItemImport = {
        "type": "product" if line_id else "shipping",
        "amount_e4": amount_e4,
        "order_line_id": line_id,
    }
    item.update(fields)  # type: ignore[typeddict-item]
    return item


def a_refund(refund_id: int, goods: int, shipping: int, **fields: object) -> RefundImport:
    items = [an_item(goods, 46001)] * bool(goods) + [an_item(shipping)] * bool(shipping)
    row: RefundImport = {
        "id": refund_id,
        "order_id": 46,
        "status": "success",
        "created_at": LONG_AGO,
        "items": items,
        "items_e4": goods,
        "shipping_e4": shipping,
        "total_e4": goods + shipping,
    }
    row.update(fields)  # type: ignore[typeddict-item]
    return row


@pytest.fixture
def documented(tx: Tx) -> Tx:
    """Order 46 of the documentation, paid, and ten of it given back."""
    assert import_orders(tx, [an_import(46), an_import(47)]) == [None, None]
    payments = [a_payment(49, 46, "35.00"), a_payment(51, 46, "0", amount_e4=-e4("10.00"))]
    assert import_payments(tx, [*payments, a_payment(60, 47, "35.00")]) == [None, None, None]
    return tx


def test_the_documented_refunds(documented: Tx) -> None:
    tx = documented
    first = a_refund(1234, e4("12"), -e4("2"), transaction_id=51, user_id=1000558)
    draft = a_refund(123456, e4("5"), 0, status="draft", parent_id=1234)
    assert import_refunds(tx, [first, draft]) == [None, None]
    assert balances(tx)["clearing:GATEWAY_XYZ"] == 6000
    assert balances(tx)["receivable"] == 0 + 0 if "receivable" in balances(tx) else True
    assert order_value(tx, 46, "refunded_minor") == 1000
    assert [item.amount_e4 for item in list_items(tx, 1234)] == [e4("12"), -e4("2")]
    assert prove_books(tx) == []
    assert process_refund(tx, refund_id=123456) == "success"
    assert get_refund(tx, 123456).transaction_id == 61
    assert prove_books(tx) == []


def test_each_wrong_row_is_told_and_the_others_kept(documented: Tx) -> None:
    tx = documented
    rows = [
        a_refund(1, e4("12"), 0),
        a_refund(1, e4("1"), 0),
        a_refund(2, e4("1"), 0, order_id=99),
        a_refund(3, e4("1"), 0, order_id=47),
        a_refund(4, e4("1"), 0, status="lost"),
        a_refund(5, e4("1"), 0, transaction_id=60),
        a_refund(6, e4("1"), 0, total_e4=e4("2")),
        a_refund(7, e4("18"), 0),
        a_refund(8, e4("1.001"), 0),
        a_refund(9, e4("1"), 0, items=[an_item(e4("1"), 46001, quantity=2)]),
        a_refund(10, e4("17.95"), e4("5.05")),
        a_refund(11, e4("0.01"), 0),
        a_refund(12, -e4("1"), e4("2"), status="draft"),
    ]
    names = [problem and type(problem).__name__ for problem in import_refunds(tx, rows)]
    assert names == [
        None, "Invalid", "Invalid", "LineNotFound", "Invalid", "Invalid", "Invalid", "RefundTooLarge",
        "Invalid", "Invalid", None, "AlreadyRefunded", "Invalid",
    ]  # fmt: skip
    with pytest.raises(ComptoirError):
        import_refund(tx, a_refund(1, e4("1"), 0))
    assert order_value(tx, 46, "refunded_minor") == 3500
    assert "tax_payable" in balances(tx)
    assert prove_books(tx) == []


HARM: dict[str, Update] = {
    "for the sale": update(Order).values(sale_transfer_id=null()),
    "for paid": update(Order).values(paid_minor=3501),
    "as paid": update(PaymentTransaction).where(PaymentTransaction.id == 49).values(amount_e4=1),
    "as repaid": update(PaymentTransaction).where(PaymentTransaction.id == 51).values(status="fail"),
    "as refunded": update(Refund).values(status="draft"),
    "back more": update(Order).values(refunded_minor=3600),
    "sum of its lines": update(OrderLine).values(tax_minor=1),
    "sum of its items": update(RefundItem).values(amount_e4=1),
}


@pytest.mark.unbalanced
@pytest.mark.parametrize("words", HARM)
def test_the_proof_finds_harm(words: str, documented: Tx) -> None:
    tx = documented
    import_refund(tx, a_refund(1, e4("10"), 0, transaction_id=51))
    assert prove_books(tx) == []
    tx.run(HARM[words])
    assert any(words in problem for problem in prove_books(tx)), prove_books(tx)
