"""Verbs on brands."""

from datetime import datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import bindparam, delete, update

from comptoir.domain.catalogue.models import Brand, Product
from comptoir.domain.catalogue.noting import new_id, noted, write_change
from comptoir.domain.catalogue.queries import take_row
from comptoir.domain.errors import Invalid
from comptoir.domain.media.actions import Picture, put_pictures, remove_pictures
from comptoir.domain.tx import Tx

IMAGE_FOLDER = "/web_images/brands/"


class BrandFields(TypedDict, total=False):
    """What may be said of a brand."""

    name: str
    description: str
    is_published: bool
    status: str
    comment1: str
    comment2: str
    comment3: str
    street: str
    postcode: str
    state: str
    email: str
    fax: str
    phone: str
    image1: Picture | None
    image2: Picture | None


NEW_BRAND: dict[str, Any] = {
    "description": "", "is_published": False, "status": "", "comment1": "", "comment2": "", "comment3": "",
    "street": "", "postcode": "", "state": "", "email": "", "fax": "", "phone": "",
    "image1": None, "image2": None,
}  # fmt: skip

UNBRAND_PRODUCTS = update(Product).where(Product.brand_id == bindparam("key")).values(brand_id=None)
REMOVE_BRAND = delete(Brand).where(Brand.id == bindparam("id"))


def create_brand(
    tx: Tx, *, id: int | None = None, created_at: datetime | None = None, **fields: Unpack[BrandFields]
) -> int:
    """Create a brand and return its id. Refuses: Invalid (name)."""
    values: dict[str, Any] = {**NEW_BRAND, **fields}
    _check_name(values)
    brand_id = new_id(tx, Brand, id)
    put_pictures(tx, values, folder=IMAGE_FOLDER, record_id=brand_id)
    at = created_at or tx.now
    tx.insert(Brand, **values, id=brand_id, created_at=at, updated_at=at)
    tx.note("brand.created", "brand", brand_id, after=noted(fields))
    return brand_id


def update_brand(tx: Tx, *, brand_id: int, **fields: Unpack[BrandFields]) -> None:
    """Change what is named of a brand. Refuses: BrandNotFound, Invalid (name)."""
    old = take_row(tx, Brand, brand_id)
    values: dict[str, Any] = dict(fields)
    _check_name({**old, **values})
    put_pictures(tx, values, folder=IMAGE_FOLDER, record_id=brand_id, old=old)
    write_change(tx, Brand, old, values)


def remove_brand(tx: Tx, *, brand_id: int) -> None:
    """Remove a brand; its products stay, without a brand. Refuses: BrandNotFound."""
    old = take_row(tx, Brand, brand_id)
    tx.run(UNBRAND_PRODUCTS, key=brand_id)
    tx.run(REMOVE_BRAND, id=brand_id)
    remove_pictures(tx, folder=IMAGE_FOLDER, names=[old["image1"], old["image2"]])
    tx.note("brand.removed", "brand", brand_id, before={"name": old["name"]})


def _check_name(values: dict[str, Any]) -> None:
    if not values.get("name", "").strip():
        raise Invalid("name", "must not be empty")
