"""What an ACH file says (NACHA format): a file holds batches, a batch entries, an entry addenda.

The records of 94 characters are laid out in `ach_writing`, and read again, by rules of their own, in
`ach_reading`: what one of them gets wrong the other notices.
"""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple
from unicodedata import combining, normalize

RECORD_LENGTH = 94
BLOCKING_FACTOR = 10
# What an entry, and the totals of a batch or file, have room for.
AMOUNT_MAX = 10**10 - 1
TOTAL_MAX = 10**12 - 1
HASH_MODULUS = 10**10

PPD, CCD, WEB, TEL, COR = "PPD", "CCD", "WEB", "TEL", "COR"
ENTRY_CLASSES = (PPD, CCD, WEB, TEL, COR)
MIXED, CREDITS_ONLY, DEBITS_ONLY = 200, 220, 225
SERVICE_CLASSES = (MIXED, CREDITS_ONLY, DEBITS_ONLY)
MICRO_ENTRIES = "ACCTVERIFY"

CHECKING, SAVINGS, GENERAL_LEDGER, LOAN = 20, 30, 40, 50
# The last digit of a transaction code, by what it does; the first one says to what kind of account.
RETURN_OF_CREDIT, CREDIT, PRENOTE_OF_CREDIT, ZERO_CREDIT = 1, 2, 3, 4
RETURN_OF_DEBIT, DEBIT, PRENOTE_OF_DEBIT, ZERO_DEBIT = 6, 7, 8, 9
LOAN_DEBIT = 55
_DIGITS = (
    RETURN_OF_CREDIT, CREDIT, PRENOTE_OF_CREDIT, ZERO_CREDIT,
    RETURN_OF_DEBIT, DEBIT, PRENOTE_OF_DEBIT, ZERO_DEBIT,
)  # fmt: skip
TRANSACTION_CODES = frozenset(
    [kind + digit for kind in (CHECKING, SAVINGS, GENERAL_LEDGER) for digit in _DIGITS]
    + [51, 52, 53, 54, LOAN_DEBIT, 56]
)


class Answer(NamedTuple):
    """Addenda 99 or 98: why an entry comes back, or what is to be corrected in it.

    `code` begins with R or C; `original_trace` is the entry that is meant, `original_dfi` where it was sent.
    """

    code: str
    original_trace: str
    original_dfi: str
    information: str = ""
    died_on: date | None = None

    @property
    def is_correction(self) -> bool:
        """Whether it is a notification of change."""
        return self.code.startswith("C")


class Entry(NamedTuple):
    """One credit or debit of one account at another bank."""

    transaction_code: int
    routing_number: str
    account_number: str
    amount_minor: int
    name: str
    trace_number: str
    identification: str = ""
    discretionary: str = ""
    notes: tuple[str, ...] = ()
    answer: Answer | None = None

    @property
    def is_credit(self) -> bool:
        """Whether the receiver gets money, or gives back what it was to get."""
        return self.transaction_code % 10 <= ZERO_CREDIT

    @property
    def addenda_count(self) -> int:
        return len(self.notes) + (self.answer is not None)


class Batch(NamedTuple):
    """Entries of one kind, on one day, of one company."""

    number: int
    entry_class: str
    company_name: str
    company_id: str
    description: str
    odfi: str
    entries: tuple[Entry, ...]
    effective_on: date | None = None
    descriptive_date: str = ""
    discretionary: str = ""
    settlement_day: str = ""
    service_class: int = MIXED


class AchFile(NamedTuple):
    """A whole file; `written_at` is `yyMMddHHmm` by the origin's clock."""

    destination_id: str
    destination_name: str
    origin_id: str
    origin_name: str
    written_at: str
    batches: tuple[Batch, ...]
    modifier: str = "A"
    reference: str = ""


class Totals(NamedTuple):
    """What a control record says of the entries above it."""

    entry_count: int = 0
    entry_hash: int = 0
    debit_minor: int = 0
    credit_minor: int = 0

    def plus(self, other: "Totals") -> "Totals":
        """Both together."""
        return Totals(*(one + two for one, two in zip(self, other, strict=True)))


def totals_of(entries: Iterable[Entry]) -> Totals:
    """Entries with their addenda counted, the first eight digits of routing numbers added up, and amounts."""
    count = hashed = debit = credit = 0
    for entry in entries:
        count += 1 + entry.addenda_count
        hashed += int(entry.routing_number[:8])
        if entry.is_credit:
            credit += entry.amount_minor
        else:
            debit += entry.amount_minor
    return Totals(count, hashed, debit, credit)


def file_totals(file: AchFile) -> Totals:
    """What all batches come to."""
    return totals_of(entry for batch in file.batches for entry in batch.entries)


def service_class_of(entries: Iterable[Entry]) -> int:
    """Credits only, debits only, or both."""
    kinds = {entry.is_credit for entry in entries}
    return MIXED if len(kinds) > 1 else (CREDITS_ONLY if kinds == {True} else DEBITS_ONLY)


def return_code_for(transaction_code: int) -> int:
    """The transaction code under which an entry comes back."""
    digit = RETURN_OF_CREDIT if transaction_code % 10 <= ZERO_CREDIT else RETURN_OF_DEBIT
    return transaction_code // 10 * 10 + digit


def ach_text(text: str, width: int) -> str:
    """A text as a record can hold it: no accents, printable ASCII, one space between words, cut to its room."""
    plain = "".join(letter for letter in normalize("NFKD", text) if not combining(letter))
    kept = "".join(letter if " " <= letter <= "~" else " " for letter in plain)
    return " ".join(kept.split())[:width].rstrip()


def written_at(local: datetime) -> str:
    """The time of a file by the origin's wall clock."""
    return f"{local:%y%m%d%H%M}"
