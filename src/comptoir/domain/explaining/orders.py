"""What makes the amounts of an order, and what became of the money that was paid for it."""

from comptoir.domain.explaining.errors import NotExplained
from comptoir.domain.explaining.invoices import fee_node, told_elsewhere
from comptoir.domain.explaining.money_rows import postings_of_subject, postings_of_transfer
from comptoir.domain.explaining.nodes import Ask, Explanation, Link, Node, exact, minor
from comptoir.domain.explaining.order_rows import (
    RefundRow,
    get_order,
    list_payments,
    list_refunds,
)
from comptoir.domain.explaining.posted import against, on_account
from comptoir.domain.explaining.remaining import (
    CHARGED_BACK,
    CHARGES_LEFT,
    LEFT,
    explain_charged_back,
    explain_charges_left,
    explain_left,
)
from comptoir.domain.explaining.totals import charges_node, discount_of_order, tax_of_order, total_node
from comptoir.domain.explaining.whereabouts import whereabouts_of_order
from comptoir.domain.orders.chart import RECEIVABLE
from comptoir.domain.orders.sales import OrderBooks
from comptoir.domain.tx import Tx

TOTAL, PAID, REPAID, REFUNDED, BALANCE = "total", "paid", "repaid", "refunded", "balance"
MADE_OF = {"tax": tax_of_order, "discount": discount_of_order, "charges": charges_node}
E4_CHARGES = ("delivery", "insurance", "surcharge")
ELSEWHERE = ("customer_total", "usd_total")


def explain_order(tx: Tx, order_id: int, what: str, after: int = 0) -> Explanation:
    """One of an order's amounts, from a line on where there are many. Refuses: OrderNotFound, NotExplained."""
    order = get_order(tx, order_id)
    if what in MADE_OF:
        return Explanation(MADE_OF[what](tx, order, after))
    if what == TOTAL:
        return Explanation(total_node(tx, order, after), _recognised(tx, order))
    if what in E4_CHARGES:
        amount_e4 = getattr(order, f"{what}_e4")
        return Explanation(exact(what, amount_e4, order.currency, link=Link("order", order.id)))
    if what in ELSEWHERE:
        return Explanation(told_elsewhere(tx, order, what))
    if what == "fee":
        return Explanation(fee_node(tx, order))
    found = EXPLAINERS.get(what)
    if found is None:
        raise NotExplained(what)
    return found(tx, order)


def _recognised(tx: Tx, order: OrderBooks) -> Node | None:
    """How the books have the sale."""
    if order.sale_transfer_id is None:
        return None
    rows = postings_of_transfer(tx, order.sale_transfer_id)
    return against(rows, RECEIVABLE.code, "in the books, as the sale", order.currency)


def _paid(tx: Tx, order: OrderBooks) -> Explanation:
    """What came in, and where it is now."""
    parts = [
        exact(
            f"payment {row.id} by {row.gateway}", row.amount_e4, order.currency,
            why=f"on {row.date:%Y-%m-%d}", link=Link("payment", row.id), ask=Ask("payment", row.id, "amount"),
        )
        for row in list_payments(tx, order.id)
        if row.amount_e4 > 0
    ]  # fmt: skip
    made_of = minor(PAID, order.paid_minor, order.currency, link=Link("order", order.id), parts=parts)
    return Explanation(_of_parent(order, made_of), whereabouts_of_order(tx, order))


def _repaid(tx: Tx, order: OrderBooks) -> Explanation:
    """What went back to the customer."""
    parts = [
        exact(
            f"payment {row.id} by {row.gateway}", -row.amount_e4, order.currency,
            why=f"on {row.date:%Y-%m-%d}", link=Link("payment", row.id), ask=Ask("payment", row.id, "amount"),
        )
        for row in list_payments(tx, order.id)
        if row.amount_e4 < 0
    ]  # fmt: skip
    made_of = minor(
        "given back", order.repaid_minor, order.currency, link=Link("order", order.id), parts=parts
    )
    return Explanation(_of_parent(order, made_of))


def _refunded(tx: Tx, order: OrderBooks) -> Explanation:
    """What is no longer owed, and how the books have it."""
    parts = [_refund(row) for row in list_refunds(tx, order.id)]
    label, link = "refunded", Link("order", order.id)
    made_of = minor(label, order.refunded_minor, order.currency, link=link, parts=parts)
    rows = [row for row in postings_of_subject(tx, "order", order.id) if row.transfer_kind == "refund"]
    posted = on_account(rows, RECEIVABLE.code, order.currency, -1)
    went = minor("in the books", order.refunded_minor, order.currency, parts=posted) if posted else None
    return Explanation(_of_parent(order, made_of), went)


def _refund(row: RefundRow) -> Node:
    return exact(
        f"refund {row.id}", row.total_e4, row.currency,
        why=row.notes, link=Link("refund", row.id), ask=Ask("refund", row.id, "total"),
    )  # fmt: skip


def _balance(tx: Tx, order: OrderBooks) -> Explanation:
    """What the customer still owes (or has with us, below zero), and how the books have it."""
    is_recognised = order.sale_transfer_id is not None
    amounts = {
        TOTAL: order.total_minor if is_recognised else 0,
        PAID: -order.paid_minor,
        REPAID: order.repaid_minor,
        REFUNDED: -order.refunded_minor,
    }
    parts = [
        minor(what, amount, order.currency, ask=Ask("order", order.id, what))
        for what, amount in amounts.items()
    ]
    why = "" if is_recognised else f"the order is {order.status}: nobody owes its total"
    total, link = sum(amounts.values()), Link("order", order.id)
    made_of = minor("still owed", total, order.currency, why=why, link=link, parts=parts)
    posted = on_account(postings_of_subject(tx, "order", order.id), RECEIVABLE.code, order.currency)
    went = minor("in the books", total, order.currency, parts=posted) if posted else None
    return Explanation(_of_parent(order, made_of), went)


def _of_parent(order: OrderBooks, node: Node) -> Node:
    """A part of a split order has no money of its own."""
    if order.root_id == order.id:
        return node
    return minor(
        node.label, 0, order.currency, link=Link("order", order.id),
        why=f"the money stands with order {order.root_id}, which this one is a part of",
        ask=Ask("order", order.root_id, PAID),
    )  # fmt: skip


EXPLAINERS = {
    PAID: _paid, REPAID: _repaid, REFUNDED: _refunded, BALANCE: _balance,
    LEFT: explain_left, CHARGES_LEFT: explain_charges_left, CHARGED_BACK: explain_charged_back,
}  # fmt: skip
