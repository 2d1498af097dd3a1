"""What is sold, in files: brands, categories, custom fields, options, products, terms, variants, pricings, coupons."""

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
    Option,
    OptionOfProduct,
    OptionValue,
    Pricing,
    Product,
    ProductCategory,
    ProductCustomField,
    ProductTerms,
    Variant,
)
from comptoir.domain.catalogue.taking_over import import_options, import_terms
from comptoir.domain.coupons.importing import import_coupons
from comptoir.domain.coupons.models import Coupon, CouponProduct
from comptoir.domain.exchange.codecs import ID, ID_SET, TEXT, list_of, map_of
from comptoir.domain.exchange.hanging import ids_through, rows_under, texts_through
from comptoir.domain.exchange.kinds import Branch, Field, Kind, fields_of, rows_of

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
VALUE_FIELDS = fields_of(OptionValue, without=("option_id", "position"))
OPTIONS = Kind(
    "options",
    Option,
    fields_of(Option, names=("name",)),
    import_options,
    frozenset({"name", "values"}),
    branches=(
        Branch(
            Field("values", "values", rows_of(VALUE_FIELDS, ("name",))),
            rows_under(
                OptionValue, VALUE_FIELDS, OptionValue.option_id, OptionValue.position, OptionValue.id
            ),
            [],
        ),
    ),
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
        Branch(
            Field("option_ids", "option_ids", list_of(ID)),
            ids_through(
                OptionOfProduct.product_id, OptionOfProduct.option_id, order=OptionOfProduct.position
            ),
            [],
        ),
    ),
    made=("code", "slug"),
)
PRODUCT_TERMS = Kind(
    "product_terms",
    ProductTerms,
    fields_of(ProductTerms, names=("vendor_product_id",), signed=("startup_fee_e4",)),
    import_terms,
    frozenset({"product_id"}),
    key=("product_id",),
)
VARIANTS = Kind(
    "variants", Variant, fields_of(Variant, names=("code",)), import_variants, frozenset({"product_id"})
)
PRICINGS = Kind("pricings", Pricing, fields_of(Pricing), import_pricings, frozenset({"product_id", "price"}))
COUPONS = Kind(
    "coupons",
    Coupon,
    fields_of(Coupon, names=("code",)),
    import_coupons,
    frozenset({"code", "type", "expires_on"}),
    branches=(
        Branch(
            Field("product_ids", "product_ids", ID_SET),
            ids_through(CouponProduct.coupon_id, CouponProduct.product_id),
            [],
        ),
    ),
)
