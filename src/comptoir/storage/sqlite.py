"""SQLite: one connection per thread, one writer at a time, many commits shared."""

import sqlite3
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from time import monotonic, sleep
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import Dialect
from sqlalchemy.dialects.sqlite import pysqlite

from comptoir.storage.columns import Cipher, instant_of
from comptoir.storage.errors import DatabaseAway, StillReferenced, StorageError, TryAgain, UniqueTaken
from comptoir.storage.session import Session
from comptoir.storage.statements import StatementCache

Result = TypeVar("Result")
Work = Callable[[Session], Result]

BATCH_MAX = 16
BUSY_SECONDS = 30.0
LANE_SECONDS = 0.005
LOG_WAIT_SECONDS = 0.02
CACHE_KIB = 16_384
MAP_BYTES = 1 << 30


def fold(text: object) -> str | None:
    """Text without regard to case; SQLite's own lower() knows only ASCII."""
    return None if text is None else str(text).lower()


def local_time(micros: int | None, zone: str) -> str | None:
    """A time as the wall clock of a zone shows it; SQLite's own functions know no zones."""
    if micros is None:
        return None
    at = instant_of(micros - micros % 1_000_000)
    return str(at.astimezone(ZoneInfo(zone)).replace(tzinfo=None))


class Lane:
    """Where readers go one after another.

    Each of their many short calls lets go of the interpreter's lock. Threads that fight over it at every call take
    far longer than in turns; but who holds the lane for longer than `LANE_SECONDS` is overtaken.
    """

    __slots__ = ("_lock", "_since")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._since = 0.0

    def enter(self) -> bool:
        """Wait for one's turn; False when it did not come in time, and one goes without."""
        if not self._lock.acquire(blocking=False):
            patience = self._since + LANE_SECONDS - monotonic()
            if patience <= 0 or not self._lock.acquire(timeout=patience):
                return False
        self._since = monotonic()
        return True

    def leave(self) -> None:
        """Let the next one in."""
        self._lock.release()


class Job:
    """One writer's work, waiting for its turn and then for the shared commit."""

    __slots__ = ("done", "error", "result", "work")

    def __init__(self, work: Work[Any]) -> None:
        self.work = work
        self.done = threading.Event()
        self.result: Any = None
        self.error: BaseException | None = None


@cache
def language(cipher: Cipher) -> tuple[Dialect, StatementCache]:
    """How statements are written for this engine; shops under one key compile each of them once."""
    dialect: Any = pysqlite.dialect(paramstyle="qmark")
    dialect.cipher = cipher
    return dialect, StatementCache(dialect)


