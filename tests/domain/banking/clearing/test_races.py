"""What is done at the same time is done once: files are cut, read and answered, transfers are sent or void."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest

from comptoir.domain.banking.clearing.reading import read_file
from comptoir.domain.banking.clearing.settling import settle_due
from comptoir.domain.banking.clearing.submitting import submit_files
from comptoir.domain.banking.files.ach_writing import write_ach
from comptoir.domain.banking.movements.errors import TransactionLocked
from comptoir.domain.banking.transfers.voiding import void_transfer_of
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.banking.clearing.bank import Bank, open_bank
from tests.domain.banking.clearing.test_reading import for_us, sent, the_return


def at_once(bank: Bank, *works: Callable[[Tx], Any]) -> list[Any]:
    """Do these at the same time, each in its own transaction, and give what came of each."""
    start = Barrier(len(works))

    def one(work: Callable[[Tx], Any]) -> Any:
        start.wait(timeout=30)
        try:
            return bank.do(work)
        except TransactionLocked:
            return "locked"

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


@pytest.mark.parametrize("round_", range(3))
def test_a_transfer_is_either_sent_or_void(shop: OpenShop, round_: int) -> None:
    bank = open_bank(shop)
    made = [bank.push(1_000 + number, tag=f"t{number}") for number in range(6 + round_)]
    bank.later(hours=1)
    voids = [
        lambda tx, tag=f"t{number}": void_transfer_of(tx, customer_id=bank.customer_id, tag=tag)
        for number in range(len(made))
    ]
    answers = at_once(bank, submit_files, *voids)
    statuses = [bank.status(one) for one in made]
    assert set(statuses) <= {"Pending", "Voided"}
    assert [answer == "locked" for answer in answers[1:]] == [status == "Pending" for status in statuses]
    assert answers[0] == statuses.count("Pending") == len(bank.entries())


def test_a_file_that_two_read_is_read_once(shop: OpenShop) -> None:
    bank = open_bank(shop, ("simulated_bank = true", "simulated_bank = false"))
    pulled = sent(bank)
    bank.later(hours=1)
    bank.run()
    content = write_ach(for_us(the_return(bank, pulled, "R10", 50_000)))
    outcomes = at_once(bank, *[lambda tx: read_file(tx, content)] * 4)
    assert sorted(outcome.is_new for outcome in outcomes) == [False, False, False, True]
    assert len({outcome.file_id for outcome in outcomes}) == 1
    assert bank.stands() == (100_000, 100_000, 0)


def test_what_two_send_and_settle_is_sent_and_settled_once(shop: OpenShop) -> None:
    bank = open_bank(shop)
    made = [bank.push(1_000 + number) for number in range(8)]
    bank.later(hours=1)
    assert sum(at_once(bank, *[submit_files] * 3)) == len(made)
    assert len(bank.entries()) == len(made)
    bank.later(hours=1)
    assert sum(at_once(bank, *[settle_due] * 3)) == len(made)
    assert {bank.status(one) for one in made} == {"Settled"}
    assert bank.books()[0] == 0
