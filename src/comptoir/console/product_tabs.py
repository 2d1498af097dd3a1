"""What the pages of one product share: its head, its tabs, and the tabs that are one form."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from comptoir.console.forms import Form
from comptoir.console.places import address_of
from comptoir.console.visits import Act, Answer, Gone, Page, Shown, Visit
from comptoir.domain.catalogue.belongings import category_ids_of
from comptoir.domain.catalogue.models import Product
from comptoir.domain.catalogue.queries import get_row
from comptoir.domain.catalogue.terms import terms_of
from comptoir.domain.identity.permissions import CATALOGUE
from comptoir.domain.tx import Tx

TABS = {
    "": "Product",
    "/prices": "Prices",
    "/choices": "Variants and options",
    "/stock": "Stock",
    "/pictures": "Pictures",
    "/fields": "Custom fields",
    "/terms": "Terms of sale",
}
Values = Mapping[str, Any]


def product_row(tx: Tx, product_id: int) -> dict[str, Any]:
    """A product with its categories and what it costs. Refuses: ProductNotFound."""
    row = get_row(tx, Product, product_id)
    return row | {
        "category_ids": category_ids_of(tx, product_id),
        "price_e4": row["price_special_e4"] or row["price_rrp_e4"],
    }


def terms_row(tx: Tx, product_id: int) -> dict[str, Any]:
    """The terms of a product that there is. Refuses: ProductNotFound."""
    get_row(tx, Product, product_id)
    return asdict(terms_of(tx, [product_id])[product_id])


def address_of_product(product_id: int, tab: str = "") -> str:
    """A tab of a product's page."""
    return address_of(f"/products/{product_id}{tab}")


def framed(visit: Visit, here: str, row: Values) -> dict[str, Any]:
    """What stands around a tab."""
    return {
        "title": row["name"],
        "way": [("Products", address_of("/products"))],
        "tabs_shown": [
            *((label, address_of_product(visit.id, tab), tab == here) for tab, label in TABS.items()),
            ("Three ways", address_of(f"/three-ways/product/{visit.id}"), False),
        ],
        "product": row,
        "path": f"/products/{visit.id}",
        "address": address_of_product(visit.id),
        "may": visit.may(CATALOGUE),
    }


@dataclass(frozen=True, eq=False)
class FormTab:
    """A tab that is one form, and perhaps more below it; the form posts to the tab's own address.

    `get` gives what the form shows, and `update` takes what was changed of it.
    """

    tab: str
    form: Callable[[Visit], Form]
    get: Callable[[Tx, int], Values]
    update: Callable[..., Any]
    template: str = "product_form.html"
    more: Callable[[Visit, Values], Values] | None = None

    def entries(self) -> tuple[Page | Act, ...]:
        """Its addresses."""
        path = f"/products/{{id:digits}}{self.tab}"
        return (Page(path, self.show, CATALOGUE), Act(path, self.act, CATALOGUE, self.show))

    def show(self, visit: Visit) -> Answer:
        """The tab."""
        row = product_row(visit.tx, visit.id)
        kept = self.get(visit.tx, visit.id)
        form = self.form(visit)
        may = visit.may(CATALOGUE)
        address = address_of_product(visit.id, self.tab)
        values = {
            **framed(visit, self.tab, row),
            "filled": form.filled(visit, address, kept) if may and form.fields else None,
            "shown": [] if may else form.filled(visit, "", kept).fields,
        }
        return Shown(self.template, {**values, **({} if self.more is None else self.more(visit, row))})

    def act(self, visit: Visit) -> Answer:
        """Change what differs."""
        changes = self.form(visit).changes(visit, self.get(visit.tx, visit.id))
        if changes:
            self.update(visit.tx, product_id=visit.id, **changes)
        said = "The product was saved." if changes else "Nothing was changed."
        return Gone(address_of_product(visit.id, self.tab), said)
