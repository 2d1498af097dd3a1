"""Accounts at the bank: opened, changed, locked, held, shared, limited and closed by the console."""

from typing import Any

import pytest
from sqlalchemy import select

from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.accounts.queries import BankAccountRow, get_bank_account
from comptoir.domain.events.models import Event
from comptoir.domain.tx import OpenShop
from tests.console.visiting import Visitor, signed_in
from tests.domain.banking.accounts.people import add_external, found_bank, make_account, make_customer, pay_in


class Bank:
    """A bank with two customers and three accounts."""

    def __init__(self, shop: OpenShop) -> None:
        self.shop = shop
        shop.write(found_bank)
        self.ada = shop.write(lambda tx: make_customer(tx, "Ada"))
        self.bob = shop.write(lambda tx: make_customer(tx, "Bob"))
        self.rent = shop.write(lambda tx: make_account(tx, self.ada, "Rent", balance_minor=10_000))
        self.food = shop.write(lambda tx: make_account(tx, self.ada, "Food"))
        self.external = shop.write(lambda tx: add_external(tx, self.ada))

    def account(self, account_id: int) -> BankAccountRow:
        return self.shop.read(lambda tx: get_bank_account(tx, account_id))

    def events(self, kind: str) -> list[Any]:
        query = select(Event.actor, Event.dialect, Event.operator_id).where(Event.kind == kind)
        return list(self.shop.read(lambda tx: tx.all(query)))


@pytest.fixture
def bank(shop: OpenShop) -> Bank:
    return Bank(shop)


def test_accounts_are_listed_narrowed_and_written_as_csv(bank: Bank, visitor: Visitor) -> None:
    rows = visitor.get("/bank/accounts").rows
    assert [row[0] for row in rows] == ["Food", "Rent"]
    assert rows[1][5:] == ["Ada Fry", "100.00 USD", "100.00 USD"]
    assert bank.account(bank.rent).account_number not in visitor.get("/bank/accounts").text
    assert [row[0] for row in visitor.get("/bank/accounts?name=ren").rows] == ["Rent"]
    assert visitor.get("/bank/accounts?status=Closed").rows == []
    lines = visitor.get("/bank/accounts?format=csv&sort=oldest").text.splitlines()
    assert len(lines) == 3
    assert lines[1].startswith(f"{bank.rent},Rent,")


def test_an_account_is_opened_and_changed(bank: Bank, visitor: Visitor) -> None:
    page = visitor.done(
        f"/bank/accounts/new?customer={bank.ada}", "/accounts/new", name="Holiday", tag="holiday", target_minor="1,000.00"
    )
    assert "The account was opened." in page.main
    account = bank.account(int(page.tree.forms[1].action.split("/")[4]) if False else bank.external + 1)
    assert (account.name, account.tag, account.target_minor) == ("Holiday", "holiday", 100_000)
    path = f"/bank/accounts/{account.account_id}"
    page = visitor.done(path, "/change", name="Travel", target_minor="")
    assert "The account was saved." in page.main
    changed = bank.account(account.account_id)
    assert (changed.name, changed.tag, changed.target_minor) == ("Travel", "holiday", None)
    assert bank.events("bank_account.changed")[0][:2] == ("Ada", "console")
