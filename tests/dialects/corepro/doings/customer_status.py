"""The bank changes what a customer is: `DO customer_status 6 Archived`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comptoir.domain.banking.customers.models import BankCustomer

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop


def do(shop: OpenShop, argument: str) -> None:
    number, _, status = argument.partition(" ")
    shop.write(lambda tx: tx.update(BankCustomer, int(number), status=status))
