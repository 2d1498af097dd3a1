"""Reading whole rows of the catalogue."""

from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, select

from comptoir.domain.catalogue.errors import (
    BrandNotFound,
    CategoryNotFound,
    CustomFieldNotFound,
    PricingNotFound,
    ProductNotFound,
    VariantNotFound,
)
from comptoir.domain.catalogue.models import Brand, Category, CustomField, Pricing, Product, Variant
from comptoir.domain.errors import NotFound
from comptoir.domain.tx import Tx
from comptoir.storage.schema import Record

Row = dict[str, Any]

MISSING: dict[type[Record], type[NotFound]] = {
    Brand: BrandNotFound,
    Category: CategoryNotFound,
    CustomField: CustomFieldNotFound,
    Pricing: PricingNotFound,
    Product: ProductNotFound,
    Variant: VariantNotFound,
}


@cache
def _whole_row(record: type[Record]) -> Select[Any]:
    columns = record.__table__.columns
    return select(*columns).where(columns["id"] == bindparam("id"))


def get_row(tx: Tx, record: type[Record], key: int) -> Row:
    """Every column of a record by name. Refuses: the NotFound of its kind."""
    row = tx.one(_whole_row(record), id=key)
    if row is None:
        raise MISSING[record](key)
    return dict(zip(record.__table__.columns.keys(), row, strict=True))
