"""Finding products and options by what a seller knows them by, page by page, in any order."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, case, false, func, select, union_all

from comptoir.domain.catalogue.models import (
    Option,
    OptionOfProduct,
    OptionValue,
    Product,
    ProductCategory,
    ProductTerms,
)
from comptoir.domain.catalogue.terms import find_product
from comptoir.domain.names import key_of
from comptoir.domain.tx import Tx
from comptoir.storage.reading import Filter, Relation, Target, Trigrams, condition, fetch, values_of
from comptoir.storage.substring import is_kept

ENGINE_WITH_TRIGRAM_TABLES = "sqlite"
NAME = Target(Product.name, "text")


@dataclass(frozen=True, slots=True)
class ProductSearch:
    """What is asked for: a part of the name, the seller's own number, the number that links use."""

    name: str = ""
    vendor_product_id: str = ""
    assigned_id: int | None = None


@dataclass(frozen=True, slots=True)
class OptionSearch:
    """What is asked for: a part of the name, a part of one of the values' names."""

    name: str = ""
    value_name: str = ""


class Page(NamedTuple):
    """The records of a page in order, and how many there are on all pages."""

    ids: list[int]
    total: int


class _Shape(NamedTuple):
    """What a statement's text depends on."""

    filters: frozenset[str]
    has_trigrams: bool = False
    leads: bool = False


def _lowered(column: Any) -> ColumnElement[str]:
    return func.lower(column)


def _days(unit: Any, count: Any) -> ColumnElement[Any]:
    """About how long an interval is: enough to order by."""
    days: ColumnElement[Any] = case((unit == "week", 7), (unit == "month", 30), (unit == "year", 365)) * count
    return days


def _first(column: Any, holder: Any) -> ColumnElement[Any]:
    found: ColumnElement[Any] = (
        select(func.min(column)).where(holder == Product.id).correlate(Product).scalar_subquery()
    )
    return found


# What a list may be ordered by; of several options and categories the lowest number counts.
ORDERS: Mapping[str, Callable[[], Any]] = {
    "product_id": lambda: Product.id,
    "name": lambda: _lowered(Product.name),
    "description": lambda: _lowered(Product.preview),
    "option_id": lambda: _first(OptionOfProduct.option_id, OptionOfProduct.product_id),
    "price": lambda: case(
        (Product.price_special_e4 > 0, Product.price_special_e4), else_=Product.price_rrp_e4
    ),
    "vendor_product_id": lambda: func.coalesce(ProductTerms.vendor_product_key, Product.code_key),
    "assigned_id": lambda: func.coalesce(ProductTerms.assigned_id, Product.id),
    "is_tangible": lambda: func.coalesce(ProductTerms.is_tangible, false()),
    "weight": lambda: Product.weight_e4,
    "handling": lambda: ProductTerms.handling_e4,
    "long_description": lambda: _lowered(Product.description),
    "pending_url": lambda: ProductTerms.pending_url,
    "approved_url": lambda: ProductTerms.approved_url,
    "startup_fee": lambda: ProductTerms.startup_fee_e4,
    "recurrence": lambda: _days(ProductTerms.recurrence_unit, ProductTerms.recurrence_count),
    "duration": lambda: _days(ProductTerms.duration_unit, ProductTerms.duration_count),
    "category_id": lambda: _first(ProductCategory.category_id, ProductCategory.product_id),
    "commission": lambda: ProductTerms.commission_e4,
    "commission_type": lambda: ProductTerms.commission_type,
}


def list_products(
    tx: Tx, search: ProductSearch, *, order: str, is_descending: bool, limit: int, start: int
) -> Page:
    """A page of the products that fit, and their count. The ids come first, out of as few rows as can be."""
    values: dict[str, Any] = {}
    filters = set()
    name = Filter(NAME, "like", (key_of(search.name),))
    if search.name:
        filters.add("name")
        values |= name.bound(0)
    if search.vendor_product_id:
        filters.add("vendor_product_id")
        values["vendor_key"] = key_of(search.vendor_product_id)
    if search.assigned_id is not None:
        filters.add("id")
        values["id"] = find_product(tx, assigned_id=search.assigned_id) or 0
    has_trigrams = bool(search.name) and name.has_trigrams
    leads = has_trigrams and tx.engine == ENGINE_WITH_TRIGRAM_TABLES and is_kept(tx, "product", "id")
    shape = _Shape(frozenset(filters), has_trigrams, leads)
    ((total,),) = fetch(tx, _count(shape), dict(values), is_prepared=not has_trigrams)
    if start >= total:
        return Page([], total)
    values |= {"limit": limit, "start": start}
    rows = fetch(tx, _page(shape, order, is_descending), values, is_prepared=not has_trigrams)
    return Page([row[0] for row in rows], total)


