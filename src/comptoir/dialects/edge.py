"""One request's life: who, transaction, handler, reply."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from http import HTTPStatus
from typing import Any, NamedTuple, Protocol

import structlog

from comptoir.dialects.bodies import BodyLimits, BodyRefused
from comptoir.domain.errors import ComptoirError, Invalid
from comptoir.domain.identity.answers import Answer, checked_key, find_answer, keep_answer
from comptoir.domain.identity.permissions import CHANGE, SEE, require
from comptoir.domain.identity.queries import Credential, find_credential, hash_key
from comptoir.domain.media.fetching import Fetcher
from comptoir.domain.media.store import MediaStore
from comptoir.domain.payments.gateways import Gateways, gateway_named
from comptoir.domain.payments.token_keys import TokenKey
from comptoir.domain.tx import OpenShop, Tx, savepoint
from comptoir.storage.errors import StillReferenced, StorageError, UniqueTaken
from comptoir.storage.session import Session

READING = frozenset({"GET", "HEAD"})
# How often a write is tried that loses a race: several may want the same free name, and one wins each time.
ATTEMPTS = 5
LOG = structlog.get_logger()


class Reply(NamedTuple):
    """What a handler answers: the HTTP status and the value that the dialect wraps."""

    status: int
    data: Any


class Request(NamedTuple):
    """What the edge needs of an HTTP request, free of any framework. `own` is what its dialect notes of it."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes | None
    address: str
    request_id: str
    number: int = 0
    own: Any = None


@dataclass(slots=True)
class Call:
    """One request on its way through a handler."""

    request: Request
    ids: Mapping[str, int]
    shop: "ServedShop"
    _body: dict[str, Any] | BodyRefused
    tx: Tx = field(init=False)
    prepared: Any = None

    @property
    def body(self) -> dict[str, Any]:
        """The parsed body. Refuses: Invalid; so late, because a missing record is said first."""
        if isinstance(self._body, BodyRefused):
            raise Invalid("body", str(self._body)) from self._body
        return self._body


Handler = Callable[[Call], Reply]


@dataclass(frozen=True, slots=True)
class Route:
    """One verb on one path. `prepare` runs before the transaction: for what takes long, like fetching.

    A route that only `reads` does so whatever its verb: some clients ask by POST. `area` is what it is about: a key
    that may not see it, or change it, is refused. `is_prepared` says whether a request needs the preparation.
    """

    id: str
    method: str
    path: str
    handler: Handler
    aliases: tuple[str, ...] = ()
    prepare: Handler | Callable[[Call], Any] | None = None
    is_prepared: Callable[[Call], bool] = lambda _call: True
    reads: bool = False
    area: str = ""


@dataclass(slots=True)
class ServedShop:
    """An open shop with what its requests need besides the database."""

    shop: OpenShop
    secret: bytes
    media: MediaStore
    fetcher: Fetcher
    gateways: Gateways = gateway_named
    token_key: TokenKey = field(default_factory=TokenKey)

    def knows(self, key: str) -> bool:
        """Whether the key speaks for somebody in this shop."""
        return self.shop.database.read(lambda session: self.credential(session, key)) is not None

    def credential(self, session: Session, key: str) -> Credential | None:
        """Whom the key speaks for in this shop."""
        return find_credential(session, hash_key(key, self.secret))


class Manners(Protocol):
    """What a dialect decides: who may speak, how an answer is wrapped, how a refusal is said."""

    name: str
    limits: BodyLimits
    # The dialects whose keys open this one; None when every key does.
    opened_by: frozenset[str] | None

    def number(self) -> int:
        """The request's own number, taken before its transaction begins."""

    def key_of(self, headers: Mapping[str, str]) -> str | None:
        """The credential that the request carries, if any."""

    def parsed(self, content_type: str | None, body: bytes) -> dict[str, Any]:
        """The members of a body by name. Refuses with BodyRefused only."""

    def answer(self, request: Request, reply: Reply, started: float) -> Answer:
        """Wrap what a handler answered."""

    def refuse(self, request: Request, error: Exception, started: float) -> Answer:
        """Say a refusal, or our own fault, in the dialect's words."""

    def challenge(self) -> dict[str, str]:
        """The headers that go with an answer to a stranger."""


