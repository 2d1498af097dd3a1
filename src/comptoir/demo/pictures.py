"""The pictures of the demo world: drawn here, small, and the same each time."""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from comptoir.demo.documented import kept
from comptoir.domain.exchange.assets import import_assets
from comptoir.domain.media.images import DEFAULT_SIZES, prepare_image
from comptoir.domain.media.store import MediaStore
from comptoir.domain.tx import OpenShop

Colour = tuple[int, int, int]

SIDE = 480
INK: Colour = (38, 50, 56)
# Where the pictures of the documented records are seen, and what is on them.
PICTURES: Mapping[str, str] = {
    "/prodcatalogue/product/1234.png": "sparkle",
    "/web_images/brands/10.png": "fishbulb",
    "/prodcatalogue/category/1/1.png": "detergents",
}
# What the published examples fetch, and what is on it.
MIRRORED: Mapping[str, str] = {
    "misutasupakoru.co.jp/images/sparkle1.jpeg": "sparkle",
    "misutasupakoru.co.jp/images/fishbulb.png": "fishbulb",
    "misutasupakoru.co.jp/images/categories/detergents.jpg": "detergents",
}


def mirror_files() -> dict[str, bytes]:
    """What stands for the web in a demo without a network: contents by host and path."""
    return {
        path: _drawn(motif, "PNG" if path.endswith("png") else "JPEG") for path, motif in MIRRORED.items()
    }


def write_mirror(folder: Path) -> None:
    """Write these files into a folder that the setting `fetch_mirror` names."""
    for path, content in mirror_files().items():
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)


def hang_pictures(shop: OpenShop, media: MediaStore) -> None:
    """Put the pictures of the documented records in their places, in all sizes. Refuses: NotKept."""
    rows = [row for path, motif in PICTURES.items() for row in _sizes(media, path, motif)]
    shop.write(lambda tx: kept(import_assets(tx, rows)))


def _sizes(media: MediaStore, path: str, motif: str) -> list[dict[str, str | int]]:
    image = prepare_image(_drawn(motif, "PNG"), sizes=DEFAULT_SIZES, field="image1")
    sizes = [("", image.original, image.width, image.height)]
    for rule in DEFAULT_SIZES:
        one = image.renditions[rule.name]
        sizes.append((rule.prefix, one.content, one.width, one.height))
    folder, _, name = path.rpartition("/")
    return [
        {
            "path": f"{folder}/{prefix}{name}",
            "digest": media.put(content),
            "content_type": image.content_type,
            "byte_size": len(content),
            "width": width,
            "height": height,
        }
        for prefix, content, width, height in sizes
    ]


def _drawn(motif: str, file_format: str) -> bytes:
    picture = Image.new("RGB", (SIDE, SIDE), (250, 247, 240))
    MOTIFS[motif](ImageDraw.Draw(picture))
    sink = BytesIO()
    picture.save(sink, file_format)
    return sink.getvalue()


def _sparkle(draw: ImageDraw.ImageDraw) -> None:
    """A box of detergent with a star on it."""
    draw.rectangle((110, 70, 370, 430), fill=(214, 48, 49), outline=INK, width=6)
    draw.rectangle((110, 330, 370, 430), fill=(253, 203, 110), outline=INK, width=6)
    star = [(240, 110), (266, 184), (340, 210), (266, 236), (240, 310), (214, 236), (140, 210), (214, 184)]
    draw.polygon(star, fill=(255, 255, 255), outline=INK, width=4)
    for top in (352, 376, 400):
        draw.line((140, top, 340, top), fill=INK, width=5)


def _fishbulb(draw: ImageDraw.ImageDraw) -> None:
    """A fish whose tail is the cap of a light bulb."""
    draw.ellipse((60, 130, 330, 350), fill=(116, 185, 255), outline=INK, width=6)
    draw.polygon([(310, 200), (310, 280), (420, 300), (420, 180)], fill=(178, 190, 195), outline=INK, width=6)
    for left in (340, 365, 390):
        draw.line((left, 192, left, 288), fill=INK, width=5)
    draw.ellipse((120, 195, 156, 231), fill=(255, 255, 255), outline=INK, width=4)
    draw.ellipse((132, 207, 144, 219), fill=INK)
    draw.arc((80, 220, 170, 310), 20, 110, fill=INK, width=5)


def _detergents(draw: ImageDraw.ImageDraw) -> None:
    """Three bottles on a shelf."""
    colours = ((85, 239, 196), (162, 155, 254), (250, 177, 160))
    for place, colour in enumerate(colours):
        left = 60 + 130 * place
        draw.rectangle((left + 35, 120, left + 65, 170), fill=INK)
        draw.rounded_rectangle((left, 165, left + 100, 390), 22, fill=colour, outline=INK, width=6)
        draw.rectangle((left + 18, 240, left + 82, 320), fill=(255, 255, 255), outline=INK, width=4)
    draw.rectangle((30, 390, 450, 412), fill=(120, 80, 50))


MOTIFS = {"sparkle": _sparkle, "fishbulb": _fishbulb, "detergents": _detergents}
