"""Customers in every state, and accounts at other banks in every state.

Customers: 1 has all the external accounts; 2 is archived, 3 locked, 4 not verified, 5 deceased; 6 has money in an
account and one external account; 7 is a business for which 8 may act and 9 may not.
External accounts by tag: verified, proving, stuck (locked by misses), denied, archived, locked, frozen (locked by
the bank), expired, busy (with a transfer under way), other (of customer 6).
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from comptoir.domain.banking.accounts.opening import open_bank_account
from comptoir.domain.banking.customers.creating import create_customer
from comptoir.domain.banking.customers.models import BankCustomer, CustomerRelationship
from comptoir.domain.banking.external.changing import lock_external_account
from comptoir.domain.banking.external.checking import Details
from comptoir.domain.banking.external.models import ExternalAccount
from comptoir.domain.banking.external.opening import create_external_account, initiate_external_account
from comptoir.domain.banking.movements.chart import IN_TRANSIT
from comptoir.domain.banking.movements.models import PENDING
from comptoir.domain.banking.movements.moving import Movement, move_money
from comptoir.domain.banking.program.models import PROGRAM_RESERVE
from comptoir.domain.banking.program.queries import program_account_of

if TYPE_CHECKING:
    from comptoir.domain.banking.customers.persons import Person
    from comptoir.domain.tx import OpenShop, Tx

STATES = {"stuck": "VerifyLocked", "denied": "Denied", "archived": "Archived", "expired": "Expired"}
CUSTOMERS = 9


def load(shop: OpenShop) -> None:
    shop.write(people)
    shop.write(externals)


def people(tx: Tx) -> None:
    for number in range(1, CUSTOMERS + 1):
        create_customer(tx, person=person(number))
    states: dict[int, dict[str, Any]] = {
        2: {"status": "Archived", "is_active": False},
        3: {"is_locked": True},
        4: {"status": "Initiated"},
        5: {"status": "Deceased"},
        7: {"is_business": True},
    }
    for customer_id, values in states.items():
        tx.update(BankCustomer, customer_id, **values)
    for related_id, access in ((8, "FULL"), (9, "RDLY")):
        tx.insert(
            CustomerRelationship, id=tx.ids.next("customer_relationship"), primary_id=7, related_id=related_id,
            relationship_type="Owner", can_open_accounts=True, is_primary_contact=False, is_control_person=False,
            is_beneficial_owner=False, ownership_percent_e2=None, external_access_type=access, is_active=True,
            tag=None, created_at=tx.now, updated_at=tx.now,
        )  # fmt: skip


def person(number: int) -> Person:
    return {
        "first_name": "First", "last_name": f"Last {number}", "email": f"c{number}@example.com",
        "birth_date": date(1980, 1, number), "gender": "F", "culture": "en-US", "tax_id": f"90000000{number}",
        "is_backup_withholding": False, "is_opted_in": True, "is_documents_accepted": True,
    }  # fmt: skip


def externals(tx: Tx) -> None:
    created("verified", tx, nick_name="Household")
    initiated("proving", tx)
    initiated("stuck", tx)
    created("denied", tx)
    created("archived", tx)
    locked = created("locked", tx)
    lock_external_account(tx, customer_id=1, external_account_id=locked)
    frozen = created("frozen", tx)
    lock_external_account(tx, customer_id=1, external_account_id=frozen, is_by_bank=True)
    initiated("expired", tx, nick_name="Once")
    for tag, status in STATES.items():
        tx.update(ExternalAccount, ids(tx)[tag], status=status)
    busy = created("busy", tx)
    account_id = open_bank_account(tx, customer_id=6, name="Account")
    reserve = program_account_of(tx, PROGRAM_RESERVE)
    assert reserve is not None
    move_money(tx, Movement(100_00, reserve, account_id, "RSVDEP", customer_id=6))
    move_money(
        tx,
        Movement(
            5_00,
            account_id,
            IN_TRANSIT,
            "CPWTH",
            status=PENDING,
            customer_id=1,
            to_id=busy,
            external_account_id=busy,
        ),
    )
    created("other", tx, customer_id=6)
    created("business", tx, customer_id=7)


def created(tag: str, tx: Tx, *, customer_id: int = 1, nick_name: str = "") -> int:
    return create_external_account(tx, customer_id=customer_id, details=details(tag, nick_name))


def initiated(tag: str, tx: Tx, nick_name: str = "") -> int:
    return initiate_external_account(tx, customer_id=1, details=details(tag, nick_name))


def details(tag: str, nick_name: str) -> Details:
    return Details("Checking", "000123456", "123456789", "First", "Last", "", nick_name, tag)


def ids(tx: Tx) -> dict[str, int]:
    from sqlalchemy import select  # noqa: PLC0415

    return dict(tx.all(select(ExternalAccount.tag, ExternalAccount.id)))
