"""Lists bound as one value, so that a statement's text never depends on how many items there are."""

from typing import Any

import msgspec
from sqlalchemy import BigInteger, Boolean, ColumnElement, Dialect, Text, bindparam
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.types import TypeDecorator

ARRAYS = ((BigInteger, "BIGINT"), (Boolean, "BOOLEAN"))


class ItemList(TypeDecorator[Any]):
    """A list of whole numbers, texts or flags: JSON text on SQLite, an array on PostgreSQL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        """Write the list as the engine takes it."""
        items = list(value)
        return msgspec.json.encode(items).decode() if dialect.name == "sqlite" else items


class Among(ColumnElement[bool]):
    """`column` is one of the items bound under `name`."""

    inherit_cache = False

    def __init__(self, column: Any, name: str) -> None:
        self.column = column
        self.items = bindparam(name, type_=ItemList())


@compiles(Among, "sqlite")
def _sqlite(element: Among, compiler: Any, **options: Any) -> str:
    column = compiler.process(element.column, **options)
    return f"{column} IN (SELECT value FROM json_each({compiler.process(element.items, **options)}))"


@compiles(Among, "postgresql")
def _postgres(element: Among, compiler: Any, **options: Any) -> str:
    column = compiler.process(element.column, **options)
    stored = element.column.type.dialect_impl(compiler.dialect)
    kind = next((name for type_, name in ARRAYS if isinstance(stored, type_)), "TEXT")
    name = compiler.process(element.items, render_bind_cast=False, skip_bind_expression=True, **options)
    return f"{column} = ANY(CAST({name.split('::')[0]} AS {kind}[]))"


def among(column: Any, name: str) -> ColumnElement[bool]:
    """Whether the column is one of the items bound under this name."""
    return Among(column, name)
