"""Products (reference 3.3)."""

from collections.abc import Mapping
from typing import Any

from comptoir.dialects.codecs import (
    AMOUNT2,
    AMOUNT4,
    ID_AS_TEXT_OR_EMPTY,
    INT_AS_TEXT,
    NAME,
    ON_OR_EMPTY,
    ON_OR_OFF,
    SHORT_TEXT,
    TEXT,
    TIME_TEXT,
    Codec,
    choice,
    text_of,
    whole_of,
)
from comptoir.dialects.coredna.assets import fetch_images, images, names_images
from comptoir.dialects.coredna.brands import BRAND
from comptoir.dialects.coredna.categories import CATEGORY
from comptoir.dialects.coredna.custom_fields import PRODUCT_CUSTOM_FIELD
from comptoir.dialects.coredna.pricings import PRICING
from comptoir.dialects.coredna.resource import changer, creator, getter, lister, remover
from comptoir.dialects.coredna.search import Searchable
from comptoir.dialects.coredna.seo import seo
from comptoir.dialects.edge import Route
from comptoir.dialects.wire import Document, field, many, one
from comptoir.domain.catalogue.errors import ProductNotFound
from comptoir.domain.catalogue.models import (
    Brand,
    Category,
    CustomField,
    Pricing,
    Product,
    ProductCategory,
    ProductCustomField,
)
from comptoir.domain.catalogue.products import IMAGE_FOLDER, create_product, remove_product, update_product
from comptoir.domain.shop import ShopFacts
from comptoir.storage.reading import Relation


def load_category_ids(raw: Any, _shop: ShopFacts) -> list[int]:
    """Ids as a list, as one comma-separated text, or inside category objects as they are read."""
    if isinstance(raw, str):
        raw = [part for part in raw.split(",") if part.strip()]
    if not isinstance(raw, list):
        raise ValueError("must be a list of category ids")
    return [whole_of(item.get("id") if isinstance(item, Mapping) else item) for item in raw]


def load_custom_values(raw: Any, shop: ShopFacts) -> dict[str | int, str]:
    """A map of custom field (name or id) to value, or custom-field objects as they are read."""
    if raw in ("", None):
        return {}
    if isinstance(raw, Mapping):
        return {str(key): TEXT.load(value, shop) for key, value in raw.items()}
    if isinstance(raw, list) and all(isinstance(one, Mapping) and "name" in one for one in raw):
        # Two fields may share a name, but never an id.
        return {
            whole_of(one["id"]) if one.get("id") else text_of(one["name"]): TEXT.load(one.get("value"), shop)
            for one in raw
        }
    raise ValueError("must be a map of custom field name to value; write custom_fields[name]=value")


CATEGORY_IDS: Codec[list[int]] = Codec(
    "category ids", "number", "{v}", load_category_ids, {"type": "array", "items": {"type": "integer"}}
)
CUSTOM_VALUES: Codec[dict[str | int, str]] = Codec(
    "custom values", "text", "{v}", load_custom_values,
    {"type": "object", "additionalProperties": {"type": "string"}},
)  # fmt: skip
STOCK_STATUS = choice({"": "", "in_stock": "in_stock", "out_of_stock": "out_of_stock"})

PRODUCT: Document[Product] = Document(
    (
        field("id", Product.id, INT_AS_TEXT, access="r"),
        field("brand_id", Product.brand_id, ID_AS_TEXT_OR_EMPTY),
        field("code", Product.code, SHORT_TEXT),
        field("name", Product.name, NAME, required=True),
        field("slug", Product.slug, SHORT_TEXT),
        field("description", Product.description, TEXT),
        field("preview", Product.preview, TEXT),
        field("keywords", Product.keywords, TEXT),
        field("created_at", Product.created_at, TIME_TEXT, access="r"),
        field("updated_at", Product.updated_at, TIME_TEXT, access="r"),
        field("has_inventory", Product.has_inventory, ON_OR_EMPTY),
        field("available.publish", Product.is_published, ON_OR_EMPTY),
        field("available.quantity", Product.quantity, INT_AS_TEXT),
        field("available.status", Product.status, STOCK_STATUS),
        *images(
            IMAGE_FOLDER,
            {
                "image1": Product.image1,
                "image2": Product.image2,
                "image3": Product.image3,
                "image4": Product.image4,
                "image5": Product.image5,
            },
            Product.id,
        ),
        field("limits.maximum", Product.limit_maximum, INT_AS_TEXT),
        field("limits.minimum", Product.limit_minimum, INT_AS_TEXT),
        field("prices.rrp", Product.price_rrp_e4, AMOUNT4),
        field("prices.special", Product.price_special_e4, AMOUNT2),
        field("prices.cost", Product.price_cost_e4, AMOUNT2),
        field("tax.code_id", Product.tax_code_id, ID_AS_TEXT_OR_EMPTY),
        field("tax.class", Product.tax_class, SHORT_TEXT),
        field("shipping.length", Product.length_e4, AMOUNT2),
        field("shipping.width", Product.width_e4, AMOUNT2),
        field("shipping.depth", Product.depth_e4, AMOUNT2),
        field("shipping.weight", Product.weight_e4, AMOUNT2),
        field("shipping.ship_separately", Product.is_shipped_separately, ON_OR_OFF),
        field("shipping.prevent_splitting", Product.is_never_split, ON_OR_EMPTY),
        one("brand", BRAND, Relation(Brand, holder=Brand.id, key=Product.brand_id)),
        many(
            "categories",
            CATEGORY,
            Relation(
                Category,
                holder=ProductCategory.product_id,
                key=Product.id,
                link=(ProductCategory.category_id, Category.id),
            ),
            codec=CATEGORY_IDS,
            into="category_ids",
        ),
        many(
            "custom_fields",
            PRODUCT_CUSTOM_FIELD,
            Relation(
                CustomField,
                holder=ProductCustomField.product_id,
                key=Product.id,
                link=(ProductCustomField.custom_field_id, CustomField.id),
            ),
            codec=CUSTOM_VALUES,
            into="custom_values",
        ),
        many("pricing", PRICING, Relation(Pricing, holder=Pricing.product_id, key=Product.id)),
        *seo(Product, "product"),
    ),
    missing=ProductNotFound,
)
PRODUCTS = Searchable(PRODUCT, {"price.": "prices"})

ROUTES = (
    Route(
        "products.create", "POST", "/products", creator(PRODUCT, create_product),
        prepare=fetch_images(PRODUCT, "c"), is_prepared=names_images(PRODUCT),
    ),
    Route("products.list", "GET", "/products", lister(PRODUCT, PRODUCTS)),
    Route("products.get", "GET", "/products/{id}", getter(PRODUCT)),
    Route(
        "products.update", "PUT", "/products/{id}", changer(PRODUCT, update_product, "product_id"),
        prepare=fetch_images(PRODUCT, "u"), is_prepared=names_images(PRODUCT),
    ),
    Route("products.delete", "DELETE", "/products/{id}", remover(remove_product, "product_id")),
)  # fmt: skip
