"""Answering a browser: with a page, or with where to go next."""

from collections.abc import Mapping

import falcon

from comptoir.storefront.rendering import HTML


def caller(req: falcon.Request) -> str:
    """The caller's address without its port, which some servers add."""
    remote = req.remote_addr or ""
    if remote.startswith("["):
        return remote[1:].partition("]")[0]
    return remote.partition(":")[0] if remote.count(":") == 1 else remote


def show(resp: falcon.Response, page: bytes, headers: Mapping[str, str]) -> None:
    """Answer with a page."""
    resp.content_type = HTML
    resp.data = page
    resp.set_headers(dict(headers))


def go(resp: falcon.Response, path: str) -> None:
    """Lead to another page, which is then asked for by GET."""
    resp.status = falcon.HTTP_303
    resp.location = path
    resp.set_header("Cache-Control", "no-store")
    resp.set_header("Referrer-Policy", "no-referrer")
