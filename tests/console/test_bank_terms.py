"""On which terms accounts are kept: regular contributions, the product, the owner, a number of one's own."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.accounts.queries import BankAccountRow, get_bank_account
from comptoir.domain.banking.accounts.sharing import set_access
from comptoir.domain.banking.program.queries import list_products
from comptoir.domain.events.models import Event
from comptoir.domain.tx import OpenShop
from tests.console.visiting import Visitor, signed_in
from tests.domain.banking.accounts.people import add_external, become, found_bank, make_account, make_customer

HOSTILE = "<script>alert(1)</script>"


class Bank:
    """A bank with two customers, and an account that both have a part in."""

    def __init__(self, shop: OpenShop, *changes: tuple[str, str]) -> None:
        self.shop = shop
        shop.write(lambda tx: found_bank(tx, *changes))
        self.ada = shop.write(lambda tx: make_customer(tx, "Ada"))
        self.bob = shop.write(lambda tx: make_customer(tx, "Bob"))
        self.account_id = shop.write(lambda tx: make_account(tx, self.ada, "Rent"))
        self.external = shop.write(lambda tx: add_external(tx, self.ada, nick_name=HOSTILE))
        self.path = f"/bank/accounts/{self.account_id}"
        self.agreed: dict[str, Any] = {
            "contribution_type": "Monthly", "contribution_minor": "75.50", "contribution_starts_on": "2027-02-28",
            "contribution_external_account_id": str(self.external), "contribution_ends_on": "2029-01-01",
        }  # fmt: skip

    def account(self) -> BankAccountRow:
        return self.shop.read(lambda tx: get_bank_account(tx, self.account_id))

    def events(self, kind: str) -> list[tuple[Any, ...]]:
        query = select(Event.actor, Event.dialect, Event.after).where(Event.kind == kind)
        return [tuple(row) for row in self.shop.read(lambda tx: tx.all(query))]


@pytest.fixture
def bank(shop: OpenShop) -> Bank:
    return Bank(shop)


def test_a_regular_contribution_is_agreed_on_and_ended(bank: Bank, visitor: Visitor) -> None:
    page = visitor.done(bank.path, "/contribution", **bank.agreed)
    assert "The contribution was agreed on." in page.main
    account = bank.account()
    assert (account.contribution_type, account.contribution_minor) == ("Monthly", 7550)
    assert account.contribution_external_account_id == bank.external
    assert (account.contribution_starts_on, account.contribution_ends_on) == (
        date(2027, 2, 28),
        date(2029, 1, 1),
    )
    assert "75.50 USD" in page.main
    assert "every month" in page.main
    assert HOSTILE in page.main
    assert HOSTILE not in page.text
    ((actor, dialect, after),) = bank.events("bank_account.changed")
    assert (actor, dialect, len(after["changed"])) == ("Ada", "console", 5)
    page = visitor.done(page, "/contribution", contribution_type="None")
    assert bank.account().contribution_type == "None"
    assert "75.50" not in page.main
    assert "Nothing was changed." in visitor.done(page, "/contribution").main


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"contribution_minor": ""}, "is below the minimum"),
        ({"contribution_minor": "0.50"}, "is below the minimum"),
        ({"contribution_minor": "10000.01"}, "is out of range"),
        ({"contribution_minor": HOSTILE[:9]}, "must be an amount such as 12.50"),
        ({"contribution_external_account_id": ""}, "is not a verified external account of the customer"),
        ({"contribution_external_account_id": "99"}, "must be one of the choices"),
        ({"contribution_starts_on": ""}, "is required"),
        ({"contribution_starts_on": "2027-01-31"}, "must be one of the days 1 to 28 of a month"),
        ({"contribution_starts_on": "2029-01-01"}, "must be before the end"),
        ({"contribution_type": "Daily"}, "must be one of the choices"),
    ],
)
def test_what_cannot_be_agreed_on_is_told_beside_its_field(
    bank: Bank, visitor: Visitor, wrong: dict[str, Any], problem: str
) -> None:
    before = bank.account()
    answer = visitor.fill(bank.path, "/contribution", **(bank.agreed | wrong))
    assert answer.status == 422
    assert problem in answer.problems
    assert HOSTILE not in answer.text
    assert bank.account() == before
    assert bank.events("bank_account.changed") == []


def test_a_program_without_contributions_offers_none(shop: OpenShop, visitor: Visitor) -> None:
    bank = Bank(shop, ("recurring_contributions = true", "recurring_contributions = false"))
    page = visitor.get(bank.path)
    assert "Regular contributions" not in page.main
    values = bank.agreed | {"csrf": page.form("/sign-out").fields["csrf"]}
    assert visitor.post(f"/console{bank.path}/contribution", values).status == 422
    assert bank.account().contribution_minor is None


def test_an_account_becomes_of_another_product(bank: Bank, visitor: Visitor) -> None:
    products = bank.shop.read(list_products)
    savings = next(one for one in products if one.category == "Savings")
    business = next(one for one in products if one.is_business)
    page = visitor.done(bank.path, "/product", product_id=str(savings.id))
    assert "The account is of another product now." in page.main
    assert (bank.account().product_id, bank.account().type) == (savings.id, savings.type)
    assert [row[:2] for row in bank.events("bank_account.product_changed")] == [("Ada", "console")]
    switched = visitor.fill(page, "/product", product_id=str(business.id))
    assert switched.status == 422
    assert any("personal account" in problem for problem in switched.problems)
    assert visitor.fill(page, "/product", product_id="1").status == 422
    assert "Nothing was changed." in visitor.done(page, "/product").main
    assert bank.account().product_id == savings.id


def test_an_account_is_handed_over_to_a_holder_with_full_access(bank: Bank, visitor: Visitor) -> None:
    page = visitor.get(bank.path)
    assert "/owner" not in page.text
    csrf = page.form("/sign-out").fields["csrf"]
    refused = visitor.post(f"/console{bank.path}/owner", {"csrf": csrf, "primary_customer_id": bank.bob})
    assert refused.status == 422
    bank.shop.write(
        lambda tx: set_access(
            tx,
            customer_id=bank.ada,
            account_id=bank.account_id,
            target_customer_id=bank.bob,
            access_type="FULL",
        )
    )
    page = visitor.done(bank.path, "/owner", primary_customer_id=str(bank.bob))
    assert "The account was handed over." in page.main
    assert bank.account().customer_id == bank.bob
    assert bank.events("bank_account.handed_over") == [("Ada", "console", {"customer_id": bank.bob})]


def test_numbers_of_ones_own_are_given_where_the_program_has_them(shop: OpenShop, visitor: Visitor) -> None:
    bank = Bank(shop, ('"card_alerts",', '"card_alerts", "custom_account_numbers",'))
    other = shop.write(lambda tx: get_bank_account(tx, make_account(tx, bank.ada, "Food")).account_number)
    page = visitor.done(bank.path, "/number", account_number="70001234")
    assert bank.account().account_number == "70001234"
    assert "…1234" in page.main
    assert "70001234" not in page.text
    for wrong in ("7000x", "", other, "1" * 18, "\N{ARABIC-INDIC DIGIT ONE}"):
        assert visitor.fill(page, "/number", account_number=wrong).status == 422, wrong
    assert bank.account().account_number == "70001234"


def test_a_program_without_own_numbers_refuses_them(bank: Bank, visitor: Visitor) -> None:
    page = visitor.get(bank.path)
    assert "/number" not in page.text
    values = {"csrf": page.form("/sign-out").fields["csrf"], "account_number": "70001234"}
    assert visitor.post(f"/console{bank.path}/number", values).status == 422
    bank.shop.write(lambda tx: become(tx, bank.ada, is_locked=True))
    assert visitor.fill(page, "/contribution", **bank.agreed).status == 422
    assert bank.account().contribution_minor is None


def test_who_may_only_see_agrees_on_nothing(bank: Bank, home: ServedShop) -> None:
    reader = signed_in(home, "read-only")
    page = reader.get(bank.path)
    assert "Regular contributions" in page.main
    csrf = page.form("/sign-out").fields["csrf"]
    for verb in ("contribution", "product", "owner", "number"):
        assert reader.post(f"/console{bank.path}/{verb}", {"csrf": csrf} | bank.agreed).status == 403, verb
    assert bank.account().contribution_minor is None
