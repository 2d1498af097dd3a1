"""What makes the lines that say what is charged and given on an order: its coupon and its tax."""

from collections.abc import Sequence

from comptoir.domain.coupons.amounts import Discount, discount_of
from comptoir.domain.coupons.errors import BelowMinimum, CouponNotFound, WrongProduct
from comptoir.domain.coupons.queries import get_coupon
from comptoir.domain.explaining.nodes import Link, Node, exact, minor, plain
from comptoir.domain.explaining.order_rows import LineRow, find_invoiced
from comptoir.domain.merchant.queries import TaxFacts, tax_rate_of
from comptoir.domain.money import E4_PER_UNIT, e4_of_minor, rounded
from comptoir.domain.orders.models import COUPON, SHIPPING
from comptoir.domain.orders.sales import OrderBooks
from comptoir.domain.tx import Tx

PPM = 1_000_000
PERCENT_E4 = PPM // 100
# More than a checkout sells; such an order came from elsewhere.
PIECES_MAX = 2_000


def coupon_node(tx: Tx, order: OrderBooks, line: LineRow, lines: Sequence[LineRow]) -> Node:
    """What a coupon takes off, by line, if it still takes the same off as it did then."""
    link, label = Link("coupon_code", line.name), f"coupon {line.name}"
    found = _discount(tx, line.name, lines, order.currency)
    if found is None or -found.total != line.amount_minor:
        why = "as it was when the order was placed; the coupon is gone, or takes off something else today"
        return minor(label, line.amount_minor, order.currency, why=why, link=link)
    goods = [one for one in lines if not one.is_itemised]
    offs = dict.fromkeys((one.id for one in goods), 0)
    for one, off in zip(_pieces(goods), found.on_lines, strict=True):
        offs[one.id] -= off
    parts = [
        minor(f"off {one.name or one.id}", offs[one.id], order.currency, link=Link("line", one.id))
        for one in goods
    ]
    parts.append(minor("off the delivery", -found.on_shipping, order.currency))
    return minor(label, line.amount_minor, order.currency, link=link, parts=parts)


def tax_line_node(tx: Tx, order: OrderBooks, line: LineRow, lines: Sequence[LineRow]) -> Node:
    """What a tax comes to, if the rule of today still gives the same."""
    label, currency = line.name or "Tax", order.currency
    invoiced = find_invoiced(tx, order.id)
    country, state = ("", "") if invoiced is None else invoiced.place
    rule = tax_rate_of(tx, country, state) if country else None
    base = 0 if rule is None else _taxed_minor(tx, rule, lines, currency)
    if rule is None or rounded(base * rule.rate_ppm, PPM) != line.amount_minor:
        why = "as it was when the order was placed"
        return minor(label, line.amount_minor, currency, why=why, link=Link("line", line.id))
    rate = f"{plain(rule.rate_ppm * E4_PER_UNIT // PERCENT_E4)} %"
    where = " ".join(part for part in (rule.country, rule.state) if part)
    due_e4 = rounded(e4_of_minor(base, currency) * rule.rate_ppm, PPM)
    share = exact(
        f"{rate} of {minor('', base, currency).amount}", due_e4, currency, why=f"the tax of {where}"
    )
    return minor(
        label, line.amount_minor, currency, link=Link("line", line.id),
        parts=[share], rest="rounding remainder of the tax",
    )  # fmt: skip


def _discount(tx: Tx, code: str, lines: Sequence[LineRow], currency: str) -> Discount | None:
    """What a coupon takes off these lines today; None when it is gone or not for them."""
    goods = [one for one in lines if not one.is_itemised]
    if sum(one.quantity for one in goods) > PIECES_MAX:
        return None
    shipping = sum(one.amount_minor for one in lines if one.type == SHIPPING)
    pieces = [(one.product_id, one.amount_minor // max(one.quantity, 1)) for one in _pieces(goods)]
    try:
        coupon = get_coupon(tx, code)
        return discount_of(coupon, lines=pieces, shipping_minor=shipping, currency=currency)
    except (CouponNotFound, WrongProduct, BelowMinimum):
        return None


def _pieces(goods: Sequence[LineRow]) -> list[LineRow]:
    """Each line as often as it has pieces; those of a checkout have one."""
    return [one for one in goods for _ in range(one.quantity)]


def _taxed_minor(tx: Tx, rule: TaxFacts, lines: Sequence[LineRow], currency: str) -> int:
    """What a tax is reckoned on: the goods and, where that is so, the delivery, less what coupons took off."""
    taxed = sum(one.amount_minor for one in lines if not one.is_itemised)
    shipping = sum(one.amount_minor for one in lines if one.type == SHIPPING)
    off_goods = off_shipping = 0
    for coupon in (one for one in lines if one.type == COUPON):
        found = _discount(tx, coupon.name, lines, currency)
        if found is not None:
            off_goods += sum(found.on_lines)
            off_shipping += found.on_shipping
    on_shipping = shipping - off_shipping if rule.is_on_shipping else 0
    return taxed - off_goods + on_shipping