class Stranger(ComptoirError):
    """The request carries no key, or one that opens nothing."""

    def __init__(self, *, has_key: bool) -> None:
        super().__init__("the API key is unknown" if has_key else "no API key was given")
        self.has_key = has_key


class FromElsewhere(Stranger):
    """The key is good, but not at the address that the request comes from."""


class PathUnknown(ComptoirError):
    """No resource lives at this path."""


class VerbRefused(ComptoirError):
    """The resource does not know this verb."""

    def __init__(self, allowed: Sequence[str]) -> None:
        super().__init__(f"use one of {', '.join(allowed)}")
        self.allowed = tuple(allowed)


class Edge:
    """Takes the requests of one dialect for all shops of this process."""

    def __init__(self, shops: Sequence[ServedShop], manners: Manners) -> None:
        self.shops = tuple(shops)
        self.manners = manners
        self._homes: dict[str, ServedShop] = {}

    def handle(
        self, request: Request, routes: Mapping[str, Route], ids: Mapping[str, int], started: float
    ) -> tuple[Answer, dict[str, str]]:
        """The answer to a request, with the headers beside the content type."""
        try:
            return self._served(request, routes, ids, started)
        except Stranger as error:
            answer = self.manners.refuse(request, error, started)
            return answer, self.manners.challenge() if answer.status == HTTPStatus.UNAUTHORIZED else {}
        except VerbRefused as error:
            return self.manners.refuse(request, error, started), {"Allow": ", ".join(error.allowed)}
        except ComptoirError as error:
            return self.manners.refuse(request, error, started), {}
        except Exception as error:
            LOG.exception("fault", request_id=request.request_id, path=request.path)
            return self.manners.refuse(request, error, started), {}

    def _served(
        self, request: Request, routes: Mapping[str, Route], ids: Mapping[str, int], started: float
    ) -> tuple[Answer, dict[str, str]]:
        key = self.manners.key_of(request.headers)
        if key is None:
            raise Stranger(has_key=False)
        home = self._home(key)
        route = routes.get("GET" if request.method == "HEAD" else request.method)
        if route is not None and (route.reads or request.method in READING):

            def reading(session: Session) -> Answer:
                return self._read(session, home, key, route, request, ids, started)

            return home.shop.database.read(reading), {}
        if route is None:
            home.shop.database.read(lambda session: self._opened(session, home, key, request))
            raise VerbRefused(allowed(routes)) if routes else PathUnknown(f"nothing lives at {request.path}")
        return self._write(home, key, route, request, ids, started)

    def _home(self, key: str) -> ServedShop:
        """The shop that knows this key; found once, and the key itself is checked again on each request."""
        if len(self.shops) == 1:
            return self.shops[0]
        home = self._homes.get(key)
        if home is None:
            home = next((shop for shop in self.shops if shop.knows(key)), None)
            if home is None:
                raise Stranger(has_key=True)
            self._homes[key] = home
        return home

    def _opened(self, session: Session, home: ServedShop, key: str, request: Request) -> Tx:
        """A transaction in the name of the key's operator. Refuses: Stranger."""
        credential = home.credential(session, key)
        if credential is None or not self._opens(credential):
            # People give the same name and password again, perhaps in another shop: look for it anew next time.
            self._homes.pop(key, None)
            raise Stranger(has_key=True)
        if not credential.may_come_from(request.address):
            raise FromElsewhere(has_key=True)
        tx = home.shop.tx(
            session, credential.actor(), version=credential.shop_version, request_id=request.request_id
        )
        if credential.expires_at is not None and credential.expires_at <= tx.now:
            raise Stranger(has_key=True)
        return tx

    def _opens(self, credential: Credential) -> bool:
        """Whether the key was made for this dialect."""
        return self.manners.opened_by is None or credential.dialect in self.manners.opened_by

    def _read(  # noqa: PLR0917 - one frame instead of two
        self,
        session: Session,
        home: ServedShop,
        key: str,
        route: Route,
        request: Request,
        ids: Mapping[str, int],
        started: float,
    ) -> Answer:
        call = Call(request, ids, home, {} if request.method in READING else self._parsed(request))
        call.tx = self._opened(session, home, key, request)
        require(call.tx.actor, route.area, SEE)
        return self.manners.answer(request, route.handler(call), started)

    def _write(  # noqa: PLR0917 - one frame instead of two
        self,
        home: ServedShop,
        key: str,
        route: Route,
        request: Request,
        ids: Mapping[str, int],
        started: float,
    ) -> tuple[Answer, dict[str, str]]:
        call = Call(request, ids, home, self._parsed(request))
        once = request.headers.get("idempotency-key")
        if route.prepare is not None and route.is_prepared(call):
            self._prepare(home, key, route, call)
        headers: dict[str, str] = {}

        def job(session: Session) -> Answer:
            self._admit(session, home, key, route, call)
            if once is None:
                answer = self.manners.answer(request, route.handler(call), started)
            else:
                answer = self._once(call, route, once, started, headers)
            home.shop.flush(call.tx)
            return answer

        for _ in range(ATTEMPTS - 1):
            # Somebody else was quicker; another look sees what they did, and refuses in our words.
            with suppress(UniqueTaken, StillReferenced):
                return home.shop.database.write(job), headers
        return home.shop.database.write(job), headers

    def _admit(self, session: Session, home: ServedShop, key: str, route: Route, call: Call) -> None:
        """Open the call's transaction for writing. Refuses: Stranger, ScopeMissing, Invalid (a key to write once)."""
        call.tx = self._opened(session, home, key, call.request)
        require(call.tx.actor, route.area, CHANGE)
        once = call.request.headers.get("idempotency-key")
        if once is not None:
            checked_key(once)

    def _prepare(self, home: ServedShop, key: str, route: Route, call: Call) -> None:
        """Run the route's preparation outside any transaction of long duration."""
        assert route.prepare is not None
        try:
            home.shop.database.read(lambda session: self._admit(session, home, key, route, call))
            call.prepared = route.prepare(call)
        except ComptoirError as error:
            call.prepared = error

    def _parsed(self, request: Request) -> dict[str, Any] | BodyRefused:
        if request.body is None:
            return BodyRefused(f"is larger than {self.manners.limits.max_bytes} bytes")
        try:
            return self.manners.parsed(request.headers.get("content-type"), request.body)
        except BodyRefused as error:
            return error

    def _once(self, call: Call, route: Route, key: str, started: float, headers: dict[str, str]) -> Answer:
        """Run a write under an idempotency key, or replay what was answered under it. Refuses: KeyReused."""
        request = call.request
        told = f"{request.method} {request.path}?{request.query}\n".encode()
        # With the installation's key, so that nobody who has the database tries tax ids or passwords on it.
        seen = blake2b(told, digest_size=16, key=call.shop.secret)
        seen.update(request.body or b"")
        fingerprint = seen.hexdigest()
        kept = find_answer(call.tx, key=key, fingerprint=fingerprint)
        if kept is not None:
            headers["Idempotent-Replayed"] = "true"
            return kept
        try:
            with savepoint(call.tx):
                answer = self.manners.answer(request, route.handler(call), started)
        except ComptoirError as error:
            answer = self.manners.refuse(request, error, started)
        keep_answer(call.tx, answer, key=key, fingerprint=fingerprint)
        return answer


def allowed(routes: Mapping[str, Route]) -> list[str]:
    """The verbs of a path, HEAD beside GET."""
    verbs = list(routes)
    if "GET" in verbs:
        verbs.insert(verbs.index("GET") + 1, "HEAD")
    return verbs


def is_fault(error: Exception) -> bool:
    """Whether an error is ours (or the database's) and not the caller's."""
    return isinstance(error, StorageError) or not isinstance(error, ComptoirError)


def area_of(route_id: str, areas: Mapping[str, str]) -> str:
    """The area that a dialect names for a route, or else for the first part of its id."""
    return areas.get(route_id) or areas[route_id.partition(".")[0]]
