"""The program Example1, and nobody yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop


def load(shop: OpenShop) -> None:
    """Nothing happens here."""
