"""What other banks send back, with fees for it, to accounts that may be closed or short of money."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comptoir.domain.banking.accounts.models import BankAccount
from comptoir.domain.banking.movements.errors import AlreadyReturned, TransactionLocked, TransactionNotFound
from comptoir.domain.banking.movements.moving import get_moved, settle, void
from comptoir.domain.banking.program.models import FeeType
from comptoir.domain.banking.transfers.proof import check_transfers
from comptoir.domain.banking.transfers.returning import return_movement
from comptoir.domain.ledger.accounts import close_account
from comptoir.domain.ledger.errors import AccountClosed
from comptoir.domain.ledger.holds import release_expired_holds
from comptoir.domain.proof import prove_books
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.banking.transfers.given import (
    WEDNESDAY,
    account,
    ask,
    at,
    elsewhere,
    found,
    later,
    person,
    reserve,
    stands,
)

FUNDS = '[[accounts]]\ntype = "VerificationFunds"'
CLEARING = (FUNDS, f'[[accounts]]\ntype = "ReturnClearing"\n\n{FUNDS}')


def pulled(tx: Tx, minor: int = 500, **settled: object) -> tuple[int, int, int]:
    """A deposit that has settled: the customer, the account, the transfer."""
    ada = person(tx)
    one = account(tx, ada)
    (result,) = ask(tx, ada, elsewhere(tx, ada), one, minor)
    settle(tx, result.master_id, **settled)  # type: ignore[arg-type]
    return ada, one, result.master_id


def test_a_deposit_that_comes_back_may_leave_less_than_nothing(tx: Tx) -> None:
    found(tx)
    ada, one, transfer_id = pulled(tx)
    ask(tx, ada, one, reserve(tx), 400)
    returned = get_moved(tx, return_movement(tx, transfer_id, "R10", description="ACME"))
    assert stands(tx, one) == (-400, -400, 0)
    assert (returned.type_code, returned.status, returned.return_code) == ("RTNWTH", "Settled", "R10")
    assert returned.master_id == transfer_id
    assert get_moved(tx, transfer_id).return_code == "R10"
    assert [*prove_books(tx), *check_transfers(tx)] == []


def test_a_deposit_that_still_waited_for_its_day_holds_nothing_any_more(tx: Tx) -> None:
    found(tx)
    _, one, transfer_id = pulled(tx, available_at=tx.now + timedelta(days=3))
    assert stands(tx, one) == (500, 0, 0)
    return_movement(tx, transfer_id, "R01")
    assert stands(tx, one) == (0, 0, 0)


def test_a_hold_of_a_deposit_ends_by_itself(shop: OpenShop) -> None:
    def build(tx: Tx) -> tuple[int, int, int]:
        found(tx)
        return pulled(tx, available_at=tx.now + timedelta(days=3))

    at(shop, WEDNESDAY)
    _, one, _ = shop.write(build)
    later(shop, days=3)
    assert shop.write(release_expired_holds) == 1
    assert shop.read(lambda tx: stands(tx, one)) == (500, 500, 0)


def test_what_had_not_settled_is_void_with_the_code(tx: Tx) -> None:
    found(tx)
    ada = person(tx)
    one = account(tx, ada, 500)
    (result,) = ask(tx, ada, one, elsewhere(tx, ada), 300)
    assert return_movement(tx, result.master_id, "R03") == result.master_id
    moved = get_moved(tx, result.master_id)
    assert (moved.status, moved.return_code) == ("Voided", "R03")
    assert stands(tx, one) == (500, 500, 0)


def test_nothing_comes_back_twice(tx: Tx) -> None:
    found(tx)
    ada, one, transfer_id = pulled(tx)
    return_movement(tx, transfer_id, "R01")
    with pytest.raises(AlreadyReturned):
        return_movement(tx, transfer_id, "R01")
    (gone,) = ask(tx, ada, elsewhere(tx, ada, "400999"), one, 5)
    void(tx, gone.master_id)
    with pytest.raises(TransactionLocked):
        return_movement(tx, gone.master_id, "R01")
    with pytest.raises(TransactionNotFound):
        return_movement(tx, 9999, "R01")


def test_the_account_pays_the_fee_for_it_whatever_is_there(tx: Tx) -> None:
    found(tx)
    tx.update(FeeType, 2, is_manual=False, execution_type="Return")
    _, one, transfer_id = pulled(tx)
    return_movement(tx, transfer_id, "R01")
    assert stands(tx, one) == (-1_500, -1_500, 0)
    assert [*prove_books(tx), *check_transfers(tx)] == []


@pytest.mark.parametrize("has_clearing", [True, False])
def test_the_program_takes_what_comes_back_to_a_closed_account(tx: Tx, *, has_clearing: bool) -> None:
    found(tx, *([CLEARING] if has_clearing else []))
    ada = person(tx)
    one = account(tx, ada, 300)
    (result,) = ask(tx, ada, one, elsewhere(tx, ada), 300)
    settle(tx, result.master_id)
    tx.update(BankAccount, one, status="Closed")
    close_account(tx, account_id=one)
    if not has_clearing:
        with pytest.raises(AccountClosed):
            return_movement(tx, result.master_id, "R02")
        return
    returned = get_moved(tx, return_movement(tx, result.master_id, "R02"))
    assert returned.type_code == "RTNDEP"
    assert stands(tx, one) == (0, 0, 0)
    assert [*prove_books(tx), *check_transfers(tx)] == []
