from __future__ import annotations

import subprocess
import sys

import pytest
from sqlalchemy import BigInteger, Text, select

from comptoir.domain.catalogue.models import Category
from comptoir.domain.events.models import Event
from comptoir.storage.columns import Instant, Json
from comptoir.storage.declaring import DeclarativeBase
from comptoir.storage.schema import Record, aliased, key_of
from comptoir.storage.written import folded


def test_a_class_holds_the_columns_of_its_table_in_their_order() -> None:
    columns = list(Category.__table__.columns)
    assert [column.name for column in columns] == [
        name for name in Category.__annotations__ if not name.startswith("_")
    ]
    assert all(getattr(Category, column.name) is column for column in columns)
    assert key_of(Category) is Category.id
    assert issubclass(Record, DeclarativeBase)


def test_hints_become_types_and_say_what_may_be_missing() -> None:
    columns = Category.__table__.columns
    assert isinstance(columns["slug"].type, Text)
    assert isinstance(columns["created_at"].type, Instant)
    assert isinstance(columns["parent_id"].type, BigInteger)
    assert isinstance(Event.__table__.columns["before"].type, Json)
    assert [name for name, column in columns.items() if column.nullable] == ["parent_id"]
    assert columns["id"].primary_key


def test_a_record_is_named_twice_in_one_statement() -> None:
    parent = aliased(Category)
    statement = select(Category.id).join(parent, parent.id == Category.parent_id).where(parent.name == "Tea")
    text = " ".join(str(statement).split())
    assert "FROM category JOIN category AS category_1 ON category_1.id = category.parent_id" in text
    assert "WHERE category_1.name = :name_1" in text


def test_the_lower_case_twin_is_the_aliases_own() -> None:
    parent = aliased(Category)
    assert str(folded(Category.slug)) == "category.slug_key"
    assert str(select(folded(parent.slug))).startswith("SELECT category_1.slug_key")


def test_what_a_record_has_not_is_missing_from_its_alias() -> None:
    with pytest.raises(AttributeError):
        _ = aliased(Category).removed_at  # type: ignore[attr-defined]


def test_serving_never_loads_the_object_mapper() -> None:
    said = "import sys, comptoir.serving; print(sorted(name for name in sys.modules if name == 'sqlalchemy.orm'))"
    done = subprocess.run([sys.executable, "-c", said], check=True, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"
