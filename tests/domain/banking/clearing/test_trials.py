"""Trial deposits go through the files as everything does, and come back as everything may."""

import pytest
from sqlalchemy import bindparam, select

from comptoir.domain.banking.external.checking import Details
from comptoir.domain.banking.external.opening import initiate_external_account
from comptoir.domain.banking.movements.models import BankTransfer
from comptoir.domain.banking.program.queries import program_account_of
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.banking.clearing.bank import Bank, open_bank

TRIALS = (
    select(BankTransfer.type_code, BankTransfer.status, BankTransfer.return_code)
    .where(BankTransfer.external_account_id == bindparam("external_id"))
    .order_by(BankTransfer.transfer_id)
)
RETURNED_ITEM = 'code = "RTN"\nname = "Returned item"\namount = "15.00"'
FEE = (RETURNED_ITEM, f'{RETURNED_ITEM}\nexecution = "Return"\nmanual = false')


def proving(bank: Bank, number: str) -> int:
    details = Details(
        type="Checking", account_number=number, routing_number="123456789", first_name="Ada",
        last_name="Lovelace",
    )  # fmt: skip
    return bank.do(lambda tx: initiate_external_account(tx, customer_id=bank.customer_id, details=details))


def funds(bank: Bank) -> int:
    def read(tx: Tx) -> int:
        found = program_account_of(tx, "VerificationFunds")
        assert found is not None
        return found

    return bank.stands(bank.shop.read(read))[0]


def test_trials_settle_and_cost_nothing_in_the_end(shop: OpenShop) -> None:
    bank = open_bank(shop)
    before = funds(bank)
    external_id = proving(bank, "777")
    bank.later(hours=2)
    assert bank.run() == (3, 3)
    assert funds(bank) == before
    assert shop.read(lambda tx: tx.all(TRIALS, external_id=external_id)) == [
        ("VERDEP", "Settled", ""), ("VERDEP", "Settled", ""), ("VERWTH", "Settled", ""),
    ]  # fmt: skip


def test_trials_to_no_account_come_back(shop: OpenShop) -> None:
    bank = open_bank(shop, FEE)
    before = funds(bank)
    external_id = proving(bank, "7770003")
    bank.later(hours=2)
    bank.run()
    assert funds(bank) == before
    assert {row[1:] for row in shop.read(lambda tx: tx.all(TRIALS, external_id=external_id))} == {
        ("Voided", "R03")
    }


@pytest.mark.parametrize("changes", [(), (FEE,)])
def test_a_debit_that_a_holder_objects_to_leaves_the_program_with_what_it_gave(
    shop: OpenShop, changes: tuple[tuple[str, str], ...]
) -> None:
    bank = open_bank(shop, *changes)
    before = funds(bank)
    proving(bank, "7770010")
    bank.later(hours=2)
    bank.run()
    bank.later(hours=1)
    bank.run()
    assert funds(bank) == before - 18 - 28
    assert bank.books()[0] == 0
