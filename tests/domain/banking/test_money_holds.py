"""Money holds: whatever happens to it, in whatever order, through the verbs of all three dialects.

Steps come by dice, many in one transaction, each in a savepoint of its own; some are refused after all they did.
After each of them everything that it touched is compared, and the whole books are proved at the end of each run.
`COMPTOIR_PROPERTY_STEPS` says how many steps there are over all runs of an engine: the full number is 100,000.
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from random import Random  # noqa: TID251 - dice that a seed throws again
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import update

from comptoir.domain.banking.clearing.proof import check_clearing
from comptoir.domain.banking.transfers.proof import check_transfers
from comptoir.domain.errors import ComptoirError
from comptoir.domain.ledger.models import Account
from comptoir.domain.proof import prove_books
from comptoir.domain.tx import savepoint
from tests.domain.banking.money.doings import FORCED, Bank
from tests.domain.banking.money.mirror import Mirror
from tests.domain.banking.transfers.given import WEDNESDAY, ask, at, later, reserve

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop, Tx

STEPS_IN_ALL = int(os.environ.get("COMPTOIR_PROPERTY_STEPS", "2500"))
# So many steps are done in one shop, so many in one transaction, and the whole books are proved so often.
STEPS_PER_RUN, STEPS_PER_BATCH, STEPS_PER_PROOF = 2_500, 25, 500
RUNS = -(-STEPS_IN_ALL // STEPS_PER_RUN)
REFUSED_AFTERWARDS = 0.05
# Of all that may happen, so much may not have come about in a whole run.
SELDOM = 3


class Injected(ComptoirError):
    """A refusal that comes when everything was done already."""


@pytest.mark.parametrize("seed", range(RUNS))
def test_money_holds_whatever_happens(shop: OpenShop, seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    at(shop, WEDNESDAY)
    bank = Bank(Random(seed))
    shop.write(bank.found)
    mirror = shop.read(Mirror)
    done: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    steps = min(STEPS_PER_RUN, STEPS_IN_ALL)

    def batch(tx: Tx) -> None:
        for _ in range(STEPS_PER_BATCH):
            name = bank.pick()
            try:
                with savepoint(tx):
                    getattr(bank, name)(tx)
                    if bank.dice.random() < REFUSED_AFTERWARDS:
                        raise Injected
                done[name] += 1
            except ComptoirError:
                refused[name] += 1
            mirror.check(tx, name, is_forced=name in FORCED)

    for number in range(0, steps, STEPS_PER_BATCH):
        shop.write(batch)
        later(shop, seconds=bank.dice.choice([0, 1, 900, 3_600, 7_200, 86_400, 5 * 86_400]))
        if number % STEPS_PER_PROOF == 0:
            assert shop.read(problems) == []
    assert shop.read(problems) == []
    assert steps < STEPS_PER_RUN or len(done) >= len(bank.names) - SELDOM, sorted({*bank.names} - {*done})
    with capsys.disabled():
        sys.stdout.write(f" {sum(done.values())} done, {sum(refused.values())} refused;")


@pytest.mark.unbalanced
@pytest.mark.parametrize(
    "values",
    [
        {"posted_minor": Account.posted_minor + 1},
        {"held_minor": 7},
        {"pending_out_minor": 7},
        {"floor_minor": 10**6},
    ],
)
def test_the_mirror_sees_what_is_wrong(tx: Tx, values: dict[str, Any]) -> None:
    bank = Bank(Random(0))
    bank.found(tx)
    mirror = Mirror(tx)
    account_id, who = bank.accounts[0]
    ask(tx, who, account_id, reserve(tx), 5)
    tx.run(update(Account).where(Account.id == account_id).values(**values))
    with pytest.raises(AssertionError):
        mirror.check(tx, "pay", is_forced=False)


def problems(tx: Tx) -> list[str]:
    """Everything that is wrong, in words."""
    return [*prove_books(tx), *check_transfers(tx), *check_clearing(tx)]
