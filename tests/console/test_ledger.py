"""The ledger's pages: accounts with balances, an account as a T, transfers, and entries made by hand."""

import csv
from decimal import Decimal
from io import StringIO
from itertools import pairwise
from typing import Any

import pytest

from comptoir.domain.events.queries import list_events
from comptoir.domain.ledger.accounts import accounts_for
from comptoir.domain.ledger.own import open_own_account, post_entry
from comptoir.domain.ledger.queries import get_account
from comptoir.domain.orders.chart import RECEIVABLE, TAX_PAYABLE
from comptoir.domain.orders.placing import place_order
from comptoir.domain.payouts.chart import BANK
from comptoir.domain.tx import OpenShop, Tx
from tests.console.visiting import Visitor, signed_in
from tests.domain.banking.statements.given import Bank
from tests.domain.orders.given import TEN_PERCENT, a_line
from tests.domain.refunds.given import a_paid_order

HOSTILE = "<script>alert(1)</script>"


def account(tx: Tx, plan: Any) -> int:
    return accounts_for(tx, [plan], tx.shop.currency)[plan.code]


def many_orders(tx: Tx) -> int:
    for number in range(120):
        place_order(tx, lines=[a_line(str(number + 1), tax_rate_ppm=TEN_PERCENT)])
    return account(tx, RECEIVABLE)


def amount(cell: str) -> Decimal:
    return Decimal(cell.replace(",", "").replace("\N{MINUS SIGN}", "-").removesuffix(" AUD") or "0")


def test_accounts_are_listed_with_their_balances_narrowed_and_kept(shop: OpenShop, visitor: Visitor) -> None:
    shop.write(a_paid_order)
    page = visitor.get("/ledger")
    rows = {row[0]: row for row in page.rows}
    assert rows["clearing:sandbox"][1:4] == ["Clearing of sandbox", "asset", "45.10 AUD"]
    assert rows["receivable"][3] == "0.00 AUD"
    assert visitor.get("/ledger?kind=asset&code=clear").rows[0][0] == "clearing:sandbox"
    assert visitor.get("/ledger?kind=toy").problems == ["Kind: is none of these"]
    lines = visitor.get("/ledger?format=csv").text.splitlines()
    assert lines[0] == "id,Code,Name,Kind,Balance,Available,State"
    assert any(line.startswith("9,clearing:sandbox,") or "clearing:sandbox" in line for line in lines)


def test_a_t_account_runs_back_from_its_balance_page_by_page(shop: OpenShop, visitor: Visitor) -> None:
    receivable = shop.write(many_orders)
    page, rows = visitor.get(f"/ledger/accounts/{receivable}"), []
    for _ in range(3):
        rows += page.rows
        following = page.tree.xpath("//a[@rel='next']/@href")
        page = visitor.get(following[0]) if following else page
    assert len(rows) == 120
    balance = shop.read(lambda tx: get_account(tx, receivable).balance_minor)
    assert amount(rows[0][5]) == Decimal(balance) / 100
    for newer, older in pairwise(rows):
        assert amount(newer[5]) - amount(newer[3]) + amount(newer[4]) == amount(older[5])
    assert amount(rows[-1][5]) == amount(rows[-1][3])
    assert page.tree.xpath("//a[@rel='prev']/@href") == [f"/console/ledger/accounts/{receivable}"]
    listed = list(csv.reader(StringIO(visitor.get(f"/ledger/accounts/{receivable}?format=csv").text)))
    assert [row[6] for row in listed[1:]] == [str(amount(row[5])) for row in rows]


