"""What makes a payment, and where its money went."""

from comptoir.domain.explaining.errors import NotExplained
from comptoir.domain.explaining.money_rows import entries_of_order, postings_of_transfer
from comptoir.domain.explaining.nodes import Ask, Explanation, Link, Node, exact, minor
from comptoir.domain.explaining.order_rows import (
    GET_PAYMENT,
    REFUNDS_BY_PAYMENT,
    PaymentRow,
    RefundRow,
    find_invoiced,
    get_order,
)
from comptoir.domain.explaining.posted import against
from comptoir.domain.explaining.totals import total_node
from comptoir.domain.explaining.whereabouts import settled_nodes
from comptoir.domain.orders.chart import clearing
from comptoir.domain.orders.sales import OrderBooks
from comptoir.domain.payments.errors import PaymentNotFound
from comptoir.domain.payments.models import SUCCESS
from comptoir.domain.payouts.models import FEE, RESERVE_HELD, SALE
from comptoir.domain.tx import Tx

OF_DEPOSITS = frozenset({SALE, FEE, RESERVE_HELD})


def explain_payment(tx: Tx, payment_id: int, what: str) -> Explanation:
    """What a payment was for, and where its money went. Refuses: PaymentNotFound, OrderNotFound, NotExplained."""
    row = tx.one(GET_PAYMENT, payment_id=payment_id)
    if row is None:
        raise PaymentNotFound(payment_id)
    if what != "amount":
        raise NotExplained(what)
    payment = PaymentRow(*row)
    order = get_order(tx, payment.order_id)
    if payment.status != SUCCESS:
        return Explanation(_leaf(payment, f"{payment.status}: nothing moved"))
    if payment.amount_e4 < 0:
        return Explanation(_given_back(tx, payment), _in_books(tx, payment))
    return Explanation(_for_order(tx, payment, order), _went(tx, payment, order))


def _leaf(payment: PaymentRow, why: str) -> Node:
    link = Link("payment", payment.id)
    return exact("payment", payment.amount_e4, payment.currency, why=why, link=link)


def _for_order(tx: Tx, payment: PaymentRow, order: OrderBooks) -> Node:
    """What came in, as the order's total less what this payment was not for."""
    if payment.currency != order.currency:
        return _leaf(payment, f"for order {order.id}")
    return exact(
        "payment", payment.amount_e4, payment.currency,
        why=f"for order {order.id}, by {payment.gateway} on {payment.date:%Y-%m-%d}",
        link=Link("payment", payment.id), parts=[total_node(tx, order)],
        rest="what this payment was not for, or more than the order",
    )  # fmt: skip


def _given_back(tx: Tx, payment: PaymentRow) -> Node:
    rows = [
        RefundRow(*row)
        for row in tx.all(REFUNDS_BY_PAYMENT, order_id=payment.order_id, payment_id=payment.id)
    ]
    parts = [
        exact(
            f"refund {row.id}", -row.total_e4, row.currency,
            why=row.notes, link=Link("refund", row.id), ask=Ask("refund", row.id, "total"),
        )
        for row in rows
    ]  # fmt: skip
    why = f"given back by {payment.gateway} on {payment.date:%Y-%m-%d}"
    return exact(
        "payment", payment.amount_e4, payment.currency,
        why=why, link=Link("payment", payment.id), parts=parts, rest="given back without a refund",
    )  # fmt: skip


def _in_books(tx: Tx, payment: PaymentRow) -> Node | None:
    if payment.transfer_id is None:
        return None
    rows = postings_of_transfer(tx, payment.transfer_id)
    return against(rows, clearing(payment.gateway).code, "in the books", payment.currency)


def _went(tx: Tx, payment: PaymentRow, order: OrderBooks) -> Node | None:
    """Settled with what was kept of it, or still with the gateway, out of whose account refunds are paid."""
    invoiced = find_invoiced(tx, order.id)
    if invoiced is None or invoiced.payment_id != payment.id or payment.currency != tx.shop.currency:
        return _in_books(tx, payment)
    entries = [entry for entry in entries_of_order(tx, order.root_id) if entry.kind in OF_DEPOSITS]
    settled = settled_nodes(entries, payment.currency)
    if not settled:
        return _in_books(tx, payment)
    rest = minor("", 0, payment.currency)
    over = payment.amount_e4 - sum(node.amount_e4 for node in settled)
    if over:
        rest = exact("not settled with this payment", over, payment.currency)
    link = Link("payment", payment.id)
    parts = [*settled, rest]
    return exact("where it went", payment.amount_e4, payment.currency, link=link, parts=parts)
