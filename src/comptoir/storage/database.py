"""Opening a database by its address."""

from pathlib import Path
from typing import TypeAlias

from comptoir.storage.columns import Cipher, NonceSource
from comptoir.storage.postgres import PostgresDatabase
from comptoir.storage.sqlite import SqliteDatabase

Database: TypeAlias = SqliteDatabase | PostgresDatabase


def open_database(address: str, *, secret: bytes, pool_size: int = 8) -> Database:
    """Open `postgresql://…`, or the SQLite file at any other address; nothing is created but the file."""
    cipher = Cipher(secret, NonceSource())
    if address.startswith(("postgresql://", "postgres://")):
        return PostgresDatabase(address, cipher, pool_size=pool_size)
    return SqliteDatabase(Path(address), cipher)
