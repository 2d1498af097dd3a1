"""Images judged by what they hold: real ones, disguised ones, broken ones and bombs."""

import struct
import zlib
from io import BytesIO
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from comptoir.domain.media.errors import ImageRefused
from comptoir.domain.media.images import DEFAULT_SIZES, PreparedImage, SizeRule, prepare_image

NO_IMAGE = "is not a jpg, png or gif image"
FORMATS = {"jpg": "JPEG", "png": "PNG", "gif": "GIF"}
RED, BLUE, CLEAR = (255, 0, 0), (0, 0, 255), (0, 0, 0, 0)


def picture(size: tuple[int, int] = (600, 300), mode: str = "RGB") -> Image.Image:
    """A red picture whose left half is blue."""
    image = Image.new("RGB", size, RED)
    image.paste(BLUE, (0, 0, size[0] // 2, size[1]))
    return image.convert(mode)


def written(image: Image.Image, format: str = "PNG", **options: object) -> bytes:
    out = BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    image = Image.open(BytesIO(content))
    image.load()
    return image


def shown(prepared: PreparedImage, name: str = "medium") -> Image.Image:
    return opened(prepared.renditions[name].content)


def is_near(pixel: object, colour: tuple[int, ...]) -> bool:
    assert isinstance(pixel, tuple)
    return all(abs(a - b) < 16 for a, b in zip(pixel, colour, strict=True))


def png_claiming(width: int, height: int, data: bytes = b"") -> bytes:
    """A png of a few bytes whose header claims any size."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(data))
        + chunk(b"IEND", b"")
    )


def refusal(content: bytes) -> str:
    with pytest.raises(ImageRefused) as caught:
        prepare_image(content, field="image2")
    assert caught.value.field == "image2"
    return caught.value.problem


# What is taken.


@pytest.mark.parametrize(
    ("extension", "content_type"), [("jpg", "image/jpeg"), ("png", "image/png"), ("gif", "image/gif")]
)
def test_each_format_keeps_its_format_in_every_size(extension: str, content_type: str) -> None:
    content = written(picture(), FORMATS[extension])
    prepared = prepare_image(content)
    assert (prepared.extension, prepared.content_type) == (extension, content_type)
    assert (prepared.width, prepared.height, prepared.original) == (600, 300, content)
    assert {name: (r.width, r.height) for name, r in prepared.renditions.items()} == {
        "small": (150, 75),
        "medium": (400, 200),
        "thumbnail": (75, 38),
    }
    for rendition in prepared.renditions.values():
        image = opened(rendition.content)
        assert (image.format, image.size) == (FORMATS[extension], (rendition.width, rendition.height))
        colours = image.convert("RGB")
        assert is_near(colours.getpixel((2, 2)), BLUE)
        assert is_near(colours.getpixel((image.width - 3, 2)), RED)


def test_the_sizes_are_named_and_prefixed_as_published() -> None:
    assert {rule.name: rule.prefix for rule in DEFAULT_SIZES} == {
        "small": "s_",
        "medium": "m_",
        "thumbnail": "t_",
    }


def test_a_shop_may_want_other_sizes_or_none() -> None:
    content = written(picture())
    assert prepare_image(content, sizes=()).renditions == {}
    huge = prepare_image(content, sizes=[SizeRule("huge", "h_", 5000), SizeRule("dot", "d_", 1)]).renditions
    assert {name: (r.width, r.height) for name, r in huge.items()} == {"huge": (600, 300), "dot": (1, 1)}


@pytest.mark.parametrize("size", [(1, 1), (20, 30), (75, 75)])
def test_nothing_is_enlarged(size: tuple[int, int]) -> None:
    for rendition in prepare_image(written(picture(size))).renditions.values():
        assert (rendition.width, rendition.height) == size


@pytest.mark.parametrize("size", [(10_000, 1), (1, 10_000), (7000, 3)])
def test_a_thread_of_an_image_keeps_a_pixel(size: tuple[int, int]) -> None:
    for rendition in prepare_image(written(picture(size))).renditions.values():
        assert min(rendition.width, rendition.height) == 1


@pytest.mark.parametrize("extension", FORMATS)
def test_the_same_file_gives_the_same_bytes(extension: str) -> None:
    content = written(picture(), FORMATS[extension])
    assert prepare_image(content) == prepare_image(content)


# Colours.


@pytest.mark.parametrize(
    ("mode", "format"),
    [
        ("1", "PNG"),
        ("L", "PNG"),
        ("LA", "PNG"),
        ("P", "PNG"),
        ("RGB", "PNG"),
        ("RGBA", "PNG"),
        ("I;16", "PNG"),
        ("L", "JPEG"),
        ("RGB", "JPEG"),
        ("CMYK", "JPEG"),
        ("YCbCr", "JPEG"),
        ("1", "GIF"),
        ("L", "GIF"),
        ("P", "GIF"),
        ("RGBA", "GIF"),
    ],
)
def test_every_kind_of_pixel_keeps_its_brightness(mode: str, format: str) -> None:
    grey = picture().convert("L").point(lambda value: 0 if value < 50 else 255)
    image = (
        grey.convert("I").point(lambda v: v * 257).convert("I;16") if mode == "I;16" else grey.convert(mode)
    )
    small = shown(prepare_image(written(image, format))).convert("RGB")
    assert is_near(small.getpixel((2, 2)), (0, 0, 0))
    assert is_near(small.getpixel((397, 2)), (255, 255, 255))


def test_sixteen_bits_of_grey_are_not_washed_out() -> None:
    image = Image.new("I;16", (500, 500), 0x4000)
    assert shown(prepare_image(written(image))).getpixel((9, 9)) == 0x40


def test_cmyk_colours_are_kept() -> None:
    small = shown(prepare_image(written(picture(mode="CMYK"), "JPEG")))
    assert small.mode == "RGB"
    assert is_near(small.getpixel((2, 2)), BLUE)
    assert is_near(small.getpixel((397, 2)), RED)


@pytest.mark.parametrize(("format", "mode"), [("PNG", "RGBA"), ("PNG", "P"), ("GIF", "RGBA")])
def test_what_is_clear_stays_clear(format: str, mode: str) -> None:
    image = picture(mode="RGBA")
    image.paste(CLEAR, (0, 0, 300, 300))
    content = written(image.quantize(method=Image.Quantize.FASTOCTREE) if mode == "P" else image, format)
    small = shown(prepare_image(content)).convert("RGBA")
    clear, seen = small.getpixel((2, 2)), small.getpixel((397, 2))
    assert isinstance(clear, tuple)
    assert clear[3] == 0
    assert is_near(seen, (*RED, 255))


@pytest.mark.parametrize("mode", ["RGBA", "P", "LA"])
def test_a_large_image_is_whole_in_its_sizes(mode: str) -> None:
    image = Image.new("LA", (3001, 2003), (255, 255))
    image.paste((0, 0), (1500, 1001, 3001, 2003))
    if mode != "LA":
        image = image.convert("RGBA")
    content = written(image.quantize(method=Image.Quantize.FASTOCTREE) if mode == "P" else image)
    small = shown(prepare_image(content)).convert("RGBA")
    box = small.getchannel("A").point(lambda value: 255 if value > 127 else 0).histogram()
    assert small.size == (400, 267)
    assert abs(box[0] - 400 * 267 // 4) < 300
    for place, alpha in {(2, 2): 255, (397, 2): 255, (2, 264): 255, (397, 264): 0, (205, 140): 0}.items():
        assert small.getchannel("A").getpixel(place) == alpha


def test_one_colour_declared_clear_is_clear() -> None:
    small = shown(prepare_image(written(picture(), transparency=BLUE))).convert("RGBA")
    clear = small.getpixel((2, 2))
    assert isinstance(clear, tuple)
    assert clear[3] == 0


def test_an_animation_is_shown_by_its_first_frame() -> None:
    frames = [Image.new("RGB", (500, 500), colour) for colour in (RED, BLUE)]
    content = written(frames[0], "GIF", save_all=True, append_images=frames[1:], duration=100)
    prepared = prepare_image(content)
    small = shown(prepared)
    assert prepared.original == content
    assert getattr(small, "n_frames", 1) == 1
    assert is_near(small.convert("RGB").getpixel((9, 9)), RED)


def test_a_photograph_with_a_second_picture_inside_is_a_jpg() -> None:
    content = written(picture(), "MPO", save_all=True, append_images=[picture()])
    assert prepare_image(content).extension == "jpg"


# How the camera was held, and what it wrote.


def held(orientation: int, format: str = "JPEG") -> bytes:
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010E] = "taken in the owner's kitchen"
    return written(picture(), format, exif=exif)


@pytest.mark.parametrize(
    ("orientation", "format"),
    [*product(range(10), ["JPEG"]), (6, "PNG")],
    ids=str,
)
def test_a_photograph_is_turned_upright(orientation: int, format: str) -> None:
    blue_at = {
        3: (397, 100),
        2: (397, 100),
        5: (100, 2),
        6: (100, 2),
        7: (100, 397),
        8: (100, 397),
    }.get(orientation, (2, 100))
    prepared = prepare_image(held(orientation, format))
    lies = orientation in {5, 6, 7, 8}
    assert (prepared.width, prepared.height) == ((300, 600) if lies else (600, 300))
    small = shown(prepared)
    assert small.size == ((200, 400) if lies else (400, 200))
    assert is_near(small.convert("RGB").getpixel(blue_at), BLUE)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_broken_camera_notes_are_passed_over() -> None:
    content = written(picture(), "JPEG", exif=b"Exif\x00\x00MM\x00*\xff\xff\xff\xff\xff\xff")
    assert prepare_image(content).width == 600


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_camera_notes_do_not_reach_the_sizes(format: str) -> None:
    content = held(1, format)
    assert b"kitchen" in content
    assert all(b"kitchen" not in r.content for r in prepare_image(content).renditions.values())


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_a_small_colour_profile_is_kept_and_a_large_one_is_not(format: str) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    kept = shown(prepare_image(written(picture(), format, icc_profile=profile)))
    left = shown(prepare_image(written(picture(), format, icc_profile=profile + bytes(9000))))
    assert kept.info.get("icc_profile") == profile
    assert not left.info.get("icc_profile")


# What is refused.


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89",
        b"\x89PNG\r\n",
        b"hello",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"<?xml version='1.0'?><svg/>",
        b"<!doctype html><script>alert(1)</script>",
        b"%PDF-1.7",
        b"%!PS-Adobe-3.0 EPSF-3.0",
        b"PK\x03\x04",
        b"GIF88a" + bytes(20),
        b" " + written(picture()),
        written(picture(), "WEBP"),
        written(picture(), "BMP"),
        written(picture(), "TIFF"),
        written(picture(), "ICO"),
        written(picture(), "PPM"),
        written(picture(), "JPEG2000"),
        written(picture(), "TGA"),
    ],
    ids=lambda content: repr(bytes(content[:12])),
)
def test_what_is_no_jpg_png_or_gif_is_refused_whatever_its_name(content: bytes) -> None:
    assert refusal(content) == NO_IMAGE


@pytest.mark.parametrize(
    "content",
    [
        png_claiming(50_000, 50_000),
        png_claiming(2**31 - 1, 1),
        png_claiming(30_001, 1),
        png_claiming(7072, 7072),
        b"GIF89a\xff\xff\xff\xff\x00\x00\x00" + b"\x2c\x00\x00\x00\x00\xff\xff\xff\xff\x00\x02\x00\x3b",
        b"\xff\xd8\xff\xc0\x00\x11\x08\xff\xff\xff\xff\x03\x01\x11\x00\x02\x11\x00\x03\x11\x00\xff\xd9",
    ],
    ids=["50000", "2G", "side", "pixels", "gif", "jpg"],
)
def test_a_bomb_is_refused_by_what_it_claims(content: bytes) -> None:
    assert len(content) < 200
    assert refusal(content).startswith("is too large: ")


def test_a_gif_whose_frame_is_larger_than_its_screen_is_refused_or_small() -> None:
    content = b"GIF89a\x01\x00\x01\x00\x00\x00\x00" + b"\x2c\x00\x00\x00\x00\xff\xff\xff\xff\x00\x02\x00\x3b"
    assert refusal(content)


def test_an_image_that_holds_less_than_it_claims_is_refused() -> None:
    assert refusal(png_claiming(7000, 7000, bytes(100))) == "is not a complete and readable png image"


@pytest.mark.parametrize(("extension", "part"), list(product(FORMATS, [0.05, 0.5, 0.9])))
def test_an_image_cut_off_is_refused(extension: str, part: float) -> None:
    noise = Image.effect_noise((300, 300), 90)
    content = written(noise, FORMATS[extension])
    assert refusal(content[: int(len(content) * part)]) == f"is not a complete and readable {extension} image"


@pytest.mark.parametrize(
    "options", [{"progressive": True}, {"progressive": False}], ids=["in passes", "in rows"]
)
def test_a_large_photograph_cut_off_is_refused(options: dict[str, bool]) -> None:
    content = written(Image.effect_noise((3000, 2000), 90), "JPEG", **options)
    prepare_image(content)
    assert refusal(content[: len(content) * 3 // 4])


SEEDS = [
    *(written(picture((40, 30)), format) for format in FORMATS.values()),
    written(picture((40, 30), "P"), "PNG"),
    held(6),
    written(picture((40, 30)), "GIF", save_all=True, append_images=[Image.new("RGB", (40, 30))]),
]


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_damaged_file_is_prepared_or_refused_and_nothing_else(data: st.DataObject) -> None:
    content = bytearray(data.draw(st.sampled_from(SEEDS)))
    for place, value in data.draw(
        st.lists(st.tuples(st.integers(0, len(content) - 1), st.integers(0, 255)), max_size=8)
    ):
        content[place] = value
    cut = data.draw(st.integers(0, len(content)))
    try:
        prepared = prepare_image(bytes(content[cut:] if data.draw(st.booleans()) else content))
    except ImageRefused:
        return
    assert all(opened(r.content).size == (r.width, r.height) for r in prepared.renditions.values())
