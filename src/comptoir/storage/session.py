"""One open transaction: constants in, plain tuples out."""

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeVar

from sqlalchemy import Delete, Insert, Select, Update
from sqlalchemy.sql import Executable

from comptoir.storage.schema import Record
from comptoir.storage.statements import StatementCache, insert_into, update_by_id

Row = TypeVar("Row", bound=tuple[Any, ...])
Write = Insert | Update | Delete


class Cursor(Protocol):
    """What we use of a driver's cursor."""

    @property
    def rowcount(self) -> int:
        """How many rows the last statement changed."""

    @property
    def description(self) -> Any:
        """The columns of the last statement's rows, None when it gave none."""

    def execute(self, sql: Any, values: Any = ..., /) -> Any:
        """Run one statement."""

    def executemany(self, sql: Any, values: Any, /) -> Any:
        """Run one statement for each of many rows."""

    def fetchone(self) -> Any:
        """Take the next row."""

    def fetchall(self) -> list[Any]:
        """Take all rows."""


class Session:
    """A transaction on one connection. Whoever opened it commits it; nobody else does."""

    __slots__ = ("cursor", "engine", "statements")

    def __init__(self, cursor: Cursor, statements: StatementCache, engine: str) -> None:
        self.cursor = cursor
        self.statements = statements
        self.engine = engine

    def one(self, statement: Select[Row], **values: Any) -> Row | None:
        """The first row, or None."""
        compiled = self.statements.get(statement)
        self.cursor.execute(compiled.sql, compiled.bind(values))
        row = self.cursor.fetchone()
        if row is None or not compiled.readers:
            return row  # type: ignore[no-any-return]
        return compiled.read(row)  # type: ignore[return-value]

    def all(self, statement: Select[Row], **values: Any) -> list[Row]:
        """Every row, in the statement's order."""
        compiled = self.statements.get(statement)
        self.cursor.execute(compiled.sql, compiled.bind(values))
        rows = self.cursor.fetchall()
        if not compiled.readers:
            return rows
        return [compiled.read(row) for row in rows]  # type: ignore[misc]

    def value(self, statement: Select[tuple[Any]], **values: Any) -> Any:
        """The first column of the first row, or None."""
        row = self.one(statement, **values)
        return None if row is None else row[0]

    def run(self, statement: Write, **values: Any) -> int:
        """Change rows; returns how many were changed."""
        compiled = self.statements.get(statement)
        self.cursor.execute(compiled.sql, compiled.bind(values))
        return self.cursor.rowcount

    def put(self, statement: Write, **values: Any) -> None:
        """Change rows, when nobody asks how many: PostgreSQL is told together with the next question."""
        compiled = self.statements.get(statement)
        self.cursor.execute(compiled.sql, compiled.bind(values))

    def returning(self, statement: Executable, **values: Any) -> Any:
        """Change one row and take the first column that it returns."""
        compiled = self.statements.get(statement)
        self.cursor.execute(compiled.sql, compiled.bind(values))
        row = self.cursor.fetchone()
        return None if row is None else row[0]

    def run_many(self, statement: Write, rows: Iterable[Mapping[str, Any]]) -> None:
        """Run one statement for each row of values, in one call to the driver."""
        compiled = self.statements.get(statement)
        bound = [compiled.bind(row) for row in rows]
        if bound:
            self.cursor.executemany(compiled.sql, bound)

    def insert(self, record: type[Record], **values: Any) -> None:
        """Add one record; columns not named take the table's default."""
        self.put(insert_into(record, frozenset(values)), **values)

    def insert_many(self, record: type[Record], rows: list[dict[str, Any]]) -> None:
        """Add many records that name the same columns."""
        if rows:
            self.run_many(insert_into(record, frozenset(rows[0])), rows)

    def update(self, record: type[Record], key: int, **values: Any) -> None:
        """Change the named columns of the record with this id."""
        if values:
            self.put(update_by_id(record, frozenset(values)), key=key, **values)

    def script(self, sql: str, values: Any = ()) -> list[Any]:
        """Run engine-specific SQL; for storage's own use."""
        self.cursor.execute(sql, values)
        return [] if self.cursor.description is None else self.cursor.fetchall()
