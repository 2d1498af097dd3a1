"""What sales left the merchant is gathered once, whatever happens in between."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from comptoir.domain.ledger.transfers import TransferFields, post_transfer
from comptoir.domain.payments.gateways import MANUAL
from comptoir.domain.payouts.gathering import gather_entries
from comptoir.domain.payouts.models import PayoutEntry
from comptoir.domain.payouts.paying import pay_out
from comptoir.domain.payouts.queries import list_entries_of_order
from comptoir.domain.proof import prove_books
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.orders.given import balances
from tests.domain.payouts.given import a_deposit, a_sale, advance, deposit, dispute, pending, refund, terms

COUNT = select(func.count(PayoutEntry.id))


def test_a_deposit_is_settled_with_its_fee_and_reserve(tx: Tx) -> None:
    terms(tx)
    order_id = a_deposit(tx, 10_041)
    assert gather_entries(tx) == 1
    entries = list_entries_of_order(tx, order_id)
    assert [(entry.kind, entry.amount_minor) for entry in entries] == [
        ("sale", 10_041),
        ("fee", -598),
        ("reserve_held", -301),
    ]
    assert entries[2].available_at == tx.now + timedelta(days=90)
    assert balances(tx) == {
        "sales": 10_041,
        "processor": 9_142,
        "processing_fees": 598,
        "processor_reserve": 301,
    }
    assert tx.changes[-1].after == {"deposits": 1, "refunds": 0, "chargebacks": 0, "reserves": 0}
    assert prove_books(tx) == []


def test_nothing_is_gathered_twice(tx: Tx) -> None:
    terms(tx)
    order_id = a_deposit(tx)
    refund(tx, order_id, 1_000)
    dispute(tx, order_id, 500)
    assert gather_entries(tx) == 3
    before = pending(tx), balances(tx)
    assert gather_entries(tx) == 0
    assert (pending(tx), balances(tx)) == before
    assert before[0].refunds == 1_500
    assert before[0].chargeback_fees == 2_000
    refund(tx, order_id, 1_000)
    assert gather_entries(tx) == 1
    assert pending(tx).refunds == 2_500
    assert "clearing:sandbox" not in balances(tx)
    assert prove_books(tx) == []


def test_what_is_not_deposited_does_not_count(tx: Tx) -> None:
    terms(tx)
    order_id = a_sale(tx)
    refund(tx, order_id, 1_000)
    dispute(tx, order_id, 500)
    other_id = a_deposit(tx)
    assert gather_entries(tx) == 1
    assert list_entries_of_order(tx, order_id) == []
    assert list_entries_of_order(tx, other_id) != []
    deposit(tx, order_id)
    assert gather_entries(tx) == 3
    assert [entry.amount_minor for entry in list_entries_of_order(tx, order_id)] == [
        10_041, -598, -301, -1_000, -500, -2_000,
    ]  # fmt: skip
    assert prove_books(tx) == []


def test_money_that_changed_hands_elsewhere_does_not_count(tx: Tx) -> None:
    terms(tx)
    order_id = a_deposit(tx, gateway=MANUAL)
    refund(tx, order_id, 1_000)
    assert gather_entries(tx) == 0
    assert tx.value(COUNT) == 0
    assert "processor" not in balances(tx)


def test_a_long_list_is_gathered_some_at_a_time(tx: Tx) -> None:
    terms(tx)
    for minor in range(1_000, 1_005):
        refund(tx, a_deposit(tx, minor), 100)
    assert [gather_entries(tx, limit=2) for _ in range(4)] == [4, 4, 2, 0]
    assert (pending(tx).sales, pending(tx).refunds) == (5_010, 500)
    assert prove_books(tx) == []


def test_a_payouts_reserve_is_released_when_it_was_held_long_enough(shop: OpenShop) -> None:
    shop.write(terms)
    shop.write(a_deposit)
    assert shop.write(pay_out) == 1
    advance(shop, timedelta(days=89))
    assert shop.write(gather_entries) == 0
    advance(shop, timedelta(days=1))
    assert shop.write(gather_entries) == 1
    assert shop.write(gather_entries) == 0
    assert shop.read(pending).reserve_released == 301
    assert "processor_reserve" not in shop.read(balances)


@pytest.mark.unbalanced
@pytest.mark.parametrize(
    ("postings", "words"),
    [
        ([("processor", 5), ("sales", -5)], "account processor stands at"),
        ([("processor_reserve", 5), ("sales", -5)], "account processor_reserve stands at"),
    ],
)
def test_the_proof_sees_what_no_payout_told(tx: Tx, postings: list[tuple[str, int]], words: str) -> None:
    terms(tx)
    a_deposit(tx)
    gather_entries(tx)
    fields: TransferFields = {"kind": "x", "postings": postings, "subject": "x", "subject_id": 1}
    post_transfer(tx, **fields)
    assert any(words in problem for problem in prove_books(tx)), prove_books(tx)


@pytest.mark.unbalanced
def test_the_proof_sees_an_entry_that_was_changed(tx: Tx) -> None:
    terms(tx)
    order_id = a_deposit(tx)
    pay_out(tx)
    entry = list_entries_of_order(tx, order_id)[0]
    tx.update(PayoutEntry, entry.id, amount_minor=entry.amount_minor + 1)
    problems = prove_books(tx)
    for words in ("its entries are", f"transfer {entry.transfer_id} moved", "account processor stands at"):
        assert any(words in problem for problem in problems), problems
