"""A transfer as an entry of an ACH file: to what kind of account, under which class, with which words."""

from datetime import date, datetime
from typing import Any, NamedTuple

from comptoir.domain.banking.files.ach import (
    AMOUNT_MAX,
    CCD,
    CHECKING,
    CREDIT,
    DEBIT,
    GENERAL_LEDGER,
    LOAN,
    LOAN_DEBIT,
    MICRO_ENTRIES,
    PPD,
    SAVINGS,
    TEL,
    WEB,
    Entry,
    ach_text,
)
from comptoir.domain.banking.files.routing import routing_problem

TRANSFER, REVERSAL = "TRANSFER", "REVERSAL"
TRIALS = frozenset({"VERDEP", "VERWTH"})
# A debit that a person allowed once, not time and again.
SINGLE = "S"
KINDS = {"Savings": SAVINGS, "Business Savings": SAVINGS, "Loan": LOAN, "General Ledger": GENERAL_LEDGER}
# What a transfer that was spelt out for the other bank keeps of its entry.
SPELT_OUT = "ach"
ACCOUNT_WIDTH, NAME_WIDTH, NOTE_WIDTH, IDENTIFICATION_WIDTH = 17, 22, 80, 15


class Waiting(NamedTuple):
    """A transfer that waits to be sent, and the account at the other bank that it concerns."""

    transfer_id: int
    from_id: int | None
    to_id: int | None
    external_account_id: int
    amount_minor: int
    type_code: str
    is_same_day: bool
    settles_on: date | None
    description: str
    details: dict[str, Any]
    created_at: datetime
    external_type: str
    first_name: str
    last_name: str
    business_name: str
    routing_number: str
    account_number: str

    @property
    def is_credit(self) -> bool:
        """Whether the other bank's account gets the money."""
        return self.to_id == self.external_account_id

    @property
    def is_trial(self) -> bool:
        """Whether it is one of the small amounts that prove an account."""
        return self.type_code in TRIALS

    @property
    def asked(self) -> dict[str, Any]:
        """What was asked of the entry, where it was spelt out."""
        return self.details.get(SPELT_OUT) or {}

    @property
    def is_business(self) -> bool:
        return bool(self.business_name) or self.external_type.startswith("Business")


class Kind(NamedTuple):
    """What entries of one batch have in common."""

    entry_class: str
    description: str
    effective_on: date
    descriptive_date: str


def kind_of(waiting: Waiting, effective_on: date, descriptive_date: str) -> Kind:
    """In which batch a transfer belongs."""
    entry_class = waiting.asked.get("entry_class")
    if entry_class is None and waiting.is_business:
        entry_class = CCD
    if entry_class is None or (entry_class == TEL and waiting.is_credit):
        # Nobody can be promised money by telephone under the rules, but it can be paid.
        entry_class = PPD if waiting.is_credit or waiting.is_trial else WEB
    description = TRANSFER
    if waiting.is_trial:
        description = MICRO_ENTRIES
    elif waiting.asked.get("is_reversal"):
        description = REVERSAL
    return Kind(entry_class, description, effective_on, descriptive_date)


def entry_of(waiting: Waiting, kind: Kind, trace_number: str) -> Entry:
    """The entry of a transfer that can be sent."""
    note = "" if waiting.is_trial else ach_text(waiting.description, NOTE_WIDTH)
    holder = waiting.business_name or f"{waiting.first_name} {waiting.last_name}"
    return Entry(
        transaction_code=transaction_code(waiting),
        routing_number=waiting.routing_number,
        account_number=ach_text(waiting.account_number, ACCOUNT_WIDTH),
        amount_minor=waiting.amount_minor,
        name=ach_text(holder, NAME_WIDTH),
        trace_number=trace_number,
        identification=str(waiting.transfer_id)[-IDENTIFICATION_WIDTH:],
        discretionary=SINGLE if kind.entry_class in {WEB, TEL} else "",
        notes=(note,) if note else (),
    )


def transaction_code(waiting: Waiting) -> int:
    """What is to be done to which kind of account."""
    kind = KINDS.get(waiting.asked.get("receiver_type") or waiting.external_type, CHECKING)
    if kind == LOAN and not waiting.is_credit:
        return LOAN_DEBIT
    return kind + (CREDIT if waiting.is_credit else DEBIT)


def why_not(waiting: Waiting) -> str | None:
    """The code of a return under which our own bank sends a transfer back before it has left, if it must."""
    if routing_problem(waiting.routing_number):
        return "R28"
    account_number = ach_text(waiting.account_number, ACCOUNT_WIDTH)
    if not account_number or account_number != waiting.account_number:
        return "R04"
    if waiting.amount_minor > AMOUNT_MAX:
        return "R19"
    if transaction_code(waiting) == LOAN_DEBIT and not waiting.asked.get("is_reversal"):
        return "R20"
    return None
