"""What is known of a card's number, and what is not kept of it: a number is drawn, and only its end is written.

The whole number, the PIN and the security code belong to the producer of the card. What stands in for the
producer here draws numbers that are valid, one after the other from chance, and forgets them at once.
"""

from hmac import compare_digest
from typing import NamedTuple

from sqlalchemy import Text, bindparam, cast, select

from comptoir.domain.banking.cards.errors import NoBin, NoNumberLeft
from comptoir.domain.banking.cards.queries import CardRow
from comptoir.domain.banking.program.queries import BinRow, list_bins
from comptoir.domain.tx import Tx
from comptoir.storage.columns import Digest

NUMBER_DIGITS = 16
LAST_FOUR = 4
VALID_YEARS = 3
# What every card of a sandbox ends in, and the code on its back, so that they can be told (reference 6).
SANDBOX_LAST_FOUR = "1111"
SANDBOX_SECURITY_CODE = "111"
SECURITY_CODES = 1000
CHANCE_BYTES = 8
# The provider whose programs give the PIN with the order, and print plain characters only (3.10.3).
SHAZAM = "shazam"

DIGESTED = select(cast(bindparam("text", type_=Digest()), Text))


class Expiry(NamedTuple):
    """The last month in which a card is good."""

    year: int
    month: int


def choose_bin(tx: Tx, bin_id: int | None, network: str | None) -> BinRow:
    """The BIN that is asked for, or the first of the network. Refuses: NoBin."""
    for one in list_bins(tx):
        if one.is_active and bin_id in {None, one.id} and network in {None, one.network}:
            return one
    raise NoBin


def draw_last_four(tx: Tx, chosen: BinRow) -> str:
    """The end of a new number of this BIN. Refuses: NoNumberLeft."""
    free_digits = NUMBER_DIGITS - 1 - len(chosen.prefix)
    # Numbers are only counted: which ones are given is chance's affair.
    if tx.ids.next(f"card_number_{chosen.id}") > 10**free_digits:
        raise NoNumberLeft
    if tx.shop.is_sandbox:
        return SANDBOX_LAST_FOUR
    drawn = int(tx.ids.secret(CHANCE_BYTES), 16) % 10**free_digits if free_digits else 0
    digits = chosen.prefix + (f"{drawn:0{free_digits}d}" if free_digits else "")
    return (digits + check_digit(digits))[-LAST_FOUR:]


def check_digit(digits: str) -> str:
    """The digit that makes a number valid (ISO/IEC 7812, Luhn)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 - place % 2)
        total += doubled // 10 + doubled % 10
    return str(-total % 10)


def is_security_code(tx: Tx, card: CardRow, code: str) -> bool:
    """Whether this is the code on the card. It is reckoned anew each time from the installation's key."""
    return compare_digest(_security_code(tx, card).encode(), code.encode())


def _security_code(tx: Tx, card: CardRow) -> str:
    if tx.shop.is_sandbox:
        return SANDBOX_SECURITY_CODE
    text = f"card {card.id} {card.last_four} {card.expire_year}-{card.expire_month}"
    digest: str = tx.value(DIGESTED, text=text)
    return f"{int(digest, 16) % SECURITY_CODES:03d}"
