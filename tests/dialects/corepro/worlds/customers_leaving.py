"""Customers of whom something is left: 1 has money on its way, 2 a balance, 3 an empty account, 4 a card.

Of 4 the account is closed, as that of 5 is, of whom nothing is left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from comptoir.domain.banking.accounts.models import BankAccount
from comptoir.domain.banking.accounts.opening import open_bank_account
from comptoir.domain.banking.cards.issuing import initiate_card
from comptoir.domain.banking.customers.creating import create_customer
from comptoir.domain.banking.movements.chart import IN_TRANSIT
from comptoir.domain.banking.movements.models import INITIATED
from comptoir.domain.banking.movements.moving import Movement, move_money
from comptoir.domain.banking.program.models import PROGRAM_RESERVE
from comptoir.domain.banking.program.queries import program_account_of
from comptoir.domain.ledger.accounts import close_account
from tests.dialects.corepro.worlds.customer import JOEY

if TYPE_CHECKING:
    from comptoir.domain.banking.customers.persons import Address, Person
    from comptoir.domain.tx import OpenShop, Tx

HOME: Address = {
    "address_type": "Residence", "line1": "123 Main Street", "line2": "", "line3": "", "line4": "", "city": "Anytown",
    "state": "IA", "postal_code": "55555", "country": "US", "is_active": True,
}  # fmt: skip


def load(shop: OpenShop) -> None:
    """Five customers with an account each."""
    shop.write(_load)


def _load(tx: Tx) -> None:
    accounts = [_opened(tx, number) for number in range(1, 6)]
    reserve = program_account_of(tx, PROGRAM_RESERVE)
    assert reserve is not None
    move_money(tx, Movement(5_00, reserve, accounts[1], "RSVDEP", customer_id=2))
    move_money(tx, Movement(7_00, IN_TRANSIT, accounts[0], "CPDEP", status=INITIATED, customer_id=1))
    initiate_card(
        tx, customer_id=4, first_name="Joey", last_name="McTester", network="VS", tag="card",
        primary_account_id=accounts[3], nick_name="",
    )  # fmt: skip
    for account_id in accounts[3:]:
        tx.update(BankAccount, account_id, status="Closed", closed_at=tx.now)
        close_account(tx, account_id=account_id)


def _opened(tx: Tx, number: int) -> int:
    person: Person = {
        **JOEY, "tag": f"tag {number}", "addresses": [HOME],
        "phones": [{"phone_type": "Mobile", "number": "5155551234", "is_active": True}],
    }  # fmt: skip
    customer_id = create_customer(tx, person=person)
    return open_bank_account(tx, customer_id=customer_id, name="Daily", tag=f"account {number}")
