"""A program for which nothing was approved that needs approval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comptoir.domain.banking.program.models import Program

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop


def load(shop: OpenShop) -> None:
    """Take away every feature."""
    shop.write(lambda tx: tx.update(Program, 1, features=[]))
