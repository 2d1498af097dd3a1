"""What makes an order's total, its tax, its discount and its charges."""

from comptoir.domain.explaining.charging import coupon_node, tax_line_node
from comptoir.domain.explaining.lines import Priced, line_node, tax_node
from comptoir.domain.explaining.nodes import Ask, Link, Node, exact, minor, shortened
from comptoir.domain.explaining.order_rows import LineRow, list_lines
from comptoir.domain.explaining.prices import offers_of
from comptoir.domain.money import minor_of_e4
from comptoir.domain.orders.models import COUPON, TAX
from comptoir.domain.orders.sales import OrderBooks
from comptoir.domain.tx import Tx

ROUNDED = "rounded to what can be paid"
CHARGES = ("delivery", "insurance", "surcharge")


def total_node(tx: Tx, order: OrderBooks, after: int = 0) -> Node:
    """What is to be paid for an order, and why: its lines, its charges, the tax that comes on top."""
    lines = _lines(tx, order)
    link, ask = Link("order", order.id), Ask("order", order.id, "total")
    parts = shortened([_line(tx, order, priced, lines) for priced in lines], order.currency, ask, after)
    charges = _charges(order, lines)
    included = "prices include tax" if order.tax_included else "tax comes on top of the prices"
    why = "" if _is_itemised(lines) else included
    return minor(
        "total", order.total_minor, order.currency, why=why, link=link, ask=ask, parts=[*parts, *charges]
    )


def charges_node(tx: Tx, order: OrderBooks, _after: int = 0) -> Node:
    """What is charged on the order as a whole, less what of the discount goes beyond the lines."""
    charged = _charges(order, _lines(tx, order))
    total_e4 = sum(node.amount_e4 for node in charged)
    return exact("charges", total_e4, order.currency, link=Link("order", order.id), parts=charged)


def tax_of_order(tx: Tx, order: OrderBooks, after: int = 0) -> Node:
    """The tax in or on an order, by its lines and charges; an imported one shows fractions of a cent too."""
    lines = _lines(tx, order)
    if _is_itemised(lines):
        parts = [_line(tx, order, one, lines) for one in lines if one.line.type == TAX]
    else:
        more, nodes = Ask("order", order.id, "tax"), [_tax_of_line(one) for one in lines]
        parts = shortened(nodes, order.currency, more, after)
        parts.append(minor("tax on the charges", order.charges_tax_minor, order.currency))
    why = "included in the prices" if order.tax_included and not _is_itemised(lines) else ""
    return exact(
        "tax", order.tax_e4, order.currency, why=why, link=Link("order", order.id), parts=parts,
        rest="fractions of a cent, as the order came with them",
    )  # fmt: skip


def discount_of_order(tx: Tx, order: OrderBooks, after: int = 0) -> Node:
    """What was taken off the order as a whole, and from which lines."""
    lines = _lines(tx, order)
    if _is_itemised(lines):
        coupons = [_line(tx, order, one, lines) for one in lines if one.line.type == COUPON]
        parts = [_negated(one) for one in coupons]
    else:
        shares = [
            minor(
                _name(one.line), one.line.discount_share_minor, order.currency, link=Link("line", one.line.id)
            )
            for one in lines
        ]
        parts = shortened(shares, order.currency, Ask("order", order.id, "discount"), after)
        parts.append(minor("from the charges", _beyond_lines(order, lines), order.currency))
    return exact(
        "discount", order.discount_e4, order.currency, link=Link("order", order.id), parts=parts, rest=ROUNDED
    )


def _lines(tx: Tx, order: OrderBooks) -> list[Priced]:
    """The lines that are paid for: a bundle's parts are paid with it."""
    lines = [line for line in list_lines(tx, order.id) if line.parent_line_id is None]
    offers = offers_of(tx, (line.product_id for line in lines))
    return [Priced(order, line, offers.get(line.product_id)) for line in lines]


def _is_itemised(lines: list[Priced]) -> bool:
    return any(one.line.is_itemised for one in lines)


def _line(tx: Tx, order: OrderBooks, priced: Priced, lines: list[Priced]) -> Node:
    if priced.line.type == COUPON:
        return coupon_node(tx, order, priced.line, [one.line for one in lines])
    if priced.line.type == TAX:
        return tax_line_node(tx, order, priced.line, [one.line for one in lines])
    return line_node(priced)


def _charges(order: OrderBooks, lines: list[Priced]) -> list[Node]:
    """Delivery, insurance and surcharge; an itemised order and a part of a split one have none."""
    if _is_itemised(lines):
        return []
    charges = []
    for name in CHARGES:
        e4 = getattr(order, f"{name}_e4")
        charges.append(
            minor(
                name, minor_of_e4(e4, order.currency), order.currency,
                parts=[exact("as it was charged", e4, order.currency)], rest=ROUNDED,
            )
        )  # fmt: skip
    charges.append(minor("the discount, from the charges", -_beyond_lines(order, lines), order.currency))
    if not order.tax_included:
        charges.append(minor("tax on the charges", order.charges_tax_minor, order.currency))
    return [_plain(charge) for charge in charges if charge.amount_e4]


def _plain(charge: Node) -> Node:
    """A charge that needs no rounding needs no parts."""
    if len(charge.parts) > 1:
        return charge
    return Node(label=charge.label, amount_e4=charge.amount_e4, currency=charge.currency)


def _beyond_lines(order: OrderBooks, lines: list[Priced]) -> int:
    """What of the discount is more than the lines cost, so that it is off the charges."""
    on_lines = sum(one.line.discount_share_minor for one in lines)
    return minor_of_e4(order.discount_e4, order.currency) - on_lines


def _tax_of_line(priced: Priced) -> Node:
    node = tax_node(priced)
    return minor(
        _name(priced.line), priced.line.tax_minor, priced.order.currency,
        why=node.why, link=Link("line", priced.line.id), parts=node.parts,
    )  # fmt: skip


def _name(line: LineRow) -> str:
    return line.name or f"line {line.id}"


def _negated(node: Node) -> Node:
    return Node(
        label=node.label, amount_e4=-node.amount_e4, currency=node.currency, why=node.why, link=node.link,
        parts=tuple(_negated(part) for part in node.parts), is_gap=node.is_gap,
    )  # fmt: skip