def test_a_transfer_shows_its_postings_and_what_it_is_for(shop: OpenShop, visitor: Visitor) -> None:
    order_id = shop.write(a_paid_order)
    listed = visitor.get("/ledger/transfers").rows
    assert [row[1] for row in listed] == ["payment", "sale"]
    assert visitor.get(f"/ledger/transfers?about=order+{order_id}").rows == listed
    assert visitor.get("/ledger/transfers?about=order+99").rows == []
    assert visitor.get("/ledger/transfers?kind=sale&state=posted").rows == listed[1:]
    assert visitor.get("/ledger/transfers?state=pending").rows == []
    assert visitor.get("/ledger/transfers?number_from=2").rows == listed[:1]
    page = visitor.get("/ledger/transfers/1")
    debits, credits_ = (sum(amount(row[side]) for row in page.rows) for side in (2, 3))
    assert debits == credits_ == Decimal("46.10")
    assert f"/console/orders/{order_id}" in page.links()
    assert "/console/explain/transfer/1/AUD" in page.links()
    assert visitor.get("/explain/transfer/1/AUD").status == 200
    assert not page.tree.xpath("//form[contains(@action, '/reverse')]")


@pytest.mark.parametrize("query", ["about=order", "about=1%00+2", "about=order+9999999999999999999999",
                                   "number_from=x", "number_to=99999999999999999999", "about=%ED%A0%80+1"])  # fmt: skip
def test_a_filter_that_cannot_be_read_is_told(visitor: Visitor, query: str) -> None:
    page = visitor.get(f"/ledger/transfers?{query}")
    assert page.status == 200
    assert page.problems


def test_the_tax_is_paid_to_the_state_by_hand_and_taken_back(shop: OpenShop, visitor: Visitor) -> None:
    tax, bank = shop.write(lambda tx: (account(tx, TAX_PAYABLE), account(tx, BANK)))
    page = visitor.done(
        "/ledger/transfers/new", "/ledger/transfers/new",
        debit_id=str(tax), credit_id=str(bank), amount_minor="1,234.50", memo=HOSTILE,
    )  # fmt: skip
    assert "The entry was posted." in page.main
    assert HOSTILE not in page.text
    assert shop.read(lambda tx: get_account(tx, bank).balance_minor) == -123_450
    event = shop.read(lambda tx: list_events(tx, subject="transfer"))[-1]
    assert (event.kind, event.dialect, event.operator_id is not None) == ("transfer.posted", "console", True)
    back = visitor.done(page, "/reverse")
    assert "was taken back by this one" in back.main
    assert shop.read(lambda tx: get_account(tx, bank).balance_minor) == 0
    assert not visitor.get("/ledger/transfers/1").tree.xpath("//form[contains(@action, '/reverse')]")
    csrf = back.form("/sign-out").fields["csrf"]
    twice = visitor.post("/console/ledger/transfers/1/reverse", {"csrf": csrf})
    assert twice.status == 422


def test_an_entry_that_cannot_be_posted_says_why_beside_its_field(shop: OpenShop, visitor: Visitor) -> None:
    tax, bank = shop.write(lambda tx: (account(tx, TAX_PAYABLE), account(tx, BANK)))
    receivable = shop.write(lambda tx: account(tx, RECEIVABLE))
    good: dict[str, Any] = {"debit_id": str(tax), "credit_id": str(bank), "amount_minor": "5", "memo": "x"}
    for wrong, said in (
        ({"amount_minor": "0"}, "must be above zero"),
        ({"amount_minor": "1.005"}, "has more decimals than AUD"),
        ({"memo": " "}, "must not be empty"),
        ({"credit_id": str(tax)}, "must be another account"),
        ({"at": "2999-01-01T00:00"}, "must not be in the future"),
    ):
        answer = visitor.fill("/ledger/transfers/new", "/ledger/transfers/new", **good | wrong)
        assert answer.status == 422
        assert said in answer.problems
    form = visitor.get("/ledger/transfers/new").form("/ledger/transfers/new")
    forged = dict(form.form_values()) | good | {"debit_id": str(receivable)}
    assert visitor.post(form.action, forged).status == 422
    assert shop.read(lambda tx: list_events(tx, subject="transfer")) == []


