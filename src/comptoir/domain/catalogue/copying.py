"""A product that begins as another one is."""

from dataclasses import asdict
from typing import Any

from comptoir.domain.catalogue.belongings import (
    category_ids_of,
    custom_values_of,
    list_pricings,
    list_variants,
    option_ids_of,
)
from comptoir.domain.catalogue.models import Pricing, Product, Variant
from comptoir.domain.catalogue.options import set_options
from comptoir.domain.catalogue.pricings import create_pricing
from comptoir.domain.catalogue.products import NEW_PRODUCT, create_product
from comptoir.domain.catalogue.queries import get_row
from comptoir.domain.catalogue.terms import NEW_TERMS, set_terms, terms_of
from comptoir.domain.catalogue.variants import create_variant
from comptoir.domain.tx import Tx

NAME_MAX = 255
COPIED_MAX = 100_000
# What is a thing's own: its pictures lie under its number, its pieces are counted one by one.
OWN = frozenset({"image1", "image2", "image3", "image4", "image5", "quantity", "is_published"})


def copy_product(tx: Tx, *, product_id: int) -> int:
    """Create a product as another one is: its prices, options, variants, categories, values and terms.

    The copy has a code and a slug of its own, no pictures and no pieces, and is not published. Refuses:
    ProductNotFound.
    """
    old = get_row(tx, Product, product_id)
    values: dict[str, Any] = {name: old[name] for name in NEW_PRODUCT if name not in OWN}
    values["custom_values"] = custom_values_of(tx, product_id)
    made = create_product(
        tx, **values, name=f"{old['name'][: NAME_MAX - 7]} (copy)", is_published=False,
        category_ids=category_ids_of(tx, product_id),
    )  # fmt: skip
    set_options(tx, product_id=made, option_ids=option_ids_of(tx, product_id))
    for pricing in list_pricings(tx, product_id, limit=COPIED_MAX):
        kept = get_row(tx, Pricing, pricing.id)
        create_pricing(tx, **{**kept, "id": None, "product_id": made})
    for variant in list_variants(tx, product_id, limit=COPIED_MAX):
        kept = get_row(tx, Variant, variant.id)
        said: Any = {name: kept[name] for name in ("code", "name", "description", "is_published")}
        create_variant(tx, product_id=made, **said)
    _copy_terms(tx, product_id, made)
    return made


def _copy_terms(tx: Tx, product_id: int, made: int) -> None:
    """How it is sold, under the seller's own number of the copy."""
    terms = asdict(terms_of(tx, [product_id])[product_id])
    said: Any = {name: terms[name] for name in NEW_TERMS if name != "vendor_product_id"}
    if any(value != NEW_TERMS[name] for name, value in said.items()):
        code = get_row(tx, Product, made)["code"]
        set_terms(tx, product_id=made, is_new=True, vendor_product_id=code, **said)
