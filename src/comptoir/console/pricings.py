"""Pricings: other prices of products, in the place of the price or on top of it, from a quantity on."""

from collections.abc import Sequence
from typing import Any

from comptoir.console import kinds, limits
from comptoir.console.called import called
from comptoir.console.catalogue_filters import known_by
from comptoir.console.cells import Cell, Column, flag, number, text
from comptoir.console.editing import Editing, Row
from comptoir.console.filters import contains
from comptoir.console.filters import flag as flag_filter
from comptoir.console.forms import Field, Form
from comptoir.console.listing import Listing, by_number
from comptoir.console.rendering import written_e4
from comptoir.console.visits import Visit
from comptoir.domain.catalogue.belongings import names_of
from comptoir.domain.catalogue.models import Pricing, Product
from comptoir.domain.catalogue.pricings import remove_pricing, update_pricing
from comptoir.domain.catalogue.queries import get_row
from comptoir.domain.identity.permissions import CATALOGUE
from comptoir.domain.money import decimal_of_e4
from comptoir.domain.shop import ShopFacts

SIGNS = {"": "takes the place of the price", "+": "on top of the price", "-": "off the price"}
MODIFIERS = {"$": "an amount", "%": "per cent of the price"}


def in_words(sign: str, price_e4: int, modifier: str, shop: ShopFacts) -> str:
    """What a pricing does to the price: `10 % off the price`."""
    amount = (
        f"{decimal_of_e4(price_e4).normalize():f} %"
        if modifier == "%"
        else written_e4(price_e4, shop.currency)
    )
    return f"{amount} {SIGNS.get(sign, sign)}"


def does(row: Sequence[Any], shop: ShopFacts) -> Cell:
    """The same in a list."""
    return Cell(in_words(row[0], row[1], row[2], shop))


PRICINGS = Listing(
    "pricings",
    "Pricings",
    "/pricings",
    Pricing,
    columns=(
        text("Name", Pricing.name),
        called("Product", Pricing.product_id, "product"),
        Column("What it does", does, (Pricing.sign, Pricing.price_e4, Pricing.modifier)),
        number("From pieces", Pricing.minimum_quantity),
        flag("Published", Pricing.is_published, "published", "hidden"),
    ),
    sorts=by_number(Pricing.id),
    filters=(
        contains("name", "Name", Pricing.name),
        known_by("product", "Product", Pricing.product_id, Product),
        flag_filter("published", "Published", Pricing.is_published, yes="published", no="hidden"),
    ),
    area=CATALOGUE,
    about="Other prices of products, from a quantity on. A new one is made on its product's page.",
)
FIELDS = (
    Field("name", "Name", limits.SHORT),
    Field("price_e4", "Amount, or per cent", limits.SIZE, required=True),
    Field("modifier", "Which is", kinds.choice(MODIFIERS), required=True),
    Field("sign", "And goes", kinds.choice({one: label for one, label in SIGNS.items() if one}),
          hint="When nothing is chosen, it takes the place of the price."),
    Field("minimum_quantity", "From how many pieces on", limits.NATURAL),
    Field("is_published", "Published", kinds.FLAG),
    Field("description", "Description", limits.LONG, rows=2),
)  # fmt: skip
PRICING = Form("update", FIELDS)
NEW_PRICING = Form("pricings", FIELDS, "Add")


def above(visit: Visit, row: Row) -> tuple[str, str]:
    """The product that it is for."""
    name = names_of(visit.tx, Product, [row["product_id"]]).get(row["product_id"], "")
    return name or "Product", f"/products/{row['product_id']}/prices"


EDITING = Editing(
    "pricing", "pricing", PRICINGS, PRICING, lambda tx, key: get_row(tx, Pricing, key),
    update=update_pricing, remove=remove_pricing, key="pricing_id",
    named=lambda row: row["name"] or f"Pricing {row['id']}", above=above,
)  # fmt: skip
PAGES = EDITING.pages()
