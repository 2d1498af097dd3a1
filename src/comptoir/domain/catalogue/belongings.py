"""What hangs on products, options and categories, and what they are called, for those who look at them by hand."""

from collections import defaultdict
from collections.abc import Collection
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select

from comptoir.domain.catalogue.models import (
    Brand,
    Category,
    OptionOfProduct,
    OptionValue,
    Pricing,
    Product,
    ProductCategory,
    ProductCustomField,
    Variant,
)
from comptoir.domain.names import key_of
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among
from comptoir.storage.reading import Filter, Target
from comptoir.storage.schema import Record
from comptoir.storage.walking import Walker

SHOWN_MAX = 1_000
TREE_MAX = 2_000


class VariantRow(NamedTuple):
    """A variant of a product."""

    id: int
    code: str
    name: str
    is_published: bool
    stock: int


class PricingRow(NamedTuple):
    """Another price of a product."""

    id: int
    name: str
    sign: str
    price_e4: int
    modifier: str
    is_published: bool
    minimum_quantity: int


class Value(NamedTuple):
    """One of an option's values."""

    id: int
    name: str
    surcharge_e4: int


class Shelf(NamedTuple):
    """A category, and the one it belongs to."""

    id: int
    name: str
    parent_id: int | None


CATEGORIES_OF = (
    select(ProductCategory.category_id)
    .where(ProductCategory.product_id == bindparam("id"))
    .order_by(ProductCategory.category_id)
)
VALUES_OF_PRODUCT = select(ProductCustomField.custom_field_id, ProductCustomField.value).where(
    ProductCustomField.product_id == bindparam("id")
)
VARIANTS_OF = (
    select(*(getattr(Variant, name) for name in VariantRow._fields))
    .where(Variant.product_id == bindparam("id"))
    .order_by(Variant.id)
    .limit(bindparam("limit"))
)
PRICINGS_OF = (
    select(*(getattr(Pricing, name) for name in PricingRow._fields))
    .where(Pricing.product_id == bindparam("id"))
    .order_by(Pricing.minimum_quantity, Pricing.id)
    .limit(bindparam("limit"))
)
VALUES_OF_OPTION = (
    select(*(getattr(OptionValue, name) for name in Value._fields))
    .where(OptionValue.option_id == bindparam("id"))
    .order_by(OptionValue.position, OptionValue.id)
)
VALUE_NAMES = (
    select(OptionValue.option_id, OptionValue.name)
    .where(among(OptionValue.option_id, "ids"))
    .order_by(OptionValue.option_id, OptionValue.position, OptionValue.id)
)
OPTION_IDS_OF = (
    select(OptionOfProduct.option_id)
    .where(OptionOfProduct.product_id == bindparam("id"))
    .order_by(OptionOfProduct.position, OptionOfProduct.option_id)
)
PRODUCTS_WITH = (
    select(Product.id, Product.name)
    .join(OptionOfProduct, OptionOfProduct.product_id == Product.id)
    .where(OptionOfProduct.option_id == bindparam("id"))
    .order_by(Product.id)
    .limit(bindparam("limit"))
)
CHILDREN_OF = (
    select(Category.id, Category.name, Category.parent_id)
    .where(Category.parent_id == bindparam("id"))
    .order_by(Category.id)
    .limit(bindparam("limit"))
)
SHELVES = (
    select(Category.id, Category.name, Category.parent_id).order_by(Category.id).limit(bindparam("limit"))
)

BRANDS_OF = (
    select(Product.id, Brand.id, Brand.name)
    .join(Brand, Brand.id == Product.brand_id)
    .where(among(Product.id, "ids"))
)

# In a category with no more products than these, they are found from the category on; a fuller one is met soon.
FEW_PRODUCTS = 2_000
PRODUCTS_IN = (
    select(ProductCategory.product_id)
    .where(among(ProductCategory.category_id, "ids"))
    .limit(bindparam("limit"))
)


@cache
def _named(record: type[Record]) -> Select[Any]:
    columns = record.__table__.columns
    return select(columns["id"], columns["name"]).where(among(columns["id"], "ids"))


@cache
def _walk(record: Any) -> tuple[Walker, Target]:
    return Walker(record, (record.id,)), Target(record.name, "text")


@cache
def _names(record: type[Record]) -> Select[Any]:
    columns = record.__table__.columns
    return select(columns["id"], columns["name"]).order_by(columns["id"]).limit(bindparam("limit"))


