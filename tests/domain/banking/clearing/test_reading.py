"""Files of other banks: what they return and correct, and what they send to accounts here."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import bindparam, select

from comptoir.domain.banking.accounts.models import BankAccount
from comptoir.domain.banking.clearing.keeping import list_files
from comptoir.domain.banking.clearing.reading import Outcome, read_file
from comptoir.domain.banking.external.queries import get_external_account
from comptoir.domain.banking.files.ach import COR, AchFile, Answer, Batch, Entry, service_class_of
from comptoir.domain.banking.files.ach_writing import write_ach
from comptoir.domain.banking.files.errors import FileMalformed
from comptoir.domain.banking.movements.models import BankTransfer
from comptoir.domain.banking.program.errors import NoProgram
from comptoir.domain.tx import OpenShop
from tests.domain.banking.clearing.bank import Bank, open_bank
from tests.domain.banking.files.written import a_batch, a_file, an_entry

REAL = ("simulated_bank = true", "simulated_bank = false")
FRB = "09100008"
NUMBER = select(BankAccount.account_number).where(BankAccount.account_id == bindparam("account_id"))
OF_TYPE = select(BankTransfer.transfer_id, BankTransfer.description, BankTransfer.status).where(
    BankTransfer.type_code == bindparam("type_code")
)


def a_bank(shop: OpenShop) -> Bank:
    return open_bank(shop, REAL)


def for_us(*batches: Batch, **changes: Any) -> AchFile:
    values = {"destination_id": "091000019", "origin_id": "091000080"} | changes
    return a_file(*batches, **values)


def the_return(
    bank: Bank, transfer_id: int, code: str, minor: int, *, number: int = 1, **changes: Any
) -> Batch:
    entry = an_entry(
        transaction_code=changes.pop("transaction_code", 26), routing_number="091000019",
        amount_minor=minor, trace_number=f"{FRB}{number:07}",
        answer=Answer(code, bank.trace(transfer_id), "09100001", **changes),
    )  # fmt: skip
    return a_batch(entry, number=number, odfi=FRB)


def the_correction(bank: Bank, transfer_id: int, code: str, words: str) -> Batch:
    batch = the_return(bank, transfer_id, code, 0, information=words)
    return batch._replace(entry_class=COR)


def read(bank: Bank, *batches: Batch, **changes: Any) -> Outcome:
    content = write_ach(for_us(*batches, **changes))
    return bank.do(lambda tx: read_file(tx, content))


def sent(bank: Bank, minor: int = 50_000) -> int:
    """A transfer in a file."""
    pulled = bank.pull(minor)
    bank.later(hours=1)
    bank.run()
    assert bank.status(pulled) == "Pending"
    return pulled


def test_a_return_of_what_waits_makes_it_void(shop: OpenShop) -> None:
    bank = a_bank(shop)
    pulled = sent(bank)
    outcome = read(bank, the_return(bank, pulled, "R01", 50_000))
    assert (outcome.returned, outcome.problems, outcome.is_new) == (1, (), True)
    assert bank.state(pulled)[:2] == ("Voided", "R01")
    assert bank.stands() == (100_000, 100_000, 0)


def test_a_return_of_what_has_settled_moves_it_back_by_force(shop: OpenShop) -> None:
    bank = a_bank(shop)
    pulled = sent(bank)
    bank.later(hours=1)
    bank.run()
    bank.push(140_000)
    outcome = read(bank, the_return(bank, pulled, "R10", 50_000, information="not allowed"))
    assert outcome.returned == 1
    assert bank.stands() == (100_000, -40_000, 0)
    assert bank.books()[0] == 0
    ((_, description, status),) = shop.read(lambda tx: tx.all(OF_TYPE, type_code="RTNWTH"))
    assert (description, status) == ("not allowed", "Settled")


def test_the_same_file_twice_changes_nothing(shop: OpenShop) -> None:
    bank = a_bank(shop)
    pulled = sent(bank)
    bank.later(hours=1)
    bank.run()
    content = write_ach(for_us(the_return(bank, pulled, "R10", 50_000)))
    first = bank.do(lambda tx: read_file(tx, content))
    again = bank.do(lambda tx: read_file(tx, content))
    assert again == first._replace(is_new=False)
    assert bank.stands()[0] == 100_000
    assert len(shop.read(lambda tx: list_files(tx, kind="ach_returns"))) == 1


def test_what_was_returned_before_or_was_never_sent_is_told_and_not_guessed(shop: OpenShop) -> None:
    bank = a_bank(shop)
    pulled, other = sent(bank), sent(bank, 7_000)
    unknown = an_entry(
        transaction_code=26, routing_number="091000019", trace_number=f"{FRB}0000003",
        answer=Answer("R02", "091000010009999", "09100001"),
    )  # fmt: skip
    read(bank, the_return(bank, pulled, "R01", 50_000))
    outcome = read(
        bank,
        the_return(bank, pulled, "R02", 50_000, number=1),
        the_return(bank, other, "R02", 7_001, number=2),
        a_batch(unknown, number=3, odfi=FRB),
    )
    assert outcome.returned == 0
    assert len(outcome.problems) == 3
    assert "returned" in outcome.problems[0]
    assert outcome.problems[1].endswith("is of another amount")
    assert outcome.problems[2].endswith("091000010009999, which was not sent")
    assert bank.state(pulled)[:2] == ("Settled", "R01")
    assert bank.status(other) == "Pending"


@pytest.mark.parametrize(
    ("code", "words", "after"),
    [
        ("C01", "400200", ("091000019", "400200", "Checking")),
        ("C02", "021000021", ("021000021", "400100", "Checking")),
        ("C03", "021000021   400200", ("021000021", "400200", "Checking")),
        ("C05", "37", ("091000019", "400100", "Savings")),
        ("C06", "400200              37", ("091000019", "400200", "Savings")),
        ("C07", "021000021400200           37", ("021000021", "400200", "Savings")),
        ("C04", "ADA BYRON", ("091000019", "400100", "Checking")),
        ("C02", "021000020", ("091000019", "400100", "Checking")),
        ("C05", "97", ("091000019", "400100", "Checking")),
        ("C07", "021000021400200", ("091000019", "400100", "Checking")),
    ],
)
def test_a_correction_is_written_to_the_external_account(
    shop: OpenShop, code: str, words: str, after: tuple[str, str, str]
) -> None:
    bank = a_bank(shop)
    outcome = read(bank, the_correction(bank, sent(bank), code, words))
    row = shop.read(lambda tx: get_external_account(tx, bank.external_id))
    assert (row.routing_number, row.account_number, row.type) == after
    assert row.noc_code == code
    assert outcome.corrected == 1
    is_taken = after != ("091000019", "400100", "Checking")
    assert bool(outcome.problems) is not is_taken


def test_the_bank_of_a_corrected_routing_number_has_its_name(shop: OpenShop) -> None:
    bank = a_bank(shop)
    read(bank, the_correction(bank, sent(bank), "C02", "021000021"))
    assert (
        shop.read(lambda tx: get_external_account(tx, bank.external_id)).name == "JPMorgan Chase Bank, N.A."
    )


def an_incoming(bank: Bank, *entries: Entry, **changes: Any) -> Batch:
    numbered = [
        entry._replace(trace_number=f"02100002{number:07}", routing_number="091000019")
        for number, entry in enumerate(entries, 1)
    ]
    return a_batch(
        *numbered, odfi="02100002", company_name="ACME PAYROLL", description="SALARY",
        effective_on=date(2026, 3, 4), **changes,
    )  # fmt: skip


def number_of(bank: Bank) -> str:
    return str(bank.shop.read(lambda tx: tx.value(NUMBER, account_id=bank.account_id)))


def test_entries_for_accounts_here_are_posted(shop: OpenShop) -> None:
    bank = a_bank(shop)
    number = number_of(bank)
    salary = an_entry(account_number=number, amount_minor=200_000, identification="EMP 7", notes=("March",))
    bill = an_entry(account_number=number, transaction_code=27, amount_minor=30_000)
    prenote = an_entry(account_number=number, transaction_code=23, amount_minor=0)
    outcome = read(bank, an_incoming(bank, salary, bill, prenote))
    assert (outcome.posted, outcome.sent_back, outcome.problems) == (3, 0, ())
    assert bank.stands() == (270_000, 270_000, 0)
    ((_, description, status),) = shop.read(lambda tx: tx.all(OF_TYPE, type_code="UNKDEP"))
    assert (description, status) == ("ACME PAYROLL SALARY EMP 7 March", "Settled")
    assert len(shop.read(lambda tx: tx.all(OF_TYPE, type_code="UNKWTH"))) == 1
    assert bank.books()[0] == 0
    assert bank.files() == []


def test_what_is_to_come_on_a_later_day_is_pending_until_then(shop: OpenShop) -> None:
    bank = a_bank(shop)
    salary = an_entry(account_number=number_of(bank), amount_minor=200_000)
    read(bank, an_incoming(bank, salary)._replace(effective_on=date(2026, 3, 6)))
    assert bank.stands() == (100_000, 100_000, 200_000)
    bank.later(days=1)
    assert bank.run() == (0, 0)
    bank.later(days=1)
    assert bank.run() == (0, 1)
    assert bank.stands() == (300_000, 300_000, 0)


def test_what_cannot_be_posted_goes_back_in_a_file_of_its_own(shop: OpenShop) -> None:
    bank = a_bank(shop)
    number = number_of(bank)
    fine = an_entry(account_number=number, amount_minor=1_000)
    too_much = an_entry(account_number=number, transaction_code=27, amount_minor=500_000, name="Ada")
    nobody = an_entry(account_number="000000", amount_minor=2_000)
    outcome = read(bank, an_incoming(bank, fine, too_much, nobody))
    assert (outcome.posted, outcome.sent_back) == (1, 2)
    assert bank.stands() == (101_000, 101_000, 0)
    (back,) = bank.files()
    assert (back.destination_id, back.origin_id) == ("091000080", "091000019")
    codes = [(b.odfi, e.transaction_code, e.routing_number, e.amount_minor, e.answer)
             for b in back.batches for e in b.entries]  # fmt: skip
    assert codes == [
        ("09100001", 26, "021000021", 500_000, Answer("R01", "021000020000002", "09100001")),
        ("09100001", 21, "021000021", 2_000, Answer("R03", "021000020000003", "09100001")),
    ]
    bank.later(hours=3)
    assert bank.run() == (0, 0)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"status": "Closed"}, "R02"),
        ({"status": "PendingClosed"}, "R16"),
        ({"lock_type": "SYS", "lock_reason": "FRZ"}, "R16"),
    ],
)
def test_accounts_that_take_nothing_send_it_back(shop: OpenShop, changes: dict[str, str], code: str) -> None:
    bank = a_bank(shop)
    number = number_of(bank)

    bank.do(lambda tx: tx.update(BankAccount, bank.account_id, **changes))
    outcome = read(bank, an_incoming(bank, an_entry(account_number=number, amount_minor=1_000)))
    assert outcome.sent_back == 1
    (back,) = bank.files()
    answer = back.batches[0].entries[0].answer
    assert answer is not None
    assert answer.code == code
    open_again = {"status": "Open", "lock_type": "UNL", "lock_reason": ""}
    bank.do(lambda tx: tx.update(BankAccount, bank.account_id, **open_again))


def test_a_file_is_read_whole_or_not_at_all(shop: OpenShop) -> None:
    bank = a_bank(shop)
    pulled = sent(bank)
    good = write_ach(for_us(the_return(bank, pulled, "R01", 50_000)))
    lines = good.splitlines()
    lines[4] = lines[4][:-1] + "9"
    for content in ("", "hello", "\n".join(lines), good[:-96], good.replace("R01", "R00")):
        with pytest.raises(FileMalformed):
            bank.do(lambda tx, content=content: read_file(tx, content))  # type: ignore[misc]
    with pytest.raises(FileMalformed, match="it is for 071000301, not for this bank"):
        read(bank, the_return(bank, pulled, "R01", 50_000), destination_id="071000301")
    assert bank.status(pulled) == "Pending"
    assert shop.read(lambda tx: list_files(tx, kind="ach_returns")) == []


def test_a_shop_without_a_bank_reads_nothing(shop: OpenShop) -> None:
    content = write_ach(for_us(a_batch(an_entry())))
    with pytest.raises(NoProgram):
        shop.write(lambda tx: read_file(tx, content))
    assert service_class_of([an_entry()]) == 220
