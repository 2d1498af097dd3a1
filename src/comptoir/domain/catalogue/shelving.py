"""The categories that a shop may begin with, as they stand in `shelves.toml`."""

import tomllib
from importlib.resources import files
from typing import Any

from sqlalchemy import select

from comptoir.domain.catalogue.importing import import_categories
from comptoir.domain.catalogue.models import Category
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

TAKEN = select(Category.id).where(among(Category.id, "ids"))


def begin_with_categories(tx: Tx) -> dict[int, int]:
    """Add the categories of the table; returns their ids by the table's numbers.

    A number that another category has already is not taken from it: the newcomer gets the next free one.
    """
    table = _table()
    numbers = [one["id"] for one in table]
    taken = {one for (one,) in tx.all(TAKEN, ids=numbers)}
    tx.ids.reach("category", max(numbers))
    ids = {number: tx.ids.next("category") if number in taken else number for number in numbers}
    rows = [
        {
            "id": ids[one["id"]],
            "name": one["name"],
            "parent_id": ids[one["under"]] if "under" in one else None,
            "status": "published",
        }
        for one in table
    ]
    problems = import_categories(tx, rows)
    assert not any(problems), problems
    return ids


def _table() -> list[dict[str, Any]]:
    text = files("comptoir.domain.catalogue").joinpath("shelves.toml").read_text(encoding="utf-8")
    table: list[dict[str, Any]] = tomllib.loads(text)["categories"]
    return table
