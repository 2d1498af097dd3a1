"""Variants: read and changed here, created elsewhere (reference 3.7)."""

from comptoir.dialects.codecs import INT_AS_TEXT, ON_OR_EMPTY, SHORT_TEXT, TEXT
from comptoir.dialects.coredna.resource import changer, getter, lister
from comptoir.dialects.coredna.search import Searchable, exactly, read_query
from comptoir.dialects.edge import Call, Reply, Route
from comptoir.dialects.outlines import Outline, QueryField, outlined
from comptoir.dialects.wire import Document, Wire, field
from comptoir.domain.catalogue.errors import VariantNotFound
from comptoir.domain.catalogue.models import Product, Variant
from comptoir.domain.catalogue.queries import get_row
from comptoir.domain.catalogue.variants import require_variants, update_variant, update_variants_by_code
from comptoir.domain.errors import Invalid
from comptoir.storage.reading import Filter

VARIANT: Document[Variant] = Document(
    (
        field("id", Variant.id, INT_AS_TEXT, access="r"),
        field("product_id", Variant.product_id, INT_AS_TEXT, access="r"),
        field("code", Variant.code, SHORT_TEXT, access="ru"),
        field("name", Variant.name, SHORT_TEXT, access="ru"),
        field("description", Variant.description, TEXT, access="ru"),
        field("publish", Variant.is_published, ON_OR_EMPTY, access="ru"),
        field("stock", Variant.stock, INT_AS_TEXT, access="ru"),
    ),
    missing=VariantNotFound,
)
VARIANTS = Searchable(VARIANT)
CODE = QueryField(
    "code", "The exact code of the variants to change.", {"type": "string", "minLength": 1}, is_required=True
)


def of_product(call: Call) -> tuple[Filter, ...]:
    """Only the variants of the product in the path. Refuses: ProductNotFound."""
    get_row(call.tx, Product, call.ids["product_id"])
    return (exactly(VARIANT, "product_id", call.ids["product_id"]),)


def _in_product(call: Call) -> Wire:
    """The variant, if it is of the product in the path. Refuses: ProductNotFound, VariantNotFound."""
    get_row(call.tx, Product, call.ids["product_id"])
    variant = VARIANT.get(call.tx, call.ids["id"])
    if variant["product_id"] != str(call.ids["product_id"]):
        raise VariantNotFound(call.ids["id"])
    return variant


@outlined(Outline("one", VARIANT))
def show_in_product(call: Call) -> Reply:
    """One variant of the product in the path."""
    return Reply(200, _in_product(call))


@outlined(Outline("one", VARIANT, takes=VARIANT, mode="u"))
def change_in_product(call: Call) -> Reply:
    """Change one variant of the product in the path."""
    _in_product(call)
    return change(call)


@outlined(Outline("many", VARIANT, takes=VARIANT, mode="u", query=(CODE,)))
def change_by_code(call: Call) -> Reply:
    """Change every variant with the code in the query; always a list. An unknown parameter is refused."""
    parameters = read_query(call.request.query)
    strangers = set(parameters) - {"code"}
    if strangers:
        raise Invalid(min(strangers), "is not a parameter of this request; it takes only code")
    if not parameters.get("code"):
        raise Invalid("code", "is missing in the query")
    code = parameters["code"]
    ids = require_variants(call.tx, having_code=code)
    values = VARIANT.load(call.body, "u", call.tx.shop)
    if values:
        update_variants_by_code(call.tx, having_code=code, **values)
    return Reply(200, VARIANT.get_many(call.tx, ids))


change = changer(VARIANT, update_variant, "variant_id")

ROUTES = (
    Route(
        "variants.get", "GET", "/products/products/variants/{id}", getter(VARIANT), ("/products/variants/{id}",)
    ),
    Route(
        "variants.get_in_product", "GET", "/products/products/{product_id}/variants/{id}", show_in_product,
        ("/products/{product_id}/variants/{id}",),
    ),
    Route("variants.list", "GET", "/products/variants", lister(VARIANT, VARIANTS)),
    Route(
        "variants.list_in_product", "GET", "/products/{product_id}/variants",
        lister(VARIANT, VARIANTS, of_product),
    ),
    Route("variants.update", "PUT", "/products/variants/{id}", change),
    Route(
        "variants.update_in_product", "PUT", "/products/{product_id}/variants/{id}", change_in_product
    ),
    Route("variants.update_by_code", "PUT", "/products/variants", change_by_code),
)  # fmt: skip
