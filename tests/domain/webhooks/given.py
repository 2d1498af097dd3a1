"""A shop that tells endpoints, a clock that is moved by hand, and someone who listens."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from comptoir.dialects.edge import ServedShop
from comptoir.domain.media.fetching import Fetcher, FetchRules
from comptoir.domain.media.store import DirectoryStore
from comptoir.domain.tx import Change, OpenShop, Tx
from comptoir.domain.webhooks.endpoints import create_endpoint
from comptoir.domain.webhooks.outbox import flush_and_tell
from comptoir.domain.webhooks.queries import DeliveryRow, list_deliveries
from tests.conftest import NOW, SECRET

SALE = 46


class Clock:
    """The machine's clock; the shop's follows it."""

    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **span: float) -> None:
        self.now += timedelta(**span)


def worded(_tx: Tx, change: Change) -> Sequence[tuple[str, int, Mapping[str, str]]]:
    """INS messages as a dialect words them: two when a sale is placed, one when an invoice changes, else none."""
    kinds = {
        "sale.placed": ("ORDER_CREATED", "FRAUD_STATUS_CHANGED"),
        "invoice.status_changed": ("INVOICE_STATUS_CHANGED",),
    }.get(change.kind, ())
    return [
        (kind, change.subject_id, {"message_type": kind, "message_id": "", "name": "Ada & Bób"})
        for kind in kinds
    ]


def telling(shop: OpenShop, clock: Clock | None = None) -> OpenShop:
    """Let a shop tell what happens."""
    shop.flush = partial(flush_and_tell, worded=worded)
    if clock is not None:
        shop.system = clock
    return shop


def served(shop: OpenShop, folder: Path, **rules: Any) -> ServedShop:
    allowed: dict[str, Any] = {"allow_private": True, "timeout_seconds": 2} | rules
    return ServedShop(shop, SECRET, DirectoryStore(folder / "media"), Fetcher(FetchRules(**allowed)))


def happen(shop: OpenShop, kind: str = "sale.placed", subject_id: int = SALE, subject: str = "sale") -> None:
    """Let one thing happen, in a transaction of its own."""
    shop.write(lambda tx: tx.note(kind, subject, subject_id, after={"kind": kind}))


def endpoint(shop: OpenShop, url: str = "http://127.0.0.1:9/", kind: str = "standard", **facts: Any) -> int:
    return shop.write(lambda tx: create_endpoint(tx, kind=kind, url=url, **facts)).id


def queued(shop: OpenShop, **narrowed: Any) -> list[DeliveryRow]:
    """What was queued, the oldest first; the shop's own news about its endpoints left out."""
    rows = shop.read(lambda tx: list_deliveries(tx, limit=10_000, **narrowed))
    return [row for row in reversed(rows) if row.subject != "shop"]


@dataclass
class Heard:
    """One message as it arrived."""

    path: str
    headers: dict[str, str]
    body: str

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body, keep_blank_values=True))

    @property
    def event(self) -> dict[str, Any]:
        read: dict[str, Any] = msgspec.json.decode(self.body)
        return read

    @property
    def said(self) -> str:
        """Kind and subject."""
        return f"{self.event['type']} {self.event['data']['subject_id']}"


Answer = Callable[[Heard], "int | tuple[int, dict[str, str]]"]


@dataclass
class Listener:
    """A web server that writes down what it hears, and answers as a test wants."""

    answer: Answer = lambda _heard: 200
    heard: list[Heard] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._lock = threading.Lock()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"])).decode()
                if len(body.encode()) < int(self.headers["content-length"]):
                    return  # whoever sent it was killed
                heard = Heard(self.path, {k.lower(): v for k, v in self.headers.items()}, body)
                with outer._lock:
                    outer.heard.append(heard)
                said = outer.answer(heard)
                status, headers = said if isinstance(said, tuple) else (said, {})
                with suppress(OSError):
                    self.send_response(status)
                    for name, value in headers.items():
                        self.send_header(name, value)
                    self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, client_address: object) -> None:
                pass

        self._server = Quiet(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def silent(seconds: float) -> Answer:
    """Answers so late that nobody waits for it."""

    def answer(_heard: Heard) -> int:
        time.sleep(seconds)
        return 200

    return answer
