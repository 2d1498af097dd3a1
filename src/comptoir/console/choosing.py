"""What forms offer to choose from: brands, categories, options, warehouses, by their names."""

from comptoir.console.visits import Visit
from comptoir.domain.catalogue.belongings import (
    TREE_MAX,
    category_ids_of,
    list_names,
    list_shelves,
    names_of,
    option_ids_of,
    paths_of,
)
from comptoir.domain.catalogue.models import Brand, Category, Option, Product
from comptoir.domain.catalogue.queries import get_row

Choices = list[tuple[str, str]]
BETWEEN = " / "
LEVELS_SHOWN = 4


def brands(visit: Visit) -> Choices:
    """The brands, and the product's own when it is none of the first ones."""
    kept = set()
    if "id" in visit.ids:
        kept = {get_row(visit.tx, Product, visit.id)["brand_id"]} - {None}
    known = list_names(visit.tx, Brand)
    return _written(known + _rest(visit, Brand, kept, {one for one, _ in known}))


def categories(visit: Visit) -> Choices:
    """The categories with what they belong to, and the product's own when they are none of the first ones."""
    shelves = list_shelves(visit.tx)
    paths = paths_of(shelves)
    named = sorted(
        ((one, BETWEEN.join(path[-LEVELS_SHOWN:])) for one, path in paths.items()),
        key=lambda row: row[1].lower(),
    )
    if len(shelves) == TREE_MAX and "id" in visit.ids:
        kept = set(category_ids_of(visit.tx, visit.id))
        named += _rest(visit, Category, kept, set(paths))
    return _written(named)


def options(visit: Visit) -> Choices:
    """The options, and the product's own when they are none of the first ones."""
    known = list_names(visit.tx, Option)
    kept = set(option_ids_of(visit.tx, visit.id))
    return _written(known + _rest(visit, Option, kept, {one for one, _ in known}))


def parents(visit: Visit) -> Choices:
    """The categories that a category may belong to, and the one that it does."""
    shelves = list_shelves(visit.tx)
    paths = paths_of(shelves)
    named = sorted(
        ((one, BETWEEN.join(path[-LEVELS_SHOWN:])) for one, path in paths.items()),
        key=lambda row: row[1].lower(),
    )
    if "id" not in visit.ids:
        return _written(named)
    kept = {get_row(visit.tx, Category, visit.id)["parent_id"]} - {None}
    named = [row for row in named if row[0] != visit.id]
    return _written(named + _rest(visit, Category, kept, set(paths)))


def _rest(visit: Visit, record: type, kept: set[int], known: set[int]) -> list[tuple[int, str]]:
    """What is kept, though it is not offered to others."""
    return list(names_of(visit.tx, record, kept - known).items())


def _written(rows: list[tuple[int, str]]) -> Choices:
    return [(str(one), name or f"number {one}") for one, name in rows]
