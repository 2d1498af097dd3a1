"""The door of the CorePro dialect, before the router: its paths come in any case, and whole hosts are its own."""

from collections.abc import Iterable
from http import HTTPStatus
from time import perf_counter
from uuid import NAMESPACE_URL, UUID, uuid5

from comptoir.dialects.corepro.entering import CoreproEdge
from comptoir.dialects.corepro.paths import HOSTS, Directory, host_of, object_of
from comptoir.domain.identity.answers import Answer
from comptoir.operations.access import REQUEST_ID, TRACE, App, Environ, Start, Trace
from comptoir.operations.asking import HEADERS, asked


class CoreproDoor:
    """Takes what is asked of this dialect, and hands everything else on."""

    def __init__(self, app: App, edge: CoreproEdge, directory: Directory) -> None:
        self._app = app
        self._edge = edge
        self._directory = directory
        self._objects = directory.objects

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """Answer as a WSGI application."""
        if not self._is_ours(environ):
            return self._app(environ, start_response)
        answer, headers = self.answer(environ)
        start_response(
            f"{answer.status} {HTTPStatus(answer.status).phrase}",
            [
                ("Content-Type", answer.content_type),
                ("Content-Length", str(len(answer.body))),
                *headers.items(),
            ],
        )
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.body]

    def answer(self, environ: Environ) -> tuple[Answer, dict[str, str]]:
        """What the dialect answers, and the headers beside the content type."""
        started = perf_counter()
        way = self._directory.way(environ.get("PATH_INFO", "/"), environ.get("QUERY_STRING", ""))
        method = environ["REQUEST_METHOD"]
        route = way.routes.get("GET" if method == "HEAD" else method)
        trace: Trace = environ[TRACE]
        trace.dialect, trace.route = self._edge.manners.name, "none" if route is None else route.id
        trace.request_id = guid_of(trace.request_id)
        given = environ.get("HTTP_X_COREPRO_REQUESTID", "")
        trace.client_id = given if REQUEST_ID.fullmatch(given) else ""
        return self._edge.handle(asked(environ, self._edge, way), way.routes, {}, started)

    def _is_ours(self, environ: Environ) -> bool:
        """By the object that its path begins with, or by its host."""
        found = object_of(environ.get("PATH_INFO", "/"))
        return found in self._objects or host_of(environ.get("HTTP_HOST", "")) in HOSTS

    def has_key(self, environ: Environ) -> bool:
        """Whether a key of this dialect comes with a request: what nobody else owns is ours then."""
        if "HTTP_AUTHORIZATION" not in environ:
            return False
        key = self._edge.manners.key_of({HEADERS["HTTP_AUTHORIZATION"]: environ["HTTP_AUTHORIZATION"]})
        return key is not None and self._edge.speaks(key)


def guid_of(request_id: str) -> str:
    """A request's id as typed clients can read it: as it is when it is a GUID, else one made of it (1.4)."""
    try:
        given = str(UUID(request_id))
    except ValueError:
        given = ""
    return given if given == request_id.lower() else str(uuid5(NAMESPACE_URL, request_id))
