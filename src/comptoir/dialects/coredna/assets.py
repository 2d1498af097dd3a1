"""Image slots: an asset object of sizes when read, the URL of an image when written (reference 3.1)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from comptoir.dialects.codecs import ABSENT, Codec, text_of
from comptoir.dialects.edge import Call
from comptoir.dialects.wire import AnyRow, Document, Mode, Row, Wire, computed, field, leaf_of
from comptoir.domain.errors import ComptoirError, Invalid
from comptoir.domain.media.actions import fetch_picture
from comptoir.domain.media.images import DEFAULT_SIZES
from comptoir.domain.shop import ShopFacts
from comptoir.storage.schema import Attribute

SIZES = (("original", ""), *((size.name, size.prefix) for size in DEFAULT_SIZES if size.name != "thumbnail"),
         ("thumbnail", "t_"))  # fmt: skip
FILE_SCHEMA = {
    "type": "object",
    "required": ["filename", "path", "url", "uri"],
    "properties": {name: {"type": "string"} for name in ("filename", "path", "url", "uri")},
}
ASSET_SCHEMA = {
    "oneOf": [
        {"type": "string", "maxLength": 0},
        {
            "type": "object",
            "required": [name for name, _ in SIZES],
            "properties": {name: FILE_SCHEMA for name, _ in SIZES},
        },
    ]
}


@dataclass(frozen=True, slots=True)
class ImageUrl:
    """A slot's new image, not fetched yet."""

    url: str


def load_slot(raw: Any, _shop: ShopFacts) -> Any:
    """A URL, an empty text (None: clear the slot), or an asset object as read, which leaves the slot alone."""
    if isinstance(raw, Mapping):
        return ABSENT
    url = text_of(raw).strip()
    return ImageUrl(url) if url else None


SLOT: Codec[Any] = Codec(
    "image", "text", "{v}", load_slot, {"type": "string"},
    accepts={"type": "string", "description": "The URL of a picture, which is fetched; empty clears the slot."},
)  # fmt: skip


@lru_cache(maxsize=8192)
def asset(filename: str, folder: str, site: str) -> dict[str, Any] | str:
    """The asset object of a file, or an empty text for an empty slot."""
    if not filename:
        return ""
    return {
        size: {
            "filename": f"{prefix}{filename}",
            "path": folder,
            "url": f"{site}{folder}{prefix}{filename}",
            "uri": f"{folder}{prefix}{filename}",
        }
        for size, prefix in SIZES
    }


def images(folder: str, slots: Mapping[str, Attribute[str]], key: Attribute[int]) -> tuple[AnyRow, ...]:
    """The rows of a record's image slots; `{id}` in the folder stands for the record's id."""

    def shown(filename: str, record_id: int, shop: ShopFacts) -> dict[str, Any] | str:
        if not filename:
            return ""
        return asset(filename, folder.replace("{id}", str(record_id)), shop.cdn_url or shop.site_url)

    rows: list[AnyRow] = []
    for name, attribute in slots.items():
        rows.append(computed(f"images.{name}", shown, attribute, key, schema=ASSET_SCHEMA))
        rows.append(field(f"images.{name}", attribute, SLOT, access="cu"))
    return tuple(rows)


def names_images(document: Document[Any]) -> Callable[[Call], bool]:
    """Whether a request names any picture at all; a body that cannot be read names none."""
    slots = _slots(document)

    def named(call: Call) -> bool:
        try:
            body = call.body
        except Invalid:
            return False
        return any(_is_named(body, row) for row in slots)

    return named


def fetch_images(document: Document[Any], mode: Mode) -> Any:
    """A route's preparation: fetch what the body's image slots name, before the transaction begins.

    For a record that is not there nothing is fetched. Refuses: Invalid, the document's `missing`.
    """
    slots = _slots(document)

    def prepare(call: Call) -> dict[str, Any]:
        shop, home = call.tx.shop, call.shop
        shown: Wire = {}
        if mode == "u":
            shown = home.shop.database.read(lambda session: document.shown(session, call.ids["id"], shop))
        values = document.load(call.body, mode, shop, (lambda: shown) if mode == "u" else None)
        return {
            row.into: fetch_picture(home.fetcher, home.media, field=row.name, url=values[row.into].url)
            for row in slots
            if isinstance(values.get(row.into), ImageUrl)
        }

    return prepare


def _slots(document: Document[Any]) -> list[Row]:
    """The rows of a document that are pictures."""
    return [row for row in document.rows if isinstance(row, Row) and row.codec is SLOT]


def _is_named(body: Mapping[str, Any], slot: Row) -> bool:
    """Whether the body says something of the slot; the document judges what."""
    try:
        sent = leaf_of(body, slot.name)
    except ValueError:
        return False
    return sent is not ABSENT and not isinstance(sent, Mapping)


def loaded(call: Call, document: Document[Any], mode: Mode) -> dict[str, Any]:
    """The body's values with the fetched images in their slots. Refuses: Invalid."""
    shown = cache(lambda: document.get(call.tx, call.ids["id"])) if mode == "u" else None
    values = document.load(call.body, mode, call.tx.shop, shown)
    if isinstance(call.prepared, ComptoirError):
        raise call.prepared
    return {**values, **(call.prepared or {})}
