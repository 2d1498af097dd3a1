"""Whether the process lives and its shops can be worked with."""

import threading
from collections.abc import Callable, Sequence
from time import monotonic
from typing import Any, NamedTuple

import falcon
import structlog

from comptoir.console.ports import Proof
from comptoir.domain.events.queries import last_seq
from comptoir.domain.ledger.queries import trial_balance
from comptoir.domain.proof import prove_books
from comptoir.domain.tx import OpenShop, Tx
from comptoir.operations.access import named
from comptoir.storage.errors import StorageError
from comptoir.storage.fittings import has_substring_index
from comptoir.storage.migration import pending

LOG = structlog.get_logger()
BOOKS_SECONDS = 30.0
# A small shop's books are proved while its first page is made.
PATIENCE = 0.25


class Verdict(NamedTuple):
    """What the last proof of a shop's books found, and after which event."""

    problems: tuple[str, ...]
    cents: int
    seq: int


def prove(tx: Tx) -> Verdict:
    """Prove the books now."""
    sums: dict[str, int] = {}
    for row in trial_balance(tx):
        sums[row.currency] = sums.get(row.currency, 0) + row.debit_minor - row.credit_minor
    return Verdict(tuple(prove_books(tx)), sum(map(abs, sums.values())), last_seq(tx))


class BooksWatch:
    """The proof of one shop's books, at most so old, and never waited for but the first time."""

    def __init__(
        self, shop: OpenShop, seconds: float = BOOKS_SECONDS, clock: Callable[[], float] = monotonic
    ) -> None:
        self._shop = shop
        self._seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._known: Verdict | None = None
        self._proved_at = 0.0
        self._at = self._shop.system()

    def verdict(self) -> Verdict:
        """What is known of the books. What is too old is proved again beside the request."""
        known = self._known
        if known is None:
            with self._lock:
                return self._known or self._prove()
        if self._clock() - self._proved_at > self._seconds and self._lock.acquire(blocking=False):
            threading.Thread(target=self._prove_aside, name="books", daemon=True).start()
        return known

    def proof(self, patience: float = PATIENCE) -> Proof | None:
        """The last proof; None when there is none yet, and the first takes longer than anybody shall wait."""
        if self._known is None and self._lock.acquire(blocking=False):
            thread = threading.Thread(target=self._prove_aside, name="books", daemon=True)
            thread.start()
            thread.join(patience)
        if self._known is None:
            return None
        found = self.verdict()
        return Proof(found.problems, found.cents, found.seq, self._at)

    def prove_again(self) -> Verdict:
        """Prove the books now, unless nothing has happened since they were last found in order."""
        with self._lock:
            return self._prove()

    @property
    def shop_name(self) -> str:
        """Whose books they are."""
        return self._shop.name

    def _prove_aside(self) -> None:
        try:
            self._prove()
        except StorageError as error:
            LOG.warning("books not proved", shop=self._shop.name, reason=str(error))
        except Exception:
            LOG.exception("books not proved", shop=self._shop.name)
        finally:
            self._lock.release()

    def _prove(self) -> Verdict:
        known = self._known
        found = self._shop.read(lambda tx: known if known and _is_still_good(tx, known) else prove(tx))
        if found.problems and found != known:
            LOG.error("books do not balance", shop=self._shop.name, problems=found.problems[:10])
        self._known, self._proved_at, self._at = found, self._clock(), self._shop.system()
        return found


def _is_still_good(tx: Tx, known: Verdict) -> bool:
    return not known.problems and last_seq(tx) == known.seq


class BooksSeen:
    """The proofs of all shops' books, as the console asks for them."""

    def __init__(self, books: Sequence[BooksWatch]) -> None:
        self._books = {one.shop_name: one for one in books}

    def proof(self, shop: str) -> Proof | None:
        """The last proof of a shop's books, or None while the first is still being made."""
        return self._books[shop].proof()


class Alive:
    """GET /healthz: the process answers."""

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Say so, whatever else may be wrong."""
        named(req.env, "operations", "operations.healthz")
        resp.media = {"status": "ok"}

    on_head = on_get


class Ready:
    """GET /readyz: every shop can be worked with, or 503 and why not."""

    def __init__(self, shops: Sequence[OpenShop], books: Sequence[BooksWatch]) -> None:
        self._shops = tuple(zip(shops, books, strict=True))
        self._is_migrated: set[str] = set()

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Look at each shop."""
        named(req.env, "operations", "operations.readyz")
        found = {shop.name: self._look(shop, books) for shop, books in self._shops}
        is_ready = all(state["ready"] for state in found.values())
        resp.status = falcon.HTTP_200 if is_ready else falcon.HTTP_503
        resp.media = {"status": "ready" if is_ready else "not ready", "shops": found}
        resp.set_header("Cache-Control", "no-store")

    on_head = on_get

    def _look(self, shop: OpenShop, books: BooksWatch) -> dict[str, Any]:
        state: dict[str, Any] = {"ready": False, "database": shop.database.engine}
        try:
            state["substring_index"] = shop.read(has_substring_index)
            waiting = self._waiting(shop)
            verdict = books.verdict()
        except StorageError as error:
            LOG.warning("not ready", shop=shop.name, reason=str(error))
            return state | {"problem": "the database is away"}
        state["migrations_pending"] = waiting
        state["books"] = "balance" if not verdict.problems else f"{len(verdict.problems)} problem(s)"
        state["ready"] = not waiting and not verdict.problems
        return state

    def _waiting(self, shop: OpenShop) -> int:
        """How many migrations wait; once there are none, none can come while this release runs."""
        if shop.name in self._is_migrated:
            return 0
        waiting = len(pending(shop.database))
        if not waiting:
            self._is_migrated.add(shop.name)
        return waiting
