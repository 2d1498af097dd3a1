"""Opening a database by its address."""

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from comptoir.storage.columns import Cipher, NonceSource
from comptoir.storage.sqlite import SqliteDatabase

if TYPE_CHECKING:
    from comptoir.storage.postgres import PostgresDatabase

    Database: TypeAlias = SqliteDatabase | PostgresDatabase
else:
    Database = SqliteDatabase


@cache
def cipher_under(secret: bytes) -> Cipher:
    """One cipher for each key, whatever number of databases is sealed with it."""
    return Cipher(secret, NonceSource())


def open_database(address: str, *, secret: bytes, pool_size: int = 8) -> Database:
    """Open `postgresql://…`, or the SQLite file at any other address; nothing is created but the file."""
    cipher = cipher_under(secret)
    if address.startswith(("postgresql://", "postgres://")):
        from comptoir.storage.postgres import PostgresDatabase  # noqa: PLC0415 - a shop on SQLite need not load it

        return PostgresDatabase(address, cipher, pool_size=pool_size)
    return SqliteDatabase(Path(address), cipher)
