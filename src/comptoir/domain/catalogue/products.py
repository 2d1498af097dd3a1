"""Verbs on products: create, change, remove, and what hangs on them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import bindparam, delete, select

from comptoir.domain.catalogue.errors import CodeTaken, NotLinked, SlugTaken
from comptoir.domain.catalogue.models import (
    Brand,
    Category,
    CustomField,
    Product,
    ProductCategory,
    ProductCustomField,
)
from comptoir.domain.catalogue.noting import new_ids, noted
from comptoir.domain.catalogue.queries import take_row
from comptoir.domain.errors import Invalid
from comptoir.domain.media.actions import Picture, put_pictures, remove_pictures
from comptoir.domain.names import free_slug, key_of, order_key, slug_of
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

CODE_LENGTH = 10
IMAGE_FOLDER = "/prodcatalogue/product/"
IMAGES = ("image1", "image2", "image3", "image4", "image5")
Links = tuple[list[int] | None, dict[int, str] | None]


class ProductFields(TypedDict, total=False):
    """What may be said of a product. Prices and sizes in ten-thousandths.

    `custom_values` go by the name of their field, or by its id as a number or in digits.
    """

    brand_id: int | None
    code: str
    name: str
    slug: str
    description: str
    preview: str
    keywords: str
    has_inventory: bool
    is_published: bool
    quantity: int
    status: str
    image1: Picture | None
    image2: Picture | None
    image3: Picture | None
    image4: Picture | None
    image5: Picture | None
    limit_maximum: int
    limit_minimum: int
    price_rrp_e4: int
    price_special_e4: int
    price_cost_e4: int
    tax_code_id: int | None
    tax_class: str
    length_e4: int
    width_e4: int
    depth_e4: int
    weight_e4: int
    is_shipped_separately: bool
    is_never_split: bool
    seo_title: str
    seo_description: str
    seo_keywords: str
    seo_robots: str
    category_ids: list[int]
    custom_values: dict[str | int, str]


NEW_PRODUCT: dict[str, Any] = {
    "brand_id": None, "description": "", "preview": "", "keywords": "", "has_inventory": False,
    "is_published": True, "quantity": 0, "image1": None, "image2": None, "image3": None, "image4": None, "image5": None,
    "limit_maximum": 0, "limit_minimum": 0, "price_rrp_e4": 0, "price_special_e4": 0, "price_cost_e4": 0,
    "tax_code_id": None, "tax_class": "", "length_e4": 0, "width_e4": 0, "depth_e4": 0, "weight_e4": 0,
    "is_shipped_separately": False, "is_never_split": False,
    "seo_title": "", "seo_description": "", "seo_keywords": "", "seo_robots": "",
}  # fmt: skip

FIND_BY_CODE = select(Product.id).where(Product.code_key == bindparam("key"))
FIND_BY_SLUG = select(Product.id).where(Product.slug_key == bindparam("key"))
BRAND_EXISTS = select(Brand.id).where(Brand.id == bindparam("id"))
CATEGORIES_AMONG = select(Category.id).where(among(Category.id, "ids"))
CUSTOM_FIELDS = (
    select(CustomField.id).where(CustomField.name_key == bindparam("key")).order_by(CustomField.id)
)
CUSTOM_FIELD_BY_ID = select(CustomField.id).where(CustomField.id == bindparam("id"))
UNLINK_CATEGORIES = delete(ProductCategory).where(ProductCategory.product_id == bindparam("id"))
UNLINK_CATEGORY = delete(ProductCategory).where(
    ProductCategory.product_id == bindparam("id"), ProductCategory.category_id == bindparam("category_id")
)
CATEGORIES_OF = (
    select(ProductCategory.category_id)
    .where(ProductCategory.product_id == bindparam("id"))
    .order_by(ProductCategory.category_id)
)
VALUES_OF = select(ProductCustomField.custom_field_id, ProductCustomField.value).where(
    ProductCustomField.product_id == bindparam("id")
)
DROP_VALUE = delete(ProductCustomField).where(
    ProductCustomField.product_id == bindparam("id"),
    ProductCustomField.custom_field_id == bindparam("field_id"),
)
REMOVE_PRODUCT = delete(Product).where(Product.id == bindparam("id"))


def create_product(
    tx: Tx, *, id: int | None = None, created_at: datetime | None = None, **fields: Unpack[ProductFields]
) -> int:
    """Create a product and return its id.

    Refuses: Invalid (name, limits, brand, categories, custom fields), CodeTaken, SlugTaken.
    """
    values: dict[str, Any] = {**NEW_PRODUCT, **fields}
    links = _links(tx, values)
    _check(tx, values)
    # First of all: whoever holds the counter is alone in looking for a free name.
    product_id, seo_id = new_ids(tx, Product, id)
    values["code"] = values.get("code") or _free_code(tx)
    _check_code(tx, values["code"], None)
    values["slug"] = _slug(tx, values)
    values.setdefault("status", "in_stock" if values["quantity"] > 0 else "out_of_stock")
    put_pictures(tx, values, folder=IMAGE_FOLDER, record_id=product_id)
    at = created_at or tx.now
    tx.insert(
        Product,
        **values,
        id=product_id,
        code_key=key_of(values["code"]),
        name_key=order_key(values["name"]),
        slug_key=key_of(values["slug"]),
        created_at=at,
        updated_at=at,
        seo_id=seo_id,
    )
    _link(tx, product_id, *links, is_new=True)
    tx.note("product.created", "product", product_id, after=noted({**fields, **_shown(*links)}))
    return product_id


def update_product(tx: Tx, *, product_id: int, **fields: Unpack[ProductFields]) -> None:
    """Change what is named of a product. Refuses: ProductNotFound, Invalid, CodeTaken, SlugTaken."""
    old = take_row(tx, Product, product_id)
    values: dict[str, Any] = dict(fields)
    links = _links(tx, values)
    _check(tx, {**old, **values})
    if "code" in values:
        if not values["code"]:
            raise Invalid("code", "must not be empty")
        _check_code(tx, values["code"], product_id)
        values["code_key"] = key_of(values["code"])
    if "slug" in values:
        _check_slug(tx, values["slug"], product_id)
        values["slug_key"] = key_of(values["slug"])
    if "name" in values:
        values["name_key"] = order_key(values["name"])
    put_pictures(tx, values, folder=IMAGE_FOLDER, record_id=product_id, old=old)
    tx.update(Product, product_id, **values, updated_at=tx.now)
    before = {name: old[name] for name in values if not name.endswith("_key")}
    before |= _shown(*_links_of(tx, product_id, *links))
    _link(tx, product_id, *links)
    after = noted({**fields, **_shown(*links)})
    tx.note("product.updated", "product", product_id, before=before, after=after)


def remove_product(tx: Tx, *, product_id: int) -> None:
    """Remove a product with its variants, pricings and links; order lines keep their copy.

    Refuses: ProductNotFound.
    """
    old = take_row(tx, Product, product_id)
    tx.run(REMOVE_PRODUCT, id=product_id)
    remove_pictures(tx, folder=IMAGE_FOLDER, names=[old[name] for name in IMAGES])
    tx.note("product.removed", "product", product_id, before={"code": old["code"], "name": old["name"]})


def unlink_category(tx: Tx, *, product_id: int, category_id: int) -> None:
    """Take a product off a shelf. Refuses: ProductNotFound, NotLinked."""
    take_row(tx, Product, product_id)
    if not tx.run(UNLINK_CATEGORY, id=product_id, category_id=category_id):
        raise NotLinked("category", f"{category_id} is unknown or not linked to product {product_id}")
    tx.update(Product, product_id, updated_at=tx.now)
    tx.note("product.updated", "product", product_id, before={"category_id": category_id})


def set_custom_value(tx: Tx, *, product_id: int, field_id: int, value: str) -> None:
    """Set, change or (with an empty text) clear a product's value for a custom field.

    The caller has looked up the custom field. Refuses: ProductNotFound.
    """
    take_row(tx, Product, product_id)
    links = (None, {field_id: value})
    before = _shown(*_links_of(tx, product_id, *links))
    _link(tx, product_id, *links)
    tx.update(Product, product_id, updated_at=tx.now)
    tx.note("product.updated", "product", product_id, before=before, after=_shown(*links))


def _check(tx: Tx, values: Mapping[str, Any]) -> None:
    if not values.get("name", "").strip():
        raise Invalid("name", "must not be empty")
    if 0 < values["limit_maximum"] < values["limit_minimum"]:
        raise Invalid("limit_minimum", "must not be above the maximum")
    brand_id = values.get("brand_id")
    if brand_id is not None and tx.one(BRAND_EXISTS, id=brand_id) is None:
        raise Invalid("brand_id", f"names brand {brand_id}, which does not exist in this centre")


def _free_code(tx: Tx) -> str:
    code = tx.ids.text(CODE_LENGTH)
    while tx.one(FIND_BY_CODE, key=key_of(code)) is not None:
        code = tx.ids.text(CODE_LENGTH)
    return code


def _check_code(tx: Tx, code: str, own_id: int | None) -> None:
    taken = tx.one(FIND_BY_CODE, key=key_of(code))
    if taken is not None and taken[0] != own_id:
        raise CodeTaken("code", f"{code!r} is taken by product {taken[0]}")


def _check_slug(tx: Tx, slug: str, own_id: int | None) -> None:
    if not slug:
        raise Invalid("slug", "must not be empty")
    taken = tx.one(FIND_BY_SLUG, key=key_of(slug))
    if taken is not None and taken[0] != own_id:
        raise SlugTaken("slug", f"{slug!r} is taken by product {taken[0]}")


def _slug(tx: Tx, values: Mapping[str, Any]) -> str:
    given: str = values.get("slug", "")
    if given:
        _check_slug(tx, given, None)
        return given
    stem = slug_of(values["name"]) or slug_of(values["code"]) or key_of(values["code"])
    return free_slug(stem, lambda slug: tx.one(FIND_BY_SLUG, key=slug) is not None)


def _links(tx: Tx, values: dict[str, Any]) -> Links:
    """Take categories and custom values out of the columns, checked. Refuses: Invalid."""
    category_ids: Sequence[int] | None = values.pop("category_ids", None)
    custom_values: Mapping[str | int, str] | None = values.pop("custom_values", None)
    if category_ids is not None:
        known = {row[0] for row in tx.all(CATEGORIES_AMONG, ids=category_ids)}
        for category_id in category_ids:
            if category_id not in known:
                raise Invalid(
                    "category_ids", f"names category {category_id}, which does not exist in this centre"
                )
    found = None if custom_values is None else {_field_id(tx, key): v for key, v in custom_values.items()}
    return (None if category_ids is None else sorted(set(category_ids))), found


def _links_of(
    tx: Tx, product_id: int, category_ids: list[int] | None, values: dict[int, str] | None
) -> Links:
    """What a product holds where something else is to be put."""
    held: dict[int, str] = {} if values is None else dict(tx.all(VALUES_OF, id=product_id))
    return (
        None if category_ids is None else [row[0] for row in tx.all(CATEGORIES_OF, id=product_id)],
        None if values is None else {field_id: held.get(field_id, "") for field_id in values},
    )


def _shown(category_ids: list[int] | None, values: dict[int, str] | None) -> dict[str, Any]:
    """Categories and custom values as an event keeps them: the values by the ids of their fields."""
    shown: dict[str, Any] = {} if category_ids is None else {"category_ids": category_ids}
    if values is not None:
        shown["custom_values"] = {str(field_id): value for field_id, value in values.items()}
    return shown


def _field_id(tx: Tx, key: str | int) -> int:
    """A custom field by its id as a number, by its name without regard to case, or by its id in digits."""
    row = tx.one(CUSTOM_FIELDS, key=key_of(key)) if isinstance(key, str) else None
    if isinstance(key, int) or (row is None and key.isascii() and key.isdigit() and len(key) < 19):
        row = tx.one(CUSTOM_FIELD_BY_ID, id=int(key))
    if row is None:
        raise Invalid("custom_values", f"names the custom field {key!r}, which does not exist in this centre")
    field_id: int = row[0]
    return field_id


def _link(
    tx: Tx,
    product_id: int,
    category_ids: list[int] | None,
    values: dict[int, str] | None,
    *,
    is_new: bool = False,
) -> None:
    if category_ids is not None:
        if not is_new:
            tx.put(UNLINK_CATEGORIES, id=product_id)
        tx.insert_many(
            ProductCategory, [{"product_id": product_id, "category_id": one} for one in category_ids]
        )
    if values and not is_new:
        tx.run_many(DROP_VALUE, [{"id": product_id, "field_id": field_id} for field_id in values])
    if values:
        _write_values(tx, product_id, values)


def _write_values(tx: Tx, product_id: int, values: Mapping[int, str]) -> None:
    tx.insert_many(
        ProductCustomField,
        [
            {"product_id": product_id, "custom_field_id": field_id, "value": value}
            for field_id, value in values.items()
            if value != ""
        ],
    )
