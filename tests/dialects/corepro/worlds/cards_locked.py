"""The same, but account 4 is locked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comptoir.domain.banking.accounts.models import BankAccount
from tests.dialects.corepro.worlds import cards

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop


def load(shop: OpenShop) -> None:
    cards.load(shop)
    shop.write(lambda tx: tx.update(BankAccount, 4, lock_type="CST", lock_reason="TMP", locked_at=tx.now))
