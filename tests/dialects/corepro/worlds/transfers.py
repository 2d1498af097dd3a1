"""Customers with accounts here and elsewhere, and what moved on them.

Customers: 1 Ada, whose money moves; 2 Bob; 3 inactive, 4 not verified, 5 locked, 6 deceased; 7 a business.
Accounts: 1001 Checking of Ada with 5,000.00 (transactions 3 and 4 of the reserve's deposits begin there), 1002 her
Savings with 200.00, 1003 Bob's, 1004 Ada's empty one, 1005 the business's with 200,000.00; 1011 and 1012 are Ada's
at another bank, 1013 Bob's, 1014 the business's. 1000 is the reserve.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from comptoir.domain.banking.accounts.opening import open_bank_account
from comptoir.domain.banking.customers.creating import create_customer
from comptoir.domain.banking.customers.models import BankCustomer, CustomerRelationship
from comptoir.domain.banking.external.checking import Details
from comptoir.domain.banking.external.opening import create_external_account
from comptoir.domain.banking.movements.moving import Movement, move_money
from comptoir.domain.banking.program.models import PROGRAM_RESERVE, Program
from comptoir.domain.banking.program.queries import program_account_of

if TYPE_CHECKING:
    from comptoir.domain.banking.customers.persons import Person
    from comptoir.domain.tx import OpenShop, Tx

ADA, BOB, BUSINESS = 1, 2, 7
ACCOUNTS = (
    (ADA, "Checking", "Everyday", 500_000), (ADA, "Savings", "Rainy days", 20_000),
    (BOB, "Checking", "Everyday", 0), (ADA, "Checking", "Empty", 0),
    (BUSINESS, "Checking", "Till", 20_000_000),
)  # fmt: skip
NAMES = ("Ada", "Bob", "Inga", "Uwe", "Lola", "Dora", "Carla")
STATES: dict[int, dict[str, Any]] = {
    3: {"status": "Archived", "is_active": False},
    4: {"status": "Initiated"},
    5: {"is_locked": True},
    6: {"status": "Deceased"},
    7: {"is_business": True},
}


def load(shop: OpenShop) -> None:
    shop.write(people)
    shop.write(accounts)
    shop.write(elsewhere)


def people(tx: Tx) -> None:
    for number, name in enumerate(NAMES, 1):
        create_customer(tx, person=person(number, name))
    for customer_id, values in STATES.items():
        tx.update(BankCustomer, customer_id, **values)
    tx.insert(
        CustomerRelationship, id=tx.ids.next("customer_relationship"), primary_id=BUSINESS, related_id=ADA,
        relationship_type="Owner", can_open_accounts=True, is_primary_contact=False, is_control_person=False,
        is_beneficial_owner=False, ownership_percent_e2=None, external_access_type="FULL", is_active=True,
        tag=None, created_at=tx.now, updated_at=tx.now,
    )  # fmt: skip
    tx.update(Program, 1, same_day_deadline="23:59")


def person(number: int, name: str) -> Person:
    return {
        "first_name": name, "last_name": "Lovelace", "email": f"c{number}@example.com", "tag": f"c{number}",
        "birth_date": date(1980, 1, number), "gender": "F", "culture": "en-US", "tax_id": f"90000000{number}",
        "is_backup_withholding": False, "is_opted_in": True, "is_documents_accepted": True,
    }  # fmt: skip


def accounts(tx: Tx) -> None:
    tx.ids.reach("account", 1000)
    reserve = program_account_of(tx, PROGRAM_RESERVE)
    assert reserve is not None
    for customer_id, type_, name, minor in ACCOUNTS:
        account_id = open_bank_account(tx, customer_id=customer_id, type=type_, name=name)
        if minor:
            move_money(tx, Movement(minor, reserve, account_id, "RSVDEP", customer_id=customer_id))


def elsewhere(tx: Tx) -> None:
    tx.ids.reach("account", 1010)
    for customer_id, number in ((ADA, "400100"), (ADA, "400101"), (BOB, "400200"), (BUSINESS, "400300")):
        details = Details(
            type="Checking", account_number=number, routing_number="123456789", first_name="Ada",
            last_name="Lovelace",
        )  # fmt: skip
        create_external_account(tx, customer_id=customer_id, details=details)
