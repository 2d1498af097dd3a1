"""A shop that was never paid out, and says so as the older clients expect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comptoir.domain.identity.shopkeeping import change_shop

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop


def load(shop: OpenShop) -> None:
    """Switch it on."""
    shop.write(lambda tx: change_shop(tx, settings={"refuse_empty_payments": True}))
