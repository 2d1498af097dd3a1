"""Two accounts are allowed, and no contributions: customer 1 has two open ones, customer 2 a thousand closed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from comptoir.domain.banking.accounts.models import FULL, AccountAccess, BankAccount
from comptoir.domain.banking.accounts.opening import ACCOUNTS_MAX, NEW_ACCOUNT, open_bank_account
from comptoir.domain.banking.customers.creating import create_customer
from comptoir.domain.banking.program.founding import found_program
from comptoir.domain.banking.program.plan import read_plan
from comptoir.domain.ledger.models import LIABILITY, Account
from tests.dialects.corepro.worlds.accounts import person, plan

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop, Tx

PROGRAM = None
CLOSED: dict[str, Any] = {
    "name": "Old", "kind": LIABILITY, "currency": "USD", "is_closed": True, "floor_minor": 0, "posted_minor": 0,
    "pending_in_minor": 0, "pending_out_minor": 0, "held_minor": 0,
}  # fmt: skip


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
    first = tx.ids.next("account", ACCOUNTS_MAX)
    ids = range(first, first + ACCOUNTS_MAX)
    opened = {"customer_id": 2, "product_id": 19797713, "type": "Checking", "status": "Closed"}
    times = {"accrued_through": None, "created_at": tx.now, "updated_at": tx.now}
    tx.insert_many(Account, [CLOSED | {"id": id, "code": f"old:{id}", "created_at": tx.now} for id in ids])
    tx.insert_many(
        BankAccount,
        [{**NEW_ACCOUNT, **opened, **times, "account_id": id, "account_number": f"9{id:011}"} for id in ids],
    )
    tx.insert_many(
        AccountAccess,
        [
            {"account_id": id, "customer_id": 2, "access_type": FULL, "priority": 1, "created_at": tx.now}
            for id in ids
        ],
    )
