"""What the edge needs of a request, as the server hands it over."""

from collections.abc import Mapping
from typing import Any

from comptoir.dialects.edge import Edge, Request
from comptoir.operations.access import TRACE, Trace

HEADERS = {
    "HTTP_AUTHORIZATION": "authorization",
    "HTTP_ACCEPT": "accept",
    "CONTENT_TYPE": "content-type",
    "HTTP_IDEMPOTENCY_KEY": "idempotency-key",
    "HTTP_HOST": "host",
    "HTTP_USER_AGENT": "user-agent",
}


class Asked(Request):
    """A request that knows where to note who it came from; the work may run in another thread."""

    trace: Trace


def asked(env: Mapping[str, Any], edge: Edge, own: Any = None) -> Request:
    """What the edge needs of a request."""
    headers = {name: env[key] for key, name in HEADERS.items() if key in env}
    method = env["REQUEST_METHOD"]
    body: bytes | None = b""
    if method in {"POST", "PUT", "PATCH"}:
        body = read_input(env, edge.manners.limits.max_bytes)
    trace: Trace = env[TRACE]
    request = Asked(
        method, env.get("PATH_INFO", "/"), env.get("QUERY_STRING", ""), headers, body,
        address_of(env.get("REMOTE_ADDR", "")), trace.request_id, edge.manners.number(), own,
    )  # fmt: skip
    request.trace = trace
    return request


def address_of(remote: str) -> str:
    """The caller's address without its port, which some servers add."""
    if remote.startswith("["):
        return remote[1:].partition("]")[0]
    return remote.partition(":")[0] if remote.count(":") == 1 else remote


def read_input(env: Mapping[str, Any], max_bytes: int) -> bytes | None:
    """The body, or None when it is larger than the limit."""
    length = env.get("CONTENT_LENGTH")
    if length and length.isascii() and length.isdigit() and int(length) > max_bytes:
        return None
    body: bytes = env["wsgi.input"].read(max_bytes + 1)
    return None if len(body) > max_bytes else body
