"""What makes the amount of an order line: price, options, discounts, tax, and what rounding left over."""

from typing import NamedTuple

from comptoir.domain.explaining.errors import NotExplained
from comptoir.domain.explaining.nodes import TIMES, Ask, Explanation, Link, Node, exact, minor, times
from comptoir.domain.explaining.order_rows import (
    LineRow,
    get_line,
    get_order,
    list_items_of_line,
)
from comptoir.domain.explaining.prices import Offer, offers_of, price_parts
from comptoir.domain.explaining.remaining import line_left
from comptoir.domain.money import E4_PER_UNIT, decimal_of_e4, rounded
from comptoir.domain.orders.models import COUPON, SHIPPING, TAX
from comptoir.domain.orders.sales import OrderBooks
from comptoir.domain.tx import Tx

PERCENT = 100
ROUNDED = "rounded to what can be paid"
NAMES = {SHIPPING: "Delivery", TAX: "Tax", COUPON: "Coupon"}


class Priced(NamedTuple):
    """A line with the order that it is of, and what its product costs today."""

    order: OrderBooks
    line: LineRow
    offer: Offer | None


def explain_line(tx: Tx, line_id: int, what: str) -> Explanation:
    """What makes a line's amount, what of it was given back, and what is left of it.

    Refuses: LineNotFound, OrderNotFound, NotExplained.
    """
    line = get_line(tx, line_id)
    order = get_order(tx, line.order_id)
    priced = Priced(order, line, offers_of(tx, [line.product_id]).get(line.product_id))
    if what in OF_LINE:
        return Explanation(OF_LINE[what](priced))
    match what:
        case "amount":
            return Explanation(line_node(priced), _given_and_kept(tx, order, line))
        case "refunded":
            return Explanation(_refunded(tx, order, line))
        case "left":
            return Explanation(line_left(tx, order, line))
        case _:
            raise NotExplained(what)


def line_node(priced: Priced) -> Node:
    """What is to be paid for a line, and why."""
    order, line, _ = priced
    whole = _whole(priced)
    share = minor("share of the order's discount", -line.discount_share_minor, order.currency)
    tax = [] if order.tax_included or line.is_itemised else [tax_node(priced)]
    return minor(
        line_label(line), line.payable_minor(tax_included=order.tax_included), order.currency,
        why=_included(order, line), link=Link("line", line.id), parts=[*_flat(whole), share, *tax],
        ask=Ask("line", line.id, "amount"),
    )  # fmt: skip


def _whole(priced: Priced) -> Node:
    """What a line comes to before the order's discount."""
    order, line, _ = priced
    parts = [_goods(priced)]
    if line.discount_e4:
        why = f"{times(-line.discount_e4, line.quantity)}, the line's own"
        parts.append(
            exact("discount of the line", -line.discount_e4 * line.quantity, order.currency, why=why)
        )
    return minor(
        "before the order's discount", line.amount_minor, order.currency, link=Link("line", line.id),
        parts=parts, rest=_rest(priced, parts),
    )  # fmt: skip


def _piece(priced: Priced) -> Node:
    """What one piece costs."""
    order, line, _ = priced
    one = _goods(priced._replace(line=line._replace(quantity=1)))
    parts = one.parts if line.sign > 0 else ()
    link = Link("line", line.id)
    return exact("price of one piece", line.unit_price_e4, order.currency, link=link, parts=parts)


def line_label(line: LineRow) -> str:
    """What a line is called."""
    name = line.name or NAMES.get(line.type) or f"line {line.id}"
    name = f"{name}, {line.variant_name}" if line.variant_name else name
    return name if line.is_itemised else f"{line.quantity} {TIMES} {name}"


def tax_node(priced: Priced) -> Node:
    """The tax in a line or on it: what is shown per piece, and what rounding or a discount made of it."""
    order, line, _ = priced
    if line.type == TAX:
        return minor(line_label(line), line.amount_minor, order.currency)
    each_e4 = line.tax_e4 * line.quantity
    shown = exact("tax of the pieces", each_e4, order.currency, why=_tax_words(order, line))
    rest = "rounding remainder of the tax"
    if line.discount_share_minor:
        rest = "less tax for the order's discount, and the rounding remainder of the tax"
    elif not each_e4:
        rest = "share of the order's tax"
    return minor(
        "tax", line.tax_minor, order.currency,
        why="included in the price" if order.tax_included else "on top of the price",
        parts=[shown], rest=rest,
    )  # fmt: skip


