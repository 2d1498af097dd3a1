"""The order of checks, lost races and preparation, as the edge does them for every dialect."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from comptoir.domain.catalogue import products
from comptoir.domain.identity.models import ApiKey
from comptoir.storage.errors import StillReferenced, UniqueTaken

if TYPE_CHECKING:
    from collections.abc import Callable

    from comptoir.domain.media.fetching import Fetcher
    from tests.dialects.conftest import LocalWire

PICTURE = "http://misutasupakoru.co.jp/images/sparkle1.jpeg"


@pytest.fixture
def documented(wire: LocalWire, world: Any) -> LocalWire:
    """A client of the documented world."""
    world("documented")
    return wire


@pytest.fixture
def fetched(documented: LocalWire, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The URLs that are fetched."""
    urls: list[str] = []
    fetcher: type[Fetcher] = type(documented._served.fetcher)
    fetch = fetcher.fetch

    def noting(self: Fetcher, url: str) -> Any:
        urls.append(url)
        return fetch(self, url)

    monkeypatch.setattr(fetcher, "fetch", noting)
    return urls


def test_the_key_is_checked_before_the_key_to_write_once(documented: LocalWire) -> None:
    once = {"Idempotency-Key": "x" * 256}
    assert documented.request("PUT", "/products/1234", key="nobodyskey", headers=once).status == 401
    assert documented.request("PUT", "/nowhere", headers=once).status == 404
    assert documented.request("PUT", "/orders/count", headers=once).status == 405
    assert documented.request("PUT", "/products/1234", headers=once).status == 400
    assert documented.request("GET", "/products/1234", headers=once).status == 200


@pytest.mark.parametrize(
    ("path", "key", "status"),
    [
        ("/products/999", "youruniqueapikey", 404),
        ("/products/1234", "nobodyskey", 401),
        ("/products/1234", "youruniqueapikey", 200),
    ],
)
def test_a_picture_is_fetched_for_known_keys_and_records_only(
    documented: LocalWire, fetched: list[str], path: str, key: str, status: int
) -> None:
    got = documented.request("PUT", path, key=key, form={"images[image2]": PICTURE})
    assert (got.status, len(fetched)) == (status, int(status == 200))


def test_no_picture_is_fetched_for_a_key_that_may_only_read(
    documented: LocalWire, fetched: list[str]
) -> None:
    documented.shop.write(lambda tx: tx.update(ApiKey, 1, scopes=["read"]))
    assert documented.request("PUT", "/products/1234", form={"images[image2]": PICTURE}).status == 401
    assert fetched == []


@pytest.mark.parametrize("race", [UniqueTaken, StillReferenced])
def test_a_write_that_loses_races_is_tried_again(
    documented: LocalWire, monkeypatch: pytest.MonkeyPatch, race: type[Exception]
) -> None:
    lost = losing(products._slug, race, times=3)
    monkeypatch.setattr(products, "_slug", lost)
    got = documented.request("POST", "/products", form={"name": "Widget"})
    assert (got.status, json.loads(got.body)["data"]["slug"]) == (201, "widget")


def losing(work: Callable[..., Any], race: type[Exception], *, times: int) -> Callable[..., Any]:
    """The work, which loses a race the first times."""
    left = [race("lost")] * times

    def tried(*values: Any) -> Any:
        if left:
            raise left.pop()
        return work(*values)

    return tried
