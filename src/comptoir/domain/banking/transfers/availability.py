"""When the money of a deposit may be spent: a person may let it wait longer, or not so long."""

from datetime import date, datetime, time

from comptoir.domain.banking.accounts.errors import AccessMissing
from comptoir.domain.banking.accounts.models import FULL
from comptoir.domain.banking.customers.queries import require_customer
from comptoir.domain.banking.files.bank_days import bank_today, next_bank_day
from comptoir.domain.banking.movements.errors import AlreadyAvailable, DateRefused, NotADeposit
from comptoir.domain.banking.movements.models import SETTLED, VOIDED, BankTransfer
from comptoir.domain.banking.movements.moving import DEPOSIT_HOLD, MovedRow, get_moved
from comptoir.domain.banking.program.queries import ProgramFacts, get_program, require_feature
from comptoir.domain.banking.transfers.ends import MAY_MOVE
from comptoir.domain.banking.transfers.finding import get_transaction
from comptoir.domain.banking.transfers.returning import release_deposit
from comptoir.domain.banking.transfers.type_codes import CPDEP
from comptoir.domain.ledger.holds import place_hold
from comptoir.domain.tx import Tx

SET_AVAILABLE_DATE = "set_available_date"
DEPOSITS = frozenset({CPDEP, "UNKDEP"})


def set_available_date(tx: Tx, *, customer_id: int, transaction_id: int, day: date) -> datetime:
    """Let a deposit from another bank be available from the beginning of a day at the bank, and say when that is.

    Refuses: NoProgram, NotEnabled, CustomerNotFound and what else require_customer does, TransactionNotFound,
    AccessMissing, NotADeposit, AlreadyAvailable, DateRefused (past, settlement, hold_days).
    """
    program = get_program(tx)
    require_feature(program, SET_AVAILABLE_DATE)
    require_customer(tx, customer_id)
    found = get_transaction(tx, customer_id=customer_id, transaction_id=transaction_id)
    if found.access not in MAY_MOVE:
        raise AccessMissing(found.account_id, customer_id, FULL)
    row = get_moved(tx, found.transfer_id)
    if row.type_code not in DEPOSITS or row.to_id != found.account_id or row.status == VOIDED:
        raise NotADeposit(row.type_code)
    available_at = datetime.combine(day, time(), program.zone)
    _refuse(tx, program, row, transaction_id, day, available_at)
    if row.status == SETTLED:
        release_deposit(tx, row.transfer_id, found.account_id)
        if available_at > tx.now:
            place_hold(
                tx, account_id=found.account_id, amount_minor=row.amount_minor, subject=DEPOSIT_HOLD,
                subject_id=row.transfer_id, expires_at=available_at, is_forced=True,
            )  # fmt: skip
    tx.update(BankTransfer, row.transfer_id, available_at=available_at)
    tx.note(
        "bank_transfer.available_date", "bank_transfer", row.transfer_id,
        before={"available_at": None if row.available_at is None else row.available_at.isoformat()},
        after={"available_at": available_at.isoformat()},
    )  # fmt: skip
    return available_at


def _refuse(  # noqa: PLR0917 - what is asked for, and what is known
    tx: Tx, program: ProgramFacts, row: MovedRow, transaction_id: int, day: date, available_at: datetime
) -> None:
    """Refuses: AlreadyAvailable, DateRefused."""
    today = bank_today(tx, program)
    if row.status == SETTLED and (row.available_at or tx.now) <= tx.now:
        raise AlreadyAvailable(transaction_id)
    if row.settled_at is not None and available_at < datetime.combine(
        row.settled_at.astimezone(program.zone).date(), time(), program.zone
    ):
        raise DateRefused("settlement", "the date is before the transaction settled")
    if day < today:
        raise DateRefused("past", "the date is past")
    if day > next_bank_day(today, program.hold_days_max):
        words = f"the date is more than {program.hold_days_max} bank days away"
        raise DateRefused("hold_days", words)