def test_an_account_of_ones_own_is_opened_and_closed(shop: OpenShop, visitor: Visitor) -> None:
    page = visitor.done(
        "/ledger/accounts/new", "/ledger/accounts/new", code="rent", name="Rent", kind="expense"
    )
    assert "The account was opened." in page.main
    assert "own:rent" in page.main
    twice = visitor.fill("/ledger/accounts/new", "/ledger/accounts/new", code="rent", name="R", kind="asset")
    assert (twice.status, "already an account" in twice.problems[0]) == (422, True)
    rent = int(page.tree.xpath("//form[contains(@action, '/close')]/@action")[0].split("/")[-2])
    shop.write(
        lambda tx: post_entry(tx, debit_id=rent, credit_id=account(tx, BANK), amount_minor=1, memo="x")
    )
    refused = visitor.fill(page, "/close")
    assert refused.status == 422
    shop.write(
        lambda tx: post_entry(tx, debit_id=account(tx, BANK), credit_id=rent, amount_minor=1, memo="x")
    )
    assert "The account was closed." in visitor.done(f"/ledger/accounts/{rent}", "/close").main


def test_what_is_not_there_and_who_may_not(home: Any, shop: OpenShop, visitor: Visitor) -> None:
    rent = shop.write(lambda tx: open_own_account(tx, code="rent", name="Rent", kind="expense"))
    for path in ("/ledger/accounts/99", f"/ledger/accounts/{rent}?before=99", "/ledger/transfers/99",
                 "/ledger/accounts/99999999999999999999"):  # fmt: skip
        assert visitor.get(path).status == 404
    reader, support = signed_in(home, "read-only"), signed_in(home, "support")
    page = reader.get(f"/ledger/accounts/{rent}")
    assert page.status == 200
    assert not page.tree.xpath("//form[contains(@action, '/ledger/')]")
    csrf = page.form("/sign-out").fields["csrf"]
    assert reader.post(f"/console/ledger/accounts/{rent}/close", {"csrf": csrf}).status == 403
    assert support.get("/ledger").status == 403


def test_what_moves_at_the_bank_leads_there(shop: OpenShop, visitor: Visitor) -> None:
    bank = Bank(shop)
    account_id = bank.account(bank.customer())
    moved = bank.move(5_000, target=account_id)
    page = visitor.get(f"/ledger/accounts/{account_id}")
    assert f"/console/bank/accounts/{account_id}" in page.links()
    assert page.rows[0][4] == page.rows[0][5] == "50.00 USD"
    assert (
        f"/console/bank/transfers/{moved.transfer_id}"
        in visitor.get(f"/ledger/transfers/{moved.transfer_id}").links()
    )


def test_a_balance_that_is_far_from_both_ends_is_told_and_opens(
    shop: OpenShop, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    receivable = shop.write(many_orders)
    lines = visitor.get(f"/ledger/accounts/{receivable}?format=csv").text.splitlines()
    monkeypatch.setattr("comptoir.domain.explaining.balances.ADDED_MAX", 50)
    oldest, middle = (lines[place].split(",")[0] for place in (-2, 60))
    page = visitor.get(f"/ledger/accounts/{receivable}?before={oldest}")
    assert [(row[3], row[5]) for row in page.rows] == [("1.00 AUD", "1.00 AUD")]
    page = visitor.get(f"/ledger/accounts/{receivable}?before={middle}")
    assert [(row[3], row[5]) for row in page.rows[:1]] == [("60.00 AUD", "1,830.00 AUD")]
    assert lines[61].endswith(",1830.00")
    for address in (
        f"/explain/account/{receivable}/balance?after={middle}",
        f"/explain/posting/{middle}/balance",
        f"/explain/account/{receivable}/balance",
    ):
        found = visitor.get(address)
        assert found.main.count("in both trees") == 2
        assert "before the newest 50 movements" in found.main
        (before,) = [link for link in found.links() if f"/explain/movements/{receivable}.ever." in link]
        opened = visitor.get(before)
        assert opened.main.count("in both trees") == 2
        assert f"Movements of account {receivable}, ever" in opened.main
        (month,) = [link for link in found.links() if f"/explain/movements/{receivable}.20" in link]
        assert visitor.get(month).main.count("in both trees") == 2
