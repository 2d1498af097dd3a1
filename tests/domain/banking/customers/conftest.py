"""The bank of these tests: the program Example1, in dollars, in a shop that is no sandbox."""

import pytest

from comptoir.domain.banking.program.founding import found_program
from comptoir.domain.banking.program.plan import sample_plan
from comptoir.domain.identity.shopkeeping import change_shop
from comptoir.domain.tx import OpenShop, Tx


def bank(tx: Tx) -> None:
    """Found it."""
    change_shop(tx, currency="USD")
    found_program(tx, sample_plan("example1"))


@pytest.fixture
def opened(shop: OpenShop) -> OpenShop:
    """A shop with the bank, whose transactions are kept."""
    shop.write(bank)
    return shop


@pytest.fixture
def at_bank(tx: Tx) -> Tx:
    """A transaction at the bank, which is undone."""
    bank(tx)
    return tx
