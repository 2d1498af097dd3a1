"""The records of the catalogue. Prices and sizes are ten-thousandths (`_e4`)."""

from datetime import datetime
from typing import ClassVar

from sqlalchemy import ForeignKey, Index

from comptoir.storage.columns import OrderKey, WholeNumber
from comptoir.storage.schema import Id, Mapped, Record, mapped_column, partial_index


class Brand(Record):
    """A maker's name on products."""

    __tablename__ = "brand"

    id: Mapped[Id]
    name: Mapped[str]
    description: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    is_published: Mapped[bool]
    status: Mapped[str]
    comment1: Mapped[str]
    comment2: Mapped[str]
    comment3: Mapped[str]
    street: Mapped[str]
    postcode: Mapped[str]
    state: Mapped[str]
    email: Mapped[str]
    fax: Mapped[str]
    phone: Mapped[str]
    image1: Mapped[str]
    image2: Mapped[str]


class Category(Record):
    """A shelf; `parent_id` names the shelf it belongs to, which only some dialects show."""

    __tablename__ = "category"
    __folded__: ClassVar[dict[str, str]] = {"slug": "slug_key"}

    id: Mapped[Id]
    name: Mapped[str]
    slug: Mapped[str]
    slug_key: Mapped[str] = mapped_column(unique=True)
    description: Mapped[str]
    keywords: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    is_published: Mapped[bool]
    status: Mapped[str]
    comment1: Mapped[str]
    comment2: Mapped[str]
    comment3: Mapped[str]
    comment4: Mapped[str]
    comment5: Mapped[str]
    image1: Mapped[str]
    seo_id: Mapped[int]
    seo_title: Mapped[str]
    seo_description: Mapped[str]
    seo_keywords: Mapped[str]
    seo_robots: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(index=True)


class CustomField(Record):
    """A property which the merchant adds to products; where two share a name, the older one answers to it."""

    __tablename__ = "custom_field"
    __folded__: ClassVar[dict[str, str]] = {"name": "name_key"}

    id: Mapped[Id]
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(index=True)
    description: Mapped[str]
    status: Mapped[str]


class Product(Record):
    """What is sold. `name_key` is where its name stands in a list."""

    __tablename__ = "product"
    __table_args__ = (
        Index("ix_product_name", "name_key", "id"),
        partial_index("ix_product_stock", "quantity", "id", where="has_inventory"),
    )
    __folded__: ClassVar[dict[str, str]] = {"code": "code_key", "slug": "slug_key"}
    __substring_search__: ClassVar[tuple[str, ...]] = ("name", "code", "slug", "keywords")

    id: Mapped[Id]
    brand_id: Mapped[int | None] = mapped_column(ForeignKey("brand.id"), index=True)
    code: Mapped[str]
    code_key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(OrderKey)
    slug: Mapped[str]
    slug_key: Mapped[str] = mapped_column(unique=True)
    description: Mapped[str]
    preview: Mapped[str]
    keywords: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    has_inventory: Mapped[bool]
    is_published: Mapped[bool]
    quantity: Mapped[int]
    status: Mapped[str]
    image1: Mapped[str]
    image2: Mapped[str]
    image3: Mapped[str]
    image4: Mapped[str]
    image5: Mapped[str]
    limit_maximum: Mapped[int]
    limit_minimum: Mapped[int]
    price_rrp_e4: Mapped[int]
    price_special_e4: Mapped[int]
    price_cost_e4: Mapped[int]
    tax_code_id: Mapped[int | None]
    tax_class: Mapped[str]
    length_e4: Mapped[int]
    width_e4: Mapped[int]
    depth_e4: Mapped[int]
    weight_e4: Mapped[int]
    is_shipped_separately: Mapped[bool]
    is_never_split: Mapped[bool]
    seo_id: Mapped[int]
    seo_title: Mapped[str]
    seo_description: Mapped[str]
    seo_keywords: Mapped[str]
    seo_robots: Mapped[str]


