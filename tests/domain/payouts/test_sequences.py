"""Whatever happens, in whatever order, and wherever the work dies in between: every cent is accounted for."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comptoir.domain.errors import ComptoirError
from comptoir.domain.payouts.amounts import Parts
from comptoir.domain.payouts.gathering import gather_entries
from comptoir.domain.payouts.paying import adjust_balance, pay_out, run_payouts, void_payout
from comptoir.domain.payouts.queries import list_ended
from comptoir.domain.proof import prove_books
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.orders.given import balances
from tests.domain.payouts.given import a_deposit, a_sale, advance, deposit, dispute, pending, refund, terms

DAY = timedelta(days=1)


class Trade:
    """A shop in which one thing happens after the other, and what came of it for each order."""

    def __init__(self, shop: OpenShop) -> None:
        self.shop = shop
        self.orders: list[int] = []
        self.paid: Counter[int] = Counter()
        self.lost: Counter[int] = Counter()
        self.booked: set[int] = set()

    def do(self, step: str, number: int) -> None:
        """One step; what is refused changes nothing."""
        with suppress(ComptoirError):
            getattr(self, step)(number)
        assert self.shop.read(prove_books) == []

    def sell(self, number: int) -> None:
        order_id = self.shop.write(lambda tx: a_sale(tx, 100 + number))
        self.orders.append(order_id)
        self.paid[order_id] = 100 + number

    def book(self, number: int) -> None:
        order_id = self._order(number)
        self.shop.write(lambda tx: deposit(tx, order_id))
        self.booked.add(order_id)

    def give_back(self, number: int) -> None:
        self._lose(refund, number, 1 + number % 700)

    def take_back(self, number: int) -> None:
        self._lose(dispute, number, 1 + number % 300)

    def correct(self, number: int) -> None:
        self.shop.write(lambda tx: adjust_balance(tx, amount_minor=number - 5_000, memo="x"))

    def gather(self, number: int) -> None:
        self.shop.write(lambda tx: gather_entries(tx, limit=1 + number % 3))

    def pay(self, _: int) -> None:
        self.shop.write(run_payouts)

    def hurry(self, _: int) -> None:
        self.shop.write(pay_out)

    def call_back(self, number: int) -> None:
        self.shop.write(lambda tx: void_payout(tx, payout_id=1 + number % 5))

    def wait(self, number: int) -> None:
        advance(self.shop, (1 + number % 40) * DAY)

    def _order(self, number: int) -> int:
        return self.orders[number % len(self.orders)]

    def _lose(self, verb: Callable[[Tx, int, int], None], number: int, minor: int) -> None:
        order_id = self._order(number)
        self.shop.write(lambda tx: verb(tx, order_id, minor))
        self.lost[order_id] += minor


STEPS = "sell book give_back take_back correct gather pay hurry call_back wait".split()
AFTERWARDS = [("wait", 39), ("wait", 39), ("wait", 39)]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 10_000)), max_size=25))
def test_entries_ledger_and_balances_always_agree(shop: OpenShop, steps: list[tuple[str, int]]) -> None:
    trade = Trade(shop)
    before = shop.read(_everything)
    shop.write(terms)
    for step, number in [("sell", 9_000), *steps, *AFTERWARDS]:
        trade.do(step, number)
    while shop.write(gather_entries):
        pass
    assert shop.read(prove_books) == []
    after = shop.read(_everything)
    assert after.sales - before.sales == sum(trade.paid[order_id] for order_id in trade.booked)
    assert after.refunds - before.refunds == sum(trade.lost[order_id] for order_id in trade.booked)


def _everything(tx: Tx) -> Parts:
    """What all payouts ever were made of."""
    parts = [pending(tx), *(one.parts for one in list_ended(tx))]
    return Parts(*map(sum, zip(*parts, strict=True)))


def test_those_who_gather_and_pay_at_the_same_time_do_it_once(shop: OpenShop) -> None:
    shop.write(terms)
    shop.write(_twenty_sales)

    def work(number: int) -> int:
        if number % 4 == 0:
            return int(shop.write(pay_out) is not None)
        return int(bool(shop.write(lambda tx: gather_entries(tx, limit=3))))

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(16))) >= 1
    while shop.write(gather_entries):
        pass
    told = shop.read(_everything)
    assert (told.sales, told.refunds) == (sum(range(5_000, 5_020)), 2_000)
    assert shop.read(prove_books) == []


def _twenty_sales(tx: Tx) -> None:
    for minor in range(20):
        refund(tx, a_deposit(tx, 5_000 + minor), 100)


class Died(Exception):
    """The process is no more."""


class Mortal:
    """A cursor that dies before its so-manieth statement."""

    def __init__(self, cursor: Any, statements: int) -> None:
        self._cursor = cursor
        self._left = statements

    def __getattr__(self, name: str) -> Any:
        if name.startswith("execute"):
            self._left -= 1
            if self._left < 0:
                raise Died
        return getattr(self._cursor, name)


def dying(work: Callable[[Tx], Any], statements: int) -> Callable[[Tx], Any]:
    """The same work, by somebody who dies before the so-manieth statement."""

    def run(tx: Tx) -> Any:
        tx.cursor = Mortal(tx.cursor, statements)
        return work(tx)

    return run


@pytest.mark.parametrize("work", [gather_entries, pay_out, lambda tx: void_payout(tx, payout_id=1)])
def test_whoever_dies_between_two_steps_loses_nothing(shop: OpenShop, work: Callable[[Tx], Any]) -> None:
    shop.write(terms)
    order_id = shop.write(a_deposit)
    shop.write(pay_out)
    shop.write(lambda tx: refund(tx, order_id, 50))
    shop.write(lambda tx: dispute(tx, order_id, 50))
    shop.write(lambda tx: a_deposit(tx, 50_000))
    before = shop.read(balances), shop.read(_everything)
    deaths = 0
    while True:
        try:
            shop.write(dying(work, deaths))
        except Died:
            deaths += 1
            assert (shop.read(balances), shop.read(_everything)) == before
        else:
            break
    assert deaths > 10
    assert (shop.read(balances), shop.read(_everything)) != before
    assert shop.read(prove_books) == []
