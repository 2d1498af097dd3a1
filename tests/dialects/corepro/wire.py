"""The wire to a running bank, and what else may be done to it: things that only its clock or another bank does."""

from __future__ import annotations

import importlib
from typing import Any

from comptoir.dialects.corepro.throttle import Throttle
from comptoir.domain.banking.program.models import Program
from comptoir.operations.access import TRACE, Trace
from tests.dialects.conftest import LocalWire


class BankWire(LocalWire):
    """Speaks to the application in this process, and moves the world around it."""

    def do(self, name: str, argument: str) -> None:
        """Let something happen to the shop: `do` of the module of this name in `doings/`.

        A module whose doing needs more than the database, such as a job or the media store, has `serve` instead.
        """
        module = importlib.import_module(f"tests.dialects.corepro.doings.{name}")
        if hasattr(module, "serve"):
            module.serve(self._served, argument)
        else:
            module.do(self.shop, argument)

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

    def trace(self, environ: dict[str, Any]) -> None:
        """Give a raw environment what surrounds every request."""
        self._wrote = True
        environ[TRACE] = Trace("a-request")

    def _counted_by(self, throttle: Throttle) -> None:
        self.door._edge.throttles[self.shop.name] = throttle
