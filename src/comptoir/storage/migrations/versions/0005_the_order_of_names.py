"""The order of names, and transfers by their kind."""

import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
# What name the key is made from, read behind an id.
PRODUCTS = "SELECT id, name FROM product WHERE id > :past ORDER BY id LIMIT :limit"
CUSTOMERS = (
    "SELECT id, last_name, first_name, username FROM customer WHERE id > :past ORDER BY id LIMIT :limit"
)
BANK_CUSTOMERS = (
    "SELECT b.customer_id, c.last_name, c.first_name, c.email, b.is_business, b.details FROM bank_customer b "
    "JOIN customer c ON c.id = b.customer_id WHERE b.customer_id > :past ORDER BY b.customer_id LIMIT :limit"
)
ROWS = 5_000
MARKS = re.compile("[\u0300-\u036f]+")
BESIDE = str.maketrans({
    "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "ħ": "h", "\u0131": "i",
})  # fmt: skip


def upgrade() -> None:
    for table in ("product", "customer", "bank_customer"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.add_column(sa.Column("name_key", KEY, nullable=False, server_default=""))

    # Data: keep these lines when the page is written anew. PostgreSQL would write the trigrams of each row again, one
    # by one, which takes many minutes for a million: they are made anew at once when the migrations are done.
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP INDEX IF EXISTS product_substring, customer_substring")
    fill("product", "id", PRODUCTS, lambda row: order_key(row[1]))
    fill("customer", "id", CUSTOMERS, lambda row: order_key(row[1], row[2]) or order_key(row[3]))
    fill("bank_customer", "customer_id", BANK_CUSTOMERS, bank_key)

    op.create_index("ix_product_name", "product", ["name_key", "id"], unique=False)
    op.create_index("ix_bank_customer_name", "bank_customer", ["name_key", "customer_id"], unique=False)
    op.create_index(
        "ix_customer_name",
        "customer",
        ["name_key", "id"],
        unique=False,
        sqlite_where=sa.text("removed_at IS NULL"),
        postgresql_where=sa.text("removed_at IS NULL"),
    )
    op.create_index("ix_transfer_kind", "transfer", ["kind", "id"], unique=False)


def fill(table: str, key: str, names: str, made: Callable[[Sequence[Any]], str]) -> None:
    """Write the keys of all rows of a table."""
    rows_of = sa.table(table, sa.column(key), sa.column("name_key"))
    write = (
        rows_of.update().where(rows_of.c[key] == sa.bindparam("of_id")).values(name_key=sa.bindparam("made"))
    )
    for rows in pages(names):
        op.get_bind().execute(write, [{"of_id": row[0], "made": made(row)} for row in rows])


def pages(names: str) -> Iterator[Sequence[Any]]:
    """The rows, so many at a time that they fit into memory."""
    past = -(2**63)
    while rows := op.get_bind().execute(sa.text(names), {"past": past, "limit": ROWS}).all():
        yield rows
        past = rows[-1][0]


def bank_key(row: Sequence[Any]) -> str:
    """A business stands by its own name."""
    own = json.loads(row[5]).get("business_legal_name", "") if row[4] and row[5] else ""
    return order_key(own) or order_key(row[1], row[2]) or order_key(row[3])


def order_key(*parts: str) -> str:
    """The form by which names are put in order, as this release made it."""
    return "\t".join(filter(None, map(plain, parts)))[:64]


def plain(name: str) -> str:
    """A name without capitals, marks and needless blanks."""
    if not name.isascii():
        name = MARKS.sub("", unicodedata.normalize("NFKD", name.casefold())).translate(BESIDE)
    return " ".join(name.lower().split())
