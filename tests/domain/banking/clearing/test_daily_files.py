"""Each day that is over is told once: what was posted, and how every account stood."""

from datetime import UTC, datetime, timedelta

from comptoir.domain.banking.clearing.daily_files import gather_day, keep_day
from comptoir.domain.banking.clearing.keeping import FileRow, content_of, list_files
from comptoir.domain.banking.program.plan import sample_plan
from comptoir.domain.banking.settlement import open_bank as open_with_settlement
from comptoir.domain.banking.settlement import settlement_account
from comptoir.domain.ledger.accounts import account_for
from comptoir.domain.ledger.transfers import post_transfer
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.banking.clearing.bank import Bank, open_bank

MIDNIGHT = datetime(2026, 3, 5, 6, tzinfo=UTC)  # in Chicago


def tell(bank: Bank) -> int:
    """What the worker does: day after day until all are told."""
    told = 0
    while (found := bank.shop.read(gather_day)) is not None:
        told += 1
        bank.do(lambda tx, found=found: keep_day(tx, found))  # type: ignore[misc]
    return told


def files(bank: Bank, kind: str) -> list[tuple[FileRow, list[str]]]:
    return bank.shop.read(
        lambda tx: [
            (row, content_of(tx, row.id).split("\r\n")[:-1]) for row in reversed(list_files(tx, kind=kind))
        ]
    )


def told_first(shop: OpenShop) -> Bank:
    """A bank whose first day was told, at three in the morning of the second."""
    bank = open_bank(shop)
    bank.at(MIDNIGHT + timedelta(hours=3))
    assert tell(bank) == 1
    return bank


def test_the_first_file_tells_of_the_day_that_was_last_over(shop: OpenShop) -> None:
    bank = told_first(shop)
    row, (head, *lines) = files(bank, "transactions")[0]
    assert row.name == "202603050300_POSTEDTRANSACTION.TXT"
    assert (
        head.rstrip() == "H" + "POSTEDTRANSACTION".ljust(20) + "20260304" + "Example1".ljust(50) + "000000001"
    )
    (line,) = lines
    assert {len(head), len(line)} == {160}
    assert (int(line[20:30]), int(line[30:40])) == (bank.account_id, bank.customer_id)
    assert (line[69:83], int(line[83:98]), line[98], line[99:105]) == (
        "20260304101500",
        100_000,
        "C",
        "RSVDEP",
    )
    _, (head, *lines) = files(bank, "balances")[0]
    assert head.startswith("HACCOUNTBALANCE      20260304Example1")
    (line,) = lines
    assert (int(line[1:11]), int(line[11:21]), line[31:47].strip()) == (
        bank.account_id,
        bank.customer_id,
        "Open",
    )
    assert (int(line[47:62]), line[62]) == (100_000, "+")


def test_a_day_is_told_when_it_is_over_and_only_once(shop: OpenShop) -> None:
    bank = told_first(shop)
    bank.pull(50_000, tag="pull")
    bank.later(hours=2)
    bank.run()
    assert tell(bank) == 0
    bank.at(MIDNIGHT + timedelta(days=1, minutes=14))
    assert tell(bank) == 0
    bank.push(4_000)
    bank.later(minutes=1)
    assert tell(bank) == 1
    assert tell(bank) == 0
    row, lines = files(bank, "transactions")[1]
    assert row.effective_on is not None
    assert f"{row.effective_on}" == "2026-03-05"
    assert [(int(line[83:98]), line[98], line[99:105].strip(), line[108:].strip()) for line in lines[1:]] == [
        (50_000, "C", "CPDEP", "pull")
    ]
    assert int(files(bank, "balances")[1][1][1][47:62]) == 150_000


def test_what_came_after_midnight_is_no_part_of_the_day_before(shop: OpenShop) -> None:
    bank = told_first(shop)
    bank.pull(50_000)
    bank.at(MIDNIGHT + timedelta(days=1, hours=1))
    bank.run()
    assert bank.stands()[0] == 150_000
    assert tell(bank) == 1
    assert [len(lines) for _, lines in files(bank, "transactions")] == [2, 1]
    assert int(files(bank, "balances")[1][1][1][47:62]) == 100_000


def test_days_that_were_missed_are_told_one_by_one(shop: OpenShop) -> None:
    bank = told_first(shop)
    bank.later(days=4)
    assert tell(bank) == 4
    days = [f"{row.effective_on}" for row, _ in files(bank, "balances")]
    assert days == [f"2026-03-0{number}" for number in range(4, 9)]


def test_two_that_tell_the_same_day_tell_it_once(shop: OpenShop) -> None:
    bank = told_first(shop)
    bank.later(days=1)
    found = shop.read(gather_day)
    assert found is not None
    assert bank.do(lambda tx: keep_day(tx, found)) == 1
    assert bank.do(lambda tx: keep_day(tx, found)) == 0
    assert len(files(bank, "transactions")) == 2


def test_sales_of_the_shop_are_on_its_settlement_account(shop: OpenShop) -> None:
    bank = open_bank(shop)
    bank.do(lambda tx: open_with_settlement(tx, sample_plan("example1")))

    def sell(tx: Tx, minor: int) -> None:
        income = account_for(tx, code="sales", currency="USD", kind="income")
        post_transfer(
            tx, kind="sale", subject="test", subject_id=minor, currency="USD",
            postings=[(settlement_account(tx), minor), (income, -minor)],
        )  # fmt: skip

    bank.do(lambda tx: sell(tx, 1_299))
    bank.at(MIDNIGHT + timedelta(hours=3))
    tell(bank)
    lines = [line for line in files(bank, "transactions")[0][1][1:] if line[99:105] == "SALDEP"]
    assert [(int(line[83:98]), line[98]) for line in lines] == [(1_299, "C")]
    bank.do(lambda tx: sell(tx, -1_299))


def test_a_shop_without_a_bank_tells_nothing(shop: OpenShop) -> None:
    assert shop.read(gather_day) is None
