"""PostgreSQL: pooled psycopg connections, prepared statements, row locks in id order."""

import threading
from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import psycopg
from psycopg import errors as pg
from psycopg.types.numeric import Int8Dumper
from psycopg_pool import ConnectionPool, PoolTimeout
from sqlalchemy import Dialect
from sqlalchemy.dialects.postgresql import psycopg as sa_psycopg

from comptoir.storage.columns import Cipher
from comptoir.storage.errors import DatabaseAway, StillReferenced, StorageError, TryAgain, UniqueTaken
from comptoir.storage.queueing import QueueingCursor
from comptoir.storage.session import Session
from comptoir.storage.statements import StatementCache

Result = TypeVar("Result")
Work = Callable[[Session], Result]

ATTEMPTS = 4
POOL_WAIT_SECONDS = 10.0


def prepared(connection: psycopg.Connection[Any]) -> None:
    """Every statement of ours is a constant, so each is worth preparing at once.

    And in one form only: the driver would give each number the least type that holds it, and prepare a statement
    anew for every combination of small and large ones.
    """
    connection.adapters.register_dumper(int, Int8Dumper)
    connection.prepare_threshold = 1
    connection.prepared_max = 1000


@cache
def language(cipher: Cipher) -> tuple[Dialect, StatementCache]:
    """How statements are written for this engine; shops under one key compile each of them once."""
    dialect: Any = sa_psycopg.dialect()  # type: ignore[no-untyped-call]
    dialect.cipher = cipher
    return dialect, StatementCache(dialect)


class PostgresDatabase:
    """A shop's database on a PostgreSQL server."""

    engine = "postgres"

    def __init__(self, dsn: str, cipher: Cipher, *, pool_size: int = 8) -> None:
        self.dialect, self.statements = language(cipher)
        self.dsn = dsn
        self._size = pool_size
        self._pool: ConnectionPool[Any] | None = None
        self._opening = threading.Lock()

    def _opened(self) -> "ConnectionPool[Any]":
        """The pool, opened in the process that uses it (workers are forked before)."""
        with self._opening:
            if self._pool is None:
                self._pool = ConnectionPool(
                    self.dsn,
                    min_size=1,
                    max_size=self._size,
                    timeout=POOL_WAIT_SECONDS,
                    configure=prepared,
                    kwargs={"autocommit": True},
                    open=True,
                )
        return self._pool

    def read(self, work: Work[Result]) -> Result:
        """Run reading work on one snapshot of the data."""
        return self._transact("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", work)

    def write(self, work: Work[Result]) -> Result:
        """Run writing work; returns when it is durable. A lost race is run again."""
        for attempt in range(ATTEMPTS):
            try:
                return self._transact("BEGIN", work)
            except TryAgain:
                if attempt == ATTEMPTS - 1:
                    raise
        raise AssertionError

    def _transact(self, begin: str, work: Work[Result]) -> Result:
        pool = self._pool or self._opened()
        try:
            with pool.connection() as connection:
                cursor = QueueingCursor(connection)
                cursor.execute(begin)
                try:
                    result = work(Session(cursor, self.statements, self.engine))
                    cursor.commit()
                except BaseException as error:
                    cursor.undo(error)
                    raise
                return result
        except (psycopg.Error, PoolTimeout) as error:
            raise translated(error) from error

    def close(self) -> None:
        """Give all connections back."""
        if self._pool is not None:
            self._pool.close()
            self._pool = None


def translated(error: Exception) -> StorageError:
    """The driver's error in our words."""
    text = str(error)
    match error:
        case pg.UniqueViolation():
            return UniqueTaken(text)
        case pg.ForeignKeyViolation():
            return StillReferenced(text)
        case pg.SerializationFailure() | pg.DeadlockDetected() | pg.LockNotAvailable():
            return TryAgain(text)
        case PoolTimeout() | psycopg.InterfaceError():
            return DatabaseAway(text)
        case psycopg.OperationalError():
            return DatabaseAway(text)
        case _:
            return StorageError(text)
