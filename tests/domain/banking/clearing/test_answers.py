"""What the simulated bank answers is written into files, and read in like those of any bank."""

import pytest

from comptoir.domain.banking.clearing.answering import answer_files
from comptoir.domain.banking.external.queries import get_external_account
from comptoir.domain.banking.files.models import ACH_RETURNS
from comptoir.domain.tx import OpenShop
from tests.domain.banking.clearing.bank import open_bank


@pytest.mark.parametrize(
    ("number", "code"),
    [("55550001", "R01"), ("55550002", "R02"), ("55550003", "R03"), ("55550004", "R04"), ("55550020", "R20")],
)
def test_a_debit_comes_back_before_it_settles(shop: OpenShop, number: str, code: str) -> None:
    bank = open_bank(shop)
    pulled = bank.pull(50_000, bank.elsewhere(number))
    bank.later(hours=1)
    bank.run()
    assert bank.status(pulled) == "Pending"
    bank.later(hours=1)
    assert bank.run() == (0, 0)
    assert bank.state(pulled)[:2] == ("Voided", code)
    assert bank.stands() == (100_000, 100_000, 0)
    (answer,) = bank.files(ACH_RETURNS)
    (batch,) = answer.batches
    (entry,) = batch.entries
    assert (entry.transaction_code, entry.amount_minor, entry.account_number) == (26, 50_000, number)
    assert entry.answer is not None
    assert (entry.answer.code, entry.answer.original_trace) == (code, bank.trace(pulled))
    assert (answer.destination_id, batch.company_name) == ("091000019", "EXAMPLE1")


def test_what_holders_object_to_comes_an_hour_after_it_settled(shop: OpenShop) -> None:
    bank = open_bank(shop)
    pulled = bank.pull(50_000, bank.elsewhere("55550010"))
    bank.later(hours=2)
    assert bank.run() == (1, 1)
    assert bank.stands() == (150_000, 150_000, 0)
    bank.later(minutes=44)
    bank.run()
    assert bank.state(pulled)[:2] == ("Settled", "")
    bank.later(minutes=1)
    bank.run()
    assert bank.state(pulled)[:2] == ("Settled", "R10")
    assert bank.stands() == (100_000, 100_000, 0)
    assert bank.books()[0] == 0
    bank.later(days=1)
    bank.run()
    assert bank.stands() == (100_000, 100_000, 0)
    assert len(bank.files(ACH_RETURNS)) == 1


@pytest.mark.parametrize(("minor", "code"), [(109_901, "R01"), (109_903, "R03"), (109_910, "R10")])
def test_amounts_are_magical_too(shop: OpenShop, minor: int, code: str) -> None:
    bank = open_bank(shop)
    pulled = bank.pull(minor)
    bank.later(hours=2)
    bank.run()
    bank.later(hours=1)
    bank.run()
    assert bank.state(pulled)[1] == code


def test_a_credit_does_not_bounce_for_want_of_funds_but_for_want_of_an_account(shop: OpenShop) -> None:
    bank = open_bank(shop)
    poor, none = bank.elsewhere("55550001"), bank.elsewhere("55550003")
    kept, back = bank.push(10_000, poor), bank.push(20_000, none)
    assert bank.stands() == (100_000, 70_000, 0)
    bank.later(hours=2)
    assert bank.run() == (2, 1)
    assert (bank.state(kept)[:2], bank.state(back)[:2]) == (("Settled", ""), ("Voided", "R03"))
    assert bank.stands() == (90_000, 90_000, 0)


@pytest.mark.parametrize(
    ("number", "code", "after"),
    [
        ("55550981", "C01", ("091000019", "55551981", "Checking")),
        ("55550982", "C02", ("021000021", "55550982", "Checking")),
        ("55550983", "C03", ("021000021", "55551983", "Checking")),
        ("55550985", "C05", ("091000019", "55550985", "Savings")),
        ("55550986", "C06", ("091000019", "55551986", "Savings")),
        ("55550987", "C07", ("021000021", "55551987", "Savings")),
    ],
)
def test_a_correction_changes_the_external_account_and_not_the_money(
    shop: OpenShop, number: str, code: str, after: tuple[str, str, str]
) -> None:
    bank = open_bank(shop)
    external_id = bank.elsewhere(number)
    pulled = bank.pull(5_000, external_id)
    bank.later(hours=2)
    assert bank.run() == (1, 1)
    assert bank.status(pulled) == "Settled"
    row = shop.read(lambda tx: get_external_account(tx, external_id))
    assert (row.routing_number, row.account_number, row.type) == after
    assert row.noc_code == code
    (answer,) = bank.files(ACH_RETURNS)
    assert answer.batches[0].entry_class == "COR"
    bank.pull(5_000, external_id)
    bank.later(hours=2)
    bank.run()
    assert len(bank.files(ACH_RETURNS)) == 1


def test_several_answers_come_in_one_file(shop: OpenShop) -> None:
    bank = open_bank(shop)
    for number in ("55550001", "55550981", "66660002"):
        bank.pull(2_000, bank.elsewhere(number))
    bank.later(hours=2)
    bank.run()
    (answer,) = bank.files(ACH_RETURNS)
    assert [batch.number for batch in answer.batches] == [1, 2, 3]


def test_without_a_simulated_bank_nobody_answers(shop: OpenShop) -> None:
    bank = open_bank(shop, ("simulated_bank = true", "simulated_bank = false"))
    pulled = bank.pull(50_000, bank.elsewhere("55550001"))
    bank.later(hours=2)
    bank.run()
    assert bank.status(pulled) == "Settled"
    assert bank.do(answer_files) == 0
