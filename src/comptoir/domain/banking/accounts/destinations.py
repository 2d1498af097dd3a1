"""Where the money of an account may go when it closes: another account, one at another bank, or the program."""

from datetime import date
from typing import NamedTuple

from comptoir.domain.banking.accounts.errors import CloseRefused
from comptoir.domain.banking.accounts.models import AUTHSIGNER, FULL
from comptoir.domain.banking.accounts.queries import (
    BankAccountRow,
    access_of,
    find_bank_account,
    refuse_locked,
    take_bank_account,
)
from comptoir.domain.banking.external.models import ARCHIVED, DENIED, EXPIRED, VERIFIED
from comptoir.domain.banking.external.queries import ExternalAccountRow, find_external_account
from comptoir.domain.banking.files.bank_days import bank_today, next_bank_day
from comptoir.domain.banking.movements.chart import CASH, IN_TRANSIT
from comptoir.domain.banking.movements.models import INITIATED, SETTLED
from comptoir.domain.banking.movements.moving import End
from comptoir.domain.banking.program.models import PROGRAM_ACCOUNT_TYPES, PROGRAM_RESERVE
from comptoir.domain.banking.program.queries import ProgramAccountRow, find_program_account, get_program
from comptoir.domain.tx import Tx

# The program's accounts that take what customers leave.
CASH_TYPES = (PROGRAM_RESERVE, "PettyCash")
# Today initiated, on the next bank day submitted, then settled.
ORDINARY_DAYS = 2
BETWEEN_ACCOUNTS, TO_EXTERNAL = "CPXFR", "CPWTH"


class Destination(NamedTuple):
    """Where money goes, and how: `end` in the books, `id` as the customer knows it."""

    id: int
    end: End
    type_code: str
    status: str = SETTLED
    external_account_id: int | None = None
    settles_on: date | None = None


def find_destination(tx: Tx, id: int, *, customer_id: int, own_id: int) -> Destination:
    """What this id means, when a customer closes an account to it.

    Refuses: CloseRefused (by kind: same, target_unknown, target_foreign, target_gone, target_unverified,
    target_not_open, target_privilege, not_cash), AccountLocked.
    """
    if id == own_id:
        raise CloseRefused("same", "the account cannot be closed to itself")
    account = find_bank_account(tx, id)
    if account is not None:
        return _account(tx, account, customer_id)
    external = find_external_account(tx, id)
    if external is not None:
        return _external(tx, external, customer_id)
    program = find_program_account(tx, id)
    if program is not None:
        return _program(program)
    raise CloseRefused("target_unknown", f"closing account id {id} is invalid")


def _account(tx: Tx, account: BankAccountRow, customer_id: int) -> Destination:
    if access_of(tx, account.account_id, customer_id) not in {FULL, AUTHSIGNER}:
        raise CloseRefused("target_privilege", "the customer may not deposit into the closing account")
    account = take_bank_account(tx, account.account_id)
    if not account.is_open:
        raise CloseRefused("target_not_open", f"the closing account is {account.status}")
    refuse_locked(account, is_credit=True)
    return Destination(account.account_id, account.account_id, BETWEEN_ACCOUNTS)


def _external(tx: Tx, external: ExternalAccountRow, customer_id: int) -> Destination:
    if external.customer_id != customer_id:
        raise CloseRefused("target_foreign", "the closing account is that of another customer")
    if external.status in {ARCHIVED, DENIED, EXPIRED}:
        raise CloseRefused("target_gone", "the closing account is deactivated")
    if external.status != VERIFIED or external.is_locked:
        raise CloseRefused("target_unverified", "the closing account is not verified, or locked")
    program = get_program(tx)
    if program.is_nacha_enabled:
        settles_on = next_bank_day(bank_today(tx, program), ORDINARY_DAYS)
        return Destination(external.id, IN_TRANSIT, TO_EXTERNAL, INITIATED, external.id, settles_on)
    return Destination(external.id, CASH, TO_EXTERNAL, SETTLED, external.id)


def _program(account: ProgramAccountRow) -> Destination:
    if account.type not in CASH_TYPES or not account.is_active:
        raise CloseRefused("not_cash", "the closing account is not the program's cash account")
    return Destination(account.account_id, account.account_id, f"{PROGRAM_ACCOUNT_TYPES[account.type]}WTH")
