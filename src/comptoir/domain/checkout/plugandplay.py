"""Carts of products from the catalogue, by the numbers that links call them by (reference 8.2)."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from comptoir.domain.catalogue.models import Product
from comptoir.domain.catalogue.options import OfferedOption, options_of
from comptoir.domain.catalogue.queries import get_row
from comptoir.domain.catalogue.terms import Terms, find_product, terms_of
from comptoir.domain.checkout.carts import PLUG_AND_PLAY, Cart, CartLine, Choice, Period
from comptoir.domain.checkout.parameters import Parameters
from comptoir.domain.tx import Tx

QUANTITY_MAX = 99
_PRODUCT = re.compile(r"product_id(\d{0,3})", re.ASCII)

Chosen = Mapping[str, Mapping[str, str]]
"""By the key of a line: the value that was chosen of each option, by the ids of both."""


class Offer(NamedTuple):
    """What the catalogue says of one product that is asked for."""

    product: Mapping[str, Any]
    terms: Terms
    options: Sequence[OfferedOption]


def plug_and_play_cart(tx: Tx, asked: Parameters, chosen: Chosen) -> Cart:
    """The products that are asked for, each with the options that were chosen or stand first.

    Refuses: CartRefused.
    """
    lines = []
    for number, offer in _offers(tx, asked):
        quantity = asked.whole(f"quantity{number}", least=0, most=QUANTITY_MAX, default=1)
        key = f"p{number}"
        lines.append(_line(offer, key, quantity, chosen.get(key, {})))
    asked.settle()
    return Cart(PLUG_AND_PLAY, tuple(lines))


def offered_options(tx: Tx, cart: Cart) -> dict[str, list[OfferedOption]]:
    """The options that a buyer chooses from, by the keys of the lines."""
    if cart.kind != PLUG_AND_PLAY:
        return {}
    offered = options_of(tx, [line.product_id for line in cart.lines])
    return {
        line.key: [option for option in offered[line.product_id] if option.choices]
        for line in cart.lines
        if line.product_id in offered
    }


def _offers(tx: Tx, asked: Parameters) -> list[tuple[str, Offer]]:
    """The products with the numbers that their parameters end in."""
    found: dict[str, int] = {}
    for name in asked.values:
        match = _PRODUCT.fullmatch(name)
        if match is None or not asked.has(name):
            continue
        product_id = _product_of(tx, asked.text(name))
        if product_id is None:
            asked.refuse(name, "is no product of this shop")
        else:
            found[match[1]] = product_id
    terms = terms_of(tx, list(found.values()))
    options = options_of(tx, list(found.values()))
    offers = []
    for number in sorted(found, key=lambda each: int(each or 0)):
        product_id = found[number]
        product = get_row(tx, Product, product_id)
        if not product["is_published"]:
            asked.refuse(f"product_id{number}", "is not for sale now")
        offers.append((number, Offer(product, terms[product_id], options.get(product_id, ()))))
    return offers


def _product_of(tx: Tx, text: str) -> int | None:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        return None
    return find_product(tx, assigned_id=int(text))


def _line(offer: Offer, key: str, quantity: int, chosen: Mapping[str, str]) -> CartLine:
    product, terms = offer.product, offer.terms
    return CartLine(
        key=key,
        name=product["name"],
        quantity=quantity,
        price_e4=product["price_special_e4"] or product["price_rrp_e4"],
        code=terms.vendor_product_id,
        description=product["preview"],
        product_id=product["id"],
        is_catalogue=True,
        is_tangible=terms.is_tangible,
        recurrence=_period(terms.recurrence_count, terms.recurrence_unit) if terms.is_recurring else None,
        duration=_period(terms.duration_count, terms.duration_unit) if terms.is_recurring else None,
        startup_fee_e4=terms.startup_fee_e4 if terms.is_recurring else None,
        handling_e4=terms.handling_e4,
        choices=tuple(
            _choice(option, chosen.get(str(option.id))) for option in offer.options if option.choices
        ),
        approved_url=terms.approved_url or "",
        pending_url=terms.pending_url or "",
        least=product["limit_minimum"],
        most=product["limit_maximum"],
        is_counted=product["has_inventory"],
    )


def _choice(option: OfferedOption, wanted: str | None) -> Choice:
    """The value that was chosen, or the first when it is none of the option's."""
    value = next((each for each in option.choices if str(each.id) == wanted), option.choices[0])
    return Choice(option.name, value.name, value.surcharge_e4, option.id)


def _period(count: int | None, unit: str | None) -> Period | None:
    return None if count is None or unit is None else Period(count, unit)
