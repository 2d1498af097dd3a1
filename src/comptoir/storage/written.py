"""SQL for text without regard to case, and for numbers and times as they are written."""

from typing import Any

from sqlalchemy import Boolean, ColumnElement, Integer, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement


class Folded(ColumnElement[str]):
    """A text column without regard to case."""

    inherit_cache = False
    type = Text()

    def __init__(self, column: Any) -> None:
        self.column = column


@compiles(Folded, "sqlite")
def _sqlite_folded(element: Folded, compiler: Any, **options: Any) -> str:
    return f"fold({compiler.process(element.column, **options)})"


@compiles(Folded, "postgresql")
def _postgres_folded(element: Folded, compiler: Any, **options: Any) -> str:
    return f"lower({compiler.process(element.column, **options)})"


def folded(column: Any) -> ColumnElement[str]:
    """The column without regard to case; a kept lower-case twin, which is indexed, stands in for it."""
    twins: dict[str, str] = getattr(column.class_, "__folded__", {}) if hasattr(column, "class_") else {}
    twin = twins.get(getattr(column, "key", ""))
    if twin is not None:
        return getattr(column.class_, twin)  # type: ignore[no-any-return]
    return Folded(column)


class Instr(FunctionElement[int]):
    """Where one text occurs in another, 0 for nowhere; no character is a wildcard."""

    inherit_cache = True
    type = Integer()


@compiles(Instr, "sqlite")
def _sqlite_instr(element: Instr, compiler: Any, **options: Any) -> str:
    return f"instr({compiler.process(element.clauses, **options)})"


@compiles(Instr, "postgresql")
def _postgres_instr(element: Instr, compiler: Any, **options: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **options)})"


def instr(text: Any, part: Any) -> ColumnElement[int]:
    """The place of `part` in `text`, from 1; 0 where it does not occur."""
    return Instr(text, part)


class Holds(FunctionElement[bool]):
    """Whether a text holds a part, for which PostgreSQL also gets a LIKE pattern that its trigrams serve."""

    inherit_cache = True
    type = Boolean()


@compiles(Holds, "sqlite")
def _sqlite_holds(element: Holds, compiler: Any, **options: Any) -> str:
    text, part, _pattern = element.clauses
    return f"instr({compiler.process(text, **options)}, {compiler.process(part, **options)}) > 0"


@compiles(Holds, "postgresql")
def _postgres_holds(element: Holds, compiler: Any, **options: Any) -> str:
    text, part, pattern = (compiler.process(clause, **options) for clause in element.clauses)
    return f"({text} LIKE {pattern} AND strpos({text}, {part}) > 0)"


def holds(text: Any, part: Any, pattern: Any) -> ColumnElement[bool]:
    """Whether the text holds the part; `pattern` says the same to LIKE."""
    return Holds(text, part, pattern)


class Written(ColumnElement[str]):
    """A number or time column as the wire writes it; for substring search only."""

    inherit_cache = False
    type = Text()

    def __init__(self, column: Any, target: Any, zone: Any) -> None:
        self.column = column
        self.zone = zone
        self.kind = target.kind
        self.scale = target.scale
        self.places = target.places


def written(column: Any, target: Any, zone: Any) -> ColumnElement[str]:
    """The written form of a column; a time as it is shown in the time zone that is bound."""
    return Written(column, target, zone)


def _decimal(column: str, element: Written, last: str) -> str:
    """Whole part, point and padded decimals, rounded half away from zero, in SQL both engines know.

    `last` is the engine's way to take the last characters of a text.
    """
    unit = element.scale // 10**element.places
    cents = f"((abs({column}) + {unit // 2}) / {unit})"
    power = 10**element.places
    padded = f"'{'0' * element.places}' || CAST({cents} - {cents} / {power} * {power} AS TEXT)"
    sign = f"CASE WHEN {column} < 0 THEN '-' ELSE '' END"
    decimals = last.format(text=padded, count=element.places)
    return f"({sign} || CAST({cents} / {power} AS TEXT) || '.' || {decimals})"


@compiles(Written, "sqlite")
def _sqlite_written(element: Written, compiler: Any, **options: Any) -> str:
    column = compiler.process(element.column, **options)
    if element.kind == "time":
        return f"local_time({column}, {compiler.process(element.zone, **options)})"
    if element.kind == "number" and element.places:
        return _decimal(column, element, "substr({text}, -{count})")
    return f"CAST({column} AS TEXT)"


@compiles(Written, "postgresql")
def _postgres_written(element: Written, compiler: Any, **options: Any) -> str:
    column = compiler.process(element.column, **options)
    if element.kind == "time":
        zone = compiler.process(element.zone, **options)
        moment = f"(to_timestamp(floor({column} / 1000000.0)) AT TIME ZONE {zone})"
        return f"to_char({moment}, 'YYYY-MM-DD HH24:MI:SS')"
    if element.kind == "number" and element.places:
        return _decimal(column, element, "right({text}, {count})")
    return f"CAST({column} AS TEXT)"
