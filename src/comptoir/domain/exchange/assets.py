"""Which contents are served under which paths, in files; the contents travel with the media folder."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from comptoir.domain.errors import Invalid
from comptoir.domain.exchange.kinds import Kind, fields_of
from comptoir.domain.media.models import Asset
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

PATH = re.compile(r"(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+", re.ASCII)
DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
CONTENT_TYPES = ("image/png", "image/jpeg", "image/gif")
TAKEN = select(Asset.path).where(among(Asset.path, "paths"))
UNMEASURED = {"byte_size": 0, "width": 0, "height": 0}


def import_assets(tx: Tx, rows: Sequence[Mapping[str, Any]]) -> list[Invalid | None]:
    """Keep assets from elsewhere. Refuses per row: Invalid (path, digest, content_type)."""
    taken = {path for (path,) in tx.all(TAKEN, paths=[row["path"] for row in rows])}
    problems = []
    good = []
    for row in rows:
        problem = _problem(row, taken)
        problems.append(problem)
        if problem is None:
            taken.add(row["path"])
            good.append({"created_at": tx.now, **UNMEASURED, **row})
    tx.insert_many(Asset, good)
    for row in good:
        tx.note("asset.imported", "asset", 0, after={"path": row["path"], "digest": row["digest"]})
    return problems


def _problem(row: Mapping[str, Any], taken: set[str]) -> Invalid | None:
    if not PATH.fullmatch(row["path"]):
        return Invalid("path", "must be a path such as /prodcatalogue/product/1.png")
    if row["path"] in taken:
        return Invalid("path", "is taken")
    if not DIGEST.fullmatch(row["digest"]):
        return Invalid("digest", "must be a SHA-256 in lower-case hexadecimal")
    if row["content_type"] not in CONTENT_TYPES:
        return Invalid("content_type", f"must be one of {', '.join(CONTENT_TYPES)}")
    return None


ASSETS = Kind(
    "assets",
    Asset,
    fields_of(Asset, names=("path",)),
    import_assets,
    frozenset({"path", "digest", "content_type"}),
    key=("path",),
)
