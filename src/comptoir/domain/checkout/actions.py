"""Verbs on checkouts before they are paid: open one from a shop's link, and fill in what a sale needs."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import TypedDict, Unpack

from sqlalchemy import bindparam, delete

from comptoir.domain.checkout.addresses import Address, address_problems, prefilled
from comptoir.domain.checkout.answers import Answers, kept
from comptoir.domain.checkout.asking import may_change_quantities, quantity_max, read_cart, sid_of
from comptoir.domain.checkout.bills import Wishes, make_bill
from comptoir.domain.checkout.carts import Cart
from comptoir.domain.checkout.errors import CheckoutClosed, CheckoutOver, SellerUnknown
from comptoir.domain.checkout.models import OPEN, Checkout
from comptoir.domain.checkout.parameters import Parameters, read_parameters
from comptoir.domain.checkout.queries import (
    COUPON_REFUSALS,
    CheckoutRow,
    CheckoutView,
    place_of,
    take_checkout,
    view_checkout,
)
from comptoir.domain.checkout.stocktaking import refuse_sold_out
from comptoir.domain.errors import Invalid
from comptoir.domain.identity.texts import SHORT_TEXT_MAX, Problem, refuse
from comptoir.domain.merchant.models import ALWAYS, PER_SALE
from comptoir.domain.merchant.queries import get_merchant
from comptoir.domain.tx import Tx

GOOD_FOR = timedelta(hours=24)
# What was never paid for is forgotten after a while.
FORGOTTEN_AFTER = timedelta(days=30)
KEY_BYTES = 24
COUPON_MAX = 64

FORGET = delete(Checkout).where(Checkout.state == OPEN, Checkout.expires_at < bindparam("before"))


class Filled(TypedDict, total=False):
    """What a buyer may say, all of it or some. `quantities` and `chosen` go by the keys of the lines."""

    billing: Address
    shipping: Address
    is_same: bool
    quantities: Mapping[str, int]
    chosen: Mapping[str, Mapping[str, str]]
    coupon: str
    method_id: int | None


def open_checkout(
    tx: Tx,
    *,
    parameters: Iterable[tuple[str, str]],
    ip_address: str = "",
    referrer: str = "",
    is_single: bool = False,
) -> str:
    """Begin a checkout with what a shop's link or form asks for, and give its key.

    A coupon in the link that is not good for this cart is left out.
    Refuses: CartRefused (parameters), SellerUnknown, CartRefused (the cart).
    """
    asked = read_parameters(parameters)
    merchant = get_merchant(tx)
    sid = sid_of(asked)
    if sid != str(merchant.vendor_id):
        raise SellerUnknown(sid)
    cart = read_cart(tx, asked, quantities={}, chosen={})
    asked.text("merchant_order_id", most=50)
    asked.settle()
    billing, shipping = prefilled(asked)
    is_demo = merchant.demo == ALWAYS or (merchant.demo == PER_SALE and asked.values.get("demo") == "Y")
    answers = Answers(
        billing=billing,
        shipping=shipping,
        is_same=not shipping.street,
        is_single=is_single,
        coupon=_good_coupon(tx, cart, asked),
    )
    key = tx.ids.secret(KEY_BYTES)
    tx.insert(
        Checkout,
        id=tx.ids.next("checkout"),
        key=key,
        state=OPEN,
        parameters=asked.pairs,
        answers=kept(answers),
        language=asked.text("lang")[:8].lower() or "en",
        currency=asked.text("currency_code").upper()[:3],
        ip_address=ip_address,
        referrer=referrer[:SHORT_TEXT_MAX],
        is_demo=is_demo,
        sale_id=None,
        order_id=None,
        created_at=tx.now,
        expires_at=tx.now + GOOD_FOR,
        completed_at=None,
    )
    return key


def fill_in(tx: Tx, *, key: str, **said: Unpack[Filled]) -> CheckoutView:
    """Keep what the buyer says of a checkout, and give it as it stands then. Nothing is kept of what is refused.

    Refuses: CheckoutNotFound, CheckoutOver, CheckoutClosed, Invalid (quantities, chosen), CartRefused,
    SoldOut, CouponNotFound, CouponExpired, WrongProduct, BelowMinimum, CouponTooMuch, Problems (shipping,
    billing), Invalid (method_id).
    """
    row = take_open(tx, key)
    asked, answers = row.asked, row.said
    before = kept(answers)
    cart = read_cart(tx, asked, quantities=answers.quantities, chosen=answers.chosen)
    if "quantities" in said or "chosen" in said:
        cart = _change_cart(tx, asked, cart, answers, said)
    if "coupon" in said:
        answers.coupon = said["coupon"].strip()[:COUPON_MAX].upper()
        make_bill(tx, cart, Wishes(row.currency, answers.coupon, None, None))
    _take_addresses(answers, said)
    if "method_id" in said:
        answers.method_id = said["method_id"]
    if kept(answers) != before:
        tx.update(Checkout, row.id, answers=kept(answers))
    view = view_checkout(tx, row._replace(answers=kept(answers)))
    if said.get("method_id") is not None and all(way.id != said["method_id"] for way in view.ways):
        raise Invalid("method_id", "is no way to ship there")
    return view


def take_open(tx: Tx, key: str) -> CheckoutRow:
    """A checkout that may still be changed. Refuses: CheckoutNotFound, CheckoutClosed, CheckoutOver."""
    row = take_checkout(tx, key)
    if row.state != OPEN:
        raise CheckoutClosed(f"the checkout is {row.state}")
    refuse_over(tx, row)
    return row


def refuse_over(tx: Tx, row: CheckoutRow) -> None:
    """Refuses: CheckoutOver."""
    if row.expires_at <= tx.now:
        raise CheckoutOver("the checkout was left for too long")


def mark_told(tx: Tx, key: str) -> None:
    """Say that the shop's page was told of the sale. Refuses: CheckoutNotFound."""
    row = take_checkout(tx, key)
    answers = row.said
    answers.is_told = True
    tx.update(Checkout, row.id, answers=kept(answers))


