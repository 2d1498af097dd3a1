"""Those who move money at the same time wait for each other, never in a circle, and never see a limit twice."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TYPE_CHECKING

from comptoir.domain.banking.movements.errors import TransferRefused
from comptoir.domain.banking.movements.moving import settle
from comptoir.domain.banking.program.models import BankProduct, Program
from comptoir.domain.banking.transfers.proof import check_transfers
from comptoir.domain.banking.transfers.returning import return_movement
from comptoir.domain.banking.transfers.transferring import TransferResult
from comptoir.domain.banking.transfers.voiding import void_transfer_of
from comptoir.domain.proof import prove_books
from comptoir.storage.errors import UniqueTaken
from tests.domain.banking.transfers.given import (
    account,
    ask,
    elsewhere,
    found,
    limit,
    person,
    reserve,
    stands,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from comptoir.domain.tx import OpenShop, Tx

WORKERS, EACH = 8, 6


def together(work: Callable[[int], None]) -> None:
    """Let several work at the same time; what goes wrong in one fails the test."""
    start = Barrier(WORKERS)

    def run(number: int) -> None:
        start.wait()
        work(number)

    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(run, range(WORKERS)))


def end(tx: Tx, customer_id: int, result: TransferResult, *, is_void: bool) -> None:
    """What went to another bank is undone, or settles and comes back."""
    if is_void:
        void_transfer_of(tx, customer_id=customer_id, transaction_id=result.transaction_id)
    else:
        settle(tx, result.master_id)
        return_movement(tx, result.master_id, "R02")


def test_money_goes_round_in_all_directions(shop: OpenShop) -> None:
    def build(tx: Tx) -> tuple[int, list[int]]:
        found(tx)
        # Every withdrawal costs a fee, so that all meet on the account that takes them.
        tx.update(BankProduct, 19797713, reg_d_count_free=0)
        tx.update(Program, 1, reg_d_fee_minor=1)
        ada = person(tx)
        ends = [account(tx, ada, 1_000, name=f"A{number}") for number in range(3)]
        return ada, [*ends, elsewhere(tx, ada), reserve(tx)]

    ada, ends = shop.write(build)

    def work(number: int) -> None:
        for step in range(EACH):
            source, target = ends[(number + step) % 3], ends[(number + 2 * step + 1) % 5]
            if source != target:
                (result, *_) = shop.write(lambda tx, a=source, b=target: ask(tx, ada, a, b, 7))  # type: ignore[misc]
                if target == ends[3]:
                    shop.write(lambda tx, one=result, even=step % 2 == 0: end(tx, ada, one, is_void=even))  # type: ignore[misc]

    together(work)
    assert shop.read(lambda tx: [*prove_books(tx), *check_transfers(tx)]) == []


def test_a_limit_is_not_passed_from_several_sides(shop: OpenShop) -> None:
    def build(tx: Tx) -> tuple[int, list[int], list[int]]:
        found(tx)
        ada = person(tx)
        limit(tx, "program", 1, "user_daily_withdraw", 1_000)
        return (
            ada,
            [account(tx, ada, 10_000, name=f"A{number}") for number in range(WORKERS)],
            [elsewhere(tx, ada, f"40010{number}") for number in range(WORKERS)],
        )

    ada, sources, targets = shop.write(build)
    told: Counter[bool] = Counter()

    def work(number: int) -> None:
        for _ in range(EACH):
            try:
                shop.write(lambda tx: ask(tx, ada, sources[number], targets[number], 100))
                told[True] += 1
            except TransferRefused:
                told[False] += 1

    together(work)
    assert told == {True: 10, False: WORKERS * EACH - 10}
    assert shop.read(check_transfers) == []


def test_one_tag_moves_money_once(shop: OpenShop) -> None:
    def build(tx: Tx) -> tuple[int, int, int]:
        found(tx)
        ada = person(tx)
        return ada, account(tx, ada, 1_000), account(tx, ada, name="Two")

    ada, one, two = shop.write(build)
    told: Counter[bool] = Counter()

    def work(_: int) -> None:
        try:
            shop.write(lambda tx: ask(tx, ada, one, two, 100, tag="once"))
            told[True] += 1
        except (TransferRefused, UniqueTaken):
            told[False] += 1

    together(work)
    assert told == {True: 1, False: WORKERS - 1}
    assert shop.read(lambda tx: stands(tx, two)) == (100, 100, 0)
