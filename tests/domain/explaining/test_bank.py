"""The bank's accounts and statements, told by movements."""

from comptoir.domain.banking.movements.chart import CASH
from comptoir.domain.explaining.asking import explain
from comptoir.domain.tx import OpenShop
from tests.domain.banking.statements.given import Bank
from tests.domain.explaining.given import prove_everything, shown


def test_statements_and_accounts_are_told_by_their_movements(shop: OpenShop) -> None:
    bank = Bank(shop)
    ada = bank.customer()
    account, second = bank.account(ada), bank.account(ada, "Rainy day", "Savings")
    bank.at("2026-01-05").move(10_000, target=account)
    bank.move(2_500, source=account, target=second)
    bank.move(1_000, source=account, target=CASH, type_code="CPWTH")
    bank.at("2026-02-10").move(300, target=second)
    bank.at("2026-03-20").make()
    january = bank.told(ada)[-1]
    found = shop.read(lambda tx: explain(tx, "statement", january.id))
    assert [(part.amount, len(part.parts)) for part in found.made_of.parts] == [("65.00", 3), ("25.00", 1)]
    assert shop.read(lambda tx: explain(tx, "statement", january.id, "out")).made_of.amount == "35.00"
    held = shop.read(lambda tx: explain(tx, "bank_account", account, "available"))
    assert shown(held.made_of) == ["available: 65.00", "  balance: 65.00"]
    assert shop.read(prove_everything) > 40