def forget_checkouts(tx: Tx) -> int:
    """Forget checkouts that were left unpaid long ago, with all that was filled in; gives how many."""
    return tx.run(FORGET, before=tx.now - FORGOTTEN_AFTER)


def _change_cart(tx: Tx, asked: Parameters, cart: Cart, answers: Answers, said: Filled) -> Cart:
    keys = {line.key for line in cart.lines if line.is_goods}
    quantities = said.get("quantities", {})
    if quantities and not may_change_quantities(cart, asked):
        raise Invalid("quantities", "cannot be changed")
    for line_key, quantity in quantities.items():
        if line_key not in keys or not 0 <= quantity <= quantity_max(cart):
            raise Invalid("quantities", f"must be whole numbers from 0 to {quantity_max(cart)}")
    answers.quantities |= quantities
    for line_key, choices in said.get("chosen", {}).items():
        if line_key in keys:
            answers.chosen[line_key] = {str(option): str(value) for option, value in choices.items()}
    changed = read_cart(tx, asked, quantities=answers.quantities, chosen=answers.chosen)
    refuse_sold_out(tx, changed.lines)
    return changed


def _take_addresses(answers: Answers, said: Filled) -> None:
    """Take over the addresses that are given. Refuses: Problems, which name address and field."""
    problems: list[Problem] = []
    if "shipping" in said:
        answers.shipping = said["shipping"]
        problems += _of("shipping", address_problems(answers.shipping, has_email=False))
    if "is_same" in said:
        answers.is_same = said["is_same"]
    if "billing" in said:
        answers.billing = said["billing"]
        problems += _of("billing", address_problems(answers.billing))
    refuse(problems)


def _of(side: str, problems: Iterable[Problem]) -> list[Problem]:
    return [(f"{side}.{name}", problem) for name, problem in problems]


def _good_coupon(tx: Tx, cart: Cart, asked: Parameters) -> str:
    code = asked.text("coupon", most=COUPON_MAX)
    try:
        make_bill(tx, cart, Wishes("", code, None, place_of(cart, Answers())))
    except COUPON_REFUSALS:
        return ""
    return code.upper()
