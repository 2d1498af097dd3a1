"""Sales, fees, refunds and payouts of the shop are transactions of the merchant's settlement account."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comptoir.domain.banking.accounts.queries import get_bank_account
from comptoir.domain.banking.movements.errors import TransferRefused
from comptoir.domain.banking.program.plan import sample_plan
from comptoir.domain.banking.settlement import open_bank, settlement_account
from comptoir.domain.banking.transfers.transactions import TransactionRow, Wanted, list_transactions
from comptoir.domain.banking.transfers.type_codes import trade_type
from comptoir.domain.payouts.gathering import gather_entries
from comptoir.domain.payouts.paying import pay_out, void_payout
from comptoir.domain.proof import prove_books
from comptoir.domain.tx import OpenShop, Tx, savepoint
from tests.domain.banking.transfers.given import ask, reserve, stands
from tests.domain.payouts.given import a_deposit, advance, dispute, refund, terms


def rows_of(tx: Tx) -> list[TransactionRow]:
    own = settlement_account(tx)
    customer_id = get_bank_account(tx, own).customer_id
    return list_transactions(tx, customer_id=customer_id, account_id=own, wanted=Wanted()).rows


def test_each_part_of_the_trade_is_a_transaction_of_its_own(shop: OpenShop) -> None:
    shop.write(lambda tx: open_bank(tx, sample_plan("example1")))
    shop.write(terms)

    def sell(tx: Tx) -> int:
        order_id = a_deposit(tx, 10_041)
        refund(tx, order_id, 1_000)
        dispute(tx, order_id, 500)
        return order_id

    shop.write(sell)
    shop.write(gather_entries)
    rows = shop.read(rows_of)
    assert [(row.kind, row.natural_minor, row.balance_minor) for row in reversed(rows)] == [
        ("sale", 10_041, 10_041),
        ("fee", -598, 9_443),
        ("reserve_held", -301, 9_142),
        ("refund", -1_000, 8_142),
        ("chargeback", -500, 7_642),
        ("chargeback_fee", -2_000, 5_642),
    ]
    codes = [trade_type(row.kind, is_credit=row.is_credit)[0] for row in reversed(rows)]
    assert codes == ["SALDEP", "PRCWTH", "HLDWTH", "RFDWTH", "CHBWTH", "CHFWTH"]
    assert all(row.status == "Settled" and row.bank_status is None for row in rows)


def test_nobody_takes_more_from_it_than_is_there(tx: Tx) -> None:
    open_bank(tx, sample_plan("example1"))
    own = settlement_account(tx)
    customer_id = get_bank_account(tx, own).customer_id
    ask(tx, customer_id, reserve(tx), own, 1_000)
    with pytest.raises(TransferRefused), savepoint(tx):
        ask(tx, customer_id, own, reserve(tx), 1_001)
    ask(tx, customer_id, own, reserve(tx), 1_000)
    assert stands(tx, own) == (0, 0, 0)


def test_a_payout_leaves_and_comes_back(shop: OpenShop) -> None:
    shop.write(lambda tx: open_bank(tx, sample_plan("example1")))
    shop.write(terms)
    shop.write(a_deposit)
    payout_id = shop.write(pay_out)
    assert payout_id is not None
    advance(shop, timedelta(days=1))
    shop.write(lambda tx: void_payout(tx, payout_id=payout_id))
    rows = shop.read(rows_of)
    assert [(row.kind, row.natural_minor) for row in rows[:3]] == [
        ("payout", 7_142), ("payout", -7_142), ("payout_fee", -2_000),
    ]  # fmt: skip
    assert trade_type("payout", is_credit=True)[0] == "PAYDEP"
    assert shop.read(prove_books) == []
