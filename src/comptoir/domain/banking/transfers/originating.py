"""Transfers that are spelt out for another bank: entries of the clearing house, and wires."""

from datetime import date
from typing import NamedTuple

from comptoir.domain.banking.files.bank_days import bank_today, is_bank_day
from comptoir.domain.banking.movements.errors import TransactionNotFound
from comptoir.domain.banking.program.queries import get_program, require_feature
from comptoir.domain.banking.transfers.rules import TransferOrder
from comptoir.domain.banking.transfers.transactions import TransactionRow, related_transactions
from comptoir.domain.banking.transfers.transferring import TransferResult, create_transfer
from comptoir.domain.banking.transfers.type_codes import WIRE_OUT
from comptoir.domain.errors import Invalid
from comptoir.domain.tx import Tx

ACH_ORIGINATION, WIRES = "ach_origination", "wires"
CREDIT, DEBIT = "Credit", "Debit"
DIRECTIONS = (CREDIT, DEBIT)
ENTRY_CLASSES = ("PPD", "CCD", "WEB", "TEL")
RECEIVER_TYPES = ("Checking", "Savings", "Loan", "General Ledger")
# What a transfer keeps of the entry, and of the wire.
ENTRY, WIRE = "ach", "wire"


class Entry(NamedTuple):
    """An entry of the clearing house: a credit is paid to the other bank, a debit is taken from there."""

    direction: str
    entry_class: str = "PPD"
    is_reversal: bool = False
    effective_on: date | None = None
    receiver_type: str = "Checking"


class Wire(NamedTuple):
    """What the other bank is told with a wire."""

    message: str = ""
    beneficiary: str = ""
    beneficiary_address: str = ""


def originate(tx: Tx, *, order: TransferOrder, entry: Entry) -> list[TransferResult]:
    """Send an entry; the order's `from_id` is the account here, `to_id` the one at the other bank.

    Refuses: as entry_order, and what create_transfer does.
    """
    return create_transfer(tx, entry_order(tx, order=order, entry=entry))


def entry_order(tx: Tx, *, order: TransferOrder, entry: Entry) -> TransferOrder:
    """The transfer that an entry is, as originate sends it.

    Refuses: NoProgram, NotEnabled, Invalid (effective_entry_date).
    """
    program = get_program(tx)
    require_feature(program, ACH_ORIGINATION)
    on = entry.effective_on
    if on is not None and (on < bank_today(tx, program) or not is_bank_day(on)):
        raise Invalid("effective_entry_date", "must be a day to come on which banks are open")
    if entry.direction == DEBIT:
        order = order._replace(from_id=order.to_id, to_id=order.from_id)
    kept = {
        "direction": entry.direction,
        "entry_class": entry.entry_class,
        "is_reversal": entry.is_reversal,
        "receiver_type": entry.receiver_type,
    }
    return order._replace(settles_on=on, details={ENTRY: kept})


def wire(tx: Tx, *, order: TransferOrder, wire: Wire) -> list[TransferResult]:
    """Send money to another bank by wire: it settles at once and cannot be called back.

    Refuses: NoProgram, NotEnabled, and what create_transfer does.
    """
    require_feature(get_program(tx), WIRES)
    return create_transfer(tx, order._replace(is_wire=True, details={WIRE: wire._asdict()}))


def get_wire(tx: Tx, *, customer_id: int, transaction_id: int) -> tuple[TransactionRow, Wire]:
    """A wire of a customer, and what was told with it.

    Refuses: NoProgram, NotEnabled, CustomerNotFound, TransactionNotFound (also when it is no wire).
    """
    require_feature(get_program(tx), WIRES)
    rows = related_transactions(tx, customer_id=customer_id, transaction_id=transaction_id)
    row = next((row for row in rows if row.id == transaction_id), None)
    if row is None or row.type_code != WIRE_OUT:
        raise TransactionNotFound(transaction_id)
    return row, Wire(**(row.details or {})[WIRE])
