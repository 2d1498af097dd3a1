"""Statements: made for a period that is over, listed, shown, and downloaded in three forms."""

from typing import Any

import pytest

from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.statements.queries import list_statements
from comptoir.domain.tx import OpenShop
from tests.console.visiting import signed_in
from tests.domain.banking.statements.given import Bank


class Told:
    """A bank of which January is over."""

    def __init__(self, shop: OpenShop) -> None:
        self.bank = Bank(shop)
        self.customer_id = self.bank.customer("Ada")
        self.account_id = self.bank.account(self.customer_id)
        self.bank.at("2026-01-10")
        self.bank.move(
            12_345, target=self.account_id, description="<b>Wages</b>", customer_id=self.customer_id
        )
        self.bank.at("2026-01-20")
        self.bank.move(345, source=self.account_id, description="Coffee", customer_id=self.customer_id)
        self.bank.at("2026-02-03")

    def made(self) -> list[Any]:
        return self.bank.shop.read(lambda tx: list_statements(tx, self.customer_id))


@pytest.fixture
def told(shop: OpenShop) -> Told:
    return Told(shop)


def test_statements_are_made_once_listed_and_shown(told: Told, home: ServedShop) -> None:
    visitor = signed_in(home)
    page = visitor.done("/bank/statements", "/make", type="Monthly", year="2026", month="1")
    assert "1 statements were made." in page.main
    assert (
        "0 statements were made." in visitor.done(page, "/make", type="Monthly", year="2026", month="1").main
    )
    (made,) = told.made()
    (row,) = visitor.get("/bank/statements?type=Monthly&year=2026&month=1").rows
    assert (row[0], row[1], row[3]) == ("2026-01", "Monthly", "Ada Lovelace")
    assert visitor.get("/bank/statements?year=2025").rows == []
    shown = visitor.get(f"/bank/statements/{made.id}")
    assert "<b>Wages</b>" in shown.main
    assert "<b>Wages</b>" not in shown.text
    assert [one[3:] for one in shown.rows] == [
        ["123.45 USD", "123.45 USD"],
        ["\N{MINUS SIGN}3.45 USD", "120.00 USD"],
    ]


def test_a_statement_is_downloaded_in_three_forms(told: Told, home: ServedShop) -> None:
    told.bank.make()
    visitor, made = signed_in(home), told.made()[0]
    for ending, kind in (("pdf", "application/pdf"), ("csv", "text/csv"), ("json", "application/json")):
        answer = visitor.get(f"/bank/statements/{made.id}/{ending}").answer
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith(kind)
        assert answer.headers["content-disposition"].startswith("attachment")
        assert answer.content
    assert visitor.get(f"/bank/statements/{made.id}/exe").status == 404
    assert visitor.get("/bank/statements/4711/pdf").status == 404
    assert visitor.get("/bank/statements/4711").status == 404


def test_what_cannot_be_made_is_refused(told: Told, home: ServedShop) -> None:
    visitor = signed_in(home)
    future = visitor.fill("/bank/statements", "/make", type="Monthly", year="2026", month="2")
    assert future.status == 422
    for values in (
        {"year": "1"},
        {"month": "13"},
        {"year": "soon"},
        {"year": "9" * 17},
        {"type": "Quarterly", "month": "1"},
    ):
        asked: dict[str, Any] = {"type": "Monthly", "year": "2026", "month": "1"} | values
        wrong = visitor.fill("/bank/statements", "/make", **asked)
        assert wrong.status == 422, values
        assert wrong.problems
    assert told.made() == []


def test_forms_of_a_year_are_made(told: Told, home: ServedShop) -> None:
    told.bank.move(5_000, target=told.account_id, type_code="INTPAY", customer_id=told.customer_id)
    told.bank.at("2027-01-05")
    visitor = signed_in(home)
    page = visitor.done("/bank/statements", "/make", type="Tax1099INT", year="2026", month="12")
    assert "1 statements were made." in page.main
    (made,) = told.made()
    shown = visitor.get(f"/bank/statements/{made.id}")
    assert "50.00 USD" in shown.main
    assert visitor.get(f"/bank/statements/{made.id}/csv").status == 200


def test_who_may_only_see_makes_none(told: Told, home: ServedShop) -> None:
    reader = signed_in(home, "read-only")
    page = reader.get("/bank/statements")
    csrf = page.form("/sign-out").fields["csrf"]
    assert reader.post("/console/bank/statements/make", {"csrf": csrf}).status == 403
    assert told.made() == []


@pytest.mark.parametrize(("today", "month"), [("2026-01-15", ["2025", "12"]), ("2026-03-31", ["2026", "2"])])
def test_the_month_that_is_over_is_offered(
    shop: OpenShop, home: ServedShop, today: str, month: list[str]
) -> None:
    Bank(shop).at(today)
    page = signed_in(home).get("/bank/statements")
    form = "//form[contains(@action, '/make')]"
    assert page.tree.xpath(f"{form}//input[@name='year' or @name='month']/@value") == month
