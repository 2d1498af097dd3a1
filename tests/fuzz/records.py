"""The ids that the world knows, so that requests meet records and not only 404."""

from __future__ import annotations

from functools import cache
from typing import Any

from tests.dialects.published import facts

# What an id in a path or a body stands for, where its name does not say it.
NAMED = {"product_id": "products", "order_id": "orders", "user_id": "users", "brand_id": "brands"}
RENAMED = {"notifications": "notifications", "orders_logs": "logs", "products_remove_category": "categories"}
RENAMED |= {"products_set_custom_field": "custom_fields"}


@cache
def known(collection: str) -> tuple[int, ...]:
    """The ids of a collection, and some that creations will take."""
    rows = facts("worlds/documented").get(collection, [])
    ids = [int(row["id"]) for row in rows]
    return (*ids, *(max(ids, default=0) + step for step in (1, 2, 3)))


def collection_of(operation: str, name: str) -> str:
    """The collection that an id in the path of an operation belongs to."""
    if name in NAMED:
        return NAMED[name]
    for start, collection in RENAMED.items():
        if operation.startswith(start):
            return collection
    return operation.rpartition("_")[0].removesuffix("_in")


def planted(body: Any, pick: int) -> Any:
    """The body with known ids where records are pointed at."""
    if not isinstance(body, dict):
        return body
    filled = dict(body)
    for name, collection in NAMED.items():
        if name in filled:
            ids = known(collection)
            filled[name] = ids[pick % len(ids)]
    for name in ("categories", "categories[]"):
        if name in filled:
            filled[name] = [known("categories")[pick % 3]]
    return filled
