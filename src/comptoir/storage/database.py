"""Opening a database by its address."""

from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from comptoir.storage.columns import Cipher, NonceSource
from comptoir.storage.sqlite import SqliteDatabase

if TYPE_CHECKING:
    from comptoir.storage.postgres import PostgresDatabase

    Database: TypeAlias = SqliteDatabase | PostgresDatabase
else:
    Database = SqliteDatabase


def open_database(address: str, *, secret: bytes, pool_size: int = 8) -> Database:
    """Open `postgresql://…`, or the SQLite file at any other address; nothing is created but the file."""
    cipher = Cipher(secret, NonceSource())
    if address.startswith(("postgresql://", "postgres://")):
        from comptoir.storage.postgres import PostgresDatabase  # noqa: PLC0415 - a shop on SQLite need not load it

        return PostgresDatabase(address, cipher, pool_size=pool_size)
    return SqliteDatabase(Path(address), cipher)
