"""From parameters to a cart: which set they are, and what it holds (reference 8.2)."""

from collections.abc import Mapping
from dataclasses import replace

from comptoir.domain.checkout.carts import (
    API,
    AUTHORIZE_NET,
    PASS_THROUGH,
    PLUG_AND_PLAY,
    QUANTITY_MAX,
    THIRD_PARTY,
    Cart,
    checked,
)
from comptoir.domain.checkout.errors import CartRefused
from comptoir.domain.checkout.parameters import Parameters
from comptoir.domain.checkout.passthrough import pass_through_cart
from comptoir.domain.checkout.plugandplay import QUANTITY_MAX as CATALOGUE_QUANTITY_MAX
from comptoir.domain.checkout.plugandplay import Chosen, plug_and_play_cart
from comptoir.domain.checkout.thirdparty import authorize_net_cart, third_party_cart
from comptoir.domain.tx import Tx

# Sets whose billed amount is one total, so there are no pieces to have more or less of.
WHOLE = frozenset({THIRD_PARTY, AUTHORIZE_NET, API})


def kind_of(asked: Parameters) -> str:
    """Which of the sets the parameters are; the first that fits. Refuses: CartRefused."""
    if asked.text("mode").upper() == "2CO":
        return PASS_THROUGH
    if any(name.startswith("product_id") and asked.has(name) for name in asked.values):
        return PLUG_AND_PLAY
    if asked.has("cart_order_id") or asked.has("total"):
        return THIRD_PARTY
    if asked.has("x_login"):
        return AUTHORIZE_NET
    raise CartRefused(
        [("mode", "is missing: nothing says what is bought (mode, product_id, total or x_login)")]
    )


def sid_of(asked: Parameters) -> str:
    """The seller whom the link names."""
    return asked.text("sid", most=64) or asked.text("x_login", most=64)


def read_cart(tx: Tx, asked: Parameters, *, quantities: Mapping[str, int], chosen: Chosen) -> Cart:
    """The cart as it was asked for, with the buyer's quantities and choices. Refuses: CartRefused."""
    kind = kind_of(asked)
    if kind == PLUG_AND_PLAY:
        cart = plug_and_play_cart(tx, asked, chosen)
    elif kind == PASS_THROUGH:
        cart = pass_through_cart(asked)
    elif kind == THIRD_PARTY:
        cart = third_party_cart(asked)
    else:
        cart = authorize_net_cart(asked)
    return checked(_with_quantities(cart, quantities), tx.shop.currency)


def quantity_max(cart: Cart) -> int:
    """How many pieces of one product a buyer may take."""
    return CATALOGUE_QUANTITY_MAX if cart.kind == PLUG_AND_PLAY else QUANTITY_MAX


def may_change_quantities(cart: Cart, asked: Parameters) -> bool:
    """Whether the buyer may take more or fewer pieces than the link says."""
    return cart.kind not in WHOLE and asked.values.get("fixed") != "Y"


def _with_quantities(cart: Cart, quantities: Mapping[str, int]) -> Cart:
    """The buyer's own quantities for what is sold; what is charged on the whole stays as it is."""
    return cart.with_lines(
        replace(line, quantity=quantities[line.key]) if line.is_goods and line.key in quantities else line
        for line in cart.lines
    )
