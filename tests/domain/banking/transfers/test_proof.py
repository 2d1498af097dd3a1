"""The proof sees every way in which transfers, the ledger and limits could disagree."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from comptoir.domain.banking.movements.models import AppliedFee, BankTransfer, LimitUse
from comptoir.domain.banking.movements.moving import settle
from comptoir.domain.banking.transfers.fees import create_fee
from comptoir.domain.banking.transfers.proof import check_transfers
from comptoir.domain.banking.transfers.returning import return_movement
from comptoir.domain.banking.transfers.voiding import void_transfer_of
from comptoir.domain.ledger.models import Hold, Transfer
from comptoir.domain.tx import Tx
from tests.domain.banking.transfers.given import account, ask, elsewhere, found, person


def world(tx: Tx) -> int:
    """One transfer of each kind; gives the last one."""
    found(tx)
    ada = person(tx)
    one, two, other = account(tx, ada, 10_000), account(tx, ada, name="Two"), elsewhere(tx, ada)
    ask(tx, ada, one, two, 100)
    (void_one,) = ask(tx, ada, one, other, 200)
    void_transfer_of(tx, customer_id=ada, transaction_id=void_one.transaction_id)
    (pulled,) = ask(tx, ada, other, one, 300)
    settle(tx, pulled.master_id, available_at=tx.now.replace(year=2027))
    (pushed,) = ask(tx, ada, one, other, 400)
    settle(tx, pushed.master_id)
    return_movement(tx, pushed.master_id, "R02")
    create_fee(tx, customer_id=ada, account_id=one, fee_type_id=1, amount_minor=500)
    return pulled.master_id


def test_nothing_is_wrong_with_what_verbs_did(tx: Tx) -> None:
    world(tx)
    assert check_transfers(tx) == []


@pytest.mark.unbalanced
@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"status": "Pending"}, "is Pending, in the ledger posted"),
        ({"status": "Voided"}, "is Voided, in the ledger posted"),
        ({"settled_at": None}, "is Settled, in the ledger posted"),
        ({"amount_minor": 301}, "is of 301, a posting of"),
        ({"master_id": 999}, "belongs to 999"),
    ],
)
def test_a_transfer_that_was_changed_is_seen(tx: Tx, changes: dict[str, Any], words: str) -> None:
    transfer_id = world(tx)
    tx.update(BankTransfer, transfer_id, **changes)
    assert any(words in problem for problem in check_transfers(tx)), check_transfers(tx)


@pytest.mark.unbalanced
@pytest.mark.parametrize(
    ("change", "words"),
    [
        (update(LimitUse).values(used_minor=LimitUse.used_minor + 1), "limit on 2026-03-01"),
        (update(LimitUse).values(count=0), "limit on 2026-03-01"),
        (update(AppliedFee).values(amount_minor=1), "fee 1 is 1, its transfer 500"),
        (update(Hold).values(amount_minor=1), "is for transfer"),
        (
            update(Transfer).where(Transfer.kind == "bank_transfer", Transfer.id == 1).values(state="voided"),
            "in the ledger voided",
        ),
    ],
)
def test_what_was_changed_beside_is_seen(tx: Tx, change: Any, words: str) -> None:
    world(tx)
    assert tx.run(change) > 0
    assert any(words in problem for problem in check_transfers(tx)), check_transfers(tx)
