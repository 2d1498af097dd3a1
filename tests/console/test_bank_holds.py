"""Holds on all accounts together; accounts that are opened with all that may be said, found by tag, with figures."""

from datetime import date, timedelta
from typing import Any

import pytest

from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.accounts.locking import hold_account, release_account
from comptoir.domain.banking.accounts.queries import BankAccountRow, get_bank_account
from comptoir.domain.tx import OpenShop
from tests.console.visiting import Visitor, signed_in
from tests.domain.banking.accounts.people import add_external, found_bank, make_account, make_customer

HOSTILE = "<script>alert(1)</script>"


class Bank:
    """A bank with a customer and an account with 100.00."""

    def __init__(self, shop: OpenShop) -> None:
        self.shop = shop
        shop.write(found_bank)
        self.ada = shop.write(lambda tx: make_customer(tx, "Ada"))
        self.account_id = shop.write(
            lambda tx: make_account(tx, self.ada, "Rent", balance_minor=10_000, tag="r/1")
        )
        self.external = shop.write(lambda tx: add_external(tx, self.ada))

    def account(self, account_id: int | None = None) -> BankAccountRow:
        return self.shop.read(lambda tx: get_bank_account(tx, account_id or self.account_id))

    def hold(self, minor: int, description: str = "") -> None:
        self.shop.write(
            lambda tx: hold_account(
                tx,
                customer_id=self.ada,
                account_id=self.account_id,
                amount_minor=minor,
                description=description,
            )
        )


@pytest.fixture
def bank(shop: OpenShop) -> Bank:
    return Bank(shop)


def test_holds_are_listed_until_they_are_released(bank: Bank, visitor: Visitor) -> None:
    assert visitor.get("/bank/holds").rows == []
    bank.hold(1_234, HOSTILE)
    page = visitor.get("/bank/holds?state=active")
    (row,) = page.rows
    assert row[:4] == [HOSTILE, "12.34 USD", "Rent", "Ada Fry"]
    assert HOSTILE not in page.text
    link = next(one for one in page.links() if one.startswith("/console/bank/holds/"))
    assert visitor.get(link).location == f"/console/bank/accounts/{bank.account_id}"
    bank.shop.write(lambda tx: release_account(tx, customer_id=bank.ada, account_id=bank.account_id))
    assert visitor.get("/bank/holds?state=active").rows == []
    assert len(visitor.get("/bank/holds").rows) == 1
    assert visitor.get("/bank/holds?account=77").rows == []
    assert visitor.get("/bank/holds?format=csv").text.startswith("id,For,Amount,Account")
    for wrong in ("/bank/holds/4711", "/bank/holds/" + "9" * 30):
        assert visitor.get(wrong).status == 404, wrong
    assert visitor.get("/bank/holds?state=x&account=%00").status == 200


def test_who_may_only_see_sees_holds_too(bank: Bank, home: ServedShop) -> None:
    bank.hold(1_00)
    assert len(signed_in(home, "read-only").get("/bank/holds").rows) == 1


def test_an_account_is_opened_with_all_that_is_known(bank: Bank, visitor: Visitor) -> None:
    said: dict[str, Any] = {
        "name": "Nest", "tag": "n/1", "product_id": str(bank.account().product_id), "category": "Save",
        "legal_name1": HOSTILE, "custom3": "three", "contribution_type": "BiWeekly", "contribution_minor": "25",
        "contribution_external_account_id": str(bank.external), "contribution_starts_on": "2031-01-01",
        "is_closeable": None,
    }  # fmt: skip
    form = f"/bank/accounts/new?customer={bank.ada}"
    for wrong in (
        {"contribution_minor": ""}, {"contribution_external_account_id": "77"}, {"account_number": "123"},
        {"contribution_external_account_id": "9" * 40}, {"contribution_type": "Hourly"}, {"custom3": "\0"},
    ):  # fmt: skip
        assert visitor.fill(form, "/accounts/new", None, **(said | wrong)).status == 422, wrong
    answer = visitor.fill(form, "/accounts/new", None, **said)
    assert answer.status == 303, answer.problems
    account = bank.account(int(answer.location.rpartition("/")[2]))
    assert (account.category, account.custom3, account.is_closeable) == ("Save", "three", False)
    assert (account.contribution_type, account.contribution_minor) == ("BiWeekly", 2_500)
    assert account.contribution_starts_on == date(2031, 1, 1)
    page = visitor.get(answer.location)
    assert HOSTILE in page.main
    assert HOSTILE not in page.text
    assert [row[0] for row in visitor.get("/bank/accounts?tag=n%2F1").rows] == ["Nest"]
    assert visitor.get("/bank/accounts?tag=nothing").rows == []


def test_what_is_reckoned_of_an_account_is_shown(bank: Bank, visitor: Visitor) -> None:
    path = f"/bank/accounts/{bank.account_id}"
    until = bank.shop.system().date() + timedelta(days=400)
    page = visitor.done(path, "/change", target_minor="400", target_on=until.isoformat(), custom1="mine")
    assert "Of the goal25 %" in page.main
    assert "Last moved" in page.main
    assert "Own fieldsmine" in page.main
