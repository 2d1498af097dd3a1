"""What things of the catalogue are called, for columns that have only their ids."""

from collections.abc import Collection
from functools import partial
from typing import Any

from comptoir.console.cells import Column
from comptoir.console.cells import called as column
from comptoir.domain.catalogue.belongings import names_of
from comptoir.domain.catalogue.models import Brand, Category, Product, Variant
from comptoir.domain.tx import Tx
from comptoir.storage.schema import Attribute, Record

RECORDS: dict[str, type[Record]] = {
    "product": Product, "variant": Variant, "brand": Brand, "category": Category,
}  # fmt: skip


def called(title: str, attribute: Attribute[Any], kind: str) -> Column:
    """A product, variant, brand or category by its name."""
    return column(title, attribute, kind, partial(_names, RECORDS[kind]))


def _names(record: type[Record], tx: Tx, ids: Collection[Any]) -> dict[int, str]:
    return names_of(tx, record, ids)
