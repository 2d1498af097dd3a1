from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from comptoir.domain.banking.clearing.keeping import list_files
from comptoir.domain.banking.clearing.settling import settle_due
from comptoir.domain.banking.clearing.submitting import submit_files
from comptoir.domain.banking.external.checking import Details
from comptoir.domain.banking.external.opening import initiate_external_account
from comptoir.domain.banking.files.ach import AMOUNT_MAX, Batch
from comptoir.domain.banking.movements.chart import IN_TRANSIT
from comptoir.domain.banking.movements.models import BankTransfer
from comptoir.domain.banking.movements.moving import Movement, move_money
from comptoir.domain.banking.transfers.originating import Entry as Asked
from comptoir.domain.banking.transfers.originating import originate
from comptoir.domain.banking.transfers.rules import TransferOrder
from comptoir.domain.banking.transfers.voiding import void_transfer_of
from comptoir.domain.tx import OpenShop
from tests.domain.banking.clearing.bank import Bank, open_bank

ZONE = ZoneInfo("America/Chicago")
REAL = ("simulated_bank = true", "simulated_bank = false")


def batches(bank: Bank) -> list[Batch]:
    return [batch for file in bank.files() for batch in file.batches]


def test_batches_are_by_class_and_entries_by_kind_of_account(shop: OpenShop) -> None:
    bank = open_bank(shop)
    savings = bank.elsewhere("777", type="Savings")
    firm = bank.elsewhere("888", type="Business Checking", business_name="Acme Tools LLC")
    loan = bank.elsewhere("999", type="Loan")
    made = [
        bank.pull(10_000), bank.pull(20_000, savings), bank.push(3_000, savings), bank.push(4_000, firm),
        bank.pull(5_000, firm), bank.push(600, loan),
    ]  # fmt: skip
    bank.later(hours=1)
    assert bank.do(submit_files) == 6
    told = [
        (
            batch.entry_class,
            batch.service_class,
            [(e.transaction_code, e.amount_minor) for e in batch.entries],
        )
        for batch in batches(bank)
    ]
    assert told == [
        ("CCD", 200, [(22, 4_000), (27, 5_000)]),
        ("PPD", 220, [(32, 3_000), (52, 600)]),
        ("WEB", 225, [(27, 10_000), (37, 20_000)]),
    ]
    web = batches(bank)[2].entries[0]
    assert (web.name, web.discretionary, web.identification) == ("Ada Lovelace", "S", str(made[0]))
    assert batches(bank)[0].entries[0].name == "Acme Tools LLC"
    traces = [entry.trace_number for entry in bank.entries()]
    assert traces == [f"09100001{number:07}" for number in range(1, 7)]
    assert sorted(bank.trace(one) for one in made) == traces


def test_the_file_is_kept_with_its_totals_and_names(shop: OpenShop) -> None:
    bank = open_bank(shop)
    bank.pull(10_000, description="Rent of März")
    bank.push(2_500)
    bank.later(hours=1)
    bank.do(submit_files)
    (row,) = shop.read(list_files)
    (file,) = bank.files()
    assert row.name == f"202603041115_ACH_{row.id}.TXT"
    assert (row.kind, row.state, row.entry_count) == ("ach_out", "written", 3)
    assert (row.debit_minor, row.credit_minor, row.effective_on) == (10_000, 2_500, date(2026, 3, 4))
    assert (file.origin_name, file.destination_name) == ("COMPTOIR SAMPLE BANK", "FEDERAL RESERVE BANK")
    assert (file.written_at, file.modifier) == ("2603041115", "A")
    assert bank.entries()[1].notes == ("Rent of Marz",)


def test_trial_deposits_go_as_micro_entries_together(shop: OpenShop) -> None:
    bank = open_bank(shop)
    details = Details(
        type="Checking", account_number="123", routing_number="123456789", first_name="Ada",
        last_name="Lovelace",
    )  # fmt: skip
    bank.pull(10_000)
    bank.do(lambda tx: initiate_external_account(tx, customer_id=bank.customer_id, details=details))
    bank.later(hours=1)
    assert bank.do(lambda tx: submit_files(tx, limit=3)) == 1
    assert bank.do(lambda tx: submit_files(tx, limit=3)) == 3
    batch = bank.files()[1].batches[0]
    assert (batch.description, batch.entry_class, batch.service_class) == ("ACCTVERIFY", "PPD", 200)
    assert [(e.transaction_code, e.amount_minor, e.notes) for e in batch.entries] == [
        (22, 18, ()), (22, 28, ()), (27, 46, ()),
    ]  # fmt: skip
    bank.later(hours=1)
    assert bank.do(settle_due) == 4
    assert bank.stands() == (110_000, 110_000, 0)


