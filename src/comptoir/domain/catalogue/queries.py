"""Reading whole rows of the catalogue."""

from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from comptoir.domain.catalogue.errors import (
    BrandNotFound,
    CategoryNotFound,
    CustomFieldNotFound,
    OptionNotFound,
    PricingNotFound,
    ProductNotFound,
    VariantNotFound,
)
from comptoir.domain.catalogue.models import Brand, Category, CustomField, Option, Pricing, Product, Variant
from comptoir.domain.errors import NotFound
from comptoir.domain.tx import Tx
from comptoir.storage.schema import Record

Row = dict[str, Any]

MISSING: dict[type[Record], type[NotFound]] = {
    Brand: BrandNotFound,
    Category: CategoryNotFound,
    CustomField: CustomFieldNotFound,
    Option: OptionNotFound,
    Pricing: PricingNotFound,
    Product: ProductNotFound,
    Variant: VariantNotFound,
}


@cache
def _whole_row(record: type[Record]) -> Select[Any]:
    columns = record.__table__.columns
    return select(*columns).where(columns["id"] == bindparam("id"))


@cache
def _locked_row(record: type[Record]) -> Select[Any]:
    """The same, held until the transaction ends; SQLite has one writer anyway and knows no such lock."""
    return _whole_row(record).with_for_update(key_share=True)


def get_row(tx: Tx, record: type[Record], key: int) -> Row:
    """Every column of a record by name. Refuses: the NotFound of its kind."""
    return _row(tx, record, key, _whole_row(record))


def take_row(tx: Tx, record: type[Record], key: int) -> Row:
    """The same for a record that is to be changed: nobody else changes it meanwhile."""
    return _row(tx, record, key, _locked_row(record))


def _row(tx: Tx, record: type[Record], key: int, statement: Select[Any]) -> Row:
    row = tx.one(statement, id=key)
    if row is None:
        raise MISSING[record](key)
    return dict(zip(record.__table__.columns.keys(), row, strict=True))
