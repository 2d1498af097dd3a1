"""The one customer of a bank that is no sandbox: tags and tax ids are for one customer each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comptoir.domain.shop import Shop
from tests.dialects.corepro.worlds import customer

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop

SANDBOX = False


def load(shop: OpenShop) -> None:
    """Leave the sandbox before anybody comes."""
    shop.write(lambda tx: tx.update(Shop, 1, is_sandbox=False, version=tx.shop.version + 1))
    customer.load(shop)
