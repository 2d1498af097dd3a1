"""Finding what is served under a public path."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, distinct, select

from comptoir.domain.media.models import Asset
from comptoir.storage.session import Session

FIND_ASSET = select(Asset.digest, Asset.content_type, Asset.byte_size, Asset.created_at).where(
    Asset.path == bindparam("path")
)
DIGESTS = select(distinct(Asset.digest))


class AssetRow(NamedTuple):
    """What is needed to serve a file."""

    digest: str
    content_type: str
    byte_size: int
    created_at: datetime


def find_asset(session: Session, path: str) -> AssetRow | None:
    """The asset at a public path."""
    row = session.one(FIND_ASSET, path=path)
    return None if row is None else AssetRow(*row)


def digests_in_use(session: Session) -> set[str]:
    """The contents that some asset points at; a sweep may forget all others."""
    return {row[0] for row in session.all(DIGESTS)}
