"""What the proof says of files that are as they should be, and of those that are not."""

from collections.abc import Callable

import pytest

from comptoir.domain.banking.clearing.keeping import content_of, digest_of, list_files
from comptoir.domain.banking.clearing.proof import check_clearing
from comptoir.domain.banking.clearing.settling import square
from comptoir.domain.banking.files.models import BankFile
from comptoir.domain.banking.movements.models import BankTransfer
from comptoir.domain.banking.transfers.returning import return_movement
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.banking.clearing.bank import Bank, open_bank


class Undone(Exception):
    """What a test spoiled is as it was."""


def a_busy_bank(shop: OpenShop) -> tuple[Bank, int]:
    bank = open_bank(shop)
    for number in ("55550001", "55550010", "55550981", "66660000"):
        bank.pull(10_000, bank.elsewhere(number))
    bank.push(2_000)
    for _ in range(4):
        bank.later(hours=1)
        bank.run()
    kept = bank.push(3_000)
    bank.later(hours=1)
    bank.run()
    assert bank.status(kept) == "Pending"
    return bank, kept


def test_files_that_were_sent_read_and_answered_prove_themselves(shop: OpenShop) -> None:
    bank, _ = a_busy_bank(shop)
    assert shop.read(check_clearing) == []
    states = {(row.kind, row.state) for row in shop.read(list_files)}
    assert states == {("ach_out", "answered"), ("ach_out", "written"), ("ach_returns", "read")}
    assert bank.books()[0] == 0


SPOILED: list[tuple[Callable[[Tx, int, int], object], str]] = [
    (
        lambda tx, _file, sent: tx.update(BankTransfer, sent, file_id=1),
        "is not in bank file 1 as it was sent",
    ),
    (lambda tx, _file, sent: tx.update(BankTransfer, sent, trace_number=""), "does not go with its file"),
    (lambda tx, _file, sent: tx.update(BankTransfer, sent, status="Initiated"), "does not go with its file"),
    (lambda tx, file, _sent: tx.update(BankFile, file, debit_minor=1), "has other totals than were kept"),
    (lambda tx, file, _sent: tx.update(BankFile, file, digest="0"), "is not what it was"),
]


@pytest.mark.parametrize(("spoil", "problem"), SPOILED, ids=["file", "trace", "status", "totals", "digest"])
def test_what_does_not_go_together_is_told(
    shop: OpenShop, spoil: Callable[[Tx, int, int], object], problem: str
) -> None:
    bank, kept = a_busy_bank(shop)
    status, trace = bank.status(kept), bank.trace(kept)

    def work(tx: Tx) -> None:
        spoil(tx, list_files(tx, kind="ach_out", limit=1)[0].id, kept)
        problems = check_clearing(tx)
        assert any(problem in one for one in problems), problems
        raise Undone

    with pytest.raises(Undone):
        bank.do(work)
    assert (bank.status(kept), bank.trace(kept)) == (status, trace)


def test_a_file_that_does_not_add_up_is_told(shop: OpenShop) -> None:
    bank, _ = a_busy_bank(shop)

    def work(tx: Tx) -> None:
        file_id = list_files(tx, kind="ach_out", limit=1)[0].id
        content = content_of(tx, file_id).replace("0000003000", "0000003001", 1)
        tx.update(BankFile, file_id, content=content, digest=digest_of(content))
        (problem,) = check_clearing(tx)
        assert "does not prove itself" in problem
        raise Undone

    with pytest.raises(Undone):
        bank.do(work)


def test_what_was_returned_by_hand_is_squared_too(shop: OpenShop) -> None:
    bank = open_bank(shop)
    pulled = bank.pull(50_000)
    bank.later(hours=2)
    bank.run()
    cash = bank.books()[1]
    bank.do(lambda tx: return_movement(tx, pulled, "R10"))
    assert bank.books() == (-50_000, cash)
    assert bank.do(square) == 1
    assert bank.do(square) == 0
    assert bank.books() == (0, cash - 50_000)
