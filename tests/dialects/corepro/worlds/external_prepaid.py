"""The program CoreProPrepaidTester with one customer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comptoir.domain.banking.customers.creating import create_customer
from tests.dialects.corepro.worlds.external import person

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop

PROGRAM = "prepaid"


def load(shop: OpenShop) -> None:
    shop.write(lambda tx: create_customer(tx, person=person(1)))
