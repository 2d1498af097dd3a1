"""Entries that other banks send to accounts of ours; what cannot be posted goes back to them."""

from typing import Any, NamedTuple

from sqlalchemy import bindparam, update

from comptoir.domain.banking.accounts.errors import AccountLocked
from comptoir.domain.banking.accounts.queries import BankAccountRow, find_by_number, refuse_locked
from comptoir.domain.banking.clearing.hours import Hours
from comptoir.domain.banking.files.ach import Batch, Entry
from comptoir.domain.banking.files.routing import bank_of, check_digit
from comptoir.domain.banking.movements.chart import IN_TRANSIT
from comptoir.domain.banking.movements.models import PENDING, SETTLED, BankTransfer
from comptoir.domain.banking.movements.moving import End, Movement, move_money
from comptoir.domain.banking.program.queries import list_program_accounts
from comptoir.domain.ledger.errors import AccountClosed, InsufficientFunds
from comptoir.domain.tx import Tx

DEPOSIT, WITHDRAWAL, OF_PROGRAM = "UNKDEP", "UNKWTH", "UNKPRG"
NO_FUNDS, CLOSED, NO_ACCOUNT, FROZEN = "R01", "R02", "R03", "R16"
DESCRIPTION_MAX = 255
NAME_FILE = (
    update(BankTransfer)
    .where(BankTransfer.transfer_id == bindparam("key"))
    .values(file_id=bindparam("in_file"), trace_number=bindparam("trace"))
)


class Receiver(NamedTuple):
    """Whose account an entry is for."""

    account_id: int
    customer_id: int | None
    type_code: str


def post_entry(tx: Tx, hours: Hours, batch: Batch, entry: Entry, *, file_id: int) -> str | None:
    """Post one entry on the account that it names; the code of the return when that cannot be."""
    receiver = _receiver(tx, entry)
    if isinstance(receiver, str):
        return receiver
    if entry.amount_minor == 0:
        return None  # a prenote only asks whether there is such an account
    is_now = batch.effective_on is None or batch.effective_on <= hours.today
    source: End = IN_TRANSIT if entry.is_credit else receiver.account_id
    target: End = receiver.account_id if entry.is_credit else IN_TRANSIT
    movement = Movement(
        entry.amount_minor,
        source,
        target,
        receiver.type_code,
        status=SETTLED if is_now else PENDING,
        customer_id=receiver.customer_id,
        description=_description(batch, entry),
        settles_on=None if is_now else batch.effective_on,
        details=_details(batch, entry),
    )
    try:
        moved = move_money(tx, movement)
    except InsufficientFunds:
        return NO_FUNDS
    except AccountClosed:
        return CLOSED
    tx.run(NAME_FILE, key=moved.transfer_id, in_file=file_id, trace=entry.trace_number)
    return None


def _receiver(tx: Tx, entry: Entry) -> Receiver | str:
    account = find_by_number(tx, entry.account_number)
    if account is None:
        programs = (one for one in list_program_accounts(tx) if one.is_active)
        own = next((one for one in programs if one.account_number == entry.account_number), None)
        return NO_ACCOUNT if own is None else Receiver(own.account_id, None, OF_PROGRAM)
    return _refusal(account, entry) or Receiver(
        account.account_id, account.customer_id, DEPOSIT if entry.is_credit else WITHDRAWAL
    )


def _refusal(account: BankAccountRow, entry: Entry) -> str | None:
    if account.is_closed:
        return CLOSED
    if not account.is_open:
        return FROZEN
    try:
        refuse_locked(account, is_credit=entry.is_credit)
    except AccountLocked:
        return FROZEN
    return None


def _description(batch: Batch, entry: Entry) -> str:
    """The words of the other bank, as they came."""
    words = (batch.company_name, batch.description, entry.identification, *entry.notes)
    return " ".join(word for word in words if word)[:DESCRIPTION_MAX]


def _details(batch: Batch, entry: Entry) -> dict[str, Any]:
    sender = bank_of(batch.odfi + check_digit(batch.odfi))
    return {
        "institution": "" if sender is None else sender.name,
        "entry_class": batch.entry_class,
        "company_id": batch.company_id,
        "sender_trace": entry.trace_number,
    }
