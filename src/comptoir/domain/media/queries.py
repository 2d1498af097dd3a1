"""Finding what is served under a public path."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, distinct, not_, or_, select

from comptoir.domain.media.images import DEFAULT_SIZES
from comptoir.domain.media.models import Asset
from comptoir.storage.lists import among
from comptoir.storage.session import Session

FIND_ASSET = select(Asset.digest, Asset.content_type, Asset.byte_size, Asset.created_at).where(
    Asset.path == bindparam("path")
)
_SIZED = [Asset.path.like(f"%/{size.prefix.replace('_', '!_')}%", escape="!") for size in DEFAULT_SIZES]
_ROW = (
    Asset.path,
    Asset.digest,
    Asset.content_type,
    Asset.byte_size,
    Asset.width,
    Asset.height,
    Asset.created_at,
)
LIST_ORIGINALS = (
    select(*_ROW)
    .where(
        Asset.path > bindparam("past"),
        Asset.path.like(bindparam("folder"), escape="!"),
        not_(or_(*_SIZED)),
    )
    .order_by(Asset.path)
    .limit(bindparam("limit"))
)
SIZES_OF = select(*_ROW).where(among(Asset.path, "paths"))
DIGESTS = select(distinct(Asset.digest))


class AssetRow(NamedTuple):
    """What is needed to serve a file."""

    digest: str
    content_type: str
    byte_size: int
    created_at: datetime


class PictureRow(NamedTuple):
    """A size of a picture with all that is known of it."""

    path: str
    digest: str
    content_type: str
    byte_size: int
    width: int
    height: int
    created_at: datetime


def find_asset(session: Session, path: str) -> AssetRow | None:
    """The asset at a public path."""
    row = session.one(FIND_ASSET, path=path)
    return None if row is None else AssetRow(*row)


def list_originals(session: Session, *, folder: str = "", past: str = "", limit: int) -> list[PictureRow]:
    """A page of the pictures below a folder as they came, behind a path; their smaller sizes are left out."""
    quoted = "".join(f"!{letter}" if letter in "!%_" else letter for letter in folder)
    past = max(past, folder)
    return [
        PictureRow(*row) for row in session.all(LIST_ORIGINALS, folder=f"{quoted}%", past=past, limit=limit)
    ]


def sizes_of(session: Session, path: str) -> list[PictureRow]:
    """A picture in all sizes, by the path of the one that came; the largest first."""
    folder, _, name = path.rpartition("/")
    paths = [f"{folder}/{prefix}{name}" for prefix in ("", *(size.prefix for size in DEFAULT_SIZES))]
    found = [PictureRow(*row) for row in session.all(SIZES_OF, paths=paths)]
    return sorted(found, key=lambda one: (one.path != path, -one.width * one.height, one.path))


def digests_in_use(session: Session) -> set[str]:
    """The contents that some asset points at; a sweep may forget all others."""
    return {row[0] for row in session.all(DIGESTS)}