@cache
def _count(shape: _Shape) -> Select[Any]:
    return select(func.count()).select_from(Product).where(*_conditions(shape))


@cache
def _page(shape: _Shape, order: str, is_descending: bool) -> Select[Any]:  # noqa: FBT001 - part of a cache's key
    by = ORDERS[order]()
    statement = (
        select(Product.id).where(*_conditions(shape)).limit(bindparam("limit")).offset(bindparam("start"))
    )
    if order == "product_id":
        return statement.order_by(Product.id.desc() if is_descending else Product.id)
    # Without this, SQLite and PostgreSQL put what has no value at different ends.
    directed = by.desc().nulls_last() if is_descending else by.asc().nulls_first()
    statement = statement.outerjoin(ProductTerms, ProductTerms.product_id == Product.id)
    return statement.order_by(directed, Product.id)


def _conditions(shape: _Shape) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if "name" in shape.filters:
        # The filter's own value is bound at the time; here its length alone says how it is looked for.
        name = Filter(NAME, "like", ("long" if shape.has_trigrams else "",))
        conditions.append(condition(name, 0, Product))
        if shape.leads:
            trigrams = Trigrams(Product, name, 0)
            keys = select(trigrams.key).select_from(trigrams.rows).where(trigrams.match)
            conditions.append(Product.id.in_(keys))
    if "vendor_product_id" in shape.filters:
        conditions.append(Product.id.in_(_of_vendor_product_id()))
    if "id" in shape.filters:
        conditions.append(Product.id == bindparam("id"))
    return conditions


def _of_vendor_product_id() -> Any:
    """Products with this number of the seller's; the code stands for it where there are no terms."""
    key: Any = bindparam("vendor_key")
    told = select(ProductTerms.product_id).where(ProductTerms.vendor_product_key == key)
    silent = (
        select(Product.id)
        .outerjoin(ProductTerms, ProductTerms.product_id == Product.id)
        .where(Product.code_key == key, ProductTerms.product_id.is_(None))
    )
    return union_all(told, silent)


HAS_NAME = Target(Option.name, "text")
HAS_VALUE = Target(
    OptionValue.name, "text", via=(Relation(OptionValue, holder=OptionValue.option_id, key=Option.id),)
)


def list_options(
    tx: Tx, search: OptionSearch, *, order: str, is_descending: bool, limit: int, start: int
) -> Page:
    """A page of the options that fit, ordered by `id` or `name`, and their count."""
    filters = tuple(
        Filter(target, "like", (key_of(part),))
        for target, part in ((HAS_NAME, search.name), (HAS_VALUE, search.value_name))
        if part
    )
    targets = tuple(one.target for one in filters)
    values = values_of(filters)
    ((total,),) = fetch(tx, _count_options(targets), dict(values))
    rows = fetch(
        tx, _page_of_options(targets, order, is_descending), values | {"limit": limit, "start": start}
    )
    return Page([row[0] for row in rows], total)


@cache
def _count_options(targets: tuple[Target, ...]) -> Select[Any]:
    return select(func.count()).select_from(Option).where(*_like(targets))


@cache
def _page_of_options(targets: tuple[Target, ...], order: str, is_descending: bool) -> Select[Any]:  # noqa: FBT001 - part of a cache's key
    by: Any = Option.id if order == "id" else _lowered(Option.name)
    statement = (
        select(Option.id).where(*_like(targets)).order_by(by.desc() if is_descending else by, Option.id)
    )
    return statement.limit(bindparam("limit")).offset(bindparam("start"))


def _like(targets: tuple[Target, ...]) -> list[ColumnElement[bool]]:
    return [condition(Filter(target, "like", ("",)), place, Option) for place, target in enumerate(targets)]
