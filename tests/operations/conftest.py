from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import falcon.testing
import msgspec
import pytest
import structlog

from comptoir.app import Served, make_served
from comptoir.dialects.edge import ServedShop
from comptoir.domain.identity.actions import create_operator
from comptoir.domain.identity.keys import create_key
from comptoir.domain.identity.passwords import Passwords
from comptoir.domain.media.fetching import Fetcher, FetchRules
from comptoir.domain.media.store import DirectoryStore
from comptoir.domain.tx import OpenShop, Tx
from comptoir.operations.logs import configure_logs
from tests.conftest import SECRET

KEY = "thekeyofthesetests"
WRITE_KEY = "thekeythatonlywrites"
CHEAP = Passwords(time_cost=1, memory_kib=8)


@dataclass
class Running:
    """A served shop with a client that holds its key, and its log."""

    home: ServedShop
    served: Served
    client: falcon.testing.TestClient
    log: io.StringIO

    def ask(self, path: str, method: str = "GET", *, key: str | None = KEY, **more: Any) -> Any:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        headers |= more.pop("headers", {})
        return self.client.simulate_request(method, path, headers=headers, **more)

    def lines(self) -> list[dict[str, Any]]:
        return [msgspec.json.decode(line) for line in self.log.getvalue().splitlines()]


@pytest.fixture
def home(shop: OpenShop, tmp_path: Path) -> ServedShop:
    def let_in(tx: Tx) -> None:
        operator_id = create_operator(
            tx,
            email="ada@example.com",
            name="Ada",
            role="owner",
            password="a long password",
            passwords=CHEAP,
        )
        for key, scope in ((KEY, "*"), (WRITE_KEY, "write")):
            create_key(
                tx,
                operator_id=operator_id,
                name="k",
                dialect="coredna",
                scopes=[scope],
                secret=SECRET,
                key=key,
            )

    shop.write(let_in)
    return ServedShop(shop, SECRET, DirectoryStore(tmp_path / "media"), Fetcher(FetchRules()))


@pytest.fixture
def running(home: ServedShop, start: Callable[[ServedShop], Running]) -> Running:
    return start(home)


@pytest.fixture
def start() -> Iterator[Callable[[ServedShop], Running]]:
    log = io.StringIO()

    def begin(home: ServedShop) -> Running:
        configure_logs("json", "info", log)
        served = make_served([home], logs=True)
        return Running(home, served, falcon.testing.TestClient(served.wsgi), log)

    yield begin
    structlog.reset_defaults()
