"""The dialects' descriptions, served as OpenAPI and as pages to read; nothing in them comes from outside."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from importlib.resources import files
from typing import Any

import falcon
import msgspec

from comptoir.dialects.coredna.description import description as describe_coredna
from comptoir.documentation.page import page_of

# The pages hold no script, no font and no picture, so everything but our own style sheet is forbidden.
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
HEADERS = {
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


@dataclass
class Sheet:
    """One document that is the same for everybody, made when it is first asked for."""

    content_type: str
    make: Callable[[], bytes]

    @cached_property
    def body(self) -> bytes:
        """The document itself."""
        return self.make()

    @cached_property
    def etag(self) -> str:
        """A word that changes with the document."""
        return blake2b(self.body, digest_size=12).hexdigest()

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Answer with the document, or that the reader has it already."""
        for name, value in HEADERS.items():
            resp.set_header(name, value)
        if self.content_type.startswith("text/html"):
            resp.set_header("Content-Security-Policy", POLICY)
        resp.etag = self.etag
        if any(known in {"*", self.etag} for known in req.if_none_match or ()):
            resp.status = falcon.HTTP_304
            return
        resp.content_type = self.content_type
        resp.data = self.body

    def on_head(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Answer as to GET; the server leaves the body out."""
        self.on_get(req, resp)


def add_docs(app: falcon.App[Any, Any]) -> None:
    """Serve the descriptions and their pages. No key is asked for: they say nothing of the shop."""
    html = "text/html; charset=utf-8"
    coredna = Sheet(html, lambda: page_of(describe_coredna(), "/openapi/coredna.json"))
    style = files(__name__).joinpath("docs.css")
    app.add_route(
        "/openapi/coredna.json", Sheet("application/json", lambda: msgspec.json.encode(describe_coredna()))
    )
    app.add_route("/docs", coredna)
    app.add_route("/docs/coredna", coredna)
    app.add_route("/docs/docs.css", Sheet("text/css; charset=utf-8", style.read_bytes))
