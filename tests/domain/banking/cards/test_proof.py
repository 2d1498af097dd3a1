"""The proof of cards finds what is wrong with them, and nothing else."""

from __future__ import annotations

from typing import Any

from sqlalchemy import bindparam, update

from comptoir.domain.banking.cards.models import Card, CardAccount
from comptoir.domain.banking.cards.proof import check_cards
from comptoir.domain.banking.cards.ties import add_account
from comptoir.domain.banking.movements.models import BankTransfer
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.banking.cards.given import CardBank

SET_PRIORITY: Any = (
    update(CardAccount).where(CardAccount.account_id == bindparam("of_account")).values(priority=bindparam("place"))
)  # fmt: skip


def test_each_fault_is_told(shop: OpenShop) -> None:
    bank = CardBank(shop)
    second = bank.account("Second")
    untied = bank.account("Untied")
    shop.write(
        lambda tx: add_account(tx, customer_id=bank.customer_id, card_id=bank.card_id, account_id=second)
    )
    paid = bank.posted(1_000)
    bank.reversed(paid.first, 400)
    assert shop.read(check_cards) == []

    def spoil(tx: Tx) -> list[str]:
        tx.run(SET_PRIORITY, of_account=second, place=3)
        tx.update(Card, bank.card_id, primary_account_id=untied)
        tx.update(BankTransfer, paid.transfer_id, amount_minor=399)
        found = check_cards(tx)
        tx.run(SET_PRIORITY, of_account=second, place=2)
        tx.update(Card, bank.card_id, primary_account_id=bank.account_id)
        tx.update(BankTransfer, paid.transfer_id, amount_minor=1_000)
        return found

    assert shop.write(spoil) == [
        f"card {bank.card_id} does not draw on its primary account",
        f"card {bank.card_id} draws on its Checking accounts in no order",
        f"payment by card {paid.transfer_id}: 1 more is given back than was paid",
    ]
