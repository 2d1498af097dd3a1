"""What surrounds every request: its id, its line in the log, its measures, and the last net."""

import re
from collections.abc import Callable, Iterable, Mapping
from itertools import count
from time import perf_counter
from typing import Any, Protocol

import structlog

from comptoir.domain.clock import Chance

Environ = dict[str, Any]
Start = Callable[..., Any]
App = Callable[[Environ, Start], Iterable[bytes]]

LOG = structlog.get_logger()
TRACE = "comptoir.trace"
# Letters, digits and what joins them: nothing that could forge a line of the log or a header.
REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:+/=@-]{0,127}")
PROCESS_BYTES = 6
# What an answer is, it says itself: nothing becomes a script by what it looks like.
NO_GUESSING = ("X-Content-Type-Options", "nosniff")
CHECKOUT_KEY = re.compile(r"(/purchase/)[0-9a-z-]{16,}")
# Where several processes lay down their counts; the library that counts reads the variable itself.
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"


class Trace:
    """What is found out about a request on its way, for the log and the measures."""

    __slots__ = ("bytes", "client_id", "dialect", "operator", "request_id", "route", "shop", "status")

    def __init__(self, request_id: str) -> None:
        self.request_id = request_id
        self.dialect = "other"
        self.route = "none"
        self.shop = ""
        self.operator = ""
        # What the caller calls the request, where its dialect has a word for that; it may come again.
        self.client_id = ""
        self.status = 500
        self.bytes = 0


def named(environ: Mapping[str, Any], dialect: str, route: str) -> None:
    """Say which route a request took."""
    trace: Trace = environ[TRACE]
    trace.dialect, trace.route = dialect, route


class Measures(Protocol):
    """Where requests are counted."""

    def count(self, dialect: str, route: str, status: int, seconds: float) -> None:
        """Count one request."""


class RequestIds:
    """New request ids: random for the process, then counted, so that each costs next to nothing."""

    def __init__(self, chance: Chance) -> None:
        self._process = chance.hexadecimal(PROCESS_BYTES)
        self._numbers = count(1)

    def taken_or_made(self, given: str) -> str:
        """The caller's id when it is harmless, or a new one."""
        if given and REQUEST_ID.fullmatch(given):
            return given
        return f"{self._process}-{next(self._numbers):08x}"


# What the endpoints of all dialects are written for.
VERBS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})


class Watched:
    """The application with its requests named, counted and logged."""

    def __init__(self, app: App, ids: RequestIds, measures: Measures, *, logs: bool) -> None:
        self._app = app
        self._ids = ids
        self._measures = measures
        # Bound once: how lines are written does not change while requests are answered.
        self._log = LOG.bind() if logs else None

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """Answer as a WSGI application."""
        started = perf_counter()
        request_id = self._ids.taken_or_made(environ.get("HTTP_X_REQUEST_ID", ""))
        environ["HTTP_X_REQUEST_ID"] = request_id
        trace = environ[TRACE] = Trace(request_id)
        if environ.get("REQUEST_METHOD") not in VERBS:
            # Falcon would answer an unheard-of verb itself, before the key is asked for; as PATCH, which no
            # route has, it is refused like any verb that the path does not know.
            environ["REQUEST_METHOD"] = "PATCH"

        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            trace.status = int(status[:3])
            for name, value in headers:
                if name.lower() == "content-length":
                    trace.bytes = int(value)
            headers.append(("X-Request-Id", trace.request_id))
            headers.append(NO_GUESSING)
            return start_response(status, headers, exc_info)

        try:
            return self._app(environ, start)
        except Exception:
            LOG.exception("fault", request_id=request_id, path=path_of(environ))
            body = b'{"error": "the server made a mistake; its log has this request\'s id"}'
            start(
                "500 Internal Server Error",
                [("Content-Type", "application/json"), ("Content-Length", str(len(body)))],
            )
            return [body]
        finally:
            seconds = perf_counter() - started
            self._measures.count(trace.dialect, trace.route, trace.status, seconds)
            if self._log is not None:
                log_request(self._log, environ, trace, seconds)


def path_of(environ: Mapping[str, Any]) -> str:
    """The path as the log may know it: whoever has a checkout's key sees the buyer's address, so it stays out."""
    path: str = environ.get("PATH_INFO", "")
    return CHECKOUT_KEY.sub(r"\1-", path) if path.startswith("/checkout/") else path


def log_request(log: Any, environ: Mapping[str, Any], trace: Trace, seconds: float) -> None:
    """One line: never the query, which may hold what is secret, and never a header."""
    log.info(
        "request",
        method=environ.get("REQUEST_METHOD", ""),
        path=path_of(environ),
        route=trace.route,
        status=trace.status,
        ms=round(seconds * 1000, 2),
        bytes=trace.bytes,
        address=environ.get("REMOTE_ADDR", ""),
        request_id=trace.request_id,
        shop=trace.shop,
        operator=trace.operator,
        **({"client_request_id": trace.client_id} if trace.client_id else {}),
    )