def _flat(whole: Node) -> list[Node]:
    """A node, or its only part in its place."""
    return list(whole.parts) or [whole]


def _rest(priced: Priced, parts: list[Node]) -> str:
    """What is left over when the parts are rounded; an imported order's remainder is on its largest line."""
    over = minor("", priced.line.amount_minor, priced.order.currency).amount_e4
    over -= sum(part.amount_e4 for part in parts)
    half = minor("", 1, priced.order.currency).amount_e4
    return ROUNDED if 2 * abs(over) <= half else "rounding remainder of the whole order, on its largest line"


def _goods(priced: Priced) -> Node:
    order, line, offer = priced
    quantity, currency, sign = line.quantity, order.currency, line.sign
    whole_e4 = sign * line.unit_price_e4 * quantity
    why = times(line.unit_price_e4, quantity)
    if line.is_itemised:
        return exact(NAMES[line.type], whole_e4, currency, why=why)
    if line.price_e4 is None:
        parts = price_parts(offer, line.unit_price_e4, quantity, currency)
        return exact("price", whole_e4, currency, why=why, parts=parts)
    parts = [*price_parts(offer, line.price_e4, quantity, currency), *_extras(line, currency)]
    return exact("price", whole_e4, currency, why=why, parts=parts, rest="agreed on otherwise")


def _extras(line: LineRow, currency: str) -> list[Node]:
    """What chosen options and a first billing add to the price."""
    extras = [
        exact(f"option {one['name']}: {one['value']}", one["surcharge_e4"] * line.quantity, currency)
        for one in line.surcharges or ()
    ]
    if line.startup_fee_e4:
        why = "charged once, with the first billing"
        extras.append(exact("startup fee", line.startup_fee_e4 * line.quantity, currency, why=why))
    return extras


def _discounts(priced: Priced) -> Node:
    order, line, _ = priced
    own = exact("discount of the line", -line.discount_e4 * line.quantity, order.currency)
    share = minor("share of the order's discount", -line.discount_share_minor, order.currency)
    total_e4 = own.amount_e4 + share.amount_e4
    return exact("discounts", total_e4, order.currency, parts=[own, share], link=Link("line", line.id))


def _included(order: OrderBooks, line: LineRow) -> str:
    if line.is_itemised or not (order.tax_included and line.tax_minor):
        return ""
    return f"tax of {minor('', line.tax_minor, order.currency).amount} is included"


def _tax_words(order: OrderBooks, line: LineRow) -> str:
    """The rate that the tax of a piece comes to."""
    each, base_e4 = times(line.tax_e4, line.quantity), line.unit_price_e4 - line.discount_e4
    net_e4 = base_e4 - (line.tax_e4 if order.tax_included else 0)
    if net_e4 <= 0 or not line.tax_e4:
        return each
    rate = decimal_of_e4(rounded(line.tax_e4 * PERCENT * E4_PER_UNIT, net_e4), 2)
    return f"{each}, which is {rate.normalize():f} % of the price"


def _refunded(tx: Tx, order: OrderBooks, line: LineRow) -> Node:
    parts = [
        exact(
            f"refund {item.refund_id}", item.amount_e4, order.currency,
            why=f"{item.quantity} pieces" if item.quantity else "", link=Link("refund", item.refund_id),
            ask=Ask("refund", item.refund_id, "total"),
        )
        for item in list_items_of_line(tx, line.id)
    ]  # fmt: skip
    total_e4 = sum(part.amount_e4 for part in parts)
    return exact("given back", total_e4, order.currency, link=Link("line", line.id), parts=parts)


def _given_and_kept(tx: Tx, order: OrderBooks, line: LineRow) -> Node | None:
    """What of a line was given back, and what still stands."""
    payable = minor("", line.payable_minor(tax_included=order.tax_included), order.currency).amount_e4
    given = _refunded(tx, order, line)
    if not given.amount_e4:
        return None
    kept = exact("not given back", payable - given.amount_e4, order.currency)
    return exact("where it is now", payable, order.currency, parts=[given, kept])


OF_LINE = {"tax": tax_node, "discount": _discounts, "price": _piece, "before_discount": _whole}