def test_what_was_spelt_out_is_sent_as_it_was_asked(shop: OpenShop) -> None:
    bank = open_bank(shop)
    loan = bank.elsewhere("999", type="Loan")

    def entry(to_id: int, minor: int, **asked: Any) -> None:
        order = TransferOrder(bank.customer_id, bank.account_id, to_id, minor)
        bank.do(lambda tx: originate(tx, order=order, entry=Asked(**asked)))

    entry(bank.external_id, 1_100, direction="Debit", entry_class="TEL")
    entry(bank.external_id, 1_200, direction="Credit", entry_class="TEL")
    entry(bank.external_id, 1_300, direction="Credit", entry_class="CCD", receiver_type="General Ledger")
    entry(loan, 1_400, direction="Debit", is_reversal=True, receiver_type="Loan")
    bank.later(hours=1)
    assert bank.do(submit_files) == 4
    told = {
        entry.amount_minor: (
            batch.entry_class,
            batch.description,
            entry.transaction_code,
            entry.discretionary,
        )
        for batch in batches(bank)
        for entry in batch.entries
    }
    assert told == {
        1_100: ("TEL", "TRANSFER", 27, "S"),
        1_200: ("PPD", "TRANSFER", 22, ""),
        1_300: ("CCD", "TRANSFER", 42, ""),
        1_400: ("PPD", "REVERSAL", 55, ""),
    }


def test_what_is_to_settle_on_a_later_day_is_sent_the_bank_day_before(shop: OpenShop) -> None:
    bank = open_bank(shop, REAL, is_sandbox=False)
    order = TransferOrder(bank.customer_id, bank.account_id, bank.external_id, 1_000)
    asked = Asked(direction="Credit", effective_on=date(2026, 3, 16))
    bank.do(lambda tx: originate(tx, order=order, entry=asked))
    sent = []
    for _ in range(13):
        bank.later(days=1)
        if bank.run()[0]:
            sent.append(bank.shop.system().date())
    assert sent == [date(2026, 3, 13)]
    assert batches(bank)[0].effective_on == date(2026, 3, 16)
    assert bank.stands() == (99_000, 99_000, 0)


def test_what_waits_or_is_void_is_not_sent(shop: OpenShop) -> None:
    bank = open_bank(shop)
    voided, delayed, sent = bank.push(1_000, tag="away"), bank.push(2_000), bank.push(3_000)
    bank.do(lambda tx: void_transfer_of(tx, customer_id=bank.customer_id, tag="away"))
    bank.do(lambda tx: tx.update(BankTransfer, delayed, status="Delayed"))
    bank.later(hours=1)
    assert bank.do(submit_files) == 1
    assert [bank.status(one) for one in (voided, delayed, sent)] == ["Voided", "Delayed", "Pending"]


def test_what_cannot_be_sent_comes_back_before_it_has_left(shop: OpenShop) -> None:
    bank = open_bank(shop)
    loan = bank.elsewhere("999", type="Loan")
    odd = bank.elsewhere("12-34")
    of_a_loan, fine = bank.pull(1_000, loan), bank.pull(2_000, odd)
    giant = bank.do(
        lambda tx: move_money(
            tx,
            Movement(
                AMOUNT_MAX + 1, IN_TRANSIT, bank.account_id, "CPDEP", status="Initiated",
                from_id=bank.external_id, external_account_id=bank.external_id,
            ),
        )
    ).transfer_id  # fmt: skip
    bank.later(hours=1)
    assert bank.do(submit_files) == 3
    assert bank.state(of_a_loan)[:2] == ("Voided", "R20")
    assert bank.state(giant)[:2] == ("Voided", "R19")
    assert bank.state(fine)[:2] == ("Pending", "")


def test_more_than_totals_have_room_for_goes_into_the_next_file(shop: OpenShop) -> None:
    bank = open_bank(shop)

    def announce(count: int) -> None:
        for _ in range(count):
            bank.do(
                lambda tx: move_money(
                    tx,
                    Movement(
                        AMOUNT_MAX, IN_TRANSIT, bank.account_id, "CPDEP", status="Initiated",
                        from_id=bank.external_id, external_account_id=bank.external_id,
                    ),
                )
            )  # fmt: skip

    announce(102)
    bank.later(hours=1)
    assert bank.do(submit_files) == 100
    assert bank.do(submit_files) == 2
    assert bank.do(submit_files) == 0
    assert [file.modifier for file in bank.files()] == ["A", "B"]


def test_a_balanced_file_gives_as_much_as_it_takes(shop: OpenShop) -> None:
    bank = open_bank(shop, ('company_id = "1912345678"', 'company_id = "1912345678"\nbalanced = true'))
    bank.pull(10_000)
    bank.push(2_500)
    bank.later(hours=1)
    bank.do(submit_files)
    credit, debit = batches(bank)
    assert [(e.transaction_code, e.amount_minor) for e in credit.entries] == [(22, 2_500), (27, 2_500)]
    assert [(e.transaction_code, e.amount_minor) for e in debit.entries] == [(27, 10_000), (22, 10_000)]
    assert {credit.service_class, debit.service_class} == {200}
    assert debit.entries[1].account_number == "4000123456"
    bank.later(hours=1)
    assert bank.do(settle_due) == 2


