"""Whatever is sent, undone, answered and lived through: no cent is lost between the banks."""

from contextlib import suppress
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.domain.banking.clearing.proof import check_clearing
from comptoir.domain.banking.movements.errors import TransferRefused
from comptoir.domain.banking.transfers.proof import check_transfers
from comptoir.domain.ledger.books import check_books
from comptoir.domain.tx import OpenShop
from tests.domain.banking.clearing.bank import Bank, open_bank

NUMBERS = ("777", "7770001", "7770002", "7770010", "7770029", "7770981", "7770023")
WAITING = frozenset({"Initiated", "Pending"})
SPANS = {"minutes": 59, "hours": 5, "days": 3}
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["pull", "push", "minutes", "hours", "days"]),
        st.integers(1, 90_000),
        st.integers(0, len(NUMBERS) - 1),
    ),
    min_size=1,
    max_size=14,
)


class Living(NamedTuple):
    """A bank that lives on from example to example, and accounts at other banks, some of them magical."""

    bank: Bank
    externals: list[int]


class Told:
    """What the test expects: the balance, from what every transfer has become."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank
        self.begins = bank.stands()[0]
        self.made: list[tuple[int, int]] = []

    def check(self) -> None:
        settled = [minor for one, minor in self.made if self.bank.state(one)[:2] == ("Settled", "")]
        assert self.bank.stands()[0] == self.begins + sum(settled)
        coming = [minor for one, minor in self.made if minor > 0 and self.bank.status(one) in WAITING]
        assert self.bank.stands()[2] == sum(coming)
        assert self.bank.books()[0] == 0


@pytest.fixture
def living(shop: OpenShop) -> Living:
    bank = open_bank(shop)
    return Living(bank, [bank.elsewhere(number) for number in NUMBERS])


@given(steps=STEPS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_balances_are_what_settled_and_did_not_come_back(
    living: Living, steps: list[tuple[str, int, int]]
) -> None:
    bank, told = living.bank, Told(living.bank)
    for what, minor, which in steps:
        if what in {"pull", "push"}:
            with suppress(TransferRefused):
                transfer_id = getattr(bank, what)(minor, living.externals[which])
                told.made.append((transfer_id, minor if what == "pull" else -minor))
        else:
            bank.later(**{what: 1 + minor % SPANS[what]})
            bank.run()
        told.check()
    for _ in range(3):
        bank.later(days=1)
        bank.run()
    told.check()
    assert {bank.status(one) for one, _ in told.made} <= {"Settled", "Voided"}
    assert bank.shop.read(lambda tx: [*check_books(tx), *check_clearing(tx), *check_transfers(tx)]) == []
