"""The wire to a running bank, and what else may be done to it: things that only its clock or another bank does."""

from __future__ import annotations

import importlib

from tests.dialects.conftest import LocalWire


class BankWire(LocalWire):
    """Speaks to the application in this process, and moves the world around it."""

    def do(self, name: str, argument: str) -> None:
        """Let something happen to the shop: `do` of the module of this name in `doings/`."""
        self._wrote = True
        importlib.import_module(f"tests.dialects.corepro.doings.{name}").do(self.shop, argument)
