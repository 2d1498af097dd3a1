"""The server is killed under load, many times: what it acknowledged is there, and nothing is there by half."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx
import pytest

from tests.e2e.conftest import Installation, answers, environment, free_port, wait_for

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
KILLS = 50
WRITERS = 3
LOAD_SECONDS = 0.05
ZYGOTE = Path(__file__).with_name("zygote.py")


class Zygote:
    """Starts servers quickly and kills them without warning."""

    def __init__(self, data_dir: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(ZYGOTE), str(data_dir)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment(), text=True,
        )  # fmt: skip
        self._group = 0
        assert self._line() == "ready"

    def _line(self) -> str:
        assert self._process.stdout is not None
        return self._process.stdout.readline().strip()

    def start(self, port: int) -> None:
        assert self._process.stdin is not None
        wait_for(lambda: is_free(port))  # the dead take a moment to let go of it
        self._process.stdin.write(f"{port}\n")
        self._process.stdin.flush()
        self._group = int(self._line())
        wait_for(lambda: answers(f"http://127.0.0.1:{port}"), seconds=20)

    def kill(self) -> None:
        """End the server and every process of it at once, in the middle of whatever it does."""
        group, self._group = self._group, 0
        os.killpg(group, signal.SIGKILL)

    def close(self) -> None:
        if self._group:
            self.kill()
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(timeout=10)
        self._process.stdout.close()


def is_free(port: int) -> bool:
    """Whether a server could listen there."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


@dataclass
class Product:
    """What a writer knows of a product: the last price that was acknowledged, and the last one that was sent."""

    id: int
    acknowledged: int = 0
    sent: int = 0


@dataclass
class Writer:
    """Creates products and changes them, one request after the other, and remembers what was acknowledged."""

    name: str
    url: str
    key: str
    categories: list[str]
    number: int = 0
    products: dict[str, Product] = field(default_factory=dict)
    doubtful: set[str] = field(default_factory=set)
    retried: int = 0

    def write_until(self, stopped: Event) -> None:
        headers = {"Authorization": f"Bearer {self.key}"}
        with httpx.Client(base_url=self.url, headers=headers, timeout=20, trust_env=False) as client:
            while not stopped.is_set():
                try:
                    self._create(client)
                    self._change(client)
                except httpx.TransportError:
                    return

    def _create(self, client: httpx.Client) -> None:
        """Every second creation carries a key, and is repeated under it when its answer was lost."""
        self.number += 1
        code = f"{self.name}-{self.number}"
        self.doubtful.add(code)
        self._send(client, code, is_safe=self.number % 2 == 0)

    def _send(self, client: httpx.Client, code: str, *, is_safe: bool) -> None:
        form = {"name": f"Product {code}", "code": code, "available[quantity]": "0"}
        form |= {f"categories[{place}]": name for place, name in enumerate(self.categories)}
        headers = {"Idempotency-Key": code} if is_safe else {}
        answer = client.post("/products", data=form, headers=headers)
        assert answer.status_code in {200, 201}, answer.text
        self.products[code] = Product(int(answer.json()["data"]["id"]))
        self.doubtful.discard(code)

    def _change(self, client: httpx.Client) -> None:
        code = next(reversed(self.products))
        product = self.products[code]
        product.sent += 1
        answer = client.put(f"/products/{product.id}", data={"available[quantity]": str(product.sent)})
        assert answer.status_code == 200, answer.text
        product.acknowledged = product.sent

    def repeat(self) -> None:
        """Send again what was in doubt and carried a key."""
        headers = {"Authorization": f"Bearer {self.key}"}
        with httpx.Client(base_url=self.url, headers=headers, timeout=20, trust_env=False) as client:
            for code in sorted(self.doubtful):
                if int(code.rpartition("-")[2]) % 2 == 0:
                    self._send(client, code, is_safe=True)
                    self.retried += 1


@contextmanager
def load(writers: list[Writer]) -> Iterator[None]:
    """Let all writers write meanwhile; what goes wrong in one fails the test."""
    stopped = Event()
    faults: list[BaseException] = []

    def run(writer: Writer) -> None:
        try:
            writer.write_until(stopped)
        except BaseException as fault:  # noqa: BLE001 - told by the thread of the test
            faults.append(fault)

    threads = [Thread(target=run, args=(writer,)) for writer in writers]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stopped.set()
        for thread in threads:
            thread.join()
    assert not faults, faults


def test_what_is_acknowledged_survives_and_nothing_is_left_half_done(
    installation: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    key = installation.run("init")["key"]
    zygote = Zygote(installation.folder / "data")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    try:
        zygote.start(port)
        categories = [create_category(url, key, name) for name in ("Left", "Right")]
        writers = [Writer(f"w{number}", url, key, categories) for number in range(WRITERS)]
        for _ in range(KILLS):
            with load(writers):
                before = acknowledged_by(writers)
                wait_for(lambda before=before: acknowledged_by(writers) > before + WRITERS)  # type: ignore[misc]
                time.sleep(LOAD_SECONDS)
                zygote.kill()
            zygote.start(port)
            for writer in writers:
                writer.repeat()
        found = everything(url, key)
        zygote.kill()
    finally:
        zygote.close()
    compare(writers, *found)
    repeated = sum(writer.retried for writer in writers)
    with capsys.disabled():
        sys.stdout.write(
            f" {KILLS} kills, {len(found[0])} products, {len(found[1])} events, {repeated} repeated "
        )
    assert installation.run("books", "check")["balanced"] is True


def acknowledged_by(writers: list[Writer]) -> int:
    return sum(len(writer.products) for writer in writers)


def create_category(url: str, key: str, name: str) -> str:
    answer = httpx.post(
        f"{url}/products/categories", data={"name": name}, headers={"Authorization": f"Bearer {key}"},
        trust_env=False, timeout=20,
    )  # fmt: skip
    return str(answer.json()["data"]["id"])


def everything(url: str, key: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Every product and every event, as the API tells them."""
    headers = {"Authorization": f"Bearer {key}"}
    with httpx.Client(base_url=url, headers=headers, timeout=60, trust_env=False) as client:
        products = client.get("/products?limit=100000").json()["data"]
        events: list[dict[str, Any]] = []
        path = "/feed/events?limit=1000"
        while page := client.get(path).json():
            if not page["events"]:
                break
            events += page["events"]
            path = page["next"]
    return products, events


def compare(writers: list[Writer], products: list[dict[str, Any]], events: list[dict[str, Any]]) -> None:
    codes = Counter(product["code"] for product in products)
    acknowledged = {code for writer in writers for code in writer.products}
    in_doubt = {code for writer in writers for code in writer.doubtful}
    assert set(codes.values()) == {1}, "no product is there twice"
    assert acknowledged <= codes.keys(), "what was acknowledged is there"
    assert codes.keys() - acknowledged <= in_doubt, "nothing is there that was never sent"
    assert len(acknowledged) > KILLS

    by_code = {product["code"]: product for product in products}
    for writer in writers:
        for code, known in writer.products.items():
            quantity = int(by_code[code]["available"]["quantity"])
            assert known.acknowledged <= quantity <= known.sent, code
    assert all(len(product["categories"]) == 2 for product in products), "every product has its links"

    assert [event["seq"] for event in events] == list(range(1, len(events) + 1)), "no event is missing"
    created = Counter(event["subject_id"] for event in events if event["kind"] == "product.created")
    assert created == Counter(int(product["id"]) for product in products), "each with its one event"
    changed = Counter(event["subject_id"] for event in events if event["kind"] == "product.updated")
    for product in products:
        assert changed[int(product["id"])] == int(product["available"]["quantity"]), product["code"]
