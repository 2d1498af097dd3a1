"""The shop's settlement account is an account of the bank: the merchant's, on the same ledger."""

import pytest

from comptoir.domain.banking.accounts.queries import get_bank_account
from comptoir.domain.banking.movements.chart import CASH, IN_TRANSIT
from comptoir.domain.banking.movements.moving import Movement, move_money
from comptoir.domain.banking.program.plan import sample_plan
from comptoir.domain.banking.program.queries import PROGRAM_ID, get_program
from comptoir.domain.banking.settlement import open_bank, settlement_account
from comptoir.domain.ledger.accounts import find_account_id
from comptoir.domain.ledger.books import check_books
from comptoir.domain.ledger.queries import get_account
from comptoir.domain.payouts.chart import PROCESSOR
from comptoir.domain.tx import Tx


@pytest.mark.parametrize("sample", ["example1", "prepaid"])
def test_the_merchant_banks_here_with_the_settlement_account(tx: Tx, sample: str) -> None:
    open_bank(tx, sample_plan(sample))
    account = get_bank_account(tx, settlement_account(tx))
    assert (account.name, account.status, account.is_closeable) == ("Settlement", "Open", False)
    assert account.account_id == find_account_id(tx, code=PROCESSOR.code, currency=tx.shop.currency)
    assert get_program(tx).id == PROGRAM_ID


def test_loading_the_plan_again_opens_nothing_more(tx: Tx) -> None:
    open_bank(tx, sample_plan("example1"))
    first = get_bank_account(tx, settlement_account(tx))
    open_bank(tx, sample_plan("example1"))
    assert get_bank_account(tx, settlement_account(tx)) == first


@pytest.mark.unbalanced
@pytest.mark.parametrize("outside", [CASH, IN_TRANSIT])
def test_what_crosses_to_the_merchants_own_money_balances(tx: Tx, outside: object) -> None:
    open_bank(tx, sample_plan("example1"))
    own = settlement_account(tx)
    move_money(tx, Movement(10_000, outside, own, "CPDEP"))  # type: ignore[arg-type]
    assert get_account(tx, own).balance_minor == 10_000
    move_money(tx, Movement(2_500, own, outside, "CPWTH"))  # type: ignore[arg-type]
    assert get_account(tx, own).balance_minor == 7_500
    assert check_books(tx) == []
