"""Putting images on records and taking them off again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, delete

from comptoir.domain.media.errors import FetchRefused, ImageRefused
from comptoir.domain.media.fetching import Fetcher
from comptoir.domain.media.images import DEFAULT_SIZES, prepare_image
from comptoir.domain.media.models import Asset
from comptoir.domain.media.store import MediaStore
from comptoir.domain.tx import Tx

REMOVE_ASSETS = delete(Asset).where(Asset.path == bindparam("path"))
PREFIXES = ("", *(size.prefix for size in DEFAULT_SIZES))


@dataclass(frozen=True, slots=True)
class StoredSize:
    """One size of a picture, kept in the store."""

    prefix: str
    digest: str
    byte_size: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Picture:
    """An image whose contents are in the store, ready to be put on a record."""

    extension: str
    content_type: str
    sizes: tuple[StoredSize, ...]

    def __str__(self) -> str:
        """How an event names it."""
        return f"{self.content_type} {self.sizes[0].digest}"


def fetch_picture(fetcher: Fetcher, store: MediaStore, *, field: str, url: str) -> Picture:
    """Fetch an image and keep it in all sizes; runs outside any transaction. Refuses: ImageRefused."""
    try:
        fetched = fetcher.fetch(url)
    except FetchRefused as error:
        raise ImageRefused(field, error.reason) from error
    return keep_picture(store, field=field, content=fetched.content)


def keep_picture(store: MediaStore, *, field: str, content: bytes) -> Picture:
    """Keep an image in all sizes; takes a while, so it runs outside any transaction. Refuses: ImageRefused."""
    image = prepare_image(content, sizes=DEFAULT_SIZES, field=field)
    sizes = [("", image.original, image.width, image.height)]
    for size in DEFAULT_SIZES:
        rendition = image.renditions[size.name]
        sizes.append((size.prefix, rendition.content, rendition.width, rendition.height))
    return Picture(
        image.extension,
        image.content_type,
        tuple(
            StoredSize(prefix, store.put(content), len(content), width, height)
            for prefix, content, width, height in sizes
        ),
    )


def put_pictures(
    tx: Tx, values: dict[str, Any], *, folder: str, record_id: int, old: Mapping[str, Any] | None = None
) -> None:
    """Replace each picture among `values` (`image1`, …) by its file name, and move the assets along.

    A None clears the slot. File names are the record's id, from the second slot on with the slot's number.
    """
    for name in [name for name in values if name.startswith("image")]:
        picture: Picture | None = values[name]
        if old is not None and old[name]:
            remove_pictures(tx, folder=folder, names=[old[name]])
        values[name] = (
            "" if picture is None else _put(tx, picture, folder, record_id, name.removeprefix("image"))
        )


def _put(tx: Tx, picture: Picture, folder: str, record_id: int, slot: str) -> str:
    number = "" if slot == "1" else f"_{slot}"
    filename = f"{record_id}{number}.{picture.extension}"
    for size in picture.sizes:
        path = f"{folder}{size.prefix}{filename}"
        tx.run(REMOVE_ASSETS, path=path)
        tx.insert(
            Asset,
            path=path,
            digest=size.digest,
            content_type=picture.content_type,
            byte_size=size.byte_size,
            width=size.width,
            height=size.height,
            created_at=tx.now,
        )
    return filename


def remove_pictures(tx: Tx, *, folder: str, names: list[str]) -> None:
    """Take files off their public paths in all sizes; the sweep forgets the contents later."""
    paths = [f"{folder}{prefix}{name}" for name in names if name for prefix in PREFIXES]
    tx.run_many(REMOVE_ASSETS, [{"path": path} for path in paths])
