"""Verbs on variants. Only the console and imports create them, and only they may let two share a code."""

from typing import Any, TypedDict, Unpack

from sqlalchemy import bindparam, delete, select

from comptoir.domain.catalogue.errors import CodeTaken, VariantNotFound
from comptoir.domain.catalogue.models import Product, Variant
from comptoir.domain.catalogue.noting import new_id, noted, write_change
from comptoir.domain.catalogue.queries import get_row, take_row
from comptoir.domain.errors import Invalid
from comptoir.domain.names import key_of
from comptoir.domain.tx import Tx


class VariantFields(TypedDict, total=False):
    """What may be said of a variant."""

    code: str
    name: str
    description: str
    is_published: bool
    stock: int


IDS_BY_CODE = select(Variant.id).where(Variant.code_key == bindparam("key")).order_by(Variant.id)
REMOVE_VARIANT = delete(Variant).where(Variant.id == bindparam("id"))


def create_variant(tx: Tx, *, product_id: int, id: int | None = None, **fields: Unpack[VariantFields]) -> int:
    """Create a variant of a product and return its id. Refuses: ProductNotFound."""
    get_row(tx, Product, product_id)
    values: dict[str, Any] = {
        "code": "",
        "name": "",
        "description": "",
        "is_published": True,
        "stock": 0,
        **fields,
    }
    variant_id = new_id(tx, Variant, id)
    tx.insert(Variant, **values, id=variant_id, product_id=product_id, code_key=key_of(values["code"]))
    tx.note("variant.created", "variant", variant_id, after={"product_id": product_id, **noted(fields)})
    return variant_id


def update_variant(tx: Tx, *, variant_id: int, **fields: Unpack[VariantFields]) -> None:
    """Change what is named of a variant. Refuses: VariantNotFound, Invalid (code), CodeTaken."""
    old = take_row(tx, Variant, variant_id)
    values: dict[str, Any] = dict(fields)
    if "code" in values and key_of(values["code"]) != old["code_key"]:
        _check_code(tx, values["code"], variant_id)
    if "code" in values:
        values["code_key"] = key_of(values["code"])
    write_change(tx, Variant, old, values)


def require_variants(tx: Tx, *, having_code: str) -> list[int]:
    """The ids of all variants with this code. Refuses: VariantNotFound."""
    ids = [row[0] for row in tx.all(IDS_BY_CODE, key=key_of(having_code))]
    if not ids:
        raise VariantNotFound(f"with the code {having_code!r}")
    return ids


def update_variants_by_code(tx: Tx, *, having_code: str, **fields: Unpack[VariantFields]) -> list[int]:
    """Change every variant with this code; returns their ids.

    Refuses: VariantNotFound, Invalid (a new code for several), CodeTaken.
    """
    ids = require_variants(tx, having_code=having_code)
    new_code = fields.get("code")
    if new_code is not None and len(ids) > 1 and key_of(new_code) != key_of(having_code):
        raise Invalid("code", f"cannot be given to {len(ids)} variants at once")
    for variant_id in ids:
        update_variant(tx, variant_id=variant_id, **fields)
    return ids


def remove_variant(tx: Tx, *, variant_id: int) -> None:
    """Remove a variant; order lines keep their copy. Refuses: VariantNotFound."""
    old = take_row(tx, Variant, variant_id)
    tx.run(REMOVE_VARIANT, id=variant_id)
    tx.note("variant.removed", "variant", variant_id, before={"code": old["code"]})


def _check_code(tx: Tx, code: str, variant_id: int) -> None:
    """No index keeps codes apart, since some are shared: who gives one holds the counter, and so comes alone."""
    if not code.strip():
        raise Invalid("code", "must not be empty")
    tx.ids.reach("variant", variant_id)
    taken = tx.one(IDS_BY_CODE, key=key_of(code))
    if taken is not None:
        raise CodeTaken("code", f"{code!r} is taken by variant {taken[0]}")
