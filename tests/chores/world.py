"""A shop that tells what happens, its clock, and who listens."""

from __future__ import annotations

from pathlib import Path

from comptoir.chores.deliveries import deliver_due
from comptoir.domain.tx import OpenShop
from tests.domain.webhooks.given import Clock, Listener, endpoint, served, telling


class World:
    """A shop that tells, its clock, and who listens."""

    def __init__(self, shop: OpenShop, folder: Path, listener: Listener) -> None:
        self.clock = Clock()
        self.shop = telling(shop, self.clock)
        self.folder = folder
        self.listener = listener
        self.home = served(shop, folder)

    def endpoint(self, path: str = "", kind: str = "standard") -> int:
        kinds = ["ORDER_CREATED", "INVOICE_STATUS_CHANGED"] if kind == "ins" else ["sale.*", "invoice.*"]
        return endpoint(self.shop, self.listener.url + path, kind, kinds=kinds)

    def deliver(self) -> int:
        return deliver_due(self.home)
