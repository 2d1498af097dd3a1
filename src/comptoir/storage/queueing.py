"""PostgreSQL's cursor, which lets what nobody waits for go along with the next question."""

from contextlib import suppress
from functools import partial
from typing import Any

import psycopg
from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus, TransactionStatus

# So much waits at most: an import of thousands of rows is not to be kept here.
WAITING_MAX = 64


class QueueingCursor:
    """Keeps statements until somebody asks for rows or counts, and sends all of them in one pipeline, in their order.

    What fails says so at the next question, at the latest at the commit; the transaction is lost then as it always is.
    """

    __slots__ = ("_connection", "_cursor", "_waiting")

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._cursor = connection.cursor()
        self._waiting: list[partial[Any]] = []

    @property
    def rowcount(self) -> int:
        """How many rows the last statement changed."""
        self.send()
        return self._cursor.rowcount

    @property
    def description(self) -> Any:
        """The columns of the last statement's rows, None when it gave none."""
        self.send()
        return self._cursor.description

    def execute(self, sql: str, values: Any = None, /, **options: Any) -> None:
        """Put a statement in line; what rolls back is run at once."""
        if sql.startswith("ROLLBACK"):
            self.send()
            self._plainly(sql)
        else:
            self._wait(partial(self._cursor.execute, sql, values, **options))

    def executemany(self, sql: str, values: Any, /) -> None:
        """Put a statement in line that is run for each of many rows."""
        self._wait(partial(self._cursor.executemany, sql, values))

    def fetchone(self) -> Any:
        """Take the next row of the last statement."""
        self.send()
        return self._cursor.fetchone()

    def fetchall(self) -> list[Any]:
        """Take all rows of the last statement."""
        self.send()
        return self._cursor.fetchall()

    def send(self) -> None:
        """Run what waits."""
        waiting, self._waiting = self._waiting, []
        if len(waiting) <= 1:
            for run in waiting:
                run()
            return
        failed: psycopg.Error | None = None
        with self._connection.pipeline() as pipeline:
            try:
                for run in waiting:
                    run()
            except psycopg.Error as error:
                failed = error
                with suppress(psycopg.Error):  # what came after it was skipped, and says so
                    pipeline.sync()
        if failed is not None:
            raise failed

    def commit(self) -> None:
        """Run what waits, and keep it."""
        self.execute("COMMIT")
        self.send()

    def undo(self, error: BaseException) -> None:
        """End the transaction that an error has ended; what waits is never sent."""
        self._waiting.clear()
        connection = self._connection
        if connection.closed or connection.pgconn.transaction_status == TransactionStatus.IDLE:
            return
        if isinstance(error, Exception) and not isinstance(error, psycopg.Error):
            self._plainly("ROLLBACK")
            return
        # The driver believes that a statement is prepared which was skipped; a rollback of its own lets it forget all.
        with suppress(psycopg.Error):
            connection.rollback()

    def _wait(self, run: "partial[Any]") -> None:
        self._waiting.append(run)
        if len(self._waiting) >= WAITING_MAX:
            self.send()

    def _plainly(self, sql: str) -> None:
        """Roll back without the driver, which would forget every statement that it has prepared."""
        result = self._connection.pgconn.exec_(sql.encode())
        if result.status != ExecStatus.COMMAND_OK:
            raise error_from_result(result)
        self._cursor = self._connection.cursor()  # one without an answer: nobody is to take the one before
