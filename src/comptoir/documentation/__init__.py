"""The dialects' descriptions, served as OpenAPI and as pages to read; nothing in them comes from outside."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from hashlib import blake2b
from importlib.resources import files
from typing import Any, TypeAlias

import falcon
import msgspec

from comptoir.dialects.coredna.description import description as describe_coredna
from comptoir.dialects.corepro.description import description as describe_corepro
from comptoir.dialects.twocheckout.description import description as describe_twocheckout

# The pages hold no script, no font and no picture, so everything but our own style sheet is forbidden.
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
HEADERS = {
    "Cache-Control": "no-cache",
    "Referrer-Policy": "no-referrer",
}
Describe: TypeAlias = Callable[[], Mapping[str, Any]]
# Each dialect's description, and how something is asked of it.
DIALECTS: Mapping[str, tuple[Describe, str]] = {
    "coredna": (
        describe_coredna,
        "curl -H 'Authorization: Bearer KEY' 'http://localhost:8000/products?name_like=glove&limit=10'",
    ),
    "twocheckout": (
        describe_twocheckout,
        "curl -u NAME:PASSWORD -H 'Accept: application/json' http://localhost:8000/api/acct/detail_company_info",
    ),
    "corepro": (describe_corepro, "curl -u KEY:SECRET http://localhost:8000/program/get"),
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
    for name, (describe, _) in DIALECTS.items():
        app.add_route(f"/openapi/{name}.json", Sheet("application/json", partial(_encoded, describe)))
        app.add_route(f"/docs/{name}", Sheet(html, partial(_page, name)))
    app.add_route("/docs", Sheet(html, partial(_page, "coredna")))
    style = files(__name__).joinpath("docs.css")
    app.add_route("/docs/docs.css", Sheet("text/css; charset=utf-8", style.read_bytes))


def _encoded(describe: Describe) -> bytes:
    return msgspec.json.encode(describe())


def _page(name: str) -> bytes:
    from comptoir.documentation.page import page_of  # noqa: PLC0415 - loaded when it is first asked for

    describe, example = DIALECTS[name]
    others = {
        other()["info"]["title"].removeprefix("comptoir, "): f"/docs/{each}"
        for each, (other, _) in DIALECTS.items()
        if each != name
    }
    return page_of(describe(), f"/openapi/{name}.json", example=example, others=others)
