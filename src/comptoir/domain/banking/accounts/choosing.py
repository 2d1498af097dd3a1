"""Which product an account is of, and which number it gets."""

from typing import Any

from sqlalchemy import bindparam, select

from comptoir.domain.banking.accounts.errors import Fault
from comptoir.domain.banking.accounts.models import BankAccount
from comptoir.domain.banking.program.models import ProgramAccount
from comptoir.domain.banking.program.queries import (
    ProductRow,
    ProgramFacts,
    find_product,
    list_products,
    require_feature,
)
from comptoir.domain.tx import Tx

NUMBER_MAX = 50
# Numbers of twelve digits that do not begin with a zero: nothing cuts one off.
FIRST_NUMBER, NUMBERS = 10**11, 9 * 10**11
CHANCE_BYTES = 8

BY_NUMBER = select(BankAccount.account_id).where(BankAccount.account_number == bindparam("number"))
PROGRAM_BY_NUMBER = select(ProgramAccount.account_id).where(
    ProgramAccount.account_number == bindparam("number")
)


def choose_product(
    tx: Tx, program: ProgramFacts, *, product_id: int | None, type: str, is_business: bool
) -> ProductRow | Fault:
    """The product that is meant by its id, by its type, or by nothing at all; or what is wrong with that."""
    if product_id is not None:
        found = find_product(tx, product_id=product_id)
        return found or Fault("type_wrong", "product_id", "is no product of this program")
    allowed = program.allowed_account_type
    if type and allowed and type.lower() != allowed.lower():
        return Fault("type_wrong", "type", f"must be {allowed}")
    enabled = {one.lower() for one in program.account_types}
    if type and program.account_types and type.lower() not in enabled and not _is_business_type(tx, type):
        return Fault("type_not_enabled", "type", "is not enabled for this program")
    if not type and is_business:
        found = next((one for one in list_products(tx) if one.is_business), None) or find_product(tx)
    else:
        found = find_product(tx, type=type or None)
    return found or Fault("type_not_enabled", "type", "is not enabled for this program")


def number_faults(tx: Tx, program: ProgramFacts, number: str, *, own_id: int | None = None) -> list[Fault]:
    """What is wrong with a number that the caller chose. Refuses: NotEnabled."""
    require_feature(program, "custom_account_numbers")
    if not (number.isascii() and number.isdigit()) or len(number) > NUMBER_MAX:
        return [Fault("number_malformed", "account_number", "must be numeric")]
    if is_taken(tx, number, own_id=own_id):
        return [Fault("number_taken", "account_number", "is in use")]
    return []


def new_number(tx: Tx) -> str:
    """A number that no account of the bank has; nobody can guess the next one."""
    number = _drawn(tx)
    while is_taken(tx, number):
        number = _drawn(tx)
    return number


def is_taken(tx: Tx, number: str, *, own_id: int | None = None) -> bool:
    """Whether another account of a customer, or any of the program, has the number."""
    taken: Any = tx.value(BY_NUMBER, number=number)
    return taken not in {None, own_id} or tx.value(PROGRAM_BY_NUMBER, number=number) is not None


def _drawn(tx: Tx) -> str:
    return str(FIRST_NUMBER + int(tx.ids.secret(CHANCE_BYTES), 16) % NUMBERS)


def _is_business_type(tx: Tx, type: str) -> bool:
    return any(one.is_business and one.type.lower() == type.lower() for one in list_products(tx))
