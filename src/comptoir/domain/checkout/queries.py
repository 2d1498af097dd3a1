"""Reading checkouts: the row, and everything that a page about it shows."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select

from comptoir.domain.catalogue.options import OfferedOption
from comptoir.domain.checkout.addresses import Address
from comptoir.domain.checkout.answers import Answers, read_answers
from comptoir.domain.checkout.asking import read_cart
from comptoir.domain.checkout.bills import Bill, Wishes, make_bill, ways_to_ship
from comptoir.domain.checkout.carts import Cart
from comptoir.domain.checkout.errors import CheckoutNotFound, CouponTooMuch
from comptoir.domain.checkout.models import Checkout
from comptoir.domain.checkout.parameters import Parameters
from comptoir.domain.checkout.plugandplay import offered_options
from comptoir.domain.coupons.errors import BelowMinimum, CouponExpired, CouponNotFound, WrongProduct
from comptoir.domain.merchant.queries import ShippingFacts
from comptoir.domain.tx import Tx

COUPON_REFUSALS = (CouponNotFound, CouponExpired, WrongProduct, BelowMinimum, CouponTooMuch)


class CheckoutRow(NamedTuple):
    """A checkout as it is kept."""

    id: int
    key: str
    state: str
    parameters: list[tuple[str, str]]
    answers: dict[str, Any]
    language: str
    currency: str
    ip_address: str
    referrer: str
    is_demo: bool
    sale_id: int | None
    order_id: int | None
    created_at: datetime
    expires_at: datetime
    completed_at: datetime | None

    @property
    def asked(self) -> Parameters:
        """What the shop's link asked for."""
        return Parameters(dict(self.parameters))

    @property
    def said(self) -> Answers:
        """What the buyer has said."""
        return read_answers(self.answers)


@dataclass(frozen=True, slots=True)
class CheckoutView:
    """A checkout as a page shows it. `coupon_refusal` is why the coupon takes nothing off."""

    row: CheckoutRow
    asked: Parameters
    answers: Answers
    cart: Cart
    bill: Bill
    options: dict[str, list[OfferedOption]]
    ways: list[ShippingFacts]
    coupon_refusal: Exception | None = None


_COLUMNS = [Checkout.__table__.columns[name] for name in CheckoutRow._fields]
BY_KEY: Select[Any] = select(*_COLUMNS).where(Checkout.key == bindparam("key"))
LOCKED_BY_KEY = {"sqlite": BY_KEY, "postgres": BY_KEY.with_for_update()}
_BY_ID: Select[Any] = select(*_COLUMNS).where(Checkout.id == bindparam("checkout_id"))
LOCKED_BY_ID = {"sqlite": _BY_ID, "postgres": _BY_ID.with_for_update()}


def find_checkout(tx: Tx, key: str) -> CheckoutRow | None:
    """The checkout that a page's form names."""
    row = tx.one(BY_KEY, key=key)
    return None if row is None else CheckoutRow(*row)


def get_checkout(tx: Tx, key: str) -> CheckoutRow:
    """The checkout that a page's form names. Refuses: CheckoutNotFound."""
    found = find_checkout(tx, key)
    if found is None:
        raise CheckoutNotFound(key)
    return found


def take_checkout(tx: Tx, key: str) -> CheckoutRow:
    """The same, which nobody else changes meanwhile. Refuses: CheckoutNotFound."""
    row = tx.one(LOCKED_BY_KEY[tx.engine], key=key)
    if row is None:
        raise CheckoutNotFound(key)
    return CheckoutRow(*row)


def take_checkout_by_id(tx: Tx, checkout_id: int) -> CheckoutRow:
    """The same by its number, by which attempts to charge it know it. Refuses: CheckoutNotFound."""
    row = tx.one(LOCKED_BY_ID[tx.engine], checkout_id=checkout_id)
    if row is None:
        raise CheckoutNotFound(checkout_id)
    return CheckoutRow(*row)


def view_checkout(tx: Tx, row: CheckoutRow) -> CheckoutView:
    """What a page shows of an open checkout: a coupon that is good for nothing is told, not refused.

    Refuses: CartRefused, when what was asked for cannot be sold any more.
    """
    asked, answers = row.asked, row.said
    cart = read_cart(tx, asked, quantities=answers.quantities, chosen=answers.chosen)
    place = place_of(cart, answers)
    wishes = Wishes(row.currency, answers.coupon, answers.method_id, place)
    refusal = None
    try:
        bill = make_bill(tx, cart, wishes)
    except COUPON_REFUSALS as error:
        refusal = error
        bill = make_bill(tx, cart, Wishes(row.currency, "", answers.method_id, place))
    options = offered_options(tx, cart)
    return CheckoutView(row, asked, answers, cart, bill, options, ways_to_ship(tx, cart, place), refusal)


def place_of(cart: Cart, answers: Answers) -> Address:
    """Where the goods are sent to, or where the buyer is."""
    return answers.shipping if cart.is_tangible else answers.billing
