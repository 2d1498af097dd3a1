"""What tables are fitted with besides columns: trigram indexes, page indexes, guards of what never changes.

Fittings follow from the records' declarations and hold no data of their own. They are no part of the
migrations: whenever a database is opened for work they are compared with the declarations and put right.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Table

from comptoir.storage.database import Database
from comptoir.storage.schema import Record
from comptoir.storage.session import Session
from comptoir.storage.substring import ROWS_PER_COLUMN, first_row, searched_columns, trigram_table

LOCK = 0x636F6D70  # any number, the same in every process that fits the same PostgreSQL database
# A rebuild reads every row, a trigger costs about this many times as much for each added row.
REBUILD_WORTH = 4


@dataclass(frozen=True, slots=True)
class Fitting:
    """Something in the database beside its tables, by name; `fills` is run whenever it was created anew."""

    name: str
    table: str
    kind: str
    sql: str
    fills: tuple[str, ...] = ()

    @property
    def needs_trigrams(self) -> bool:
        """Whether PostgreSQL can only make it with its trigram extension."""
        return "gin_trgm_ops" in self.sql

    @property
    def mark(self) -> str:
        """What tells this declaration from an earlier one under the same name."""
        return hashlib.sha256("\n".join((self.sql, *self.fills)).encode()).hexdigest()[:16]


def fittings(engine: str) -> list[Fitting]:
    """Everything that the records declare, in the order in which it is created."""
    made: list[Fitting] = []
    for record in sorted(records(), key=lambda record: record.__tablename__):
        table = record.__table__
        assert isinstance(table, Table)
        if searched_columns(record):
            made += (_sqlite_substring if engine == "sqlite" else _postgres_substring)(record, table)
        if table.info.get("append_only"):
            made += (_sqlite_guards if engine == "sqlite" else _postgres_guards)(table.name)
    return made


def records() -> list[type[Record]]:
    """Every record that has been declared."""
    return Record.__subclasses__()


def _sqlite_substring(record: type[Record], table: Table) -> list[Fitting]:
    """The trigrams of all columns, the triggers that keep them, and a narrow index to skip pages in.

    The trigram table stores no text (`content=''`), no lengths and no places within a text (`detail=none`),
    which makes it a quarter as large as a full index; the search tests each proposed row anyway.
    """
    name, key = trigram_table(table.name), table.primary_key.columns[0].name
    live = f"{key}, removed_at" if "removed_at" in table.c else key
    pages = f"{table.name}_pages"
    options = "content='', columnsize=0, detail=none, tokenize='trigram'"
    columns = {column: first_row(record, column) for column in _checked(record, table)}
    fills = (
        f"INSERT INTO {name} ({name}) VALUES ('delete-all')",
        *(
            f"INSERT INTO {name} (rowid, text) SELECT {first} + {key}, {_indexed(table.name, column)} "
            f"FROM {table.name} WHERE {key} BETWEEN 0 AND {ROWS_PER_COLUMN - 1} ORDER BY {key}"
            for column, first in columns.items()
        ),
    )
    return [
        Fitting(name, table.name, "table", f"CREATE VIRTUAL TABLE {name} USING fts5(text, {options})", fills),
        *(
            Fitting(f"{name}_{verb}", table.name, "trigger", f"CREATE TRIGGER {name}_{verb} {body}", fills)
            for verb, body in _upkeep(table.name, key, columns).items()
        ),
        Fitting(pages, table.name, "index", f"CREATE INDEX {pages} ON {table.name} ({live})"),
    ]


def _upkeep(table: str, key: str, columns: dict[str, int]) -> dict[str, str]:
    """The triggers by the endings of their names. An id is never changed."""
    name = trigram_table(table)

    def within(row: str) -> str:
        return f"{row}.{key} BETWEEN 0 AND {ROWS_PER_COLUMN - 1}"

    add = {
        column: f"INSERT INTO {name} (rowid, text) VALUES ({first} + new.{key}, {_indexed('new', column)});"
        for column, first in columns.items()
    }
    remove = {
        column: f"INSERT INTO {name} ({name}, rowid, text) "
        f"VALUES ('delete', {first} + old.{key}, {_indexed('old', column)});"
        for column, first in columns.items()
    }
    updates = {
        f"update_{column}": f"AFTER UPDATE OF {column} ON {table} "
        f"WHEN old.{column} IS NOT new.{column} AND {within('new')} BEGIN {remove[column]} {add[column]} END"
        for column in columns
    }
    return {
        "insert": f"AFTER INSERT ON {table} WHEN {within('new')} BEGIN {' '.join(add.values())} END",
        **updates,
        "delete": f"AFTER DELETE ON {table} WHEN {within('old')} BEGIN {' '.join(remove.values())} END",
    }


def _indexed(row: str, column: str) -> str:
    """What the trigrams are made of: İ is the one capital in daily use that SQLite does not fold as we do."""
    return f"replace({row}.{column}, char(304), 'i' || char(775))"


def _postgres_substring(record: type[Record], table: Table) -> list[Fitting]:
    """Trigrams of all columns in one index; and a hash of each text, of any length, for whole texts."""
    name = f"{table.name}_substring"
    twins: dict[str, str] = getattr(record, "__folded__", {})
    columns = _checked(record, table)
    texts = ", ".join(f"{twins.get(column, f'lower({column})')} gin_trgm_ops" for column in columns)
    trigrams = Fitting(name, table.name, "index", f"CREATE INDEX {name} ON {table.name} USING gin ({texts})")
    return [trigrams, *(_postgres_hash(table.name, column) for column in columns if column not in twins)]


def _postgres_hash(table: str, column: str) -> Fitting:
    name = f"{table}_equal_{column}"
    return Fitting(name, table, "index", f"CREATE INDEX {name} ON {table} USING hash (lower({column}))")


def _checked(record: type[Record], table: Table) -> tuple[str, ...]:
    columns = searched_columns(record)
    assert all(column in table.c for column in columns), (table.name, columns)
    return columns


def _sqlite_guards(table: str) -> list[Fitting]:
    return [
        Fitting(
            f"{table}_never_{verb}",
            table,
            "trigger",
            f"CREATE TRIGGER {table}_never_{verb} BEFORE {verb.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END",
        )
        for verb in ("update", "delete")
    ]


def _postgres_guards(table: str) -> list[Fitting]:
    refuse = (
        "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION USING MESSAGE = TG_TABLE_NAME || ' is append-only'; END $$"
    )
    guard = (
        f"CREATE TRIGGER {table}_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    return [
        Fitting("refuse_change", table, "function", refuse),
        Fitting(f"{table}_never_changes", table, "trigger", guard),
    ]


SQLITE_STANDING = "SELECT name, sql FROM sqlite_master WHERE type IN ('table', 'trigger', 'index')"
POSTGRES_STANDING = """
    SELECT relname, obj_description(oid, 'pg_class') FROM pg_class WHERE relnamespace = 'public'::regnamespace
    UNION ALL SELECT tgname, obj_description(oid, 'pg_trigger') FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT proname, obj_description(oid, 'pg_proc') FROM pg_proc
        WHERE pronamespace = 'public'::regnamespace
