"""Many at once: names, numbers of accounts, primary ones, closings and interest stay what they are one by one."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from threading import Barrier

from comptoir.domain.banking.accounts.closing import close_bank_account
from comptoir.domain.banking.accounts.interest import accrue, last_day_over
from comptoir.domain.banking.accounts.locking import hold_account
from comptoir.domain.banking.accounts.models import CLOSED
from comptoir.domain.banking.accounts.queries import get_bank_account, list_bank_accounts
from comptoir.domain.errors import ComptoirError
from comptoir.domain.tx import OpenShop, Tx
from tests.conftest import NOW
from tests.domain.banking.accounts.people import (
    found_bank,
    make_account,
    make_customer,
    pay_in,
    pay_out,
    reserve,
)

RACERS = 4


def race(shop: OpenShop, works: Sequence[Callable[[Tx], object]]) -> int:
    """Let all of these be done at the same time, and say how many were."""
    start = Barrier(len(works))

    def run(work: Callable[[Tx], object]) -> bool:
        start.wait()
        try:
            shop.write(work)
        except ComptoirError:
            return False
        return True

    with ThreadPoolExecutor(len(works)) as pool:
        return sum(pool.map(run, works))


def customer(shop: OpenShop, *changes: tuple[str, str]) -> int:
    def made(tx: Tx) -> int:
        found_bank(tx, *changes)
        return make_customer(tx)

    return shop.write(made)


def test_one_name_is_given_once(shop: OpenShop) -> None:
    customer_id = customer(shop)
    assert race(shop, [lambda tx: make_account(tx, customer_id, "Rent")] * RACERS) == 1


def test_no_more_are_open_than_may_be(shop: OpenShop) -> None:
    customer_id = customer(shop, ("\naccounts = 50", "\naccounts = 3"))
    works = [partial(make_account, customer_id=customer_id, name=name) for name in "ABCDEF"]
    assert race(shop, works) == 3
    assert len(shop.read(lambda tx: list_bank_accounts(tx, customer_id))) == 3


def test_one_account_is_the_primary_one(shop: OpenShop) -> None:
    customer_id = customer(shop)
    works = [partial(make_account, customer_id=customer_id, name=name, is_primary=True) for name in "ABCD"]
    assert race(shop, works) == RACERS
    accounts = shop.read(lambda tx: list_bank_accounts(tx, customer_id))
    assert sum(account.is_primary for account in accounts) == 1


def test_one_hold_is_placed(shop: OpenShop) -> None:
    customer_id = customer(shop)
    account_id = shop.write(lambda tx: make_account(tx, customer_id, balance_minor=1000))
    works = [
        lambda tx: hold_account(tx, customer_id=customer_id, account_id=account_id, amount_minor=10)
    ] * RACERS
    assert race(shop, works) == 1


def test_an_account_closes_once_and_empty_while_money_moves_on_it(shop: OpenShop) -> None:
    customer_id = customer(shop)
    account_id = shop.write(lambda tx: make_account(tx, customer_id, type="Savings", balance_minor=1000))
    target = shop.write(reserve)
    works: list[Callable[[Tx], object]] = [
        lambda tx: close_bank_account(tx, customer_id=customer_id, account_id=account_id, close_to_id=target)
    ] * 2
    works += [lambda tx: pay_in(tx, account_id, 7), lambda tx: pay_out(tx, account_id, 5)] * 2
    assert 1 <= race(shop, works) <= 5
    account = shop.read(lambda tx: get_bank_account(tx, account_id))
    assert (account.status, account.balance_minor) == (CLOSED, 0)


def test_a_day_of_interest_counts_once(shop: OpenShop) -> None:
    customer_id = customer(shop)
    account_id = shop.write(lambda tx: make_account(tx, customer_id, type="Savings", balance_minor=1_000_000))
    shop.system = lambda: NOW + timedelta(days=40)
    through = shop.read(last_day_over)
    race(shop, [lambda tx: accrue(tx, through=through)] * RACERS)
    account = shop.read(lambda tx: get_bank_account(tx, account_id))
    assert (account.accrued_through, account.balance_minor) == (through, 1_001_274)
