"""The merchant's own account is one of these, but neither closes nor earns interest."""

import pytest

from comptoir.domain.banking.accounts.changing import update_bank_account
from comptoir.domain.banking.accounts.closing import close_bank_account
from comptoir.domain.banking.accounts.errors import CloseRefused
from comptoir.domain.banking.accounts.interest import begin_accruing, last_day_over
from comptoir.domain.banking.accounts.opening import open_bank_account
from comptoir.domain.banking.accounts.proof import check_accounts
from comptoir.domain.banking.accounts.queries import get_bank_account
from comptoir.domain.banking.movements.chart import SETTLEMENT
from comptoir.domain.banking.program.queries import find_product
from comptoir.domain.ledger.accounts import accounts_for
from comptoir.domain.tx import Tx
from tests.domain.banking.accounts.people import found_bank, make_customer


def test_the_settlement_account_stays_open_and_earns_nothing(tx: Tx) -> None:
    found_bank(tx)
    merchant = make_customer(tx, "Merchant")
    ledger_id = accounts_for(tx, [SETTLEMENT], "USD")[SETTLEMENT.code]
    account_id = open_bank_account(
        tx, customer_id=merchant, name="Settlement", type="Savings", ledger_account_id=ledger_id
    )
    assert account_id == ledger_id
    checking, savings = find_product(tx, type="checking"), find_product(tx, type="savings")
    assert checking is not None
    assert savings is not None
    for product in (checking, savings):
        update_bank_account(tx, customer_id=merchant, account_id=account_id, product_id=product.id)
    assert begin_accruing(tx, through=last_day_over(tx)) == 0
    assert get_bank_account(tx, account_id).accrued_through is None
    with pytest.raises(CloseRefused) as refusal:
        close_bank_account(tx, customer_id=merchant, account_id=account_id)
    assert refusal.value.kind == "not_closeable"
    assert check_accounts(tx) == []
