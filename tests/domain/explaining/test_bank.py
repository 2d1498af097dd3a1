"""The bank's accounts and statements, told by movements."""

from functools import partial

import pytest

from comptoir.chores.banking_statements import make_tax_forms
from comptoir.domain.banking.accounts.closing import close_bank_account
from comptoir.domain.banking.clearing.keeping import list_files
from comptoir.domain.banking.files.models import ACH_OUT
from comptoir.domain.banking.movements.chart import CASH, INTEREST_PAID, WITHHOLDING
from comptoir.domain.banking.statements.taxes import years_due
from comptoir.domain.errors import NotFound
from comptoir.domain.explaining.asking import amounts_of, explain
from comptoir.domain.explaining.errors import NotExplained
from comptoir.domain.ledger.holds import place_hold
from comptoir.domain.tx import OpenShop
from tests.domain.banking.clearing.bank import open_bank
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


def test_what_a_statement_counts_is_told_by_its_movements(shop: OpenShop) -> None:
    bank = Bank(shop)
    ada = bank.customer()
    account = bank.account(ada)
    bank.at("2026-01-05").move(10_000, target=account)
    bank.move(2_000, source=INTEREST_PAID, target=account, type_code="INTPAY")
    bank.move(480, source=account, target=WITHHOLDING, type_code="INTWHD")
    bank.at("2026-02-20").make()
    january = bank.told(ada)[-1]
    name = f"{january.id}.{account}"
    told = {
        what: shop.read(partial(explain, kind="statement_account", id=name, what=what)).made_of
        for what in ("opening", "in", "out", "closing", "interest", "withheld", "fees")
    }
    assert {what: node.amount for what, node in told.items()} == {
        "opening": "0.00", "in": "120.00", "out": "4.80", "closing": "115.20", "interest": "20.00",
        "withheld": "4.80", "fees": "0.00",
    }  # fmt: skip
    assert [len(told[what].parts) for what in ("interest", "withheld", "fees")] == [1, 1, 0]
    keys = [one[0] for one in bank.facts(ada, -1)["accounts"][0]["movements"]]
    balances = [
        shop.read(partial(explain, kind="statement_line", id=f"{name}.{key}")).made_of.amount for key in keys
    ]
    assert balances == ["100.00", "120.00", "115.20"]
    assert shop.read(prove_everything) > 20


def test_a_tax_form_is_told_by_accounts(shop: OpenShop) -> None:
    bank = Bank(shop)
    ada = bank.customer()
    one, two = bank.account(ada, "One"), bank.account(ada, "Two")
    for account, minor in ((one, 6_00), (two, 5_00)):
        bank.at("2026-03-05").move(minor, source=INTEREST_PAID, target=account, type_code="INTPAY")
    bank.at("2027-01-02")
    assert sum(make_tax_forms(shop, period) for period in shop.read(years_due)) == 1
    (form,) = bank.told(ada)
    found = shop.read(lambda tx: explain(tx, "statement", form.id, "interest").made_of)
    assert shown(found) == ["interest: 11.00", "  One: 6.00", "  Two: 5.00"]
    assert shop.read(lambda tx: amounts_of(tx, "statement", form.id)) == ("interest", "withheld")
    with pytest.raises(NotExplained):
        shop.read(lambda tx: explain(tx, "statement", form.id, "closing"))
    shop.read(prove_everything)


@pytest.mark.parametrize(
    "id", ["", "1", "1.2", "1.2.3", "x.1", "1.", ".", "9" * 40, f"1.{'9' * 40}", "1.2.3.4", "²"]
)
@pytest.mark.parametrize("kind", ["statement_account", "statement_line", "file_entry"])
def test_what_no_statement_and_no_file_says_is_not_explained(shop: OpenShop, kind: str, id: str) -> None:
    bank = Bank(shop)
    account = bank.account(bank.customer())
    bank.at("2026-01-05").move(10_000, target=account)
    bank.at("2026-02-20").make()
    with pytest.raises(NotFound):
        shop.read(lambda tx: explain(tx, kind, id))


def test_a_file_is_told_by_its_entries_and_these_by_transfers(shop: OpenShop) -> None:
    bank = open_bank(shop)
    transfers = [bank.pull(7_000), bank.push(2_500), bank.push(500)]
    bank.later(hours=12)
    bank.run()
    (row,) = shop.read(lambda tx: list_files(tx, kind=ACH_OUT))
    debits, credits_ = (
        shop.read(partial(explain, kind="bank_file", id=row.id, what=what)).made_of
        for what in ("debits", "credits")
    )
    assert (debits.amount, [part.amount for part in debits.parts]) == ("70.00", ["70.00"])
    assert (credits_.amount, [part.amount for part in credits_.parts]) == ("30.00", ["25.00", "5.00"])
    entries = [part.ask for part in (*debits.parts, *credits_.parts) if part.ask is not None]
    found = [shop.read(partial(explain, kind=ask.kind, id=ask.id)).made_of for ask in entries]
    assert [part.label for node in found for part in node.parts] == [f"transfer {key}" for key in transfers]
    shop.read(prove_everything)


def test_the_deposits_of_the_trial_balance_are_told_by_accounts_page_by_page(
    shop: OpenShop, monkeypatch: pytest.MonkeyPatch
) -> None:
    bank = Bank(shop)
    ada = bank.customer()
    for number in range(5):
        bank.move(1_000 + number, target=bank.account(ada, f"Account {number}"))
    monkeypatch.setattr("comptoir.domain.explaining.trial.SHOWN", 2)
    first = shop.read(lambda tx: explain(tx, "trial", "USD", "deposits").made_of)
    assert (first.amount, first.parts[-1].label) == ("50.10", "3 more")
    ask = first.parts[-1].ask
    assert ask is not None
    second = shop.read(lambda tx: explain(tx, *ask[:3], after=ask.after).made_of)
    assert [part.amount for part in second.parts] == ["20.01", "10.02", "10.03", "10.04"]
    assert (second.parts[0].label, second.parts[-1].label) == ("2 before these", "1 more")
    assert shop.read(prove_everything) > 20
    with pytest.raises(NotExplained):
        shop.read(lambda tx: explain(tx, "trial", "XXX", "debits"))


def test_a_hold_is_told_with_what_it_is_for(shop: OpenShop) -> None:
    bank = Bank(shop)
    account = bank.account(bank.customer())
    bank.move(1_000, target=account)
    hold_id = shop.write(
        lambda tx: place_hold(tx, account_id=account, amount_minor=300, subject="card", subject_id=7)
    )
    found = shop.read(lambda tx: explain(tx, "hold", hold_id).made_of)
    assert (found.amount, found.why.partition(",")[0]) == ("3.00", "for card 7")


def test_what_was_on_an_account_left_it_when_it_was_closed(shop: OpenShop) -> None:
    bank = Bank(shop)
    ada = bank.customer()
    kept, closed = bank.account(ada), bank.account(ada, "Rainy day", "Savings")
    bank.move(1_234, target=closed)
    shop.write(
        lambda tx: close_bank_account(
            tx, customer_id=ada, account_id=closed, close_to_id=kept, reason="Moved"
        )
    )
    found = shop.read(lambda tx: explain(tx, "bank_account", closed, "closed").made_of)
    assert found.amount == "12.34"
    (left,) = found.parts
    assert left.ask is not None
    ask = left.ask
    assert shop.read(lambda tx: explain(tx, ask.kind, ask.id).made_of.amount) == "12.34"
    with pytest.raises(NotExplained):
        shop.read(lambda tx: explain(tx, "bank_account", kept, "closed"))
