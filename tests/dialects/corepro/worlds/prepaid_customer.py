"""The program CoreProPrepaidTester with one customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dialects.corepro.worlds import customer

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop

PROGRAM = "prepaid"


def load(shop: OpenShop) -> None:
    """Take the customer on, with the id 1."""
    customer.load(shop)
