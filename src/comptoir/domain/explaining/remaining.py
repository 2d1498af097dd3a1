"""What may still be refunded, of a line, of the charges and of the order: what is due less what was given."""

from comptoir.domain.explaining.chargebacks import chargeback_nodes
from comptoir.domain.explaining.nodes import Ask, Explanation, Link, Node, minor
from comptoir.domain.explaining.order_rows import LineRow, list_chargebacks
from comptoir.domain.orders.sales import OrderBooks
from comptoir.domain.refunds.amounts import Refundable
from comptoir.domain.refunds.standing import Standing, find_standings
from comptoir.domain.tx import Tx

LEFT, CHARGES_LEFT, CHARGED_BACK = "left", "charges_left", "charged_back"


def explain_left(tx: Tx, order: OrderBooks) -> Explanation:
    """What may still be refunded of an order: of its total, and of the money that is here; the lesser counts."""
    standing = _standing(tx, order)
    balance, money = standing.balance_minor, standing.purse.left_minor(is_paid_out=False)
    node = _of_total(standing) if balance <= money else _of_money(standing)
    return Explanation(node)


def explain_charges_left(tx: Tx, order: OrderBooks) -> Explanation:
    """What may still be refunded of the charges, and of the lines that charge for shipping."""
    standing = _standing(tx, order)
    parts = [
        minor(
            standing.lines[key].name, standing.lines[key].left_minor, order.currency,
            link=Link("line", key), ask=Ask("line", key, LEFT),
        )
        for key in standing.shipping_ids
    ]  # fmt: skip
    parts.append(_less("the charges", standing.charges, order.currency, Ask("order", order.id, "charges")))
    total = sum(standing.lines[key].left_minor for key in standing.shipping_ids)
    return Explanation(
        minor(
            "left of the charges", total + standing.charges.left_minor, order.currency,
            link=Link("order", order.id), parts=parts,
        )
    )  # fmt: skip


def explain_charged_back(tx: Tx, order: OrderBooks) -> Explanation:
    """What buyers' banks took back of an order's payments."""
    rows = list_chargebacks(tx, order.root_id)
    total, link = sum(row.amount_minor for row in rows), Link("order", order.id)
    return Explanation(
        minor("taken back by banks", total, order.currency, link=link, parts=chargeback_nodes(rows))
    )


def line_left(tx: Tx, order: OrderBooks, line: LineRow) -> Node:
    """What may still be refunded of a line; of a bundle's part no more than is left of the bundle."""
    left = _standing(tx, order).lines[line.id]
    node = _less("left of the line", left, order.currency, Ask("line", line.id, "amount"))
    return Node(
        label=node.label, amount_e4=node.amount_e4, currency=node.currency,
        link=Link("line", line.id), parts=node.parts,
    )  # fmt: skip


def _standing(tx: Tx, order: OrderBooks) -> Standing:
    return find_standings(tx, [order.id], is_looking=True)[order.id]


def _less(label: str, left: Refundable, currency: str, ask: Ask) -> Node:
    """What was to be paid for it less what was given back of it."""
    parts = [
        minor("to be paid for it", left.paid_for_minor, currency, ask=ask),
        minor("given back of it", -left.given_minor, currency),
    ]
    return minor(label, left.left_minor, currency, parts=parts, rest="no more than is left of the bundle")


def _of_total(standing: Standing) -> Node:
    order = standing.order
    parts = [
        minor("total", order.total_minor, order.currency, ask=Ask("order", order.id, "total")),
        minor("given back of it", standing.balance_minor - order.total_minor, order.currency),
    ]
    return minor(
        "left of the total", standing.balance_minor, order.currency, link=Link("order", order.id), parts=parts
    )


def _of_money(standing: Standing) -> Node:
    """The money of the order in whose books this one stands."""
    root, purse = standing.root, standing.purse
    is_repaid = purse.repaid_minor > purse.refunded_minor
    gone, what = (purse.repaid_minor, "repaid") if is_repaid else (purse.refunded_minor, "refunded")
    parts = [
        minor("paid", purse.paid_minor, root.currency, ask=Ask("order", root.id, "paid")),
        minor(
            "taken back by the buyer's bank", -purse.charged_back_minor, root.currency,
            ask=Ask("order", root.id, CHARGED_BACK),
        ),
        minor(
            "given back" if is_repaid else "refunded", -gone, root.currency, ask=Ask("order", root.id, what)
        ),
    ]  # fmt: skip
    left = purse.left_minor(is_paid_out=False)
    return minor("left of the money", left, root.currency, link=Link("order", root.id), parts=parts)
