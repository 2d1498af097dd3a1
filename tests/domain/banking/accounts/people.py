"""A bank with customers, for the tests of accounts."""

from typing import Any

from sqlalchemy import update

from comptoir.domain.banking.accounts.opening import open_bank_account
from comptoir.domain.banking.customers.models import VERIFIED, BankCustomer
from comptoir.domain.banking.customers.naming import name_key_of
from comptoir.domain.banking.external.checking import Details
from comptoir.domain.banking.external.models import ExternalAccount
from comptoir.domain.banking.external.opening import create_external_account
from comptoir.domain.banking.movements.moving import Moved, Movement, move_money
from comptoir.domain.banking.program.founding import found_program
from comptoir.domain.banking.program.models import PROGRAM_RESERVE
from comptoir.domain.banking.program.plan import read_plan, sample_plan, sample_text
from comptoir.domain.banking.program.queries import program_account_of
from comptoir.domain.customers.actions import register_customer
from comptoir.domain.identity.shopkeeping import change_shop
from comptoir.domain.tx import Tx

NO_DETAILS: dict[str, Any] = {
    "tag": None, "tag_key": None, "access_type": "FULL", "is_business": False, "is_active": True,
    "middle_name": "", "suffix": "", "gender": "", "culture": "en-US", "passport_country": "",
    "license_state": "", "is_documents_accepted": True, "is_backup_withholding": False, "is_opted_in": False,
    "is_locked": False, "locked_reason": "", "last_contact_type": "", "details": {},
}  # fmt: skip


def found_bank(tx: Tx, *changes: tuple[str, str], sample: str = "example1") -> None:
    """Found a sample program in US dollars, with some of its lines written otherwise."""
    change_shop(tx, currency="USD")
    if not changes:
        found_program(tx, sample_plan(sample))
        return
    text = sample_text(sample)
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    found_program(tx, read_plan(text))


def make_customer(tx: Tx, name: str = "Philip", *, status: str = VERIFIED, **facts: Any) -> int:
    """Somebody who banks here."""
    people = {key: facts.pop(key) for key in ("birth_date",) if key in facts}
    customer_id = register_customer(
        tx, first_name=name, last_name="Fry", email=f"{name.lower()}@example.com", **people
    )
    at = tx.now
    key = name_key_of({"first_name": name, "last_name": "Fry"}, is_business=False)
    values = {**NO_DETAILS, "name_key": key, "status": status, "created_at": at, "updated_at": at, **facts}
    tx.insert(BankCustomer, customer_id=customer_id, **values)
    return customer_id


def make_account(
    tx: Tx, customer_id: int, name: str = "Rent", *, balance_minor: int = 0, **fields: Any
) -> int:
    """An account with some money of the program's reserve on it."""
    account_id = open_bank_account(tx, customer_id=customer_id, name=name, **fields)
    if balance_minor:
        pay_in(tx, account_id, balance_minor)
    return account_id


def pay_in(tx: Tx, account_id: int, amount_minor: int, **facts: Any) -> Moved:
    """Money of the program's reserve onto an account."""
    return move_money(tx, Movement(amount_minor, reserve(tx), account_id, "RSVDEP", **facts))


def pay_out(tx: Tx, account_id: int, amount_minor: int, **facts: Any) -> Moved:
    """Money of an account back to the program's reserve."""
    return move_money(tx, Movement(amount_minor, account_id, reserve(tx), "RSVWTH", **facts))


def reserve(tx: Tx) -> int:
    """The program's reserve."""
    found = program_account_of(tx, PROGRAM_RESERVE)
    assert found is not None
    return found


def become(tx: Tx, customer_id: int, **values: Any) -> None:
    """What the bank decides of a customer."""
    tx.run(update(BankCustomer).where(BankCustomer.customer_id == customer_id).values(**values))


def add_external(tx: Tx, customer_id: int, number: str = "12345678", **facts: Any) -> int:
    """A verified account of the customer at another bank."""
    details = Details(
        type="Checking", account_number=number, routing_number="123456789", first_name="P", last_name="Fry"
    )
    external_id = create_external_account(tx, customer_id=customer_id, details=details)
    if facts:
        tx.update(ExternalAccount, external_id, **facts)
    return external_id
