"""The sandbox's clock goes on: `DO advance 2h`, `30m`, `3d`; nothing else happens."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from comptoir.domain.identity.shopkeeping import advance_clock

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop

UNITS = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}


def do(shop: OpenShop, argument: str) -> None:
    by = int(argument[:-1]) * UNITS[argument[-1]]
    shop.write(lambda tx: advance_clock(tx, by=by))