class ProductCategory(Record):
    """A product stands on a shelf."""

    __tablename__ = "product_category"

    product_id: Mapped[int] = mapped_column(
        WholeNumber, ForeignKey("product.id", ondelete="CASCADE"), primary_key=True
    )
    category_id: Mapped[int] = mapped_column(
        WholeNumber, ForeignKey("category.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class ProductCustomField(Record):
    """A product's value for a custom field."""

    __tablename__ = "product_custom_field"

    product_id: Mapped[int] = mapped_column(
        WholeNumber, ForeignKey("product.id", ondelete="CASCADE"), primary_key=True
    )
    custom_field_id: Mapped[int] = mapped_column(
        WholeNumber, ForeignKey("custom_field.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    value: Mapped[str]


class Variant(Record):
    """A product in one size, colour or kind. Two may share a code: the console allows what the API does not."""

    __tablename__ = "variant"
    __folded__: ClassVar[dict[str, str]] = {"code": "code_key"}

    id: Mapped[Id]
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id", ondelete="CASCADE"), index=True)
    code: Mapped[str]
    code_key: Mapped[str] = mapped_column(index=True)
    name: Mapped[str]
    description: Mapped[str]
    is_published: Mapped[bool]
    stock: Mapped[int]


class Pricing(Record):
    """Another price of a product: in its place or on top of it, from a quantity on."""

    __tablename__ = "pricing"

    id: Mapped[Id]
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id", ondelete="CASCADE"), index=True)
    name: Mapped[str]
    description: Mapped[str]
    sign: Mapped[str]
    price_e4: Mapped[int]
    modifier: Mapped[str]
    is_published: Mapped[bool]
    minimum_quantity: Mapped[int]


class ProductTerms(Record):
    """How a product is sold, where it is told: tangible or not, once or again and again, with which extras.

    `assigned_id` is the small number that checkout links call the product by. It recurs every
    `recurrence_count` of `recurrence_unit` (week, month, year) for `duration_count` of `duration_unit`, or
    for ever when that is None. A product without terms is intangible, sold once, and called by its id.
    """

    __tablename__ = "product_terms"
    __folded__: ClassVar[dict[str, str]] = {"vendor_product_id": "vendor_product_key"}

    product_id: Mapped[int] = mapped_column(
        WholeNumber, ForeignKey("product.id", ondelete="CASCADE"), primary_key=True
    )
    assigned_id: Mapped[int] = mapped_column(unique=True)
    vendor_product_id: Mapped[str]
    vendor_product_key: Mapped[str] = mapped_column(index=True)
    is_tangible: Mapped[bool]
    handling_e4: Mapped[int | None]
    is_recurring: Mapped[bool]
    recurrence_unit: Mapped[str | None]
    recurrence_count: Mapped[int | None]
    duration_unit: Mapped[str | None]
    duration_count: Mapped[int | None]
    startup_fee_e4: Mapped[int | None]
    approved_url: Mapped[str | None]
    pending_url: Mapped[str | None]
    has_commission: Mapped[bool]
    commission_type: Mapped[str | None]
    commission_e4: Mapped[int | None]


class Option(Record):
    """A choice that a buyer makes for a product, such as the size."""

    # OPTION is a word of SQL.
    __tablename__ = "product_option"

    id: Mapped[Id]
    name: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class OptionValue(Record):
    """One of an option's values, and what it adds to the price."""

    __tablename__ = "option_value"

    id: Mapped[Id]
    option_id: Mapped[int] = mapped_column(ForeignKey("product_option.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    name: Mapped[str]
    surcharge_e4: Mapped[int]


class OptionOfProduct(Record):
    """A product has an option."""

    __tablename__ = "option_of_product"

    product_id: Mapped[int] = mapped_column(
        WholeNumber, ForeignKey("product.id", ondelete="CASCADE"), primary_key=True
    )
    option_id: Mapped[int] = mapped_column(
        WholeNumber, ForeignKey("product_option.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int]
