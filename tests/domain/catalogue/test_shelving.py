import pytest
from sqlalchemy import select

from comptoir.domain.catalogue.categories import create_category, remove_category, set_parent
from comptoir.domain.catalogue.errors import CategoryNotFound
from comptoir.domain.catalogue.models import Category
from comptoir.domain.catalogue.queries import get_row
from comptoir.domain.catalogue.shelving import begin_with_categories
from comptoir.domain.errors import Invalid
from comptoir.domain.tx import Tx

SHELVES = select(Category.id, Category.name, Category.parent_id).order_by(Category.id)


def shelves(tx: Tx) -> dict[int, tuple[str, int | None]]:
    return {number: (name, parent_id) for number, name, parent_id in tx.all(SHELVES)}


def test_a_shop_begins_with_the_documented_categories(tx: Tx) -> None:
    ids = begin_with_categories(tx)
    assert all(number == given for number, given in ids.items())
    found = shelves(tx)
    assert found.keys() == ids.keys()
    assert (found[17], found[1]) == (("Photography", 1), ("Art & Antiques", None))
    assert (found[21], found[2]) == (
        ("Advice & Instruction", 2),
        ("Business Solutions & Office Products", None),
    )
    assert found[80] == ("Education", None)
    assert create_category(tx, name="Next") == max(ids) + 1


def test_a_category_that_is_there_keeps_its_number_and_children_follow(tx: Tx) -> None:
    create_category(tx, id=1, name="Detergents")
    ids = begin_with_categories(tx)
    found = shelves(tx)
    assert found[1] == ("Detergents", None)
    assert found[ids[1]] == ("Art & Antiques", None)
    assert found[17] == ("Photography", ids[1])
    assert ids[1] > max(number for number in ids if number != 1)
    assert len(found) == len(ids) + 1


def test_a_category_belongs_to_none_of_its_own(tx: Tx) -> None:
    first, second, third = (create_category(tx, name=name) for name in ("a", "b", "c"))
    set_parent(tx, category_id=second, parent_id=first)
    set_parent(tx, category_id=third, parent_id=second)
    for parent_id in (first, third, 99):
        with pytest.raises(Invalid, match="parent_id"):
            set_parent(tx, category_id=first, parent_id=parent_id)
    with pytest.raises(CategoryNotFound):
        set_parent(tx, category_id=99, parent_id=None)
    tx.changes.clear()
    set_parent(tx, category_id=third, parent_id=first)
    assert (tx.changes[0].before, tx.changes[0].after) == ({"parent_id": second}, {"parent_id": first})
    set_parent(tx, category_id=third, parent_id=first)
    assert len(tx.changes) == 1


def test_what_belonged_to_a_removed_category_belongs_to_none(tx: Tx) -> None:
    parent, child = (create_category(tx, name=name) for name in ("a", "b"))
    set_parent(tx, category_id=child, parent_id=parent)
    remove_category(tx, category_id=parent)
    assert get_row(tx, Category, child)["parent_id"] is None
