"""One look at a checkout: the shop it is in, what it holds, in which language it is shown."""

from dataclasses import dataclass
from typing import Any, Protocol

from comptoir.domain.catalogue.options import Choice as OfferedValue
from comptoir.domain.catalogue.options import OfferedOption
from comptoir.domain.checkout.asking import may_change_quantities, quantity_max
from comptoir.domain.checkout.carts import CartLine
from comptoir.domain.checkout.models import OPEN
from comptoir.domain.checkout.paying import BUYER
from comptoir.domain.checkout.queries import CheckoutRow, CheckoutView, get_checkout, view_checkout
from comptoir.domain.checkout.steps import steps_of
from comptoir.domain.countries import countries
from comptoir.domain.media.fetching import Fetcher
from comptoir.domain.merchant.queries import MerchantFacts, get_merchant
from comptoir.domain.payments.port import Gateways
from comptoir.domain.tx import OpenShop, Tx
from comptoir.storefront.returning import may_lead_to
from comptoir.storefront.words import Speech, speech_of

BASE = "/checkout/purchase"


class Home(Protocol):
    """A shop with what its pages need besides."""

    @property
    def shop(self) -> OpenShop:
        """The shop, whose database is open."""

    @property
    def fetcher(self) -> Fetcher:
        """What fetches pages of the shop's own site."""

    @property
    def gateways(self) -> Gateways:
        """Those through whom money comes in, by their names."""


@dataclass(frozen=True, slots=True)
class Visit:
    """A checkout as a page shows it; `view` is there as long as it is open."""

    home: Home
    row: CheckoutRow
    merchant: MerchantFacts
    is_sandbox: bool
    view: CheckoutView | None

    @property
    def speech(self) -> Speech:
        """The language of the pages."""
        return speech_of(self.row.language)

    @property
    def path(self) -> str:
        """Where the checkout's pages are."""
        return f"{BASE}/{self.row.key}"

    @property
    def opened(self) -> CheckoutView:
        """The view of a checkout that is known to be open."""
        assert self.view is not None, "only open checkouts have steps"
        return self.view


def visit(home: Home, key: str) -> Visit:
    """Look at a checkout. Refuses: CheckoutNotFound, CartRefused."""

    def look(tx: Tx) -> Visit:
        row = get_checkout(tx, key)
        view = view_checkout(tx, row) if row.state == OPEN else None
        return Visit(home, row, get_merchant(tx), tx.shop.is_sandbox, view)

    return home.shop.read(look, BUYER)


def shop_window(seen: Visit) -> dict[str, Any]:
    """What every page of a checkout shows: the bill, and where else one can go."""
    view = seen.opened
    asked, cart, bill = view.asked, view.cart, view.bill
    elsewhere = asked.text("return_url")
    fixed = asked.values.get("fixed") == "Y"
    may_go = not fixed and may_lead_to(elsewhere, seen.merchant, is_sandbox=seen.is_sandbox)
    return {
        "seen": seen,
        "view": view,
        "bill": bill,
        "lines": [line for line in bill.lines if line.quantity],
        "goods": [line for line in cart.lines if line.is_goods],
        "may_change": may_change_quantities(cart, asked),
        "quantity_max": quantity_max(cart),
        "elsewhere": elsewhere if may_go else "",
        "countries": tuple(countries(seen.speech.code).items()),
        "steps": steps_of(view),
        "pieces_sent": sum(line.quantity for line in cart.goods if line.is_tangible),
        "picked": _is_picked,
    }


def _is_picked(line: CartLine, option: OfferedOption, value: OfferedValue) -> bool:
    """Whether a value of an option is the one that the line has."""
    return any(choice.option_id == option.id and choice.value == value.name for choice in line.choices)
