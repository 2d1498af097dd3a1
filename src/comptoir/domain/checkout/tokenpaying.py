"""Sales by the payment API: a cart, a buyer and a card's token in one request, paid at once (reference 9).

The shop's own number and the token name the sale: the same request again is given what came of the first.
"""

import hashlib
from dataclasses import dataclass, replace
from fractions import Fraction

from comptoir.domain.checkout.addresses import Address
from comptoir.domain.checkout.answers import Answers, CardEnds, Paying, kept
from comptoir.domain.checkout.bills import Bill
from comptoir.domain.checkout.carts import Cart, CartLine, checked
from comptoir.domain.checkout.errors import CardDeclined
from comptoir.domain.checkout.models import DEMO, PAYING, Checkout
from comptoir.domain.checkout.paying import NO_REASON, SUBJECT, attempt_of, charge
from comptoir.domain.checkout.queries import CheckoutRow, find_checkout, get_checkout
from comptoir.domain.merchant.errors import NoExchangeRate
from comptoir.domain.merchant.queries import find_ratio
from comptoir.domain.money import Money, rounded
from comptoir.domain.orders.selling import NUMBERS
from comptoir.domain.payments.attempts import Attempt
from comptoir.domain.payments.cards import TokenRow, find_token, use_token
from comptoir.domain.payments.errors import TokenRefused
from comptoir.domain.payments.models import FAIL
from comptoir.domain.payments.port import Charge, Gateways
from comptoir.domain.payments.sandbox import SANDBOX, SandboxGateway
from comptoir.domain.tx import Actor, OpenShop, Tx
from comptoir.storage.errors import UniqueTaken


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiOrder:
    """What a shop asks to be sold. The cart's prices are in `currency`; `request` is kept as it came."""

    cart: Cart
    currency: str
    merchant_order_id: str
    billing: Address
    shipping: Address | None
    is_demo: bool
    ip_address: str
    request: str


def pay_by_token(
    shop: OpenShop, gateways: Gateways, *, order: ApiOrder, token: str, secret: bytes, actor: Actor
) -> CheckoutRow:
    """Sell an order to the card that a token stands for, once; give the checkout that it is kept as.

    Refuses: CartRefused (total), NoExchangeRate, TokenRefused, PaymentUnclear, CardDeclined, what placing the
    sale refuses.
    """
    key = key_of(order.merchant_order_id, token)
    shop.read(lambda tx: bill_of(tx, order), actor)
    if order.is_demo:
        return _pay_in_demo(shop, key, order, token, secret, actor)
    found = shop.read(lambda tx: find_token(tx, token, secret=secret), actor)
    gateway = gateways(found.gateway if found else SANDBOX)

    def begin(tx: Tx) -> Attempt:
        return _begin(tx, key, order, token, secret)

    try:
        return charge(shop, gateway, begin, key=key, actor=actor)
    except (TokenRefused, UniqueTaken):
        if shop.read(lambda tx: find_checkout(tx, key), actor) is None:
            raise
        # The same request was here at the same moment, and was quicker.
        return charge(shop, gateway, begin, key=key, actor=actor)


def key_of(merchant_order_id: str, token: str) -> str:
    """What a sale by the API is kept under: told by both, and telling neither."""
    said = f"{len(merchant_order_id)}:{merchant_order_id}:{token}"
    return f"api-{hashlib.sha256(said.encode()).hexdigest()}"


def bill_of(tx: Tx, order: ApiOrder) -> Bill:
    """What there is to pay, in the shop's currency and in the request's.

    Refuses: CartRefused (total), NoExchangeRate.
    """
    whole, own = checked(order.cart, order.currency), tx.shop.currency
    ratio = find_ratio(tx, order.currency, own, tx.shop.local(tx.now).date())
    if ratio is None:
        raise NoExchangeRate(order.currency)
    cart = whole.with_lines(_converted(line, ratio) for line in whole.lines) if ratio != 1 else whole
    return Bill(
        kind=cart.kind,
        lines=checked(cart, own).lines,
        currency=own,
        total_minor=cart.minor(own),
        customer_currency=order.currency,
        customer_total_minor=whole.minor(order.currency),
    )


def _converted(line: CartLine, ratio: Fraction) -> CartLine:
    def worth(e4: int) -> int:
        return rounded(e4 * ratio.numerator, ratio.denominator)

    return replace(
        line,
        price_e4=worth(line.price_e4),
        startup_fee_e4=None if line.startup_fee_e4 is None else worth(line.startup_fee_e4),
        choices=tuple(choice._replace(surcharge_e4=worth(choice.surcharge_e4)) for choice in line.choices),
    )


def _begin(tx: Tx, key: str, order: ApiOrder, token: str, secret: bytes) -> Attempt:
    """Use the token up and write the attempt down, or give the one that the same request began.

    Refuses: CheckoutClosed, AttemptInFlight, TokenRefused, CartRefused, NoExchangeRate.
    """
    row = find_checkout(tx, key)
    if row is None:
        card = use_token(tx, token, secret=secret)
        row = _open(tx, key, order, _paying(tx, order, card, f"{SUBJECT}-{key}"), PAYING)
    return attempt_of(tx, row)


def _paying(tx: Tx, order: ApiOrder, card: TokenRow, attempt_key: str) -> Paying:
    ends = CardEnds(card.card_type, card.first_six, card.last_four, card.expiry_month, card.expiry_year)
    return Paying(bill_of(tx, order), card.gateway, card.method, attempt_key, ends)


def _open(tx: Tx, key: str, order: ApiOrder, paying: Paying, state: str) -> CheckoutRow:
    """Keep an order as a checkout that is past its pages."""
    answers = Answers(
        billing=order.billing, shipping=order.shipping or Address(), is_same=False, tries=1, paying=paying
    )
    tx.insert(
        Checkout,
        id=tx.ids.next("checkout"),
        key=key,
        state=state,
        parameters=[["merchant_order_id", order.merchant_order_id], ["request", order.request]],
        answers=kept(answers),
        language="en",
        currency=order.currency,
        ip_address=order.ip_address,
        referrer="",
        is_demo=order.is_demo,
        sale_id=tx.ids.next("order", NUMBERS),
        order_id=None,
        created_at=tx.now,
        expires_at=tx.now,
        completed_at=tx.now if state == DEMO else None,
    )
    return get_checkout(tx, key)


def _pay_in_demo(  # noqa: PLR0917 - what `pay_by_token` is given, and the key
    shop: OpenShop, key: str, order: ApiOrder, token: str, secret: bytes, actor: Actor
) -> CheckoutRow:
    """Answer as the sandbox does, and sell nothing. Refuses: TokenRefused, CardDeclined."""

    def work(tx: Tx) -> CheckoutRow | str:
        row = find_checkout(tx, key)
        if row is not None:
            return row
        card = use_token(tx, token, secret=secret)
        paying = _paying(tx, order, card, "")
        amount = Money(paying.bill.customer_total_minor, order.currency)
        sandbox = SandboxGateway()
        outcome = sandbox.find(
            "authorise", Charge(key, amount, card.method if card.gateway == SANDBOX else ""), ""
        )
        if outcome is None or outcome.status == FAIL:
            return outcome.response.get("gw_Message", NO_REASON) if outcome else NO_REASON
        return _open(tx, key, order, paying, DEMO)

    done = shop.write(work, actor)
    if isinstance(done, str):
        raise CardDeclined(done)
    return done
