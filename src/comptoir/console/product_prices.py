"""The tab of a product's prices: what is asked for it, its tax, and other prices from a quantity on."""

from typing import Any

from comptoir.console import limits
from comptoir.console.cells import Cell
from comptoir.console.forms import Field, Form
from comptoir.console.places import explain_at, link_to
from comptoir.console.pricings import NEW_PRICING, in_words
from comptoir.console.product_tabs import FormTab, Values, address_of_product, product_row
from comptoir.console.rendering import written_e4
from comptoir.console.visits import Act, Answer, Gone, Visit
from comptoir.domain.catalogue.belongings import SHOWN_MAX
from comptoir.domain.catalogue.pricings import create_pricing
from comptoir.domain.catalogue.products import update_product
from comptoir.domain.explaining.prices import offers_of
from comptoir.domain.identity.permissions import CATALOGUE

PRICES = Form(
    "prices",
    (
        Field("price_rrp_e4", "List price", limits.PRICE),
        Field(
            "price_special_e4",
            "Special price",
            limits.PRICE,
            hint="Taken instead of the list price; 0: none.",
        ),
        Field("price_cost_e4", "What it costs you", limits.PRICE),
        Field("tax_class", "Tax class", limits.SHORT, group="Tax"),
        Field("tax_code_id", "Number of its tax code", limits.OPTIONAL_NATURAL, group="Tax"),
    ),
)
TITLES = ("Name", "What it does", "From pieces", "Price of one piece", "Published")


def more(visit: Visit, _row: Values) -> dict[str, Any]:
    """The other prices, and the form for one more."""
    offer = offers_of(visit.tx, [visit.id])[visit.id]
    currency = visit.shop.currency
    lines = [
        [
            Cell(one.name or f"Pricing {one.id}", link=link_to("pricing", one.id)),
            Cell(in_words(one.sign, one.price_e4, one.modifier, visit.shop)),
            Cell(f"{one.minimum_quantity:,}", "number"),
            Cell(
                written_e4(one.of(offer.price_e4), currency), "number",
                link=explain_at("pricing", one.id, "price"),
            ),
            Cell("published" if one.is_published else "hidden", "badge"),
        ]
        for one in offer.tiers[:SHOWN_MAX]
    ]  # fmt: skip
    address = address_of_product(visit.id, "/pricings")
    begins = {"is_published": True, "minimum_quantity": 1}
    form = NEW_PRICING.filled(visit, address, begins) if visit.may(CATALOGUE) else None
    return {"pricings": lines, "pricing_titles": TITLES, "new_pricing": form}


def add_pricing(visit: Visit) -> Answer:
    """Add another price."""
    create_pricing(visit.tx, product_id=visit.id, **NEW_PRICING.read(visit))
    return Gone(address_of_product(visit.id, "/prices"), "The pricing was added.")


TAB = FormTab(
    "/prices", lambda _visit: PRICES, product_row, update_product, template="product_prices.html", more=more
)
PAGES = (*TAB.entries(), Act("/products/{id:digits}/pricings", add_pricing, CATALOGUE, TAB.show))
