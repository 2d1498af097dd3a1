"""What makes the amounts that an invoice keeps: the fee, and the total in other currencies."""

from comptoir.domain.explaining.errors import NotExplained
from comptoir.domain.explaining.nodes import Link, Node, exact, minor, plain
from comptoir.domain.explaining.order_rows import Invoiced, find_invoiced
from comptoir.domain.merchant.amounts import MILLION, fee_of
from comptoir.domain.merchant.queries import get_merchant
from comptoir.domain.money import E4_PER_UNIT, e4_of_minor, rounded
from comptoir.domain.orders.sales import OrderBooks
from comptoir.domain.orders.worth import USD
from comptoir.domain.tx import Tx

PERCENT_PPM = MILLION // 100


def fee_node(tx: Tx, order: OrderBooks) -> Node:
    """What processing a sale costs. Refuses: NotExplained (no invoice)."""
    fee_minor = get_invoiced(tx, order, "fee").fee_minor
    merchant, link, label = get_merchant(tx), Link("order", order.id), "fee for processing"
    if fee_of(merchant, order.total_minor) != fee_minor or not fee_minor:
        why = "as it was agreed on when the order was placed"
        return minor(label, fee_minor, order.currency, why=why, link=link)
    total_e4 = e4_of_minor(order.total_minor, order.currency)
    rate = f"{plain(rounded(merchant.fee_ppm * E4_PER_UNIT, PERCENT_PPM))} %"
    share_e4 = rounded(total_e4 * merchant.fee_ppm, MILLION)
    parts = [
        exact(f"{rate} of {minor('', order.total_minor, order.currency).amount}", share_e4, order.currency),
        minor("for each sale", merchant.fee_fixed_minor, order.currency),
    ]
    return minor(label, fee_minor, order.currency, link=link, parts=parts, rest="the share is rounded up")


def get_invoiced(tx: Tx, order: OrderBooks, what: str) -> Invoiced:
    """What an order's invoice keeps. Refuses: NotExplained (no invoice)."""
    invoiced = find_invoiced(tx, order.id)
    if invoiced is None:
        raise NotExplained(what)
    return invoiced


def told_elsewhere(tx: Tx, order: OrderBooks, what: str) -> Node:
    """The total in the buyer's currency or in US dollars. Refuses: NotExplained (no invoice)."""
    invoiced = get_invoiced(tx, order, what)
    is_usd = what == "usd_total"
    amount = invoiced.usd_total_minor if is_usd else invoiced.customer_total_minor
    currency = USD if is_usd else invoiced.customer_currency
    own = minor("", order.total_minor, order.currency).amount
    if is_usd and invoiced.usd_total_minor == order.total_minor and order.currency != USD:
        why = f"{own} {order.currency}: no rate is kept, so it is told as it is"
    else:
        why = f"{own} {order.currency} at the rate of {order.created_at:%Y-%m-%d}"
    return minor(f"total in {currency}", amount, currency, why=why, link=Link("order", order.id))
