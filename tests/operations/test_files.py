from __future__ import annotations

from datetime import UTC, datetime

import pytest

from comptoir.domain.media.models import Asset
from comptoir.domain.tx import Tx
from comptoir.operations.files import WHOLE_IN_MEMORY
from tests.operations.conftest import Running

PATH = "/prodcatalogue/product/1234.png"
MADE_AT = datetime(2026, 2, 3, 4, 5, 6, 789000, tzinfo=UTC)


def keep(running: Running, content: bytes, path: str = PATH) -> str:
    digest = running.home.media.put(content)

    def put(tx: Tx) -> None:
        tx.insert(Asset, path=path, digest=digest, content_type="image/png", byte_size=len(content),
                  width=1, height=1, created_at=MADE_AT)  # fmt: skip

    running.home.shop.write(put)
    return digest


@pytest.mark.parametrize("size", [10, WHOLE_IN_MEMORY + 10])
def test_a_file_is_served_without_a_key_and_with_what_caches_need(running: Running, size: int) -> None:
    content = bytes(range(256)) * (size // 256 + 1)
    digest = keep(running, content)
    answer = running.ask(PATH, key=None)
    assert answer.status_code == 200
    assert answer.content == content
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["ETag"] == f'"{digest}"'
    assert answer.headers["Last-Modified"] == "Tue, 03 Feb 2026 04:05:06 GMT"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "max-age" in answer.headers["Cache-Control"]
    assert answer.headers["Content-Length"] == str(len(content))


def test_head_tells_the_size(running: Running) -> None:
    keep(running, b"a picture")
    answer = running.ask(PATH, "HEAD", key=None)
    assert (answer.content, answer.headers["Content-Length"]) == (b"", "9")


def test_a_known_file_is_not_sent_again(running: Running) -> None:
    digest = keep(running, b"a picture")
    for headers in (
        {"If-None-Match": f'"{digest}"'},
        {"If-None-Match": f'"other", W/"{digest}"'},
        {"If-None-Match": "*"},
        {"If-Modified-Since": "Tue, 03 Feb 2026 04:05:06 GMT"},
    ):
        answer = running.ask(PATH, key=None, headers=headers)
        assert (answer.status_code, answer.content) == (304, b""), headers
        assert answer.headers["ETag"] == f'"{digest}"'
    for headers in (
        {"If-None-Match": '"other"'},
        {"If-None-Match": '"other"', "If-Modified-Since": "Tue, 03 Feb 2026 04:05:06 GMT"},
        {"If-Modified-Since": "Tue, 03 Feb 2026 04:05:05 GMT"},
        {"If-Modified-Since": "yesterday"},
    ):
        assert running.ask(PATH, key=None, headers=headers).status_code in {200, 400}, headers


@pytest.mark.parametrize(
    "path",
    ["/prodcatalogue/none.png", "/web_images/../../secret.key", "/web_images/%2e%2e/x", "/prodcatalogue//x"],
)
def test_what_is_no_file_is_not_found(running: Running, path: str) -> None:
    assert running.ask(path, key=None).status_code == 404


def test_a_content_that_is_missing_is_not_found(running: Running) -> None:
    digest = keep(running, b"a picture")
    running.home.media.delete(digest)
    assert running.ask(PATH, key=None).status_code == 404


def test_files_are_only_read(running: Running) -> None:
    answer = running.ask(PATH, "POST")
    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD")