class SqliteDatabase:
    """A shop's database in one file."""

    engine = "sqlite"

    def __init__(self, path: Path, cipher: Cipher) -> None:
        self.path = path
        self.dialect, self.statements = language(cipher)
        self._local = threading.local()
        self._connections: list[sqlite3.Connection] = []
        self._lane = Lane()
        self._turn = threading.Lock()
        self._waiting: deque[Job] = deque()

    def _connection(self) -> sqlite3.Connection:
        found: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if found is None:
            found = self._local.connection = self.connect()
            self._connections.append(found)
        return found

    def connect(self) -> sqlite3.Connection:
        """A further connection; whoever asks for it closes it."""
        try:
            connection = sqlite3.connect(
                self.path,
                timeout=BUSY_SECONDS,
                isolation_level=None,
                check_same_thread=False,
                cached_statements=1024,
            )
            _log_ahead(connection)
        except sqlite3.Error as error:
            raise DatabaseAway(str(error)) from error
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
        connection.execute(f"PRAGMA mmap_size = {MAP_BYTES}")
        connection.execute("PRAGMA temp_store = MEMORY")
        connection.create_function("fold", 1, fold, deterministic=True)
        connection.create_function("local_time", 2, local_time, deterministic=True)
        return connection

    def _session(self) -> Session:
        """This thread's session; its cursor lives as long as its connection."""
        found: Session | None = getattr(self._local, "session", None)
        if found is None:
            found = self._local.session = Session(self._connection().cursor(), self.statements, self.engine)
        return found

    def read(self, work: Work[Result]) -> Result:
        """Run reading work on one snapshot of the data."""
        session = self._session()
        execute = session.cursor.execute
        is_in_turn = self._lane.enter()
        try:
            execute("BEGIN")
            try:
                return work(session)
            except sqlite3.Error as error:
                raise translated(error) from error
            finally:
                execute("ROLLBACK")
        finally:
            if is_in_turn:
                self._lane.leave()

    def write(self, work: Work[Result]) -> Result:
        """Run writing work; returns when it is durable. Writers that wait together share one commit."""
        assert not getattr(self._local, "is_writing", False), "a write inside a write would wait for itself"
        job = Job(work)
        self._waiting.append(job)
        with self._turn:
            if not job.done.is_set():
                self._local.is_writing = True
                try:
                    self._lead(job)
                finally:
                    self._local.is_writing = False
        if job.error is not None:
            raise job.error
        result: Result = job.result
        return result

    def _lead(self, own: Job) -> None:
        """Run the waiting jobs, at least our own, each on its savepoint, in one transaction."""
        while not own.done.is_set():
            batch = [self._waiting.popleft() for _ in range(min(len(self._waiting), BATCH_MAX))]
            try:
                self._run(batch)
            except sqlite3.Error as error:
                for job in batch:
                    job.error = job.error or translated(error)
            except BaseException:
                for job in batch:
                    job.error = job.error or TryAgain("the process was told to stop")
                with suppress(ValueError, IndexError):  # it was in the batch, or others come in just now
                    self._waiting.remove(own)
                raise
            finally:
                for job in batch:
                    job.done.set()

    def _run(self, batch: list[Job]) -> None:
        session = self._session()
        execute = session.cursor.execute
        execute("BEGIN IMMEDIATE")
        try:
            for job in batch:
                self._attempt(session, job)
            execute("COMMIT")
        except BaseException:
            if self._connection().in_transaction:
                execute("ROLLBACK")
            raise

    def _attempt(self, session: Session, job: Job) -> None:
        """Run one job; its refusal undoes its own changes and nobody else's."""
        execute = session.cursor.execute
        execute("SAVEPOINT job")
        try:
            job.result = job.work(session)
        except sqlite3.Error as error:
            job.error = translated(error)
        except Exception as error:  # noqa: BLE001 - carried to the thread that waits for it
            job.error = error
        if job.error is not None:
            execute("ROLLBACK TO job")
        execute("RELEASE job")

    def close(self) -> None:
        """Close every connection; the last one folds the log back into the file."""
        for connection in self._connections:
            connection.close()
        self._connections.clear()
        self._local = threading.local()


def _log_ahead(connection: sqlite3.Connection) -> None:
    """Write changes ahead to a log.

    Of processes that open a new file at once, SQLite lets only one change this, and refuses the others
    without the wait that it grants everywhere else.
    """
    for _ in range(round(BUSY_SECONDS / LOG_WAIT_SECONDS)):
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                raise
            sleep(LOG_WAIT_SECONDS)
        else:
            return
    connection.execute("PRAGMA journal_mode = WAL")


def translated(error: sqlite3.Error) -> StorageError:
    """The driver's error in our words."""
    text = str(error)
    if isinstance(error, sqlite3.IntegrityError):
        if "UNIQUE" in text or "PRIMARY KEY" in text:
            return UniqueTaken(text)
        if "FOREIGN KEY" in text:
            return StillReferenced(text)
    if "locked" in text or "busy" in text:
        return TryAgain(text)
    if "unable to open" in text or "disk I/O" in text:
        return DatabaseAway(text)
    return StorageError(text)
