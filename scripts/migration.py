"""Write the migration from the last one's schema to the declared one: `make migration TITLE="…"`.

With the title `initial` the first migration is written anew, which is allowed until it is released.
"""

import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.operations.ops import MigrationScript
from alembic.runtime.migration import MigrationContext
from sqlalchemy import BigInteger

from comptoir.domain import records
from comptoir.storage import migration
from comptoir.storage.columns import Day, Digest, EncryptedText, Instant, Json
from comptoir.storage.comparing import COMPARING
from comptoir.storage.database import open_database
from comptoir.storage.schema import Record

VERSIONS = migration.FOLDER / "versions"
INITIAL = "initial"
# A migration says what a column is in the database; what it is in Python is the records' affair.
WRITTEN_TYPES = {
    Instant: "sa.BigInteger()",
    Day: "sa.Text()",
    Json: "sa.Text()",
    Digest: "sa.Text()",
    EncryptedText: "sa.LargeBinary()",
}
PAGE = '''"""{title}."""

import sqlalchemy as sa
from alembic import op

revision = "{number}"
down_revision = {before}
branch_labels = None
depends_on = None

# SQLite's INTEGER already holds 64 bits, and only this spelling makes a primary key its row id.
WHOLE_NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    {upgrade}
'''


def main(title: str) -> int:
    """Compare, write the page, and print its path."""
    slug = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")
    if not slug:
        print('Give it a title: make migration TITLE="Give orders a channel"', file=sys.stderr)
        return 2
    assert records.ROOMS
    earlier = [] if slug == INITIAL else migration.released()
    if slug == INITIAL and len(migration.released()) > 1:
        print("later migrations stand on the first one: it can no longer be written anew", file=sys.stderr)
        return 2
    number = f"{len(earlier) + 1:04}"
    before = f'"{migration.number_of(earlier[-1])}"' if earlier else "None"
    page = VERSIONS / f"{number}_{slug}.py"
    upgrade = operations(is_first=not earlier)
    text = PAGE.format(title=title.strip().capitalize(), number=number, before=before, upgrade=upgrade)
    page.with_suffix(".new").write_text(tidied(text))
    page.with_suffix(".new").replace(page)
    print(page.relative_to(Path.cwd()) if page.is_relative_to(Path.cwd()) else page)
    return 0


def operations(*, is_first: bool) -> str:
    """The steps from the migrated schema, or from nothing, to the declared one, as source text."""
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(str(Path(folder) / "scratch.sqlite"), secret=bytes(32))
        if not is_first:
            migration.migrate(database)
        with migration.alone(database) as connection:
            context = MigrationContext.configure(connection, opts=dict(COMPARING))
            script: MigrationScript = produce_migrations(context, Record.metadata)
        database.close()
    assert script.upgrade_ops is not None
    text = render_python_code(
        script.upgrade_ops, render_item=written_type, render_as_batch=not is_first, migration_context=context
    )
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("# ###")]
    return "\n".join(lines).lstrip()


def tidied(text: str) -> str:
    """The page without what Alembic wrote for nothing, in the house's format."""
    ruff = [sys.executable, "-m", "ruff"]
    for step in (["check", "--quiet", "--fix-only", "--select=F401,F841,I"], ["format", "--quiet"]):
        command = [*ruff, *step, "--stdin-filename=src/comptoir/storage/migrations/versions/0001.py", "-"]
        text = subprocess.run(command, input=text, check=True, capture_output=True, text=True).stdout
    return text


def written_type(kind: str, item: Any, _context: Any) -> Any:
    """How a migration writes our column types; False leaves the rest to Alembic."""
    if kind != "type":
        return False
    if isinstance(item, BigInteger):
        return "WHOLE_NUMBER"
    return WRITTEN_TYPES.get(type(item), False)


if __name__ == "__main__":
    sys.exit(main(" ".join(sys.argv[1:])))
