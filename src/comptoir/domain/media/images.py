"""Judges a file by its content, and makes the smaller sizes of an image (Core dna reference 3.1)."""

import threading
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from io import BytesIO
from itertools import chain
from typing import Literal

from PIL import ExifTags, Image
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile

from comptoir.domain.media.errors import ImageRefused

Extension = Literal["jpg", "png", "gif"]

PIXELS_MAX = 50_000_000
SIDE_MAX = 30_000
JPEG_QUALITY = 85
COLOUR_PROFILE_BYTES_MAX = 8192

CONTENT_TYPES: Mapping[Extension, str] = {"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif"}

# The parser is chosen by the file's first bytes and called by its class: Image.open might take another.
_PARSERS: tuple[tuple[bytes, Extension, type[ImageFile]], ...] = (
    (b"\xff\xd8\xff", "jpg", JpegImageFile),
    (b"\x89PNG\r\n\x1a\n", "png", PngImageFile),
    (b"GIF87a", "gif", GifImageFile),
    (b"GIF89a", "gif", GifImageFile),
)

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
_LYING = frozenset({5, 6, 7, 8})

# An image at the cap takes two hundred megabytes while it is decoded, so large ones wait for each other.
_LARGE_PIXELS_MIN = 4_000_000
_LARGE = threading.Lock()

# Shrinking goes by strips of about this size: converting a large image at once would double its memory.
_STRIP_PIXELS = 1_000_000


@dataclass(frozen=True)
class SizeRule:
    """A size that a shop wants: its name, what its file names begin with, its longest side in pixels."""

    name: str
    prefix: str
    max_side: int


DEFAULT_SIZES: tuple[SizeRule, ...] = (
    SizeRule("small", "s_", 150),
    SizeRule("medium", "m_", 400),
    SizeRule("thumbnail", "t_", 75),
)


@dataclass(frozen=True)
class Rendition:
    """An image in one of the sizes, in the format of its original."""

    content: bytes
    width: int
    height: int


@dataclass(frozen=True)
class PreparedImage:
    """An image that may be stored. Width and height are those seen, after its orientation is applied."""

    extension: Extension
    content_type: str
    width: int
    height: int
    original: bytes
    renditions: dict[str, Rendition]


def prepare_image(
    content: bytes, *, sizes: Sequence[SizeRule] = DEFAULT_SIZES, field: str = "image"
) -> PreparedImage:
    """Judge a file and make its sizes; the same file gives the same bytes each time.

    Refuses: ImageRefused (not a jpg, png or gif; too large; broken), naming `field`.
    """
    extension, parser = _sniff(content, field)
    try:
        image = parser(BytesIO(content))
        _check_dimensions(image.size, field)
        with _LARGE if image.width * image.height >= _LARGE_PIXELS_MIN else nullcontext():
            width, height, upright = _decode(image, max((rule.max_side for rule in sizes), default=1))
        renditions = {
            rule.name: _render(upright, _fit(width, height, rule.max_side), extension) for rule in sizes
        }
    except ImageRefused:
        raise
    except Exception as problem:  # a decoder that is fed hostile bytes raises nearly anything
        raise ImageRefused(field, f"is not a complete and readable {extension} image") from problem
    return PreparedImage(extension, CONTENT_TYPES[extension], width, height, content, renditions)


def _sniff(content: bytes, field: str) -> tuple[Extension, type[ImageFile]]:
    for signature, extension, parser in _PARSERS:
        if content.startswith(signature):
            return extension, parser
    raise ImageRefused(field, "is not a jpg, png or gif image")


def _check_dimensions(size: tuple[int, int], field: str) -> None:
    """Refuse by what the header claims, before a single pixel takes memory."""
    width, height = size
    if width * height > PIXELS_MAX or max(size) > SIDE_MAX:
        raise ImageRefused(
            field,
            f"is too large: {width} x {height} pixels, where {PIXELS_MAX} and {SIDE_MAX} a side are the most",
        )


def _orientation(image: ImageFile) -> int:
    """Read how the camera was held; a photograph whose notes are broken is shown as it is stored."""
    try:
        return int(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # noqa: BLE001 - as above, and here nothing is lost
        return 1


def _fit(width: int, height: int, max_side: int) -> tuple[int, int]:
    """Shrink into a square, half up, never below a pixel; never enlarge."""
    longest = max(width, height)
    if longest <= max_side:
        return width, height

    def shrunk(side: int) -> int:
        return max(1, (2 * side * max_side + longest) // (2 * longest))

    return shrunk(width), shrunk(height)


def _decode(image: ImageFile, max_side: int) -> tuple[int, int, Image.Image]:
    """Decode all of the first frame: how large it is seen, and a copy twice as large as is wanted."""
    size = image.size
    side = 2 * min(max(size), max_side)
    image.draft(None, (side, side))
    image.load()
    turn = _orientation(image)
    upright = _shrunk(image, max(1, max(image.size) // side))
    if turn in _UPRIGHT:
        upright = upright.transpose(_UPRIGHT[turn])
    profile = image.info.get("icc_profile", b"") if image.mode in {"RGB", "RGBA"} else b""
    upright.info = {"icc_profile": profile} if 0 < len(profile) <= COLOUR_PROFILE_BYTES_MAX else {}
    width, height = size[::-1] if turn in _LYING else size
    return width, height, upright


def _shrunk(image: Image.Image, factor: int) -> Image.Image:
    if factor == 1:
        return _plain(image)
    width, height = image.size
    step = factor * max(1, _STRIP_PIXELS // (width * factor))
    strips = (
        _plain(image.crop((0, top, width, min(top + step, height)))).reduce(factor)
        for top in range(0, height, step)
    )
    first = next(strips)
    whole = Image.new(first.mode, (first.width, -(-height // factor)))
    for number, strip in enumerate(chain((first,), strips)):
        whole.paste(strip, (0, number * step // factor))
    return whole


def _plain(image: Image.Image) -> Image.Image:
    """Leave three kinds of pixel only: grey, colour, colour with transparency."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if image.has_transparency_data:
        return image.convert("RGBA")
    return image.convert("L" if image.mode in {"1", "L"} else "RGB")


def _render(upright: Image.Image, size: tuple[int, int], extension: Extension) -> Rendition:
    """Write one size; camera notes, comments and places are left behind with the original."""
    image = upright.resize(size, Image.Resampling.LANCZOS)
    profile = upright.info.get("icc_profile")
    out = BytesIO()
    if extension == "jpg":
        image.save(out, "JPEG", quality=JPEG_QUALITY, optimize=True, icc_profile=profile)
    elif extension == "png":
        image.save(out, "PNG", optimize=True, icc_profile=profile)
    else:
        _with_hard_edges(image).save(out, "GIF", optimize=True)
    return Rendition(out.getvalue(), *size)


def _with_hard_edges(image: Image.Image) -> Image.Image:
    """A pixel of a gif is either seen or not."""
    if image.mode == "RGBA":
        image.putalpha(image.getchannel("A").point([0] * 128 + [255] * 128))
    return image
