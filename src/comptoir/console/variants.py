"""Variants: products in one size, colour or kind."""

from typing import Any

from comptoir.console import kinds, limits
from comptoir.console.called import called
from comptoir.console.catalogue_filters import known_by
from comptoir.console.cells import flag, number, text
from comptoir.console.editing import Editing, Row
from comptoir.console.filters import contains, pieces
from comptoir.console.filters import flag as flag_filter
from comptoir.console.forms import Field, Form
from comptoir.console.listing import Listing, Sort, by_number
from comptoir.console.places import address_of
from comptoir.console.visits import Visit
from comptoir.domain.catalogue.belongings import names_of
from comptoir.domain.catalogue.models import Product, Variant
from comptoir.domain.catalogue.queries import get_row
from comptoir.domain.catalogue.variants import remove_variant, update_variant
from comptoir.domain.identity.permissions import CATALOGUE

VARIANTS = Listing(
    "variants",
    "Variants",
    "/variants",
    Variant,
    columns=(
        text("Name", Variant.name),
        text("Code", Variant.code),
        called("Product", Variant.product_id, "product"),
        number("Stock", Variant.stock),
        flag("Published", Variant.is_published, "published", "hidden"),
    ),
    sorts=(
        *by_number(Variant.id),
        Sort("code", "code", Variant.code_key),
    ),
    filters=(
        contains("name", "Name", Variant.name),
        contains("code", "Code", Variant.code),
        known_by("product", "Product", Variant.product_id, Product),
        flag_filter("published", "Published", Variant.is_published, yes="published", no="hidden"),
        pieces("stock", "Stock", Variant.stock),
    ),
    area=CATALOGUE,
    about="Products in one size, colour or kind. A new one is made on its product's page.",
)
FIELDS = (
    Field("name", "Name", limits.SHORT, required=True),
    Field("code", "Code", limits.SHORT, required=True),
    Field("stock", "Stock", limits.NATURAL),
    Field("is_published", "Published", kinds.FLAG),
    Field("description", "Description", limits.LONG, rows=3),
)
VARIANT = Form("update", FIELDS)
NEW_VARIANT = Form("variants", FIELDS, "Add")


def above(visit: Visit, row: Row) -> tuple[str, str]:
    """The product that it is of."""
    name = names_of(visit.tx, Product, [row["product_id"]]).get(row["product_id"], "")
    return name or "Product", f"/products/{row['product_id']}/choices"


def stock_at(_visit: Visit, row: Row) -> dict[str, Any]:
    """Where its pieces are counted."""
    return {"stock_at": address_of(f"/products/{row['product_id']}/stock?variant={row['id']}")}


EDITING = Editing(
    "variant", "variant", VARIANTS, VARIANT, lambda tx, key: get_row(tx, Variant, key),
    update=update_variant, remove=remove_variant, key="variant_id", above=above, more=stock_at,
    named=lambda row: row["name"] or row["code"] or f"Variant {row['id']}", template="variant.html",
)  # fmt: skip
PAGES = EDITING.pages()
