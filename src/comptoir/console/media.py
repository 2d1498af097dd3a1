"""Media: the pictures of the shop, where each is used, and the sizes that it is kept in."""

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from comptoir.console import kinds
from comptoir.console.cells import Cell
from comptoir.console.listing import Part, written
from comptoir.console.places import address_of, link_to
from comptoir.console.rendering import written_when
from comptoir.console.visits import Answer, Page, Sent, Shown, Visit
from comptoir.domain.errors import NotFound
from comptoir.domain.identity.permissions import FILES
from comptoir.domain.media.images import DEFAULT_SIZES
from comptoir.domain.media.queries import PictureRow, list_originals, sizes_of
from comptoir.domain.shop import ShopFacts
from comptoir.domain.tx import Tx

PAGE = 50
CSV_PAGE = 1_000
KIB = 1_024
THUMBNAIL = next(size.prefix for size in DEFAULT_SIZES if size.name == "thumbnail")
FOLDERS = {
    "product": "/prodcatalogue/product/",
    "category": "/prodcatalogue/category/",
    "brand": "/web_images/brands/",
}
SORTS_OF = {"product": "products", "category": "categories", "brand": "brands"}
OWNERS = (
    ("product", re.compile(r"/prodcatalogue/product/(\d{1,18})(?:_\d+)?\.\w+")),
    ("category", re.compile(r"/prodcatalogue/category/(\d{1,18})/[^/]+")),
    ("brand", re.compile(r"/web_images/brands/(\d{1,18})(?:_\d+)?\.\w+")),
)
TITLES = ("Picture", "Path", "Used by", "Type", "Width", "Height", "Size", "Put up")


class NoPicture(NotFound):
    """No picture lies at this path."""

    thing = "picture"


class Owner(NamedTuple):
    """What a picture is of."""

    kind: str
    id: int


def owner_of(path: str) -> Owner | None:
    """What a picture is of, by its path."""
    for kind, pattern in OWNERS:
        found = pattern.fullmatch(path)
        if found is not None:
            return Owner(kind, int(found[1]))
    return None


def weight(byte_size: int) -> str:
    """How large a file is."""
    return f"{byte_size:,} B" if byte_size < KIB else f"{byte_size / KIB:,.1f} KiB"


def picture_cells(picture: PictureRow, shop: ShopFacts) -> list[Cell]:
    """A picture as a row."""
    folder, _, name = picture.path.rpartition("/")
    owner = owner_of(picture.path)
    used = Cell("") if owner is None else Cell(f"{owner.kind} {owner.id}", link=link_to(owner.kind, owner.id))
    return [
        Cell("", "picture", f"{folder}/{THUMBNAIL}{name}"),
        Cell(picture.path, link=link_to("asset", picture.path)),
        used,
        Cell(picture.content_type),
        Cell(f"{picture.width:,}", "number", str(picture.width)),
        Cell(f"{picture.height:,}", "number", str(picture.height)),
        Cell(weight(picture.byte_size), "number", str(picture.byte_size)),
        Cell(written_when(picture.created_at, shop), "when"),
    ]


def storable(value: str) -> str:
    """A text that may be looked for; what cannot be kept is nowhere."""
    try:
        return kinds.storable(value)
    except ValueError:
        return ""


def show_media(visit: Visit) -> Answer:
    """A page of the pictures by their paths; as CSV with `?format=csv`."""
    kind = visit.asked.said("kind")
    folder = FOLDERS.get(kind, "")
    if visit.asked.said("format") == "csv":
        return as_csv(visit, folder)
    past = storable(visit.asked.said("past"))
    found = list_originals(visit.tx, folder=folder, past=past, limit=PAGE + 1)
    following = visit.asked.again(past=found[PAGE - 1].path) if len(found) > PAGE else None
    first = visit.asked.again(past=None) if past else None
    values: dict[str, Any] = {
        "titles": TITLES,
        "rows": [picture_cells(one, visit.shop) for one in found[:PAGE]],
        "part": Part([], following, first),
        "csv": visit.asked.again(format="csv", past=None),
        "kinds": [("", "all"), *SORTS_OF.items()],
        "kind": kind if kind in FOLDERS else "",
    }
    return Shown("media.html", values)


def as_csv(visit: Visit, folder: str) -> Sent:
    """All pictures, a page of rows at a time."""

    def pages() -> Iterator[bytes]:
        yield written([TITLES])
        past = ""
        while True:

            def take(tx: Tx, past: str = past) -> tuple[list[PictureRow], list[list[Cell]]]:
                found = list_originals(tx, folder=folder, past=past, limit=CSV_PAGE)
                return found, [picture_cells(one, tx.shop) for one in found]

            found, rows = visit.read(take)
            yield written([[cell.csv for cell in row] for row in rows])
            if len(found) < CSV_PAGE:
                return
            past = found[-1].path

    return Sent("text/csv; charset=utf-8", pages(), "media.csv")


def show_picture(visit: Visit) -> Answer:
    """One picture in all sizes. Refuses: NoPicture."""
    path = storable(visit.asked.said("path"))
    sizes = sizes_of(visit.tx, path) if path.startswith("/") else []
    if not sizes or sizes[0].path != path:
        raise NoPicture(path[:200])
    owner = owner_of(path)
    values: dict[str, Any] = {
        "title": path.rpartition("/")[2],
        "way": [("Media", address_of("/media"))],
        "owner": owner,
        "sizes": [(one, weight(one.byte_size)) for one in sizes],
    }
    return Shown("picture.html", values)


PAGES = (Page("/media", show_media, FILES), Page("/media/file", show_picture, FILES))
