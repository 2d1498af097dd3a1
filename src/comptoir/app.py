"""The only place where rooms are joined: routes, dialects and shops become one WSGI application."""

from collections.abc import Mapping, Sequence
from time import perf_counter
from typing import Any

import falcon
from falcon.routing import BaseConverter

from comptoir.dialects.codecs import INTEGER_MAX
from comptoir.dialects.coredna.manners import CorednaManners, TransactionNumbers
from comptoir.dialects.coredna.routes import table
from comptoir.dialects.edge import Edge, Request, Route, ServedShop
from comptoir.dialects.bodies import BodyLimits

HEADERS = {
    "HTTP_AUTHORIZATION": "authorization",
    "HTTP_ACCEPT": "accept",
    "CONTENT_TYPE": "content-type",
    "HTTP_IDEMPOTENCY_KEY": "idempotency-key",
    "HTTP_HOST": "host",
}


class Digits(BaseConverter):
    """An id in a path: digits only; what is too long for a number is the id of nothing."""

    def convert(self, value: str) -> int | None:
        """The number, or None when the segment is no id."""
        if not value.isascii() or not value.isdigit():
            return None
        return int(value) if len(value) < len(str(INTEGER_MAX)) else INTEGER_MAX


class Endpoint:
    """One path of a dialect, with its verbs."""

    def __init__(self, edge: Edge, routes: Mapping[str, Route], names: Sequence[str]) -> None:
        self._edge = edge
        self._routes = routes
        self._names = tuple(names)

    def answer(self, req: falcon.Request, resp: falcon.Response, **places: int) -> None:
        """Hand the request to the edge and its answer to the server."""
        started = perf_counter()
        ids = {name: places[f"p{place}"] for place, name in enumerate(self._names)}
        answer, headers = self._edge.handle(asked(req, self._edge), self._routes, ids, started)
        resp.status = answer.status
        resp.data = answer.body
        resp.content_type = answer.content_type
        resp.set_header("Vary", "Accept")
        for name, value in headers.items():
            resp.set_header(name, value)

    on_get = on_head = on_post = on_put = on_delete = on_patch = on_options = answer


class Nowhere(Endpoint):
    """Every path that no route names: the key is asked for first, then nothing is found."""

    def __init__(self, edge: Edge) -> None:
        super().__init__(edge, {}, ())

    def __call__(self, req: falcon.Request, resp: falcon.Response, **_found: Any) -> None:
        """Answer as a falcon sink."""
        self.answer(req, resp)


def asked(req: falcon.Request, edge: Edge) -> Request:
    """What the edge needs of a request."""
    env = req.env
    headers = {name: env[key] for key, name in HEADERS.items() if key in env}
    method = env["REQUEST_METHOD"]
    body: bytes | None = b""
    if method in {"POST", "PUT", "PATCH"}:
        body = read_input(env, edge.manners.limits.max_bytes)
    return Request(
        method, env.get("PATH_INFO", "/"), env.get("QUERY_STRING", ""), headers, body,
        env.get("REMOTE_ADDR", ""), env.get("HTTP_X_REQUEST_ID", ""),
        edge.manners.number(),
    )  # fmt: skip


def read_input(env: Mapping[str, Any], max_bytes: int) -> bytes | None:
    """The body, or None when it is larger than the limit."""
    length = env.get("CONTENT_LENGTH")
    if length and length.isdigit() and int(length) > max_bytes:
        return None
    body: bytes = env["wsgi.input"].read(max_bytes + 1)
    return None if len(body) > max_bytes else body


def falcon_path(path: str) -> tuple[str, list[str]]:
    """A route's path as Falcon writes it, with the names of its ids in order."""
    names: list[str] = []
    parts = []
    for part in path.split("/"):
        if part.startswith("{"):
            parts.append(f"{{p{len(names)}:digits}}")
            names.append(part[1:-1])
        else:
            parts.append(part)
    return "/".join(parts), names


def make_app(shops: Sequence[ServedShop], limits: BodyLimits | None = None) -> falcon.App[Any, Any]:
    """The WSGI application that serves these shops."""
    app: falcon.App[Any, Any] = falcon.App()
    app.router_options.converters["digits"] = Digits
    app.req_options.strip_url_path_trailing_slash = True
    numbers = TransactionNumbers(shops[0].shop)
    edge = Edge(shops, CorednaManners(numbers, limits or BodyLimits()))
    for path, routes in table().items():
        template, names = falcon_path(path)
        app.add_route(template, Endpoint(edge, routes, names))
    app.add_sink(Nowhere(edge), r"/")
    return app
