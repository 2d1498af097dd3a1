"""Pricings (reference 3.8)."""

from comptoir.dialects.codecs import (
    AMOUNT2,
    ID_AS_TEXT_OR_EMPTY,
    INT_AS_TEXT,
    ON_OR_EMPTY,
    SHORT_TEXT,
    TEXT,
    choice,
)
from comptoir.dialects.coredna.resource import changer, creator, getter, lister, remover
from comptoir.dialects.coredna.search import Searchable, exactly
from comptoir.dialects.edge import Call, Route
from comptoir.dialects.wire import Document, field
from comptoir.domain.catalogue.errors import PricingNotFound
from comptoir.domain.catalogue.models import Pricing, Product
from comptoir.domain.catalogue.pricings import create_pricing, remove_pricing, update_pricing
from comptoir.domain.catalogue.queries import get_row
from comptoir.storage.reading import Filter

PRICING: Document[Pricing] = Document(
    (
        field("id", Pricing.id, INT_AS_TEXT, access="r"),
        field("product_id", Pricing.product_id, ID_AS_TEXT_OR_EMPTY, required=True),
        field("name", Pricing.name, SHORT_TEXT),
        field("description", Pricing.description, TEXT),
        field("sign", Pricing.sign, choice({"": "", "+": "+", "-": "-"})),
        field("price", Pricing.price_e4, AMOUNT2, required=True),
        field("modifier", Pricing.modifier, choice({"$": "$", "%": "%"})),
        field("publish", Pricing.is_published, ON_OR_EMPTY),
        field("minimum_qty", Pricing.minimum_quantity, INT_AS_TEXT),
    ),
    missing=PricingNotFound,
)
PRICINGS = Searchable(PRICING)


def of_product(call: Call) -> tuple[Filter, ...]:
    """Only the pricings of the product in the path. Refuses: ProductNotFound."""
    get_row(call.tx, Product, call.ids["product_id"])
    return (exactly(PRICING, "product_id", call.ids["product_id"]),)


ROUTES = (
    Route("pricings.create", "POST", "/products/pricings", creator(PRICING, create_pricing)),
    Route("pricings.get", "GET", "/products/pricings/{id}", getter(PRICING)),
    Route("pricings.list", "GET", "/products/pricings", lister(PRICING, PRICINGS)),
    Route(
        "pricings.list_in_product", "GET", "/products/{product_id}/pricings",
        lister(PRICING, PRICINGS, of_product),
    ),
    Route("pricings.delete", "DELETE", "/products/pricings/{id}", remover(remove_pricing, "pricing_id")),
    Route("pricings.update", "PUT", "/products/pricings/{id}", changer(PRICING, update_pricing, "pricing_id")),
)  # fmt: skip
