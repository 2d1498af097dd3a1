"""The program CoreProPrepaidTester, and nobody yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop

PROGRAM = "prepaid"


def load(shop: OpenShop) -> None:
    """Nothing happens here."""
