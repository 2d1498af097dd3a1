"""What is sold, in files: brands, categories, custom fields, products, variants, pricings, assets."""

from comptoir.domain.catalogue.importing import (
    import_brands,
    import_categories,
    import_custom_fields,
    import_pricings,
    import_products,
    import_variants,
)
from comptoir.domain.catalogue.models import (
    Brand,
    Category,
    CustomField,
    Pricing,
    Product,
    ProductCategory,
    ProductCustomField,
    Variant,
)
from comptoir.domain.exchange.codecs import ID_SET, TEXT, map_of
from comptoir.domain.exchange.hanging import ids_through, texts_through
from comptoir.domain.exchange.kinds import Branch, Field, Kind, fields_of

BRANDS = Kind("brands", Brand, fields_of(Brand, names=("name",)), import_brands, frozenset({"name"}))
CATEGORIES = Kind(
    "categories",
    Category,
    fields_of(Category, names=("name", "slug")),
    import_categories,
    frozenset({"name"}),
    made=("slug",),
    later="parent_id",
)
CUSTOM_FIELDS = Kind(
    "custom_fields",
    CustomField,
    fields_of(CustomField, names=("name",)),
    import_custom_fields,
    frozenset({"name"}),
)
PRODUCTS = Kind(
    "products",
    Product,
    fields_of(Product, names=("name", "code", "slug")),
    import_products,
    frozenset({"name"}),
    branches=(
        Branch(
            Field("category_ids", "category_ids", ID_SET),
            ids_through(ProductCategory.product_id, ProductCategory.category_id),
            [],
        ),
        Branch(
            Field("custom_values", "custom_values", map_of(TEXT)),
            texts_through(
                ProductCustomField.product_id, ProductCustomField.custom_field_id, ProductCustomField.value
            ),
            {},
        ),
    ),
    made=("code", "slug"),
)
VARIANTS = Kind(
    "variants", Variant, fields_of(Variant, names=("code",)), import_variants, frozenset({"product_id"})
)
PRICINGS = Kind("pricings", Pricing, fields_of(Pricing), import_pricings, frozenset({"product_id", "price"}))
