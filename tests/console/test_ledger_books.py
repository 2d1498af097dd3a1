"""The trial balance, and the proof of the books that is asked for in the console."""

from typing import Any

import pytest
from sqlalchemy import update

from comptoir.chores.books import RUNNERS
from comptoir.chores.tasks import Tasks
from comptoir.domain.ledger.accounts import accounts_for
from comptoir.domain.ledger.models import Account
from comptoir.domain.orders.chart import RECEIVABLE
from comptoir.domain.tx import OpenShop
from tests.console.visiting import Visitor, signed_in
from tests.domain.refunds.given import a_paid_order

SHIFT = update(Account).where(Account.code == RECEIVABLE.code)
WORK = Tasks(RUNNERS)


def test_the_trial_balance_is_even_and_leads_to_its_accounts(shop: OpenShop, visitor: Visitor) -> None:
    assert "Nothing was posted yet." in visitor.get("/ledger/trial").main
    shop.write(a_paid_order)
    page = visitor.get("/ledger/trial")
    debit, credit = (cell.text_content().strip() for cell in page.tree.xpath("//tfoot//td"))
    assert debit == credit == "46.10 AUD"
    assert "Debits equal credits." in page.main
    debits = visitor.get("/explain/trial/AUD/debits")
    assert debits.main.count("The parts add up to 46.10 AUD, in both trees.") == 2
    clearing = next(link for link in page.links() if "/ledger/accounts/" in link)
    assert visitor.get(clearing).status == 200
    lines = visitor.get("/ledger/trial?format=csv").text.splitlines()
    assert lines[0] == "currency,code,name,kind,accounts,debit,credit"
    assert any(line.startswith("AUD,clearing:sandbox,") for line in lines)


def test_the_books_are_checked_by_the_worker_and_the_findings_kept(
    home: Any, shop: OpenShop, visitor: Visitor
) -> None:
    shop.write(a_paid_order)
    assert "were not checked here yet" in visitor.get("/ledger/books").main
    page = visitor.done("/ledger/books", "/check")
    assert "The books will be checked." in page.main
    assert page.tree.xpath("//*[@data-again]")
    assert "being checked already" in visitor.done(page, "/check").main
    assert WORK(home) == 1
    page = visitor.get("/ledger/books")
    assert "The books balance: every cent is proved." in page.main
    assert not page.tree.xpath("//*[@data-again]")
    assert [row[1] for row in page.rows] == ["in order"] * 9
    (task,) = [link for link in page.links() if "/tasks/" in link]
    assert "every cent is proved" in visitor.get(task).main


def test_what_is_wrong_with_the_books_is_told(home: Any, shop: OpenShop, visitor: Visitor) -> None:
    shop.write(a_paid_order)
    shop.write(lambda tx: tx.run(SHIFT.values(posted_minor=Account.posted_minor + 1)))
    visitor.done("/ledger/books", "/check")
    WORK(home)
    page = visitor.get("/ledger/books")
    assert "keeps posted 1, its postings say 0" in page.main
    assert "problems" in page.main
    receivable = shop.write(lambda tx: accounts_for(tx, [RECEIVABLE], tx.shop.currency)[RECEIVABLE.code])
    wrong = visitor.get(f"/explain/account/{receivable}/balance")
    assert wrong.status == 200
    assert "not explained by what is kept" in wrong.main
    assert "differ by 0.01 AUD" in visitor.get("/ledger/trial").main
    shop.write(lambda tx: tx.run(SHIFT.values(posted_minor=Account.posted_minor - 1)))


@pytest.mark.parametrize(
    ("role", "sees", "may"), [("accountant", 200, 303), ("read-only", 200, 403), ("support", 403, 403)]
)
def test_who_may_check(home: Any, role: str, sees: int, may: int) -> None:
    visitor = signed_in(home, role)
    assert visitor.get("/ledger/books").status == sees
    assert visitor.get("/ledger/trial").status == sees
    csrf = visitor.get("/profile").form("/sign-out").fields["csrf"]
    assert visitor.post("/console/ledger/books/check", {"csrf": csrf}).status == may
