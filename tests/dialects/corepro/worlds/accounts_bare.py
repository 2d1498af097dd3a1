"""The accounts of `accounts`, in a program for which nothing was approved that needs approval."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.dialects.corepro.worlds import accounts, bare

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop

PROGRAM = None


def load(shop: OpenShop) -> None:
    accounts.load(shop)
    bare.load(shop)
