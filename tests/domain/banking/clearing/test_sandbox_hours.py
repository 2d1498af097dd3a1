from comptoir.domain.tx import OpenShop
from tests.domain.banking.clearing.bank import open_bank


def test_a_deposit_is_taken_at_the_full_hour_and_settles_an_hour_later(shop: OpenShop) -> None:
    bank = open_bank(shop)
    pulled = bank.pull(50_000)
    assert bank.stands() == (100_000, 100_000, 50_000)
    bank.later(minutes=44)
    assert bank.run() == (0, 0)
    assert bank.status(pulled) == "Initiated"
    bank.later(minutes=1)
    assert bank.run() == (1, 0)
    assert bank.run() == (0, 0)
    assert bank.status(pulled) == "Pending"
    bank.later(minutes=59)
    assert bank.run() == (0, 0)
    bank.later(minutes=1)
    assert bank.run() == (0, 1)
    assert bank.status(pulled) == "Settled"
    assert bank.stands() == (150_000, 150_000, 0)
    assert bank.run() == (0, 0)


def test_a_clock_that_jumps_over_both_hours_does_both(shop: OpenShop) -> None:
    bank = open_bank(shop)
    pulled, pushed = bank.pull(50_000), bank.push(20_000)
    bank.later(hours=2)
    assert bank.run() == (2, 2)
    assert (bank.status(pulled), bank.status(pushed)) == ("Settled", "Settled")
    assert bank.stands() == (130_000, 130_000, 0)
    assert bank.books()[0] == 0
