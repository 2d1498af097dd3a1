"""Filters of the catalogue's lists: another record by its number or its name."""

from typing import Any

from comptoir.console.filters import (
    DIGITS_MAX,
    TEXT_MAX,
    Asking,
    Input,
    Narrowing,
    Query,
    exactly,
    findable,
    through,
    value_of,
)
from comptoir.domain.catalogue.belongings import few_products_in, ids_called
from comptoir.domain.catalogue.models import Category, Product, ProductCategory
from comptoir.domain.tx import Tx
from comptoir.storage.reading import Filter, Relation, Target
from comptoir.storage.schema import Attribute, Record

SHELVED = Relation(ProductCategory, holder=ProductCategory.product_id, key=Product.id)


def known_by(name: str, label: str, number: Attribute[Any], record: type[Record]) -> Narrowing:
    """Another record by its number (digits alone), or by a part of its name."""
    by_number = exactly(name, label, number)
    target = Target(number, "number")

    def look(tx: Tx, query: Query) -> Asking | None:
        ids = _meant(tx, value_of(query, name), record)
        return None if ids is None else _of_some(name, label, query, Filter(target, "in", tuple(ids)))

    return Narrowing(name, by_number.ask, look)


def standing_in(name: str, label: str) -> Narrowing:
    """Products in a category, by its number or a part of its name."""
    by_number = through(exactly(name, label, ProductCategory.category_id), SHELVED)
    shelved = Target(ProductCategory.category_id, "number", via=(SHELVED,))
    itself = Target(Product.id, "number")

    def look(tx: Tx, query: Query) -> Asking | None:
        value = value_of(query, name)
        ids = [int(value)] if _is_natural(value) else _meant(tx, value, Category)
        if ids is None:
            return None
        few = few_products_in(tx, ids)
        filter_ = Filter(shelved, "in", tuple(ids)) if few is None else Filter(itself, "in", tuple(few))
        return _of_some(name, label, query, filter_)

    return Narrowing(name, by_number.ask, look)


def _meant(tx: Tx, value: str, record: type[Record]) -> list[int] | None:
    """The records with such a name; None when there is no name to look for."""
    if not value or (value.isascii() and value.isdigit()):
        return None
    try:
        return ids_called(tx, record, findable(value)) if len(value) <= TEXT_MAX else []
    except ValueError:
        return []


def _of_some(name: str, label: str, query: Query, filter_: Filter) -> Asking:
    inputs = (Input(name, label, "search", value_of(query, name)),)
    return Asking(inputs, (filter_ if filter_.values else Filter(filter_.target, "never"),))


def _is_natural(value: str) -> bool:
    return value.isascii() and value.isdigit() and len(value) <= DIGITS_MAX
