"""A sandbox is put back to a snapshot while two processes serve it: nobody sees a fault, and no number comes twice."""

from __future__ import annotations

import threading
from collections import Counter
from typing import Any, Self

import httpx
import pytest

from comptoir.domain.proof import prove_books
from comptoir.opening import close_shops, open_shop
from comptoir.settings import Settings
from comptoir.snapshots import SnapshotRefused, restore_served
from tests.e2e.conftest import Installation, Server

pytestmark = pytest.mark.e2e
TIMES = 6


class Crowd:
    """Clients that read and write without a pause until they are told to stop."""

    def __init__(self, server: Server, key: str) -> None:
        self.statuses: Counter[tuple[str, int]] = Counter()
        self.numbers: list[int] = []
        self.troubles: list[str] = []
        self._server, self._key = server, key
        self._over = threading.Event()
        self._threads = [threading.Thread(target=self._go, args=(number,)) for number in range(4)]

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    def _go(self, who: int) -> None:
        turn = 0
        while not self._over.is_set():
            turn += 1
            # A connection now and then, so that both processes get some.
            with self._server.client(self._key) as client:
                for _ in range(5):
                    self._ask(client, "GET", "/products/brands?limit=5")
                    self._ask(client, "POST", "/products/brands", data={"name": f"Brand {who} {turn}"})
                    self._ask(client, "GET", "/feed/events?limit=5")

    def _ask(self, client: httpx.Client, method: str, path: str, **more: Any) -> None:
        answer = client.request(method, path, **more)
        self.statuses[method, answer.status_code] += 1
        if answer.status_code >= 500:
            self.troubles.append(answer.text)
        if "/feed" not in path:
            self.numbers.append(answer.json()["transaction_id"])


def feed(server: Server, key: str, after: int = 0) -> list[dict[str, Any]]:
    with server.client(key) as client:
        events: list[dict[str, Any]] = client.get(f"/feed/events?limit=1000&after={after}").json()["events"]
        return events


def names(server: Server, key: str) -> list[str]:
    with server.client(key) as client:
        return [one["name"] for one in client.get("/products/brands?limit=1000").json()["data"]]


def test_a_served_sandbox_is_put_back_again_and_again(installation: Installation) -> None:
    key = installation.run("init", "--sandbox")["key"]
    server = installation.serve("--workers", "2")
    with server.client(key) as client:
        client.post("/products/brands", data={"name": "From before"}).raise_for_status()
    before = feed(server, key)
    installation.run("snapshot", "create", "one")
    settings = Settings(data_dir=installation.folder / "data")
    assert (settings.data_dir / "shops").is_dir()
    home = open_shop(settings, "main")
    with Crowd(server, key) as crowd:
        seen = before
        for _ in range(TIMES):
            at_least = crowd.statuses["POST", 201] + crowd.statuses["POST", 200] + 8
            while crowd.statuses["POST", 201] + crowd.statuses["POST", 200] < at_least and not crowd.troubles:
                pass
            restore_served(settings, home, "one")
            restored = feed(server, key, seen[-1]["seq"])
            assert restored[0]["kind"] == "shop.restored", (
                "whoever reads on is told first that the shop went back"
            )
            assert feed(server, key)[: len(before)] == before
            seen = restored
    assert crowd.troubles == []
    assert {status for _, status in crowd.statuses} <= {200, 201}
    assert len(set(crowd.numbers)) == len(crowd.numbers), "no number is given to two requests"
    restore_served(settings, home, "one")
    assert names(server, key) == ["From before"]
    assert home.shop.read(prove_books) == []
    close_shops([home])
    assert server.stop() == 0
    again = installation.serve()
    with again.client(key) as client:
        number = client.get("/products/brands").json()["transaction_id"]
    assert number > max(crowd.numbers), "a new process begins above all numbers that were given"
    assert again.stop() == 0
    assert installation.run("books", "check")["balanced"] is True


def test_what_is_told_at_once_stays_out(installation: Installation) -> None:
    installation.run("init")
    installation.run("snapshot", "create", "one")
    settings = Settings(data_dir=installation.folder / "data")
    home = open_shop(settings, "main")
    with pytest.raises(SnapshotRefused, match="only a sandbox"):
        restore_served(settings, home, "one")
    close_shops([home])
