"""Whole files, from transfers to bytes, against what was laid out and added up by hand."""

from datetime import timedelta

from comptoir.domain.banking.clearing.keeping import content_of, list_files
from comptoir.domain.banking.clearing.submitting import submit_files
from comptoir.domain.banking.external.checking import Details
from comptoir.domain.banking.external.opening import initiate_external_account
from comptoir.domain.tx import OpenShop
from tests.domain.banking.clearing.bank import MORNING, Bank, open_bank

FILLER = "9" * 94

# Sent on Wednesday, 4 March 2026, at 11:15 in Chicago, to settle the same day. Two credits to people, 25.00 and 6.00
# (hash 09100001 + 09100001), one debit of a firm of 1,234.56 (09100001) and one of a person of 500.00 with words
# (09100001): hash of the file 36400004, entries and addenda 5, records 15 and so two blocks of ten.
FILE = """\
101 091000080 0910000192603041115A094101FEDERAL RESERVE BANK   COMPTOIR SAMPLE BANK
5225EXAMPLE1                            1912345678CCDTRANSFER  260304260304   1091000010000001
627091000019888              0000123456{firm:<15}Acme Tools LLC          0091000010000001
82250000010009100001000000123456000000000000{company}                         091000010000001
5220EXAMPLE1                            1912345678PPDTRANSFER  260304260304   1091000010000002
622091000019400100           0000002500{first:<15}Ada Lovelace            0091000010000002
632091000019777              0000000600{second:<15}Ada Lovelace            0091000010000003
82200000020018200002000000000000000000003100{company}                         091000010000002
5225EXAMPLE1                            1912345678WEBTRANSFER  260304260304   1091000010000003
627091000019400100           0000050000{person:<15}Ada Lovelace          S 1091000010000004
705Rent of March                                                                   00010000004
82250000020009100001000000050000000000000000{company}                         091000010000003
9000003000002000000050036400004000000173456000000003100
"""

# The two trial deposits of a sandbox and the debit that takes both back (hash 3 x 12345678), records 8.
MICRO_FILE = """\
101 091000080 0910000192603041115A094101FEDERAL RESERVE BANK   COMPTOIR SAMPLE BANK
5200EXAMPLE1                            1912345678PPDACCTVERIFY260304260304   1091000010000001
62212345678912345            0000000018{one:<15}Ada Lovelace            0091000010000001
62212345678912345            0000000028{two:<15}Ada Lovelace            0091000010000002
62712345678912345            0000000046{three:<15}Ada Lovelace            0091000010000003
82000000030037037034000000000046000000000046{company}                         091000010000001
9000001000001000000030037037034000000000046000000000046
"""


def padded(text: str) -> str:
    """The blanks at the ends of lines, and the last block filled up."""
    lines = [line.ljust(94) for line in text.splitlines()]
    return "\n".join([*lines, *[FILLER] * (-len(lines) % 10)]) + "\n"


def sent(bank: Bank) -> str:
    bank.at(MORNING + timedelta(hours=1))
    bank.do(submit_files)
    return bank.shop.read(lambda tx: content_of(tx, list_files(tx)[0].id))


def test_transfers_become_exactly_these_bytes(shop: OpenShop) -> None:
    bank = open_bank(shop)
    savings = bank.elsewhere("777", type="Savings")
    firm = bank.elsewhere("888", type="Business Checking", business_name="Acme Tools LLC")
    numbers = {
        "person": bank.pull(50_000, description="Rent of March"),
        "first": bank.push(2_500),
        "firm": bank.pull(123_456, firm),
        "second": bank.push(600, savings),
    }
    expected = padded(FILE.format(**numbers, company="1912345678"))
    assert sent(bank).splitlines() == expected.splitlines()
    assert sent(bank) == expected


def test_trial_deposits_become_exactly_these_bytes(shop: OpenShop) -> None:
    bank = open_bank(shop)
    details = Details(
        type="Checking", account_number="12345", routing_number="123456789", first_name="Ada",
        last_name="Lovelace",
    )  # fmt: skip
    bank.do(lambda tx: initiate_external_account(tx, customer_id=bank.customer_id, details=details))
    text = sent(bank)
    first = int(text.splitlines()[2][39:54])
    names = dict(zip(("one", "two", "three"), range(first, first + 3), strict=True))
    expected = padded(MICRO_FILE.format(**names, company="1912345678"))
    assert text.splitlines() == expected.splitlines()
