"""Pictures: dropped, fetched, refused, seen in all sizes, listed with what they are of."""

from io import BytesIO
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from PIL import Image

from comptoir.domain.catalogue.brands import create_brand
from comptoir.domain.catalogue.products import create_product
from comptoir.domain.media.models import Asset
from comptoir.domain.tx import OpenShop, Tx
from tests.console.test_brands import picture
from tests.console.visiting import Visitor, signed_in
from tests.storefront.buying import served

PNG = ("a.png", "image/png", picture())


@pytest.fixture
def lamp(shop: OpenShop) -> int:
    return shop.write(lambda tx: create_product(tx, name="Lamp", code="lamp"))


def bomb() -> bytes:
    """A small file that says it is a picture of nine hundred million points."""
    file = BytesIO()
    Image.new("1", (8, 8)).save(file, "PNG")
    head = b"IHDR" + (30_000).to_bytes(4, "big") * 2 + file.getvalue()[24:29]
    return file.getvalue()[:12] + head + crc32(head).to_bytes(4, "big") + file.getvalue()[33:]


def test_several_pictures_are_dropped_at_once(visitor: Visitor, lamp: int) -> None:
    sent = visitor.fill(f"/products/{lamp}/pictures", "/pictures", files={"image1": [PNG], "image3": [PNG]})
    page = visitor.follow(sent)
    assert page.tree.xpath("//figure//img/@alt") == ["Picture 1 of Lamp", "Picture 3 of Lamp"]
    for shown in page.tree.xpath("//figure//img/@src"):
        assert visitor.ask("GET", shown).status == 200
    assert visitor.get("/products").tree.xpath("//td[@class='picture']/img/@src") == [
        "/prodcatalogue/product/t_1.png"
    ]
    page = visitor.done(page, "/unpicture", slot="image1")
    assert page.tree.xpath("//figure//img/@alt") == ["Picture 3 of Lamp"]
    told = visitor.fill(page, "/unpicture", slot="name")
    assert told.status == 422


@pytest.mark.parametrize(
    "content", [b"no picture", b"", b"\x89PNG\r\n\x1a\n" + b"x" * 50, bomb(), b"<svg onload='alert(1)'/>"]
)
def test_what_is_no_picture_is_refused_beside_its_slot(visitor: Visitor, lamp: int, content: bytes) -> None:
    files = {"image1": [PNG], "image2": [("b.png", "image/png", content)]}
    told = visitor.fill(f"/products/{lamp}/pictures", "/pictures", files=files)
    assert told.status == 422
    assert told.tree.get_element_by_id("image2-problem").text_content()
    assert told.tree.xpath("//figure") == []


def test_a_picture_is_fetched_by_its_address(shop: OpenShop, tmp_path: Path, lamp: int) -> None:
    mirror = tmp_path / "mirror" / "pictures.example"
    mirror.mkdir(parents=True)
    (mirror / "a.png").write_bytes(picture())
    (mirror / "b.png").write_bytes(b"no picture")
    visitor = signed_in(served(shop, tmp_path, tmp_path / "mirror"))
    page = visitor.done(
        f"/products/{lamp}/pictures", "/fetch-picture", url="http://pictures.example/a.png", slot="image2"
    )
    assert page.tree.xpath("//figure//img/@alt") == ["Picture 2 of Lamp"]
    for address in (
        "http://pictures.example/b.png", "http://127.0.0.1/a.png", "http://169.254.169.254/", "file:///etc/passwd",
        "nonsense", "",
    ):  # fmt: skip
        told = visitor.fill(page, "/fetch-picture", url=address, slot="image1")
        assert told.status == 422, address
        assert told.tree.xpath("//*[@name='url']/ancestor::div[1]//*[@class='problem']"), address
    assert (
        visitor.fill(page, "/fetch-picture", url="http://pictures.example/a.png", slot="name").status == 422
    )
    assert len(visitor.get(f"/products/{lamp}/pictures").tree.xpath("//figure")) == 1


def test_every_picture_is_listed_with_what_it_is_of(shop: OpenShop, visitor: Visitor, lamp: int) -> None:
    shop.write(lambda tx: create_brand(tx, name="Lumen"))
    visitor.fill(f"/products/{lamp}/pictures", "/pictures", files={"image1": [PNG], "image2": [PNG]})
    visitor.fill("/brands/1", "/pictures", files={"image1": [PNG]})
    page = visitor.get("/media")
    assert [row[1:6] for row in page.rows] == [
        ["/prodcatalogue/product/1.png", "product 1", "image/png", "200", "100"],
        ["/prodcatalogue/product/1_2.png", "product 1", "image/png", "200", "100"],
        ["/web_images/brands/1.png", "brand 1", "image/png", "200", "100"],
    ]
    assert {f"/console/products/{lamp}", "/console/brands/1"} <= set(page.links())
    assert [row[1] for row in visitor.get("/media?kind=brand").rows] == ["/web_images/brands/1.png"]
    assert visitor.get("/media?kind=strange").status == 200
    assert len(visitor.get("/media?format=csv").text.splitlines()) == 4
    for past in ("%00", "%ED%A0%80", "~", "/"):
        assert visitor.get(f"/media?past={past}").status == 200


def test_a_picture_is_shown_in_all_sizes(visitor: Visitor, lamp: int) -> None:
    visitor.fill(f"/products/{lamp}/pictures", "/pictures", files={"image1": [PNG]})
    (link,) = {
        one for one in visitor.get(f"/products/{lamp}/pictures").links() if one.startswith("/console/media")
    }
    page = visitor.get(link)
    assert page.tree.xpath("//main//img/@src") == [
        f"/prodcatalogue/product/{size}1.png" for size in ("", "m_", "s_", "t_")
    ]
    assert page.tree.xpath("//main//img/@width") == ["200", "200", "150", "75"]
    assert "/console/products/1" in page.links()
    for path in ("", "/none.png", "x", "%00", "/prodcatalogue/product/", "/../../etc/passwd"):
        assert visitor.get(f"/media/file?path={path}").status == 404


def test_many_pictures_are_walked_page_by_page(shop: OpenShop, visitor: Visitor) -> None:
    def make(tx: Tx) -> None:

        for number in range(120):
            for prefix in ("", "s_", "m_", "t_"):
                tx.insert(
                    Asset, path=f"/prodcatalogue/product/{prefix}{number}.png", digest="0" * 64,
                    content_type="image/png", byte_size=1, width=1, height=1, created_at=tx.now,
                )  # fmt: skip

    shop.write(make)
    seen: list[Any] = []
    page = visitor.get("/media")
    for _ in range(3):
        seen += [row[1] for row in page.rows]
        following = page.tree.xpath("//a[@rel='next']/@href")
        page = visitor.get(following[0]) if following else page
    assert sorted(seen) == sorted(f"/prodcatalogue/product/{number}.png" for number in range(120))
