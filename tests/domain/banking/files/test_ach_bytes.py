"""ACH files byte by byte, against records that were laid out and added up by hand."""

import pytest

from comptoir.domain.banking.files.ach import CCD, COR, MIXED, AchFile, Answer, totals_of
from comptoir.domain.banking.files.ach_reading import check_file, read_ach
from comptoir.domain.banking.files.ach_writing import write_ach
from tests.domain.banking.files.written import a_batch, a_file, an_entry

FILLER = "9" * 94

# One credit of 125.00 to a checking account, one debit of 40.10 of a savings account, with a note.
# Hash: 02100002 + 01140153 = 03240155. Entries and addenda: 3. Records: 7, so one block of ten.
MIXED_FILE = """\
101 091000080 0910000192611231805A094101FEDERAL RESERVE BANK   COMPTOIR SAMPLE BANK
5200EXAMPLE1                            1912345678PPDTRANSFER  261123261124   1091000010000001
622021000021123456789        00000125002701           Jane Doe                0091000010000001
63701140153300-72-1          00000040102702           John Q Public           1091000010000002
705Rent of November                                                                00010000002
820000000300032401550000000040100000000125001912345678                         091000010000001
9000001000001000000030003240155000000004010000000012500
"""

# Trial deposits: 0.18 and 0.28, and the 0.46 taken back, all as micro-entries.
# Hash: 3 x 12345678 = 37037034. Records: 7.
MICRO_FILE = """\
101 091000080 0910000192611231805A094101FEDERAL RESERVE BANK   COMPTOIR SAMPLE BANK
5200EXAMPLE1                            1912345678CCDACCTVERIFY261123261124   1091000010000001
622123456789000111222        00000000181001           ACME LLC                0091000010000001
622123456789000111222        00000000281001           ACME LLC                0091000010000002
627123456789000111222        00000000461001           ACME LLC                0091000010000003
820000000300370370340000000000460000000000461912345678                         091000010000001
9000001000001000000030037037034000000000046000000000046
"""

# R01 of a debit of 500.00, and a correction of an account number. Hash: 09100001 twice. Records: 10.
ANSWER_FILE = """\
101 091000019 0910000802611241000B094101COMPTOIR SAMPLE BANK   FEDERAL RESERVE BANK
5225EXAMPLE1                            1912345678PPDTRANSFER  261123261124   1123456780000001
626091000019000222221        00000500002701           Jane Doe                1123456780000001
799R01091000010000007      12345678                                            123456780000001
822500000200091000010000000500000000000000001912345678                         123456780000001
5225EXAMPLE1                            1912345678CORTRANSFER  261123261124   1123456780000002
626091000019000980098        00000000002701           Jane Doe                1123456780000002
798C01091000010000008      12345678000980099                                   123456780000002
822500000200091000010000000000000000000000001912345678                         123456780000002
9000002000001000000040018200002000000050000000000000000
"""


def padded(text: str) -> str:
    """The blanks at the ends of lines, and the block filled up."""
    lines = [line.ljust(94) for line in text.splitlines()]
    return "\n".join([*lines, *[FILLER] * (-len(lines) % 10)]) + "\n"


def a_mixed_file() -> AchFile:
    second = an_entry(
        2, transaction_code=37, routing_number="011401533", account_number="00-72-1", amount_minor=4010,
        identification="2702", name="John Q Public", notes=("Rent of November",),
    )  # fmt: skip
    return a_file(a_batch(an_entry(), second))


def a_micro_file() -> AchFile:
    trial = an_entry(
        routing_number="123456789", account_number="000111222", identification="1001", name="ACME LLC"
    )
    entries = [
        trial._replace(transaction_code=code, amount_minor=minor, trace_number=an_entry(number).trace_number)
        for number, (code, minor) in enumerate([(22, 18), (22, 28), (27, 46)], 1)
    ]
    return a_file(a_batch(*entries, entry_class=CCD, description="ACCTVERIFY"))


def an_answer_file() -> AchFile:
    back = an_entry(
        transaction_code=26, routing_number="091000019", account_number="000222221", amount_minor=50000,
        trace_number="123456780000001", answer=Answer("R01", "091000010000007", "12345678"),
    )  # fmt: skip
    corrected = back._replace(
        account_number="000980098", amount_minor=0, trace_number="123456780000002",
        answer=Answer("C01", "091000010000008", "12345678", "000980099"),
    )  # fmt: skip
    return a_file(
        a_batch(back, odfi="12345678"),
        a_batch(corrected, odfi="12345678", number=2, entry_class=COR),
        destination_id="091000019", destination_name="COMPTOIR SAMPLE BANK", origin_id="091000080",
        origin_name="FEDERAL RESERVE BANK", written_at="2611241000", modifier="B",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (a_mixed_file(), MIXED_FILE),
        (a_micro_file(), MICRO_FILE),
        (an_answer_file(), ANSWER_FILE),
    ],
    ids=["mixed", "micro", "answers"],
)
def test_a_file_is_written_as_it_was_laid_out_by_hand_and_read_back(file: AchFile, text: str) -> None:
    expected = padded(text)
    assert write_ach(file).splitlines() == expected.splitlines()
    assert write_ach(file) == expected
    assert read_ach(expected) == file
    assert read_ach(expected.replace("\n", "\r\n")) == file
    assert read_ach(expected.replace("\n", "")) == file
    assert check_file(expected) == []


def test_totals_count_addenda_and_add_up_the_first_eight_digits() -> None:
    totals = totals_of(a_mixed_file().batches[0].entries)
    assert totals == (3, 2_100_002 + 1_140_153, 4010, 12500)
    assert a_mixed_file().batches[0].service_class == MIXED