def names_of(tx: Tx, record: type[Record], ids: Collection[int | None]) -> dict[int, str]:
    """What those of these records that exist are called, by their ids."""
    wanted = sorted({one for one in ids if one})
    return {row[0]: row[1] for row in tx.all(_named(record), ids=wanted)} if wanted else {}


def list_names(tx: Tx, record: type[Record], *, limit: int = SHOWN_MAX) -> list[tuple[int, str]]:
    """The first records of a kind, by their names."""
    return sorted(
        ((row[0], row[1]) for row in tx.all(_names(record), limit=limit)), key=lambda row: row[1].lower()
    )


def ids_called(tx: Tx, record: Any, part: str, *, limit: int = SHOWN_MAX) -> list[int]:
    """The first records of a kind that have a part of a name in theirs."""
    walker, name = _walk(record)
    filters = (Filter(name, "like", (key_of(part),)),)
    return [row[0] for row in walker.step(tx, filters, by=record.id, falls=False, limit=limit)]


def few_products_in(tx: Tx, category_ids: Collection[int]) -> list[int] | None:
    """The products in some categories, when they are few; None when they are many."""
    rows = tx.all(PRODUCTS_IN, ids=list(category_ids), limit=FEW_PRODUCTS + 1)
    return None if len(rows) > FEW_PRODUCTS else sorted({row[0] for row in rows})


def brands_of(tx: Tx, product_ids: Collection[int]) -> dict[int, tuple[int, str]]:
    """The brands of those of the products that have one: id and name, by the products' ids."""
    return {row[0]: (row[1], row[2]) for row in tx.all(BRANDS_OF, ids=list(product_ids))}


def category_ids_of(tx: Tx, product_id: int) -> list[int]:
    """The categories that a product stands in."""
    return [row[0] for row in tx.all(CATEGORIES_OF, id=product_id)]


def custom_values_of(tx: Tx, product_id: int) -> dict[int, str]:
    """A product's values for custom fields, by the fields' ids."""
    return {row[0]: row[1] for row in tx.all(VALUES_OF_PRODUCT, id=product_id)}


def list_variants(tx: Tx, product_id: int, *, limit: int = SHOWN_MAX) -> list[VariantRow]:
    """The first variants of a product."""
    return [VariantRow(*row) for row in tx.all(VARIANTS_OF, id=product_id, limit=limit)]


def list_pricings(tx: Tx, product_id: int, *, limit: int = SHOWN_MAX) -> list[PricingRow]:
    """The first other prices of a product, by the quantity that they begin with."""
    return [PricingRow(*row) for row in tx.all(PRICINGS_OF, id=product_id, limit=limit)]


def list_values(tx: Tx, option_id: int) -> list[Value]:
    """An option's values in their order."""
    return [Value(*row) for row in tx.all(VALUES_OF_OPTION, id=option_id)]


def value_names_of(tx: Tx, option_ids: Collection[int]) -> dict[int, list[str]]:
    """What the values of options are called, in their order, by the options' ids."""
    names: defaultdict[int, list[str]] = defaultdict(list)
    for option_id, name in tx.all(VALUE_NAMES, ids=list(option_ids)):
        names[option_id].append(name)
    return dict(names)


def option_ids_of(tx: Tx, product_id: int) -> list[int]:
    """The options of a product in their order."""
    return [row[0] for row in tx.all(OPTION_IDS_OF, id=product_id)]


def list_products_with(tx: Tx, option_id: int, *, limit: int) -> list[tuple[int, str]]:
    """The first products that have an option, with their names."""
    return [(row[0], row[1]) for row in tx.all(PRODUCTS_WITH, id=option_id, limit=limit)]


def list_children(tx: Tx, category_id: int, *, limit: int = SHOWN_MAX) -> list[Shelf]:
    """The first categories that belong to a category."""
    return [Shelf(*row) for row in tx.all(CHILDREN_OF, id=category_id, limit=limit)]


def list_shelves(tx: Tx, *, limit: int = TREE_MAX) -> list[Shelf]:
    """The first categories of all, each with the one it belongs to."""
    return [Shelf(*row) for row in tx.all(SHELVES, limit=limit)]


def paths_of(shelves: Collection[Shelf]) -> dict[int, list[str]]:
    """From the top down to each category, by name; what belongs to one that is not among them stands on top."""
    known = {shelf.id: shelf for shelf in shelves}
    paths: dict[int, list[str]] = {}
    for shelf in shelves:
        path, seen, here = [shelf.name], {shelf.id}, shelf
        while here.parent_id in known and here.parent_id not in seen:
            here = known[here.parent_id]
            seen.add(here.id)
            path.insert(0, here.name)
        paths[shelf.id] = path
    return paths
