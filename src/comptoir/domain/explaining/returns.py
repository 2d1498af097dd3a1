"""What makes a refund: its items with the tax in each, and how the books have it."""

from comptoir.domain.explaining.errors import NotExplained
from comptoir.domain.explaining.money_rows import postings_of_transfer
from comptoir.domain.explaining.nodes import Ask, Explanation, Link, Node, exact, minor, shortened
from comptoir.domain.explaining.order_rows import (
    GET_ITEM,
    GET_REFUND,
    RefundItemRow,
    RefundRow,
    list_lines,
    list_refund_items,
)
from comptoir.domain.explaining.posted import against
from comptoir.domain.money import e4_of_minor
from comptoir.domain.orders.chart import RECEIVABLE
from comptoir.domain.refunds.errors import RefundNotFound
from comptoir.domain.refunds.models import AMOUNT, SHIPPING, SUCCESS
from comptoir.domain.tx import Tx

NAMES = {SHIPPING: "the charges", AMOUNT: "an amount of the order as a whole"}
AMOUNTS = ("total", "items", "shipping", "tax")


def explain_refund(tx: Tx, refund_id: int, what: str, after: int = 0) -> Explanation:
    """What a refund comes to, altogether or for the goods, for the charges, or as tax.

    Refuses: RefundNotFound, NotExplained.
    """
    refund = get_refund_row(tx, refund_id)
    if what not in AMOUNTS:
        raise NotExplained(what)
    items = list_refund_items(tx, refund_id)
    names = names_of_lines(tx, refund.order_id)
    link = Link("refund", refund.id)
    if what == "tax":
        parts = [minor(_name(one, names), one.tax_minor, refund.currency) for one in items]
        return Explanation(_summed("tax", refund, parts))
    chosen = [one for one in items if what == "total" or (one.type == SHIPPING) == (what == "shipping")]
    more, nodes = Ask("refund", refund.id, what), [_item(one, refund, names) for one in chosen]
    parts = shortened(nodes, refund.currency, more, after)
    if what != "total":
        return Explanation(_summed(what, refund, parts))
    why = refund.notes if refund.status == SUCCESS else f"{refund.status}: nothing moved"
    made_of = exact("refund", refund.total_e4, refund.currency, why=why, link=link, parts=parts)
    return Explanation(made_of, _in_books(tx, refund))


def explain_refund_item(tx: Tx, item_id: int, what: str) -> Explanation:
    """What is given back of one line, or the tax in that. Refuses: RefundNotFound, NotExplained."""
    row = tx.one(GET_ITEM, item_id=item_id)
    if row is None or what not in {"amount", "tax"}:
        raise NotExplained(what if row else f"of item {item_id}")
    item = RefundItemRow(*row)
    refund = get_refund_row(tx, item.refund_id)
    names = names_of_lines(tx, refund.order_id)
    if what == "amount":
        return Explanation(_item(item, refund, names))
    whole = exact("", item.amount_e4, refund.currency).amount
    why = f"in the {whole} that are given back: as much of the tax as is given back of what was to be paid"
    link = Link("refund", refund.id)
    return Explanation(minor("tax in it", item.tax_minor, refund.currency, why=why, link=link))


def names_of_lines(tx: Tx, order_id: int) -> dict[int, str]:
    """What the lines of an order are called, by their ids."""
    return {line.id: line.name or f"line {line.id}" for line in list_lines(tx, order_id)}


def get_refund_row(tx: Tx, refund_id: int) -> RefundRow:
    """One refund. Refuses: RefundNotFound."""
    row = tx.one(GET_REFUND, refund_id=refund_id)
    if row is None:
        raise RefundNotFound(refund_id)
    return RefundRow(*row)


def _summed(label: str, refund: RefundRow, parts: list[Node]) -> Node:
    total_e4 = sum(part.amount_e4 for part in parts)
    return exact(label, total_e4, refund.currency, link=Link("refund", refund.id), parts=parts)


def _item(item: RefundItemRow, refund: RefundRow, names: dict[int, str]) -> Node:
    """What is given back of one line; how much of it is tax is known when the refund succeeds."""
    link = Link("line", item.order_line_id) if item.order_line_id in names else None
    why = f"{item.quantity} pieces" if item.quantity else ""
    tax_e4 = e4_of_minor(item.tax_minor, refund.currency)
    parts = []
    if item.tax_minor:
        parts = [
            exact("without tax", item.amount_e4 - tax_e4, refund.currency),
            exact("tax in it", tax_e4, refund.currency),
        ]
    label = _name(item, names)
    ask = Ask("refund_item", item.id, "amount")
    return exact(label, item.amount_e4, refund.currency, why=why, link=link, parts=parts, ask=ask)


def _name(item: RefundItemRow, names: dict[int, str]) -> str:
    return names.get(item.order_line_id) or NAMES.get(item.type, item.type)


def _in_books(tx: Tx, refund: RefundRow) -> Node | None:
    """What the refund posted: goods and charges taken back, tax not owed any more."""
    if refund.transfer_id is None:
        return None
    rows = [
        row._replace(amount_minor=-row.amount_minor) for row in postings_of_transfer(tx, refund.transfer_id)
    ]
    return against(rows, RECEIVABLE.code, "in the books", refund.currency)
