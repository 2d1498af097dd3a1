"""Accounts of customer 1 of which everything is said, in a program that shows numbers in clear.

152 is checking with 1,000.00 and everything that may be said; 153 is a joint nest of 20,000.00 with customer 2,
reached its goal, and money left it twice this month; 154 was closed to 152 with 5.00 on it.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from comptoir.domain.banking.accounts.closing import close_bank_account
from comptoir.domain.banking.accounts.inheriting import add_heir
from comptoir.domain.banking.accounts.models import BankAccount
from comptoir.domain.banking.accounts.opening import open_bank_account
from comptoir.domain.banking.accounts.sharing import set_access
from comptoir.domain.banking.customers.beneficiaries import create_beneficiary
from comptoir.domain.banking.customers.creating import create_customer
from comptoir.domain.banking.external.checking import Details
from comptoir.domain.banking.external.opening import create_external_account
from comptoir.domain.banking.movements.models import INITIATED
from comptoir.domain.banking.movements.moving import Movement, move_money
from comptoir.domain.banking.program.founding import found_program
from comptoir.domain.banking.program.models import PROGRAM_RESERVE
from comptoir.domain.banking.program.plan import read_plan
from comptoir.domain.banking.program.queries import program_account_of
from comptoir.domain.identity.shopkeeping import advance_clock
from tests.dialects.corepro.worlds.accounts import person, plan

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop, Tx

PROGRAM = None


def load(shop: OpenShop) -> None:
    clear = ("\ninterest = true\naccounts", "\ninterest = true\nsensitive_information = true\naccounts")
    shop.write(lambda tx: found_program(tx, read_plan(plan(clear))))
    shop.write(accounts)
    shop.write(lambda tx: advance_clock(tx, by=timedelta(hours=1)))
    shop.write(money)
    shop.write(lambda tx: advance_clock(tx, by=timedelta(hours=1)))
    shop.write(closing)


def accounts(tx: Tx) -> None:
    for number in (1, 2):
        create_customer(tx, person=person(number))
    details = Details("Checking", "000123456", "123456789", "First", "Last")
    tx.ids.reach("account", 150)
    external_id = create_external_account(tx, customer_id=1, details=details)
    # The ledger's numbers must not have reached these yet.
    account_id = open_bank_account(
        tx, customer_id=1, name="Rent", account_number="700000000101", tag="rent", category="Flat",
        sub_category="Attic", legal_name1="P. J. Fry", legal_name2="T. Leela", miscellaneous="odd", custom1="one",
        custom2="two", custom3="three", custom4="four", custom5="five", is_primary=True, target_minor=3000_00,
        target_on=date(2030, 1, 1), contribution_type="Monthly", contribution_minor=25_00,
        contribution_external_account_id=external_id, contribution_starts_on=date(2026, 1, 15),
        contribution_ends_on=date(2026, 12, 31),
    )  # fmt: skip
    tx.update(BankAccount, account_id, external_program_tag="outside", minimum_balance_minor=-100_00)
    nest = open_bank_account(
        tx, customer_id=1, name="Nest", account_number="700000000102", type="Savings", target_minor=100_00
    )
    tx.update(BankAccount, nest, target_met_at=tx.now)
    set_access(tx, customer_id=1, target_customer_id=2, account_id=nest, access_type="RDONLY")
    open_bank_account(tx, customer_id=1, name="Old", account_number="700000000103")


def money(tx: Tx) -> None:
    reserve = program_account_of(tx, PROGRAM_RESERVE)
    assert reserve is not None
    for account_id, amount in ((152, 1000_00), (153, 20_000_00), (154, 5_00)):
        move_money(tx, Movement(amount, reserve, account_id, "RSVDEP", customer_id=1))
    for _ in range(2):
        move_money(tx, Movement(50_00, 153, reserve, "RSVWTH", customer_id=1))
    move_money(tx, Movement(7_00, reserve, 152, "CPDEP", customer_id=1, status=INITIATED))


def closing(tx: Tx) -> None:
    close_bank_account(tx, customer_id=1, account_id=154, close_to_id=152, reason="CustomerRequest")
    heir = create_beneficiary(
        tx, customer_id=1, beneficiary={"first_name": "Heir", "last_name": "Last", "tax_id": "123456789"}
    )
    add_heir(tx, customer_id=1, account_id=152, beneficiary_id=heir)