"""


def missing(session: Session) -> list[Fitting]:
    """What is declared for the tables that are there but not in the database, or there in an older form."""
    is_sqlite = session.engine == "sqlite"
    standing = dict(session.script(SQLITE_STANDING if is_sqlite else POSTGRES_STANDING))
    return [
        one
        for one in fittings(session.engine)
        if one.table in standing and standing.get(one.name) != (one.sql if is_sqlite else one.mark)
    ]


def has_substring_index(session: Session) -> bool:
    """Whether every substring search that could use an index has one; without it is right, but slow."""
    return not any(one.fills or one.needs_trigrams for one in missing(session))


def mend(database: Database) -> list[str]:
    """Fit the database with everything that is missing, and tell what that was."""
    absent = database.read(missing)
    if not absent or not (database.engine == "sqlite" or _is_possible(database, absent)):
        return []
    return database.write(_fit)


def _is_possible(database: Database, absent: list[Fitting]) -> bool:
    """PostgreSQL comes with trigrams or without; there is no need to take locks just to find them absent."""
    if not all(one.needs_trigrams for one in absent):
        return True
    return database.read(
        lambda session: bool(session.script("SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm'"))
    )


def _fit(session: Session) -> list[str]:
    """Compare again, now that nobody else can be at it, and create."""
    if session.engine == "sqlite":
        return _fit_sqlite(session)
    session.script("SELECT pg_advisory_xact_lock(%s)", (LOCK,))
    absent = missing(session)
    if not _has_trigrams(session):
        absent = [one for one in absent if not one.needs_trigrams]
    for one in absent:
        on = f" ON {one.table}" if one.kind == "trigger" else ""
        if one.kind != "function":  # is replaced in its place, for triggers hang on it
            session.script(f"DROP {one.kind} IF EXISTS {one.name}{on}")
        session.script(one.sql)
        session.script(f"COMMENT ON {one.kind} {one.name}{on} IS '{one.mark}'")
    return [one.name for one in absent]


def _fit_sqlite(session: Session) -> list[str]:
    absent = missing(session)
    for one in absent:
        session.script(f"DROP {one.kind} IF EXISTS {one.name}")
        session.script(one.sql)
    for fill in dict.fromkeys(fill for one in absent for fill in one.fills):
        session.script(fill)
    return [one.name for one in absent]


def _has_trigrams(session: Session) -> bool:
    """Whether PostgreSQL has its trigram extension; it is asked for, and done without where it is missing."""
    session.script("SAVEPOINT extension")
    try:
        session.script("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except Exception:  # noqa: BLE001 - not packaged, not allowed: each server says it in its own way
        session.script("ROLLBACK TO SAVEPOINT extension")
        return False
    session.script("RELEASE SAVEPOINT extension")
    return True


@contextmanager
def bulk_load(database: Database, *, rows: int | None = None) -> Iterator[None]:
    """Add very many records: SQLite's trigrams are rebuilt once at the end instead of kept row by row.

    In between, substring searches go through the rows. `rows` is how many records are about to be added;
    when they are few beside those that are there, keeping the index is cheaper. A load that never comes to
    its end leaves the triggers missing, and the next start mends that.
    """
    if database.engine == "sqlite":
        database.write(lambda session: _drop_upkeep(session, rows))
    try:
        yield
    finally:
        mend(database)


def _drop_upkeep(session: Session, rows: int | None) -> None:
    for one in fittings("sqlite"):
        if one.kind != "trigger" or not one.fills:
            continue
        if rows is None or rows * REBUILD_WORTH > session.script(f"SELECT count(*) FROM {one.table}")[0][0]:
            session.script(f"DROP TRIGGER IF EXISTS {one.name}")
