"""Categories: the shelves that products stand on, as a list and as a tree."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from comptoir.console import choosing, kinds, limits
from comptoir.console.called import called
from comptoir.console.catalogue_filters import known_by
from comptoir.console.cells import Cell, badge, flag, text, when
from comptoir.console.editing import Editing, Row
from comptoir.console.filters import choice, contains
from comptoir.console.filters import flag as flag_filter
from comptoir.console.forms import Field, Form
from comptoir.console.listing import Listing, Sort, by_number
from comptoir.console.pictures import Pictured
from comptoir.console.places import address_of, link_to
from comptoir.console.visits import Answer, Page, Shown, Visit
from comptoir.domain.catalogue.belongings import TREE_MAX, Shelf, list_children, list_shelves, paths_of
from comptoir.domain.catalogue.categories import (
    create_category,
    folder_of,
    remove_category,
    set_parent,
    update_category,
)
from comptoir.domain.catalogue.models import Category
from comptoir.domain.catalogue.queries import get_row
from comptoir.domain.identity.permissions import CATALOGUE
from comptoir.domain.tx import Tx

STATUSES = {
    "for_approval": "for approval", "approved": "approved", "published": "published", "archived": "archived",
}  # fmt: skip
CHILDREN_SHOWN = 200
LEVELS_MAX = 20
SEO = "Search engines"
CATEGORIES = Listing(
    "categories",
    "Categories",
    "/categories",
    Category,
    columns=(
        text("Name", Category.name),
        called("Belongs to", Category.parent_id, "category"),
        text("Name in addresses", Category.slug),
        flag("Published", Category.is_published, "published", "hidden"),
        badge("State", Category.status),
        when("Changed", Category.updated_at),
    ),
    sorts=(
        *by_number(Category.id),
        Sort("slug", "name in addresses", Category.slug_key),
    ),
    filters=(
        contains("name", "Name", Category.name),
        known_by("parent", "Belongs to", Category.parent_id, Category),
        flag_filter("published", "Published", Category.is_published, yes="published", no="hidden"),
        choice("status", "State", Category.status, STATUSES),
    ),
    area=CATALOGUE,
    make="New category",
    ways=(("All of them as a tree", "/categories/tree"),),
)
BESIDES = (
    Field("parent_id", "Belongs to", kinds.choice(choosing.parents, kinds.INTEGER)),
    Field("is_published", "Published", kinds.FLAG),
    Field("status", "State", kinds.choice(STATUSES)),
    Field("description", "Description", limits.LONG, rows=5),
    Field("keywords", "Keywords", limits.SHORT),
)
NAME = Field("name", "Name", limits.SHORT, required=True)
NEW = Form("new", (NAME, *BESIDES))
CATEGORY = Form(
    "update",
    (
        NAME,
        *BESIDES,
        Field("slug", "Name in addresses", limits.SHORT, required=True, group=SEO),
        Field("seo_title", "Title", limits.SHORT, group=SEO),
        Field("seo_keywords", "Keywords for search engines", limits.SHORT, group=SEO),
        Field("seo_robots", "What robots are told", limits.SHORT, group=SEO),
        Field("seo_description", "Description for search engines", limits.LONG, rows=2, group=SEO),
        *(
            Field(f"comment{one}", f"Comment {one}", limits.LONG, rows=1, group="Comments")
            for one in range(1, 6)
        ),
    ),
)
SLOTS = {"image1": "Picture"}


def create(tx: Tx, *, parent_id: int | None, **fields: Any) -> int:
    """Create a category, and say which one it belongs to."""
    made = create_category(tx, **fields)
    if parent_id is not None:
        set_parent(tx, category_id=made, parent_id=parent_id)
    return made


def update(tx: Tx, *, category_id: int, **fields: Any) -> None:
    """Change what is named, the category that it belongs to among it."""
    if "parent_id" in fields:
        set_parent(tx, category_id=category_id, parent_id=fields.pop("parent_id"))
    if fields:
        update_category(tx, category_id=category_id, **fields)


def show_category(visit: Visit) -> Answer:
    """The page of a category."""
    return EDITING.show(visit)


PICTURED = Pictured("/categories", CATALOGUE, SLOTS, update_category, "category_id", show_category)


def more(visit: Visit, row: Row) -> dict[str, Any]:
    """Where it stands in the tree, and its pictures."""
    children = list_children(visit.tx, visit.id, limit=CHILDREN_SHOWN)
    return {
        **PICTURED.shown(visit, row, folder_of(visit.id)),
        "parents": parents_of(visit.tx, row),
        "children": [[Cell(one.name, link=link_to("category", one.id))] for one in children],
        "has_more": len(children) == CHILDREN_SHOWN,
        "all_children": address_of(f"/categories?parent={visit.id}"),
        "products_at": address_of(f"/products?category={visit.id}"),
    }


def parents_of(tx: Tx, row: Mapping[str, Any]) -> list[tuple[int, str]]:
    """From the top down to the one that it belongs to."""
    found: list[tuple[int, str]] = []
    seen = {row["id"]}
    parent_id = row["parent_id"]
    while parent_id is not None and parent_id not in seen and len(seen) <= LEVELS_MAX:
        seen.add(parent_id)
        parent = get_row(tx, Category, parent_id)
        found.insert(0, (parent_id, parent["name"]))
        parent_id = parent["parent_id"]
    return found


def show_tree(visit: Visit) -> Answer:
    """All categories, each below the one it belongs to."""
    shelves = list_shelves(visit.tx)
    return Shown("category_tree.html", {
        "title": "Categories as a tree",
        "way": [("Categories", address_of("/categories"))],
        "tree": tree_of(shelves),
        "is_cut": len(shelves) == TREE_MAX,
    })  # fmt: skip


def tree_of(shelves: Sequence[Shelf]) -> list[tuple[int, Shelf]]:
    """The categories in the order of a tree, each with its depth."""
    paths = paths_of(shelves)
    below: defaultdict[int | None, list[Shelf]] = defaultdict(list)
    for shelf in sorted(shelves, key=lambda one: one.name.lower()):
        is_top = len(paths[shelf.id]) == 1
        below[None if is_top else shelf.parent_id].append(shelf)
    found: list[tuple[int, Shelf]] = []
    waiting = [(0, one) for one in reversed(below[None])]
    while waiting:
        depth, shelf = waiting.pop()
        found.append((depth, shelf))
        waiting += [(depth + 1, one) for one in reversed(below[shelf.id])]
    return found


EDITING: Editing = Editing(
    "category", "category", CATEGORIES, CATEGORY, lambda tx, key: get_row(tx, Category, key),
    create, update, remove_category, key="category_id", more=more, template="category.html", new_form=NEW,
    begins={"is_published": True, "status": "published"},
)  # fmt: skip
PAGES = (*EDITING.pages(), *PICTURED.acts(), Page("/categories/tree", show_tree, CATALOGUE))
