"""The steps of the pages: which template shows each, what its form says, and what is said when it is refused."""

from collections.abc import Callable
from typing import Any

from comptoir.domain.checkout.actions import fill_in
from comptoir.domain.checkout.addresses import PREFILL, SHIP_PREFILL
from comptoir.domain.checkout.asking import may_change_quantities
from comptoir.domain.checkout.errors import CardDeclined, CartRefused, PriceChanged, SoldOut
from comptoir.domain.checkout.paying import BUYER, pay_checkout
from comptoir.domain.checkout.queries import COUPON_REFUSALS
from comptoir.domain.checkout.steps import BILLING, METHOD, PAYMENT, REVIEW, SHIPPING, SINGLE, step_after
from comptoir.domain.errors import ComptoirError, Invalid, Problems
from comptoir.domain.inventory.errors import OutOfStock
from comptoir.domain.payments.errors import CardRefused, NoCards
from comptoir.storefront.forms import (
    BILLING_FIELDS,
    CARD_FIELDS,
    CARD_PLACES,
    CONTACT_FIELDS,
    LABELS,
    SHIPPING_FIELDS,
    WHOLE,
    Errors,
    Form,
    billing_of,
    card_of,
    choices_of,
    field_named,
    quantities_of,
    shipping_of,
    shown_of,
    values_of,
)
from comptoir.storefront.visits import Visit, shop_window
from comptoir.storefront.words import Speech, marked

RECEIPT = "receipt"
TEMPLATES = {
    REVIEW: "review.html",
    SHIPPING: "shipping.html",
    METHOD: "method.html",
    BILLING: "billing.html",
    PAYMENT: "payment.html",
    SINGLE: "single.html",
}
TITLES = {
    REVIEW: marked("Your order"),
    SHIPPING: marked("Shipping address"),
    METHOD: marked("Shipping method"),
    BILLING: marked("Billing address"),
    PAYMENT: marked("Payment"),
    SINGLE: marked("Checkout"),
}
# The same in the row of steps, where there is little room.
SIGNS = {
    REVIEW: marked("Order"),
    SHIPPING: marked("Shipping"),
    METHOD: marked("Delivery"),
    BILLING: marked("Billing"),
    PAYMENT: marked("Payment"),
    SINGLE: marked("Checkout"),
}
WRONG_QUANTITY = marked("Please enter how many as a whole number.")
NO_SUCH_CART = marked("This cannot be ordered like that. Please check how many you want of each.")
NO_CARDS = marked("This shop takes no cards at the moment. Nothing was charged.")
PRICE_CHANGED = marked("The amount has changed meanwhile. Nothing was charged; please look at it again.")
TAKEN_MEANWHILE = marked("Somebody else has just taken the last pieces. Nothing was charged.")

Submit = Callable[[Visit, Form], str]


class CountWrong(ComptoirError):
    """A quantity is no whole number."""


def submit_review(seen: Visit, form: Form) -> str:
    """Take quantities, options and coupon over. Refuses: CountWrong, and as `fill_in` does."""
    view = seen.opened
    keys = [line.key for line in view.cart.lines if line.is_goods]
    counts = quantities_of(form, keys)
    if counts is None:
        raise CountWrong
    may_change = may_change_quantities(view.cart, view.asked)
    said: dict[str, Any] = {"chosen": choices_of(form), **({"quantities": counts} if may_change else {})}
    if "coupon" in form:
        said["coupon"] = form["coupon"]
    changed = seen.home.shop.write(lambda tx: fill_in(tx, key=seen.row.key, **said), BUYER)
    return REVIEW if form.get("do") == "update" else step_after(changed, REVIEW)


def submit_shipping(seen: Visit, form: Form) -> str:
    """Take the shipping address over. Refuses: as `fill_in` does."""
    address = shipping_of(form)
    changed = seen.home.shop.write(lambda tx: fill_in(tx, key=seen.row.key, shipping=address), BUYER)
    return step_after(changed, SHIPPING)


def submit_method(seen: Visit, form: Form) -> str:
    """Take the way to ship over. Refuses: as `fill_in` does."""
    text = form.get("method", "")
    chosen = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None
    changed = seen.home.shop.write(lambda tx: fill_in(tx, key=seen.row.key, method_id=chosen), BUYER)
    return step_after(changed, METHOD)


