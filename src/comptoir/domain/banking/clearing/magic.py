"""What the simulated bank answers, and to which entries: by the last digits of the account, or by the amount.

An account number that ends in `00NN` is answered with the return code RNN, one that ends in `098N` with the
correction C0N; an amount of 1,099.NN with RNN. Codes that only make sense for debits leave credits alone, and
the other way round. All else is taken as it is. docs/how-to/bank-files.md shows the table to people.
"""

from typing import NamedTuple

from comptoir.domain.banking.clearing.corrections import ACCOUNT, CODE, PARTS, ROUTING, Corrected
from comptoir.domain.banking.files.ach import CHECKING, SAVINGS, Entry

# Which codes are known, for debits and for credits.
OF_DEBITS = frozenset("R01 R05 R07 R08 R09 R10 R11 R29".split())
OF_CREDITS = frozenset(["R23"])
OF_BOTH = frozenset("R02 R03 R04 R12 R14 R15 R16 R17 R20 R24".split())
# What the account's holder says comes when all has settled.
LATE = frozenset("R05 R07 R10 R11 R29".split())

ENDING = 4
MAGIC_HUNDREDS, HUNDRED = 1099, 100
MOVED_ROUTING = "021000021"


class Magic(NamedTuple):
    """The code that answers an entry."""

    code: str

    @property
    def is_correction(self) -> bool:
        return self.code.startswith("C")

    @property
    def is_late(self) -> bool:
        """Whether it comes after the entry has settled."""
        return self.code in LATE


def magic_of(entry: Entry) -> Magic | None:
    """What the simulated bank answers to an entry, if anything."""
    ending = entry.account_number[-ENDING:]
    if len(ending) == ENDING and ending.isdigit():
        if ending.startswith("00"):
            return _return(f"R{ending[2:]}", entry)
        if ending.startswith("098"):
            return _correction(f"C0{ending[3:]}", entry)
    hundreds, cents = divmod(entry.amount_minor, HUNDRED)
    return _return(f"R{cents:02}", entry) if hundreds == MAGIC_HUNDREDS else None


def correction_of(code: str, entry: Entry) -> Corrected:
    """What is right instead: a number that is not magical, another bank, the other kind of account."""
    parts = PARTS[code]
    other = CHECKING if _is_savings(entry) else SAVINGS
    return Corrected(
        MOVED_ROUTING if ROUTING in parts else None,
        f"{entry.account_number[:-ENDING]}1{entry.account_number[-ENDING + 1 :]}"
        if ACCOUNT in parts
        else None,
        other + entry.transaction_code % 10 if CODE in parts else None,
    )


def _correction(code: str, entry: Entry) -> Magic | None:
    """A correction, unless it was made before."""
    is_made = {"C02": entry.routing_number == MOVED_ROUTING, "C05": _is_savings(entry)}.get(code, False)
    return Magic(code) if code in PARTS and not is_made else None


def _is_savings(entry: Entry) -> bool:
    return entry.transaction_code // 10 * 10 == SAVINGS


def _return(code: str, entry: Entry) -> Magic | None:
    known = OF_BOTH | (OF_CREDITS if entry.is_credit else OF_DEBITS)
    return Magic(code) if code in known else None
