"""What there is to pay for a cart: its lines, then shipping, the coupon and the tax, in both currencies.

Shipping and tax are added to what comes from the catalogue; a shop that says its own lines says these too.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from comptoir.domain.checkout.addresses import Address
from comptoir.domain.checkout.carts import PLUG_AND_PLAY, Cart, CartLine, checked
from comptoir.domain.checkout.errors import CouponTooMuch
from comptoir.domain.coupons.amounts import CouponFacts, Discount, discount_of
from comptoir.domain.coupons.queries import usable_coupon
from comptoir.domain.merchant.amounts import exchanged
from comptoir.domain.merchant.queries import (
    ShippingFacts,
    TaxFacts,
    find_ratio,
    shipping_methods,
    tax_rate_of,
)
from comptoir.domain.money import e4_of_minor, minor_of_e4, rounded
from comptoir.domain.orders.models import COUPON, SHIPPING, TAX
from comptoir.domain.tx import Tx

PPM = 1_000_000


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the buyer has said that the bill depends on."""

    currency: str
    coupon: str = ""
    method_id: int | None = None
    place: Address | None = None


@dataclass(frozen=True, slots=True)
class Bill:
    """What there is to pay. `customer_total_minor` is the total in the buyer's currency."""

    kind: str
    lines: tuple[CartLine, ...]
    currency: str
    total_minor: int
    customer_currency: str
    customer_total_minor: int
    coupon: str = ""
    shipping_method: str = ""
    carrier: str = ""

    def shown(self, minor: int) -> int:
        """An amount of the bill in the buyer's currency, at the bill's own ratio."""
        return rounded(minor * self.customer_total_minor, self.total_minor)

    @property
    def recurs(self) -> bool:
        """Whether anything on it is billed again."""
        return any(line.recurrence is not None for line in self.lines)

    @property
    def is_tangible(self) -> bool:
        """Whether anything on it must be sent."""
        return any(line.is_tangible and line.quantity for line in self.lines)


def make_bill(tx: Tx, cart: Cart, wishes: Wishes) -> Bill:
    """What there is to pay for a cart. Without a place yet, no shipping and no tax is on it.

    Refuses: CouponNotFound, CouponExpired, WrongProduct, BelowMinimum, CouponTooMuch, CartRefused (total).
    """
    currency = tx.shop.currency
    way = chosen_way(tx, cart, wishes)
    lines = [*cart.lines, *_shipping_lines(cart, way)]
    coupon = usable_coupon(tx, wishes.coupon) if wishes.coupon else None
    discount = None if coupon is None else _discount(lines, coupon, currency)
    if coupon is not None and discount is not None and discount.total:
        amount = e4_of_minor(discount.total, currency)
        lines.append(CartLine(type=COUPON, name=coupon.code, price_e4=amount, key="coupon"))
        if sum(line.minor(currency) for line in lines) <= 0:
            raise CouponTooMuch(coupon.code)
    tax = _tax(tx, cart, wishes.place)
    if tax is not None:
        lines += _tax_lines(lines, tax, discount, currency)
    whole = checked(cart.with_lines(lines), currency)
    total = whole.minor(currency)
    target, in_customers = _worth(tx, total, wishes.currency)
    return Bill(
        kind=cart.kind,
        lines=whole.lines,
        currency=currency,
        total_minor=total,
        customer_currency=target,
        customer_total_minor=in_customers,
        coupon="" if coupon is None else coupon.code,
        shipping_method=way.name if way else "",
        carrier=way.carrier if way else "",
    )


def ways_to_ship(tx: Tx, cart: Cart, place: Address | None) -> list[ShippingFacts]:
    """The ways to ship that a buyer may choose from: of what comes from the catalogue and is sent."""
    if cart.kind != PLUG_AND_PLAY or not cart.is_tangible or place is None or not place.country:
        return []
    return shipping_methods(tx, place.country)


def chosen_way(tx: Tx, cart: Cart, wishes: Wishes) -> ShippingFacts | None:
    """The way that was chosen, or the cheapest that there is."""
    ways = ways_to_ship(tx, cart, wishes.place)
    return next((way for way in ways if way.id == wishes.method_id), ways[0] if ways else None)


def _shipping_lines(cart: Cart, way: ShippingFacts | None) -> list[CartLine]:
    """The way to ship with what the products ask for handling."""
    handling = sum((line.handling_e4 or 0) * line.quantity for line in cart.goods)
    sent = sum(line.quantity for line in cart.goods if line.is_tangible)
    price = handling + (way.price_of(sent) if way else 0)
    if way is None and not handling:
        return []
    name = way.name if way else "Handling"
    return [CartLine(type=SHIPPING, name=name, price_e4=price, is_tangible=bool(sent), key="shipping")]


def _discount(lines: Sequence[CartLine], coupon: CouponFacts, currency: str) -> Discount:
    """Refuses: WrongProduct, BelowMinimum."""
    pieces = [
        (line.product_id, minor_of_e4(line.piece_e4, currency))
        for line in lines
        if line.is_goods
        for _ in range(line.quantity)
    ]
    shipping = sum(line.minor(currency) for line in lines if line.type == SHIPPING)
    return discount_of(coupon, lines=pieces, shipping_minor=shipping, currency=currency)


def _tax(tx: Tx, cart: Cart, place: Address | None) -> TaxFacts | None:
    if cart.kind != PLUG_AND_PLAY or place is None or not place.country:
        return None
    return tax_rate_of(tx, place.country, place.state)


def _tax_lines(
    lines: Sequence[CartLine], tax: TaxFacts, discount: Discount | None, currency: str
) -> list[CartLine]:
    goods = sum(line.minor(currency) for line in lines if line.is_goods)
    goods -= sum(discount.on_lines) if discount else 0
    shipping = sum(line.minor(currency) for line in lines if line.type == SHIPPING)
    shipping -= discount.on_shipping if discount else 0
    due = rounded((goods + (shipping if tax.is_on_shipping else 0)) * tax.rate_ppm, PPM)
    if not due:
        return []
    return [CartLine(type=TAX, name=tax.name or "Tax", price_e4=e4_of_minor(due, currency), key="tax")]


def _worth(tx: Tx, total: int, wanted: str) -> tuple[str, int]:
    """The buyer's currency and the total in it; the shop's own when nobody knows, or when it would be nothing."""
    own = tx.shop.currency
    ratio = find_ratio(tx, own, wanted or own, tx.shop.local(tx.now).date())
    minor = 0 if ratio is None else exchanged(total, own, wanted or own, ratio)
    return (wanted or own, minor) if minor > 0 else (own, total)
