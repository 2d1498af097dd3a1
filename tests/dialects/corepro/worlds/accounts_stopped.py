"""The accounts of `accounts`, and cheques 100 to 110 of 101 that are not to be paid."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comptoir.domain.banking.accounts.stopping import stop_payment
from tests.dialects.corepro.worlds import accounts

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop

PROGRAM = None


def load(shop: OpenShop) -> None:
    accounts.load(shop)
    shop.write(
        lambda tx: stop_payment(tx, customer_id=1, account_id=101, numbers=(100, 110), amounts=(1, 99))
    )
