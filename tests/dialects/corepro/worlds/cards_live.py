"""The same, and no sandbox: what is ordered is on its way until the clock says that it has come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dialects.corepro.worlds import cards

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop

SANDBOX = False


def load(shop: OpenShop) -> None:
    cards.load(shop)
