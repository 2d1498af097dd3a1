"""What a card may spend and draw in one of the bank's days."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from comptoir.domain.banking.cards.authorising import authorise
from comptoir.domain.banking.cards.errors import LimitReached
from comptoir.domain.tx import OpenShop
from tests.domain.banking.cards.given import CardBank

# What the sample program says.
PURCHASES, CASH = 250_000, 50_000


def test_a_day_is_the_banks_and_each_kind_counts_for_itself(shop: OpenShop) -> None:
    bank = CardBank(shop, 10_000_000)
    bank.authorised(PURCHASES - 1)
    with pytest.raises(LimitReached):
        bank.posted(2)
    bank.posted(1)
    bank.posted(CASH, processing_code="01")
    with pytest.raises(LimitReached):
        bank.posted(1, processing_code="01")
    bank.now = datetime(2026, 3, 5, 5, 59, tzinfo=UTC)
    with pytest.raises(LimitReached):
        bank.posted(1)
    bank.now = datetime(2026, 3, 5, 6, 0, tzinfo=UTC)
    bank.posted(PURCHASES)


def test_what_is_given_back_may_be_spent_again(shop: OpenShop) -> None:
    bank = CardBank(shop, 10_000_000)
    held = bank.authorised(PURCHASES)
    bank.reversed(held.first, 100)
    paid = bank.posted(100).first
    with pytest.raises(LimitReached):
        bank.posted(1)
    bank.reversed(paid)
    bank.posted(100)


def test_what_completes_an_authorisation_counts_once(shop: OpenShop) -> None:
    bank = CardBank(shop, 10_000_000)
    held = bank.authorised(PURCHASES)
    bank.posted(PURCHASES, held.first)
    with pytest.raises(LimitReached):
        bank.posted(1)


def test_a_limit_holds_when_payments_race(shop: OpenShop) -> None:
    bank = CardBank(shop, 10_000_000)

    def pay(_: int) -> bool:
        try:
            shop.write(lambda tx: authorise(tx, bank.message(PURCHASES // 4)))
        except LimitReached:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(pay, range(12))) == 4