def submit_billing(seen: Visit, form: Form) -> str:
    """Take the billing address over. Refuses: as `fill_in` does."""
    address = billing_of(form, seen.opened.answers.shipping)
    is_same = form.get("same_address") == "Y"
    changed = seen.home.shop.write(
        lambda tx: fill_in(tx, key=seen.row.key, billing=address, is_same=is_same), BUYER
    )
    return step_after(changed, BILLING)


def submit_payment(seen: Visit, form: Form) -> str:
    """Pay what the page showed. Refuses: CardRefused, and as `pay_checkout` does."""
    gateway = seen.home.gateways(seen.merchant.gateway)
    shown = shown_of(form)
    pay_checkout(seen.home.shop, gateway, key=seen.row.key, card=card_of(form), shown=shown)
    return RECEIPT


def submit_single(seen: Visit, form: Form) -> str:
    """Take the billing address over and pay. Refuses: as `fill_in` and `pay_checkout` do."""
    address = billing_of(form, seen.opened.answers.shipping)
    seen.home.shop.write(lambda tx: fill_in(tx, key=seen.row.key, billing=address), BUYER)
    return submit_payment(seen, form)


SUBMITS: dict[str, Submit] = {
    REVIEW: submit_review,
    SHIPPING: submit_shipping,
    METHOD: submit_method,
    BILLING: submit_billing,
    PAYMENT: submit_payment,
    SINGLE: submit_single,
}


def page_values(seen: Visit, step: str, form: Form | None, errors: Errors) -> dict[str, Any]:
    """What a step's template shows: what was known, or what was just typed, but never of a card."""
    answers = seen.opened.answers
    values = values_of(answers.billing, PREFILL) | values_of(answers.shipping, SHIP_PREFILL)
    card_names = {field.name for field in CARD_FIELDS}
    typed = {name: value for name, value in (form or {}).items() if name not in card_names}
    return shop_window(seen) | {
        "step": step,
        "title": TITLES[step],
        "signs": SIGNS,
        "labels": LABELS,
        "values": dict.fromkeys(card_names, "") | values | {"coupon": answers.coupon} | typed,
        "errors": errors,
        "contact_fields": CONTACT_FIELDS,
        "billing_fields": BILLING_FIELDS,
        "shipping_fields": SHIPPING_FIELDS,
        "card_fields": CARD_FIELDS,
        "same": answers.is_same if form is None else form.get("same_address") == "Y",
    }


def errors_of(error: ComptoirError, speech: Speech) -> Errors | None:
    """What is said of a form that is refused, by its fields; None for what the form is not to blame for."""
    say = next((SAID[kind] for kind in type(error).__mro__ if kind in SAID), None)
    return None if say is None else say(error, speech)


def _on_whole(text: str) -> Callable[[Any, Speech], Errors]:
    return lambda _error, speech: {WHOLE: speech.say(text)}


def _of_problems(error: Problems, speech: Speech) -> Errors:
    """The first of each field's problems, in the order of the form."""
    said: Errors = {}
    for field, problem in error.problems:
        said.setdefault(field_named(field), speech.problem(problem))
    return {name: said[name] for name in sorted(said, key=list(LABELS).index)} if WHOLE not in said else said


# Looked up along the class's ancestors.
SAID: dict[type, Callable[[Any, Speech], Errors]] = {
    CountWrong: _on_whole(WRONG_QUANTITY),
    CartRefused: _on_whole(NO_SUCH_CART),
    OutOfStock: _on_whole(TAKEN_MEANWHILE),
    NoCards: _on_whole(NO_CARDS),
    PriceChanged: _on_whole(PRICE_CHANGED),
    SoldOut: lambda error, speech: {WHOLE: speech.sold_out(error)},
    CardDeclined: lambda error, speech: {WHOLE: speech.declined(error)},
    CardRefused: lambda error, speech: {CARD_PLACES.get(error.field, WHOLE): speech.card(error.field)},
    Problems: _of_problems,
    Invalid: lambda error, speech: {field_named(error.field): speech.problem(error.problem)},
    **dict.fromkeys(COUPON_REFUSALS, lambda error, speech: {"coupon": speech.coupon(error)}),
}
