"""Two accounts are allowed, and no contributions: customer 1 has two open ones, customer 2 a thousand closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from comptoir.domain.banking.accounts.models import BankAccount
from comptoir.domain.banking.accounts.opening import ACCOUNTS_MAX, NEW_ACCOUNT, open_bank_account
from comptoir.domain.banking.customers.creating import create_customer
from comptoir.domain.banking.program.founding import found_program
from comptoir.domain.banking.program.plan import read_plan
from comptoir.domain.ledger.accounts import open_account
from comptoir.domain.ledger.models import LIABILITY
from tests.dialects.corepro.worlds.accounts import person, plan

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop, Tx

PROGRAM = None


def load(shop: OpenShop) -> None:
    changes = (
        ("\naccounts = 50", "\naccounts = 2"),
        ("recurring_contributions = true", "recurring_contributions = false"),
    )
    shop.write(lambda tx: found_program(tx, read_plan(plan(*changes))))
    shop.write(people)


def people(tx: Tx) -> None:
    for number in (1, 2, 3):
        create_customer(tx, person=person(number))
    tx.ids.reach("account", 100)
    for name in ("One", "Two"):
        open_bank_account(tx, customer_id=1, name=name)
    one = {**NEW_ACCOUNT, "customer_id": 2, "product_id": 19797713, "type": "Checking", "status": "Closed"}
    times = {"accrued_through": None, "created_at": tx.now, "updated_at": tx.now}
    rows = []
    for number in range(ACCOUNTS_MAX):
        account_id = open_account(tx, code=f"old:{number}", name="Old", kind=LIABILITY)
        rows.append({**one, **times, "account_id": account_id, "account_number": f"9{number:011}"})
    tx.insert_many(BankAccount, rows)
