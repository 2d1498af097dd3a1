"""Keep what a release leaves in a SQLite database, for tests/storage/test_upgrading.py.

`python -m scripts.release_dump shop.sqlite` writes tests/storage/releases/<last migration>.json: each table with its
columns and rows, one row a line. Take a small shop in which something of every kind has happened; it becomes public.
"""

import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from comptoir.domain import records
from comptoir.storage.schema import Record

RELEASES = Path(__file__).parents[1] / "tests/storage/releases"
MIGRATION = "SELECT version_num FROM alembic_version"


def main(path: str) -> int:
    """Read, write the file, and print its path."""
    assert records.ROOMS
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        target = RELEASES / f"{connection.execute(MIGRATION).fetchone()[0]}.json"
        tables = [told for name in sorted(Record.metadata.tables) if (told := dumped(connection, name))]
    target.write_text("{\n" + ",\n".join(tables) + "\n}\n")
    print(target)
    return 0


def dumped(connection: sqlite3.Connection, table: str) -> str:
    """A table as it stands in the file; nothing, if nothing is in it."""
    cursor = connection.execute(f"SELECT * FROM {table} ORDER BY 1")
    columns = [column[0] for column in cursor.description]
    rows = [json.dumps([written(value) for value in row], ensure_ascii=False) for row in cursor]
    return f'"{table}": [\n  ' + ",\n  ".join([json.dumps(columns), *rows]) + "\n]" if rows else ""


def written(value: Any) -> Any:
    """A value as JSON has it."""
    return {"hex": value.hex()} if isinstance(value, bytes) else value


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
