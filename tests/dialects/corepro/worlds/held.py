"""A customer with two accounts, on which money is held by request: of 4 for two days, of 5 no more."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from comptoir.domain.banking.accounts.models import BankHold
from comptoir.domain.banking.accounts.opening import open_bank_account
from comptoir.domain.banking.movements.moving import Movement, move_money
from comptoir.domain.banking.program.models import PROGRAM_RESERVE
from comptoir.domain.banking.program.queries import program_account_of
from comptoir.domain.ledger.holds import place_hold, release_hold
from tests.dialects.corepro.worlds import customer

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop, Tx


def load(shop: OpenShop) -> None:
    customer.load(shop)
    shop.write(hold)


def hold(tx: Tx) -> None:
    reserve = program_account_of(tx, PROGRAM_RESERVE)
    assert reserve is not None
    for number, words in enumerate(("Deposit for the flat", "")):
        account_id = open_bank_account(tx, customer_id=1, name=f"Account {number}")
        move_money(tx, Movement(100_00, reserve, account_id, "RSVDEP", customer_id=1))
        until = tx.now + timedelta(days=2) if words else None
        hold_id = place_hold(
            tx,
            account_id=account_id,
            amount_minor=40_25,
            subject="bank_hold",
            subject_id=account_id,
            expires_at=until,
        )
        tx.insert(BankHold, hold_id=hold_id, account_id=account_id, description=words)
        if not words:
            release_hold(tx, hold_id=hold_id)
