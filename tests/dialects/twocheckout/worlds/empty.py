"""A shop that has a name and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop


def load(shop: OpenShop) -> None:
    """Leave the shop as it is."""
    assert shop.name
