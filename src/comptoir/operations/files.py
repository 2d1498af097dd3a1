"""Images under their public paths, with what lets browsers and caches keep them."""

from collections.abc import Sequence
from email.utils import format_datetime
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

import falcon

from comptoir.dialects.edge import ServedShop
from comptoir.domain.errors import ComptoirError
from comptoir.domain.media.queries import AssetRow, find_asset
from comptoir.domain.shop import get_facts
from comptoir.operations.access import TRACE, Trace, named
from comptoir.storage.session import Session

PUBLIC = r"/(?:prodcatalogue|web_images)/.+"
# A picture may be replaced under its path at any time, so a cache asks again after an hour; asking is cheap.
CACHE_CONTROL = "public, max-age=3600, must-revalidate"
WHOLE_IN_MEMORY = 256 * 1024
READING = ("GET", "HEAD")


class Files:
    """Every public file of the shops of this process, as a falcon sink."""

    def __init__(self, shops: Sequence[ServedShop]) -> None:
        self._shops = tuple(shops)

    def __call__(self, req: falcon.Request, resp: falcon.Response, **_found: Any) -> None:
        """Serve a file. No key is asked for: its address is public, as the shop's pages show it."""
        named(req.env, "files", "files.show")
        if req.method not in READING:
            resp.status = falcon.HTTP_405
            resp.set_header("Allow", ", ".join(READING))
            return
        home, asset = self._find(req)
        path = _place(home, asset)
        if home is None or asset is None or path is None:
            resp.status = falcon.HTTP_404
            resp.content_type = "text/plain; charset=utf-8"
            resp.text = "There is no file here.\n"
            return
        trace: Trace = req.env[TRACE]
        trace.shop = home.shop.name
        describe(resp, asset)
        if is_known(req, asset):
            resp.status = falcon.HTTP_304
            return
        resp.content_type = asset.content_type
        self._fill(req, resp, path, asset)

    def _find(self, req: falcon.Request) -> tuple[ServedShop | None, AssetRow | None]:
        """The file and its shop: the one whose host was asked comes first."""
        first: tuple[ServedShop | None, AssetRow | None] = (None, None)

        def look(session: Session) -> tuple[AssetRow | None, bool]:
            asset = find_asset(session, req.path)
            return asset, asset is not None and len(self._shops) > 1 and _lives_at(session, req.host)

        for home in self._shops:
            asset, is_asked = home.shop.database.read(look)
            if is_asked:
                return home, asset
            if first[0] is None and asset is not None:
                first = home, asset
        return first

    def _fill(self, req: falcon.Request, resp: falcon.Response, path: Path, asset: AssetRow) -> None:
        if req.method == "HEAD":
            resp.content_length = asset.byte_size
        elif asset.byte_size <= WHOLE_IN_MEMORY:
            resp.data = path.read_bytes()
        else:
            file: IO[bytes] = path.open("rb")
            resp.set_stream(file, asset.byte_size)


def _lives_at(session: Session, host: str) -> bool:
    facts = get_facts(session)
    return host in {urlsplit(facts.site_url).hostname, urlsplit(facts.cdn_url).hostname}


def _place(home: ServedShop | None, asset: AssetRow | None) -> Path | None:
    if home is None or asset is None:
        return None
    try:
        return home.media.path(asset.digest)
    except ComptoirError:
        return None


def describe(resp: falcon.Response, asset: AssetRow) -> None:
    """What a cache needs to know; the type was found out from the content, so browsers need not guess."""
    resp.etag = asset.digest
    resp.set_header("Last-Modified", format_datetime(asset.created_at, usegmt=True))
    resp.set_header("Cache-Control", CACHE_CONTROL)
    resp.set_header("Content-Security-Policy", "default-src 'none'; sandbox")


def is_known(req: falcon.Request, asset: AssetRow) -> bool:
    """Whether the caller has the file already; an entity tag, when given, decides alone."""
    tags = req.if_none_match
    if tags:
        return any(tag == "*" or str(tag) == asset.digest for tag in tags)
    since = req.if_modified_since
    return since is not None and asset.created_at.replace(microsecond=0) <= since
