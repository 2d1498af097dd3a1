"""The mirror: files that answer for the network."""

from pathlib import Path

import pytest

from comptoir.domain.media.fetching import Fetcher, FetchRules
from tests.domain.media.web import refusal


@pytest.fixture
def mirror(tmp_path: Path) -> FetchRules:
    folder = tmp_path / "mirror" / "www.shop.example" / "images"
    folder.mkdir(parents=True)
    (folder / "a b.jpg").write_bytes(b"mirrored")
    (folder / "large.jpg").write_bytes(b"x" * 101)
    (folder / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    (tmp_path / "mirror" / "plain.jpg").write_bytes(b"not under a host")
    return FetchRules(mirror=tmp_path / "mirror", max_bytes=100)


@pytest.mark.parametrize(
    "start", ["http://www.shop.example", "https://WWW.shop.example", "http://www.shop.example:8080"]
)
def test_a_file_of_the_mirror_answers_for_the_network(mirror: FetchRules, start: str) -> None:
    fetcher = Fetcher(mirror, resolve=lambda *_: pytest.fail("looked up"))
    fetched = fetcher.fetch(start + "/images/a%20b.jpg?v=1")
    assert (fetched.content, fetched.content_type) == (b"mirrored", "image/jpeg")


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/images",
        "/images/",
        "/images/missing.jpg",
        "/../plain.jpg",
        "/%2e%2e/plain.jpg",
        "/images/..%2f..%2f..%2fsecret.jpg",
        "/images/%2e%2e/%2e%2e/%2e%2e/secret.jpg",
        "/images/..%5c..%5csecret.jpg",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/images/a%20b.jpg%00",
        "/images/link.jpg",
        "/images/" + "a" * 300,
    ],
)
def test_the_mirror_gives_nothing_from_outside_of_itself(mirror: FetchRules, path: str) -> None:
    assert refusal("http://www.shop.example" + path, mirror, resolve=lambda *_: []).startswith("names a host")
    assert refusal("http://../www.shop.example" + path, mirror, resolve=lambda *_: [])


def test_a_file_of_the_mirror_keeps_the_cap(mirror: FetchRules) -> None:
    assert refusal("http://www.shop.example/images/large.jpg", mirror) == "is larger than 100 bytes"
