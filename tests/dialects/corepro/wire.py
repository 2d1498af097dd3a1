"""The wire to a running bank, and what else may be done to it: things that only its clock or another bank does."""

from __future__ import annotations

import importlib
from typing import Any

from comptoir.dialects.corepro.throttle import Throttle
from comptoir.domain.banking.program.models import Program
from tests.dialects.conftest import LocalWire


class BankWire(LocalWire):
    """Speaks to the application in this process, and moves the world around it."""

    def do(self, name: str, argument: str) -> None:
        """Let something happen to the shop: `do` of the module of this name in `doings/`."""
        importlib.import_module(f"tests.dialects.corepro.doings.{name}").do(self.shop, argument)

    def limit(self, requests_per_second: int) -> None:
        """Let the program count requests, in a period that does not end while the test goes on."""
        self.shop.write(lambda tx: tx.update(Program, 1, requests_per_second=requests_per_second))
        self._counted_by(Throttle(lambda: 0.0))

    def leave(self) -> None:
        """End a test."""
        super().leave()
        self._counted_by(Throttle())

    @property
    def door(self) -> Any:
        """The dialect's own door in the application."""
        watched: Any = self._client.app
        return watched._app

    def _counted_by(self, throttle: Throttle) -> None:
        self.door._edge.throttles[self.shop.name] = throttle
