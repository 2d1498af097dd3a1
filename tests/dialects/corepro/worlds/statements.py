"""Two customers and what they were told: it is the 2nd of January 2027, and all statements are made.

Customers: 1 Ada, with account 1001, on which March 2026 has a deposit of 500.00 (transaction 6), rent of 120.50 (7)
and interest of 12.34 (10), and 1002, on which nothing moved. Her statement of March is 1, that of December 2026 is 19,
and 21 is the form for taxes. 2 Bob, with account 1003; his statement of March is 2.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from comptoir.chores.banking_statements import make_statements, make_tax_forms
from comptoir.domain.banking.accounts.opening import open_bank_account
from comptoir.domain.banking.customers.creating import create_customer
from comptoir.domain.banking.movements.chart import CASH, INTEREST_PAID
from comptoir.domain.banking.movements.moving import Movement, move_money
from comptoir.domain.banking.statements.making import months_due
from comptoir.domain.banking.statements.taxes import years_due
from comptoir.domain.identity.shopkeeping import advance_clock
from tests.dialects.corepro.worlds.transfers import person

if TYPE_CHECKING:
    from comptoir.domain.tx import OpenShop, Tx


def load(shop: OpenShop) -> None:
    shop.write(people)
    shop.write(money)
    shop.write(lambda tx: advance_clock(tx, by=timedelta(days=307)))
    for month in shop.read(months_due):
        make_statements(shop, month)
    for year in shop.read(years_due):
        make_tax_forms(shop, year)


def people(tx: Tx) -> None:
    ada, bob = (create_customer(tx, person=person(number, name)) for number, name in ((1, "Ada"), (2, "Bob")))
    tx.ids.reach("account", 1000)
    for customer_id, name in ((ada, "Everyday"), (ada, "Spare"), (bob, "Everyday")):
        open_bank_account(tx, customer_id=customer_id, type="Checking", name=name)


def money(tx: Tx) -> None:
    move_money(tx, Movement(50_000, CASH, 1001, "CPDEP", description="Pay"))
    move_money(tx, Movement(12_050, 1001, CASH, "CPWTH", description="Rent"))
    move_money(tx, Movement(1_234, INTEREST_PAID, 1001, "INTPAY"))