def test_trace_numbers_begin_again_after_ten_million(shop: OpenShop) -> None:
    bank = open_bank(shop)
    bank.do(lambda tx: tx.ids.reach("ach_trace", 9_999_998))
    made = [bank.pull(1_000 + number) for number in range(3)]
    bank.later(hours=1)
    assert bank.do(submit_files) == 3
    numbers = [int(bank.trace(one)[8:]) for one in made]
    assert numbers == sorted(numbers)
    assert numbers[0] < 10


def test_without_nacha_nothing_is_written(shop: OpenShop) -> None:
    bank = open_bank(shop, ("nacha = true", "nacha = false"))
    pulled = bank.pull(10_000)
    assert bank.status(pulled) == "Settled"
    bank.later(hours=2)
    assert bank.run() == (0, 0)


def test_a_shop_without_a_bank_has_nothing_to_do(shop: OpenShop) -> None:
    assert shop.write(submit_files) == 0
    assert shop.write(settle_due) == 0


@pytest.mark.parametrize(
    ("asked", "sent", "effective", "settled"),
    [
        ("2026-03-04T16:15", "2026-03-05", "2026-03-06", "2026-03-06"),  # a Wednesday
        ("2026-03-05T16:15", "2026-03-06", "2026-03-09", "2026-03-09"),  # over the weekend
        ("2026-03-07T16:15", "2026-03-09", "2026-03-10", "2026-03-10"),  # a Saturday
        ("2026-05-21T16:15", "2026-05-22", "2026-05-26", "2026-05-26"),  # over Memorial Day
        ("2026-11-24T16:15", "2026-11-25", "2026-11-27", "2026-11-27"),  # over Thanksgiving
        ("2026-07-01T16:15", "2026-07-02", "2026-07-03", "2026-07-03"),  # 4 July is a Saturday
        ("2026-03-05T05:30", "2026-03-05", "2026-03-06", "2026-03-06"),  # late on Wednesday, at the bank
    ],
)
def test_outside_of_a_sandbox_days_are_bank_days(
    shop: OpenShop, asked: str, sent: str, effective: str, settled: str
) -> None:
    bank = open_bank(shop, REAL, is_sandbox=False)
    bank.at(datetime.fromisoformat(asked).replace(tzinfo=UTC))
    pulled = bank.pull(10_000)
    days: dict[str, str] = {}
    for _ in range(24 * 8):
        bank.later(hours=1)
        bank.run()
        local = bank.shop.system().astimezone(ZONE).date().isoformat()
        days.setdefault(bank.status(pulled), local)
    assert (days["Pending"], days["Settled"]) == (sent, settled)
    assert batches(bank)[0].effective_on == date.fromisoformat(effective)
    assert bank.stands() == (110_000, 110_000, 0)
    assert bank.books()[0] == 0


def test_what_is_to_settle_today_is_sent_in_the_next_hour_and_says_so(shop: OpenShop) -> None:
    bank = open_bank(shop, REAL, is_sandbox=False)
    bank.at(datetime(2026, 3, 4, 14, 30, tzinfo=UTC))  # 8:30 in Chicago, 9:30 in New York
    pulled = bank.pull(10_000, is_same_day=True)
    bank.later(minutes=30)
    assert bank.run() == (1, 0)
    (batch,) = batches(bank)
    assert (batch.descriptive_date, batch.effective_on) == ("SD1300", date(2026, 3, 4))
    bank.later(hours=1)
    assert bank.run() == (0, 1)
    assert bank.status(pulled) == "Settled"


def test_a_late_same_day_transfer_asks_for_a_later_window(shop: OpenShop) -> None:
    bank = open_bank(shop, REAL, is_sandbox=False)
    bank.at(datetime(2026, 3, 4, 17, 30, tzinfo=UTC))  # 12:30 in New York
    bank.pull(10_000, is_same_day=True)
    bank.later(minutes=30)
    bank.run()
    assert batches(bank)[0].descriptive_date == "SD1700"


def test_a_deposit_waits_until_it_is_available(shop: OpenShop) -> None:
    bank = open_bank(
        shop, REAL, ("same_day_deadline", "deposit_available_days = 2\nsame_day_deadline"), is_sandbox=False
    )  # fmt: skip
    pulled, pushed = bank.pull(50_000), bank.push(10_000)
    bank.later(days=1)
    bank.run()
    bank.later(days=1)
    assert bank.run() == (0, 2)
    assert (bank.status(pulled), bank.status(pushed)) == ("Settled", "Settled")
    assert bank.stands() == (140_000, 90_000, 0)


def test_the_worker_that_was_away_sends_later_and_settles_later(shop: OpenShop) -> None:
    bank = open_bank(shop, REAL, is_sandbox=False)
    pulled = bank.pull(10_000)
    bank.later(days=6)  # the Tuesday after
    assert bank.run() == (1, 0)
    assert batches(bank)[0].effective_on == date(2026, 3, 11)
    bank.later(days=1)
    assert bank.run() == (0, 1)
    assert bank.status(pulled) == "Settled"
