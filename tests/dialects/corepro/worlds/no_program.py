"""A shop that has no bank program."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop

PROGRAM = None


def load(shop: OpenShop) -> None:
    """Nothing happens here."""
