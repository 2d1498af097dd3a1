from datetime import UTC, datetime

import pytest

from comptoir.domain.banking.clearing.event_files import told_through, write_events_file
from comptoir.domain.banking.clearing.keeping import FileRow, content_of, list_files
from comptoir.domain.banking.files.models import EVENTS
from comptoir.domain.banking.program.queries import program_account_of
from comptoir.domain.events.queries import last_seq
from comptoir.domain.tx import OpenShop
from tests.domain.banking.clearing.bank import Bank, open_bank
from tests.domain.banking.transfers.given import account, reserve


def files(bank: Bank) -> list[tuple[FileRow, list[str]]]:
    """The event files, the oldest first, with their lines."""
    return bank.shop.read(
        lambda tx: [
            (row, content_of(tx, row.id).split("\r\n")[:-1]) for row in reversed(list_files(tx, kind=EVENTS))
        ]
    )


def numbers(lines: list[str]) -> list[int]:
    return [int(line[20:23]) for line in lines[1:]]


def a_quiet_bank(shop: OpenShop) -> Bank:
    bank = open_bank(shop)
    bank.do(write_events_file)
    bank.later(minutes=15)
    return bank


def test_a_row_says_what_happened_to_which_account_at_its_columns(shop: OpenShop) -> None:
    bank = a_quiet_bank(shop)
    pulled = bank.pull(50_000)
    assert bank.do(write_events_file) == 1
    row, (head, line) = files(bank)[-1]
    assert row.name == "202603041030_EVENTNOTIFICATION.TXT"
    assert (
        head
        == f"{'H' + 'EVENTNOTIFICATION'.ljust(20) + '20260304103000' + 'Example1'.ljust(50) + '000000001':<150}"
    )
    assert {len(head), len(line)} == {150}
    assert line[0] == "D"
    assert (line[20:23], line[23:37]) == ("200", "20260304103000")
    assert (int(line[37:47]), int(line[47:57]), int(line[57:67])) == (bank.customer_id, bank.account_id, 0)
    assert int(line[86:105]) == pulled
    assert (int(line[105:120]), line[120], line[121:127], line[127:143].strip()) == (
        50_000, "C", "CPDEP ", "Initiated",
    )  # fmt: skip


def test_what_becomes_of_a_transfer_is_told_as_a_modification(shop: OpenShop) -> None:
    bank = a_quiet_bank(shop)
    bank.push(50_000)
    bank.do(write_events_file)
    bank.later(hours=1)
    bank.run()
    bank.do(write_events_file)
    bank.later(hours=1)
    bank.run()
    bank.do(write_events_file)
    told = [(numbers(lines), [line[127:143].strip() for line in lines[1:]]) for _, lines in files(bank)[1:]]
    assert told == [([202], ["Initiated"]), ([203], ["Pending"]), ([203], ["Settled"])]


def test_a_transfer_between_accounts_has_two_rows_and_one_of_the_reserve_its_own_number(
    shop: OpenShop,
) -> None:
    bank = a_quiet_bank(shop)
    other = bank.do(lambda tx: account(tx, bank.customer_id, name="Savings"))
    bank.ask(bank.account_id, other, 2_500)
    bank.ask(bank.do(reserve), other, 4_000)
    bank.do(write_events_file)
    _, lines = files(bank)[-1]
    assert numbers(lines) == [204, 201, 201, 302, 200]
    assert [line[120] for line in lines[2:]] == ["D", "C", "D", "C"]
    transactions = [int(line[67:86]) for line in lines[2:]]
    assert len(set(transactions)) == 4
    assert bank.shop.read(lambda tx: program_account_of(tx, "ProgramReserve")) == int(lines[4][47:57])


def test_a_file_comes_at_most_every_quarter_of_an_hour_and_never_an_empty_one(shop: OpenShop) -> None:
    bank = a_quiet_bank(shop)
    before = len(files(bank))
    assert bank.do(write_events_file) == 0
    bank.pull(1_000)
    bank.later(minutes=4)
    assert bank.do(write_events_file) == 1
    bank.pull(1_100)
    bank.later(minutes=10)
    assert bank.do(write_events_file) == 0
    bank.later(minutes=1)
    assert bank.do(write_events_file) == 1
    bank.later(minutes=15)
    assert bank.do(write_events_file) == 0
    assert len(files(bank)) == before + 2
    assert bank.shop.read(told_through) == bank.shop.read(last_seq)


def test_a_long_list_is_told_in_several_files_without_a_gap(shop: OpenShop) -> None:
    bank = a_quiet_bank(shop)
    pulled = [bank.pull(1_000 + number) for number in range(7)]
    while bank.do(lambda tx: write_events_file(tx, limit=3)):
        pass
    told = [int(line[86:105]) for _, lines in files(bank)[1:] for line in lines[1:]]
    seqs = [int(line[1:20]) for _, lines in files(bank)[1:] for line in lines[1:]]
    assert told == pulled
    assert seqs == sorted(set(seqs))
    assert [row.entry_count for row, _ in files(bank)[1:]] == [3, 3, 1]


def test_what_a_killed_run_did_not_finish_is_told_by_the_next(shop: OpenShop) -> None:
    bank = a_quiet_bank(shop)
    pulled = bank.pull(1_000)

    class Killed(Exception):
        pass

    def die(tx: object) -> None:
        assert write_events_file(tx) == 1  # type: ignore[arg-type]
        raise Killed

    with pytest.raises(Killed):
        bank.do(die)
    assert bank.do(write_events_file) == 1
    assert bank.do(write_events_file) == 0
    assert [int(line[86:105]) for line in files(bank)[-1][1][1:]] == [pulled]


def test_a_clock_that_is_set_back_does_not_stop_the_files(shop: OpenShop) -> None:
    bank = a_quiet_bank(shop)
    bank.at(datetime(2026, 3, 1, tzinfo=UTC))
    bank.pull(1_000)
    assert bank.do(write_events_file) == 1


def test_a_shop_without_a_bank_writes_none(shop: OpenShop) -> None:
    assert shop.write(write_events_file) == 0
