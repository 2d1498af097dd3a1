"""Carts that the shop keeps itself: a total and a number to call it by (reference 8.2).

The `c_…` lines say what is in it, for people to read; what is billed is the total.
"""

import re

from comptoir.domain.checkout.carts import AUTHORIZE_NET, THIRD_PARTY, Cart, CartLine, numbered, read_price
from comptoir.domain.checkout.parameters import Parameters
from comptoir.domain.checkout.passthrough import DESCRIPTION_MAX, NAME_MAX, taken

_TOLD = re.compile(r"c_(?:prod|name|description|price|tangible)((?:_\d{1,3})?)", re.ASCII)


def third_party_cart(asked: Parameters) -> Cart:
    """A cart of one line over `total`, called `cart_order_id`. Refuses: CartRefused."""
    return _cart(asked, THIRD_PARTY, "total", "cart_order_id")


def authorize_net_cart(asked: Parameters) -> Cart:
    """The same in the words of another gateway. Refuses: CartRefused."""
    return _cart(asked, AUTHORIZE_NET, "x_amount", "x_invoice_num")


def _cart(asked: Parameters, kind: str, total: str, name: str) -> Cart:
    for needed in (total, name):
        if not asked.has(needed):
            asked.refuse(needed, "is missing")
    said = [_told(asked, place) for place in _places(asked)]
    line = CartLine(
        name=asked.text(name, most=NAME_MAX),
        price_e4=taken(asked, total, read_price) or 0,
        is_cart=True,
        is_tangible=any(is_tangible for _, is_tangible in said),
        description=", ".join(words for words, _ in said if words)[:DESCRIPTION_MAX],
    )
    asked.settle()
    return Cart(kind, numbered([line]))


def _places(asked: Parameters) -> list[str]:
    found = {match[1] for name in asked.values if (match := _TOLD.fullmatch(name))}
    return sorted(found, key=lambda place: int(place.removeprefix("_") or 0))


def _told(asked: Parameters, place: str) -> tuple[str, bool]:
    """What one of the lines says of itself, and whether it is sent."""
    number, _, count = asked.text(f"c_prod{place}", most=NAME_MAX).partition(",")
    if count and not (count.strip().isascii() and count.strip().isdigit()):
        asked.refuse(f"c_prod{place}", "must be an id, or an id, a comma and a quantity")
    name = asked.text(f"c_name{place}", most=NAME_MAX)
    asked.text(f"c_description{place}", most=DESCRIPTION_MAX)
    taken(asked, f"c_price{place}", read_price)
    words = name or number.strip()
    times = f"{count.strip()} x " if count.strip() not in {"", "1"} else ""
    return f"{times}{words}" if words else "", asked.flag(f"c_tangible{place}")
