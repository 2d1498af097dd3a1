"""The network's return rates: of the debits that were sent in sixty days, how many came back and why."""

from decimal import Decimal

import pytest

from comptoir.domain.figures.returns import ReturnRate, is_debit, return_rates
from comptoir.domain.tx import OpenShop
from tests.domain.banking.clearing.bank import Bank, open_bank


def rates(bank: Bank) -> dict[str, tuple[int, int, Decimal, bool]]:
    found = bank.shop.read(return_rates)
    return {one.kind: (one.returned, one.debits, one.percent, one.is_over) for one in found}


def test_where_nothing_was_debited_there_is_no_rate(shop: OpenShop) -> None:
    bank = open_bank(shop)
    assert rates(bank) == {}
    bank.push(1_000)
    bank.later(hours=2)
    bank.run()
    assert rates(bank) == {}


def test_returns_are_told_by_their_reasons(shop: OpenShop) -> None:
    bank = open_bank(shop)
    for number in ("55550001", "55550003", "55550010", "12345678"):
        bank.pull(50_000, bank.elsewhere(number))
    bank.push(1_000)
    for _ in range(3):
        bank.later(hours=1)
        bank.run()
    assert rates(bank) == {
        "unauthorised": (1, 4, Decimal("25.00"), True),
        "administrative": (1, 4, Decimal("25.00"), True),
        "overall": (3, 4, Decimal("75.00"), True),
    }


def test_after_sixty_days_nobody_counts_them(shop: OpenShop) -> None:
    bank = open_bank(shop)
    bank.pull(50_000, bank.elsewhere("55550001"))
    bank.later(hours=2)
    bank.run()
    bank.later(days=59)
    assert rates(bank)["overall"][:2] == (1, 1)
    bank.later(days=1, minutes=1)
    assert rates(bank) == {}


@pytest.mark.parametrize(
    ("code", "expected"),
    [("CPDEP", True), ("CPWTH", False), ("VERDEP", False), ("VERWTH", True), ("RSVDEP", True)],
)
def test_what_is_drawn_from_another_bank_is_a_debit(code: str, expected: bool) -> None:
    assert is_debit(code) is expected


@pytest.mark.parametrize(("percent", "expected"), [("0.50", False), ("0.51", True)])
def test_a_rate_is_over_when_it_is_above_what_may_be(percent: str, expected: bool) -> None:
    rate = ReturnRate("unauthorised", 1, 200, Decimal(percent), Decimal("0.5"))
    assert rate.is_over is expected
