"""Verbs on categories."""

from datetime import datetime
from typing import Any, TypedDict, Unpack

from sqlalchemy import bindparam, delete, select, update

from comptoir.domain.catalogue.errors import SlugTaken
from comptoir.domain.catalogue.models import Category
from comptoir.domain.catalogue.noting import new_ids, noted, write_change
from comptoir.domain.catalogue.queries import take_row
from comptoir.domain.errors import Invalid
from comptoir.domain.media.actions import Picture, put_pictures, remove_pictures
from comptoir.domain.names import free_slug, key_of, slug_of
from comptoir.domain.tx import Tx

IMAGE_FOLDER = "/prodcatalogue/category/{id}/"


class CategoryFields(TypedDict, total=False):
    """What may be said of a category."""

    name: str
    slug: str
    description: str
    keywords: str
    is_published: bool
    status: str
    comment1: str
    comment2: str
    comment3: str
    comment4: str
    comment5: str
    image1: Picture | None
    seo_title: str
    seo_description: str
    seo_keywords: str
    seo_robots: str


NEW_CATEGORY: dict[str, Any] = {
    "description": "", "keywords": "", "is_published": True, "status": "for_approval", "comment1": "",
    "comment2": "", "comment3": "", "comment4": "", "comment5": "", "image1": None,
    "seo_title": "", "seo_description": "", "seo_keywords": "", "seo_robots": "",
}  # fmt: skip

FIND_BY_SLUG = select(Category.id).where(Category.slug_key == bindparam("key"))
PARENT_OF = select(Category.parent_id).where(Category.id == bindparam("id"))
LEAVE_PARENT = update(Category).where(Category.parent_id == bindparam("key")).values(parent_id=None)
REMOVE_CATEGORY = delete(Category).where(Category.id == bindparam("id"))


def create_category(
    tx: Tx, *, id: int | None = None, created_at: datetime | None = None, **fields: Unpack[CategoryFields]
) -> int:
    """Create a category and return its id. Refuses: Invalid (name), SlugTaken."""
    values: dict[str, Any] = {**NEW_CATEGORY, **fields}
    _check_name(values)
    category_id, seo_id = new_ids(tx, Category, id)
    if values.get("slug"):
        _check_slug(tx, values["slug"], None)
    else:
        stem = slug_of(values["name"]) or str(category_id)
        values["slug"] = free_slug(stem, lambda slug: tx.one(FIND_BY_SLUG, key=slug) is not None)
    put_pictures(tx, values, folder=folder_of(category_id), record_id=category_id)
    at = created_at or tx.now
    tx.insert(
        Category,
        **values,
        id=category_id,
        slug_key=key_of(values["slug"]),
        created_at=at,
        updated_at=at,
        seo_id=seo_id,
    )
    tx.note("category.created", "category", category_id, after=noted(fields))
    return category_id


def update_category(tx: Tx, *, category_id: int, **fields: Unpack[CategoryFields]) -> None:
    """Change what is named of a category. Refuses: CategoryNotFound, Invalid (name), SlugTaken."""
    old = take_row(tx, Category, category_id)
    values: dict[str, Any] = dict(fields)
    _check_name({**old, **values})
    if "slug" in values:
        _check_slug(tx, values["slug"], category_id)
        values["slug_key"] = key_of(values["slug"])
    put_pictures(tx, values, folder=folder_of(category_id), record_id=category_id, old=old)
    write_change(tx, Category, old, values)


def set_parent(tx: Tx, *, category_id: int, parent_id: int | None) -> None:
    """Say which category a category belongs to, or to none. Refuses: CategoryNotFound, Invalid (parent_id)."""
    old = take_row(tx, Category, category_id)
    if parent_id is not None and category_id in _ancestors(tx, parent_id):
        raise Invalid("parent_id", f"{parent_id} belongs to category {category_id} itself")
    if old["parent_id"] != parent_id:
        write_change(tx, Category, old, {"parent_id": parent_id})


def remove_category(tx: Tx, *, category_id: int) -> None:
    """Remove a category; its products stay, and what belonged to it belongs to none. Refuses: CategoryNotFound."""
    old = take_row(tx, Category, category_id)
    tx.run(LEAVE_PARENT, key=category_id)
    tx.run(REMOVE_CATEGORY, id=category_id)
    remove_pictures(tx, folder=folder_of(category_id), names=[old["image1"]])
    tx.note("category.removed", "category", category_id, before={"name": old["name"], "slug": old["slug"]})


def folder_of(category_id: int) -> str:
    """The public folder of a category's images."""
    return IMAGE_FOLDER.replace("{id}", str(category_id))


def _ancestors(tx: Tx, category_id: int) -> list[int]:
    """The category, the one it belongs to, and so on. Refuses: Invalid (parent_id), when there is no such one."""
    found: list[int] = []
    wanted: int | None = category_id
    while wanted is not None and wanted not in found:
        row = tx.one(PARENT_OF, id=wanted)
        if row is None:
            raise Invalid("parent_id", f"names category {wanted}, which does not exist")
        found.append(wanted)
        wanted = row[0]
    return found


def _check_name(values: dict[str, Any]) -> None:
    if not values.get("name", "").strip():
        raise Invalid("name", "must not be empty")


def _check_slug(tx: Tx, slug: str, own_id: int | None) -> None:
    if not slug:
        raise Invalid("slug", "must not be empty")
    taken = tx.one(FIND_BY_SLUG, key=key_of(slug))
    if taken is not None and taken[0] != own_id:
        raise SlugTaken("slug", f"{slug!r} is taken by category {taken[0]}")
