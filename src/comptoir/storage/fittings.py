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
from comptoir.storage.substring import searched_columns, trigram_table

# İ is the one capital of the scripts in daily use that SQLite's tokenizer does not fold as we do.
INDEXED_TEXT = "replace({row}.{column}, char(304), 'i' || char(775))"
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
    return [mapper.class_ for mapper in Record.registry.mappers]


def _sqlite_substring(record: type[Record], table: Table) -> list[Fitting]:
    """A trigram table for each column, the triggers that keep it, and a narrow index to skip pages in.

    A trigram table of its own for each column lets a frequent word of one column be absent in another. It
    stores no text (`content=''`), no lengths and no places within a text (`detail=none`), which makes it a
    quarter as large as a full index; the search tests each proposed row anyway.
    """
    key = table.primary_key.columns[0].name
    columns = _checked(record, table)
    made = [one for column in columns for one in _sqlite_trigrams(table.name, key, column)]
    live = f"{key}, removed_at" if "removed_at" in table.c else key
    pages = f"{table.name}_pages"
    return [*made, Fitting(pages, table.name, "index", f"CREATE INDEX {pages} ON {table.name} ({live})")]


def _sqlite_trigrams(table: str, key: str, column: str) -> list[Fitting]:
    name = trigram_table(table, column)
    text = {row: INDEXED_TEXT.format(row=row, column=column) for row in ("old", "new", table)}
    remove = f"INSERT INTO {name} ({name}, rowid, text) VALUES ('delete', old.{key}, {text['old']});"
    add = f"INSERT INTO {name} (rowid, text) VALUES (new.{key}, {text['new']});"
    changed = f"old.{column} IS NOT new.{column}"
    fills = (
        f"INSERT INTO {name} ({name}) VALUES ('delete-all')",
        f"INSERT INTO {name} (rowid, text) SELECT {key}, {text[table]} FROM {table}",
    )
    bodies = {
        "insert": f"AFTER INSERT ON {table} BEGIN {add} END",
        "update": f"AFTER UPDATE OF {column} ON {table} WHEN {changed} BEGIN {remove} {add} END",
        "delete": f"AFTER DELETE ON {table} BEGIN {remove} END",
    }
    options = "content='', columnsize=0, detail=none, tokenize='trigram'"
    index = Fitting(name, table, "table", f"CREATE VIRTUAL TABLE {name} USING fts5(text, {options})", fills)
    triggers = [
        Fitting(f"{name}_{verb}", table, "trigger", f"CREATE TRIGGER {name}_{verb} {body}", fills)
        for verb, body in bodies.items()
    ]
    return [index, *triggers]


def _postgres_substring(record: type[Record], table: Table) -> list[Fitting]:
    name = f"{table.name}_substring"
    twins: dict[str, str] = getattr(record, "__folded__", {})
    folded = [twins.get(column, f"lower({column})") for column in _checked(record, table)]
    texts = ", ".join(f"{text} gin_trgm_ops" for text in folded)
    return [Fitting(name, table.name, "index", f"CREATE INDEX {name} ON {table.name} USING gin ({texts})")]


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
    return not any(one.fills or "gin_trgm_ops" in one.sql for one in missing(session))


def mend(database: Database) -> list[str]:
    """Fit the database with everything that is missing, and tell what that was."""
    absent = database.read(missing)
    if not absent or not (database.engine == "sqlite" or _is_possible(database, absent)):
        return []
    return database.write(_fit)


def _is_possible(database: Database, absent: list[Fitting]) -> bool:
    """PostgreSQL comes with trigrams or without; there is no need to take locks just to find them absent."""
    if any(one.kind != "index" for one in absent):
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
        absent = [one for one in absent if one.kind != "index"]
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
