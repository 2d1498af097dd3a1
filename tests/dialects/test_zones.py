"""Times are written, read and searched on the wall clock of the shop (Core dna reference 1.1)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from comptoir.domain.shop import Shop

if TYPE_CHECKING:
    from comptoir.domain.tx import Tx
    from tests.dialects.conftest import LocalWire

READ_AT = "2026-01-15 08:30:00"


@pytest.fixture
def melbourne(wire: LocalWire, world: Any) -> LocalWire:
    """A client of a shop eleven hours before UTC, with one notification read in the morning."""
    world("documented")

    def move(tx: Tx) -> None:
        tx.update(Shop, 1, time_zone="Australia/Melbourne", version=tx.shop.version + 1)

    wire.shop.write(move)
    got = wire.request("PUT", "/user/notification/5", form={"read_at": READ_AT})
    assert (got.status, json.loads(got.body)["data"]["read_at"]) == (200, READ_AT)
    return wire


@pytest.mark.parametrize(
    "query",
    [
        "read_at=2026-01-15%2008:30:00",
        "read_at=2026-01-14T21:30:00Z",
        "read_at_between=2026-01-15,2026-01-16",
        "read_at_in=2026-01-15%2008:30:00",
        "read_at_like=2026-01-15%2008",
        "read_at_like=08:30:00",
    ],
)
def test_a_time_is_found_as_it_is_shown(melbourne: LocalWire, query: str) -> None:
    found = json.loads(melbourne.request("GET", f"/users/notifications?{query}").body)["data"]
    assert [one["id"] for one in found] == ["5"]


@pytest.mark.parametrize("query", ["read_at_between=2026-01-14,2026-01-15", "read_at_like=2026-01-14"])
def test_a_time_is_not_found_as_it_is_elsewhere(melbourne: LocalWire, query: str) -> None:
    assert json.loads(melbourne.request("GET", f"/users/notifications?{query}").body)["data"] == []
