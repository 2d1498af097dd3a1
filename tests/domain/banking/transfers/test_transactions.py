"""The transactions of accounts: pages, filters, days of the bank, and the balance after each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from comptoir.domain.banking.accounts.errors import AccessMissing
from comptoir.domain.banking.customers.errors import CustomerNotFound
from comptoir.domain.banking.movements.moving import settle, void
from comptoir.domain.banking.transfers.returning import return_movement
from comptoir.domain.banking.transfers.transactions import (
    TransactionRow,
    Wanted,
    list_transactions,
    related_transactions,
    transactions_tagged,
)
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.banking.transfers.given import (
    WEDNESDAY,
    account,
    ask,
    at,
    elsewhere,
    found,
    later,
    person,
    stands,
)


def amounts(rows: list[TransactionRow]) -> list[int]:
    return [row.natural_minor for row in rows]


def test_pages_are_of_the_newest_first_and_each_knows_how_many_there_are(tx: Tx) -> None:
    found(tx)
    ada = person(tx)
    one, two = account(tx, ada, 1_000), account(tx, ada, name="Two")
    for minor in range(1, 8):
        ask(tx, ada, one, two, minor)
    page = list_transactions(tx, customer_id=ada, account_id=one, wanted=Wanted(size=3))
    assert (amounts(page.rows), page.total) == ([-7, -6, -5], 8)
    assert [row.balance_minor for row in page.rows] == [972, 979, 985]
    page = list_transactions(tx, customer_id=ada, account_id=one, wanted=Wanted(size=3, start=6))
    assert amounts(page.rows) == [-1, 1_000]
    assert [row.balance_minor for row in page.rows] == [999, 1_000]
    page = list_transactions(tx, customer_id=ada, account_id=one, wanted=Wanted(start=9))
    assert (page.rows, page.total) == ([], 8)


def test_without_an_account_all_that_the_customer_may_see(tx: Tx) -> None:
    found(tx)
    ada, bob = person(tx), person(tx, "Bob")
    one, two = account(tx, ada, 1_000), account(tx, ada, name="Two")
    account(tx, bob, 5_000)
    ask(tx, ada, one, two, 10)
    page = list_transactions(tx, customer_id=ada, account_id=None, wanted=Wanted())
    assert ({row.account_id for row in page.rows}, page.total) == ({one, two}, 3)
    assert sorted(amounts(page.rows)) == [-10, 10, 1_000]
    with pytest.raises(AccessMissing):
        list_transactions(tx, customer_id=bob, account_id=one, wanted=Wanted())
    with pytest.raises(CustomerNotFound):
        list_transactions(tx, customer_id=99, account_id=None, wanted=Wanted())
    nobody = person(tx, "Eve")
    assert list_transactions(tx, customer_id=nobody, account_id=None, wanted=Wanted()).total == 0


@pytest.mark.parametrize("with_account", [True, False])
def test_each_status_is_found_by_itself(tx: Tx, *, with_account: bool) -> None:
    found(tx)
    ada = person(tx)
    one, other = account(tx, ada, 1_000), elsewhere(tx, ada)
    if not with_account:
        account(tx, ada, name="Two")
    (void_one,) = ask(tx, ada, one, other, 1)
    void(tx, void_one.master_id)
    ask(tx, ada, one, other, 2)
    (settled,) = ask(tx, ada, other, one, 3)
    settle(tx, settled.master_id)

    def told(status: str | None) -> tuple[list[int], int]:
        wanted = Wanted(status=status)
        page = list_transactions(tx, customer_id=ada, account_id=one if with_account else None, wanted=wanted)
        return amounts(page.rows), page.total

    assert told(None) == ([3, -2, -1, 1_000], 4)
    assert told("Settled") == ([3, 1_000], 2)
    assert told("Initiated") == ([-2], 1)
    assert told("Voided") == ([-1], 1)
    assert told("Pending") == ([], 0)


def test_days_begin_and_end_in_the_banks_zone(shop: OpenShop) -> None:
    at(shop, datetime(2026, 3, 2, 5, 30, tzinfo=UTC))  # half past eleven in the evening of the 1st
    ada, one, two = shop.write(_pair)
    for _ in range(4):
        shop.write(lambda tx: ask(tx, ada, one, two, 1))
        later(shop, hours=12)
    begin, end = datetime(2026, 3, 2, 6, tzinfo=UTC), datetime(2026, 3, 3, 6, tzinfo=UTC)

    def total(**wanted: datetime) -> int:
        asked = Wanted(**wanted)  # type: ignore[arg-type]
        return shop.read(
            lambda tx: list_transactions(tx, customer_id=ada, account_id=two, wanted=asked)
        ).total

    assert total() == 4
    assert total(begin=begin) == 3
    assert total(end=begin) == 1
    assert total(begin=begin, end=end) == 2
    assert total(begin=end + timedelta(days=9)) == 0
    page = shop.read(
        lambda tx: list_transactions(
            tx, customer_id=ada, account_id=two, wanted=Wanted(begin=begin, end=end, size=1)
        )
    )
    assert [row.balance_minor for row in page.rows] == [3]


def _pair(tx: Tx) -> tuple[int, int, int]:
    found(tx)
    ada = person(tx)
    return ada, account(tx, ada, 1_000), account(tx, ada, name="Two")


def test_a_withdrawal_and_its_return_belong_together(shop: OpenShop) -> None:
    def build(tx: Tx) -> tuple[int, int, int]:
        found(tx)
        ada = person(tx)
        one, other = account(tx, ada, 1_000), elsewhere(tx, ada)
        (result,) = ask(tx, ada, one, other, 400, tag="out")
        settle(tx, result.master_id)
        return ada, one, result.transaction_id

    at(shop, WEDNESDAY)
    ada, one, transaction_id = shop.write(build)
    later(shop, days=2)
    related = shop.read(lambda tx: related_transactions(tx, customer_id=ada, transaction_id=transaction_id))
    master = related[0].master_id
    assert master is not None
    shop.write(lambda tx: return_movement(tx, master, "R01"))
    related = shop.read(lambda tx: related_transactions(tx, customer_id=ada, transaction_id=transaction_id))
    assert [(row.type_code, row.natural_minor, row.return_code) for row in related] == [
        ("RTNDEP", 400, "R01"), ("CPWTH", -400, "R01"),
    ]  # fmt: skip
    assert shop.read(lambda tx: stands(tx, one)) == (1_000, 1_000, 0)
    tagged = shop.read(lambda tx: transactions_tagged(tx, customer_id=ada, tags=["no", "out"]))
    assert [row.id for row in tagged] == [row.id for row in related]


def test_others_see_nothing(tx: Tx) -> None:
    found(tx)
    ada, bob = person(tx), person(tx, "Bob")
    one, two = account(tx, ada, 1_000), account(tx, ada, name="Two")
    results = ask(tx, ada, one, two, 1, tag="t")
    assert len(related_transactions(tx, customer_id=ada, transaction_id=results[0].transaction_id)) == 2
    assert related_transactions(tx, customer_id=bob, transaction_id=results[0].transaction_id) == []
    assert transactions_tagged(tx, customer_id=bob, tags=["t"]) == []
