"""Accounts at the bank: opened, changed, locked, held, shared, limited and closed by the console."""

from typing import Any

import pytest
from sqlalchemy import select

from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.accounts.inheriting import list_heirs
from comptoir.domain.banking.accounts.queries import BankAccountRow, access_of, get_bank_account
from comptoir.domain.banking.accounts.restricting import list_limits
from comptoir.domain.banking.accounts.sharing import set_access
from comptoir.domain.banking.customers.beneficiaries import create_beneficiary
from comptoir.domain.events.models import Event
from comptoir.domain.identity.queries import find_operator_by_email
from comptoir.domain.tx import OpenShop
from tests.console.visiting import Visitor, signed_in
from tests.domain.banking.accounts.people import (
    add_external,
    found_bank,
    make_account,
    make_customer,
    pay_in,
    pay_out,
)

HOSTILE = "<script>alert(1)</script>"


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
        self.path = f"/bank/accounts/{self.rent}"

    def account(self, account_id: int | None = None) -> BankAccountRow:
        return self.shop.read(lambda tx: get_bank_account(tx, account_id or self.rent))

    def events(self, kind: str) -> list[tuple[Any, ...]]:
        """Who did it, through what, with which operator."""
        query = select(Event.actor, Event.dialect, Event.operator_id).where(Event.kind == kind)
        return [tuple(row) for row in self.shop.read(lambda tx: tx.all(query))]

    def operator(self) -> tuple[Any, ...]:
        """The owner, as events of the console have them."""
        found = self.shop.read(lambda tx: find_operator_by_email(tx, "owner@example.com"))
        assert found is not None
        return ("Ada", "console", found.id)


@pytest.fixture
def bank(shop: OpenShop) -> Bank:
    return Bank(shop)


def test_accounts_are_listed_narrowed_and_written_as_csv(bank: Bank, visitor: Visitor) -> None:
    rows = visitor.get("/bank/accounts").rows
    assert [row[0] for row in rows] == ["Food", "Rent"]
    assert rows[1][5:] == ["Ada Fry", "100.00 USD", "100.00 USD"]
    assert bank.account().account_number not in visitor.get("/bank/accounts").text
    assert [row[0] for row in visitor.get("/bank/accounts?name=ren").rows] == ["Rent"]
    assert visitor.get("/bank/accounts?status=Closed").rows == []
    lines = visitor.get("/bank/accounts?format=csv&sort=oldest").text.splitlines()
    assert len(lines) == 3
    assert lines[1].startswith(f"{bank.rent},Rent,")


def test_an_account_is_opened_and_changed(bank: Bank, visitor: Visitor) -> None:
    page = visitor.done(
        f"/bank/accounts/new?customer={bank.ada}", "/accounts/new", name="Holiday", tag="holiday",
        target_minor="1,000.00",
    )  # fmt: skip
    assert "The account was opened." in page.main
    opened = bank.account(bank.external + 1)
    assert (opened.name, opened.tag, opened.target_minor) == ("Holiday", "holiday", 100_000)
    path = f"/bank/accounts/{opened.account_id}"
    assert "The account was saved." in visitor.done(path, "/change", name="Travel", target_minor="").main
    changed = bank.account(opened.account_id)
    assert (changed.name, changed.tag, changed.target_minor) == ("Travel", "holiday", None)
    assert bank.events("bank_account.changed") == [bank.operator()]
    assert "Nothing was changed." in visitor.done(path, "/change").main


def test_what_is_wrong_with_a_new_account_is_said_beside_its_field(bank: Bank, visitor: Visitor) -> None:
    wrong = visitor.fill(
        f"/bank/accounts/new?customer={bank.ada}", "/accounts/new", name="Rent", tag="x" * 300
    )
    assert wrong.status == 422
    assert "must have at most 255 letters" in wrong.problems
    wrong = visitor.fill(f"/bank/accounts/new?customer={bank.ada}", "/accounts/new", name="Rent")
    assert wrong.status == 422
    assert len(wrong.problems) == 2
    unknown = visitor.fill(f"/bank/accounts/new?customer={10**15}", "/accounts/new", name="Rent")
    assert unknown.status in {404, 422}
    assert len(visitor.get("/bank/accounts").rows) == 2


def test_the_second_of_two_tabs_is_told(bank: Bank, visitor: Visitor) -> None:
    mine = visitor.get(bank.path)
    visitor.done(bank.path, "/change", category="Home")
    told = visitor.fill(mine, "/change", category="Flat")
    assert told.status == 422
    assert "Somebody else changed this" in told.problems[0]
    assert bank.account().category == "Home"


def test_an_account_is_locked_and_unlocked(bank: Bank, visitor: Visitor) -> None:
    page = visitor.done(bank.path, "/lock", lock_type="CST", lock_reason="TMP")
    assert "The account is locked at the customer's wish (for a while)." in page.main
    assert bank.account().is_locked
    assert "The account is unlocked." in visitor.done(page, "/unlock").main
    assert not bank.account().is_locked
    visitor.done(bank.path, "/lock", lock_type="SYS", lock_reason="FRD")
    refused = visitor.fill(bank.path, "/unlock")
    assert refused.status == 422
    assert "locked by an administrator or a process" in refused.problems[0]
    assert bank.account().is_locked


def test_money_is_held_and_released(bank: Bank, visitor: Visitor) -> None:
    wrong = visitor.fill(bank.path, "/hold", amount_minor="-5")
    assert (wrong.status, wrong.problems[-1]) == (422, "must be above zero")
    wrong = visitor.fill(bank.path, "/hold", amount_minor="500")
    assert (wrong.status, "500.00 USD is wanted." in wrong.problems[-1]) == (422, True)
    page = visitor.done(bank.path, "/hold", amount_minor="40", description=HOSTILE)
    assert HOSTILE in page.main
    assert HOSTILE not in page.text
    assert (bank.account().available_minor, bank.account().balance_minor) == (6_000, 10_000)
    assert "The hold is released." in visitor.done(page, "/release").main
    assert bank.account().available_minor == 10_000


def test_a_fee_is_charged_by_hand(bank: Bank, visitor: Visitor) -> None:
    large = visitor.fill(bank.path, "/fee", amount_minor="26")
    assert (large.status, large.problems[-1]) == (422, "is more than the fee allows")
    page = visitor.done(bank.path, "/fee", amount_minor="2.50", tag="fee-1")
    assert "The fee was charged." in page.main
    assert bank.account().balance_minor == 9_750
    again = visitor.fill(bank.path, "/fee", amount_minor="2.50", tag="fee-1")
    assert (again.status, again.problems[-1]) == (422, "was used before")
    poor = visitor.fill(f"/bank/accounts/{bank.food}", "/fee")
    assert (poor.status, poor.problems[-1]) == (422, "is more than is available")
    assert bank.account().balance_minor == 9_750


def test_access_is_given_and_taken(bank: Bank, visitor: Visitor) -> None:
    page = visitor.done(
        f"{bank.path}/rules", "/share", target_customer_id=str(bank.bob), access_type="RDONLY"
    )
    assert [row[:2] for row in page.rows] == [["Ada Fry", "FULL"], ["Bob Fry", "RDONLY"]]
    assert bank.shop.read(lambda tx: access_of(tx, bank.rent, bank.bob)) == "RDONLY"
    refused = visitor.fill(f"{bank.path}/rules", "/share", target_customer_id="999", access_type="FULL")
    assert refused.status == 422


def test_limits_are_set_and_dropped(bank: Bank, visitor: Visitor) -> None:
    page = visitor.done(f"{bank.path}/rules", "/limit", name="daily_withdraw", maximum_minor="50.00")
    assert "The limit was set." in page.main
    (kept,) = bank.shop.read(lambda tx: list_limits(tx, bank.rent))
    assert (kept.name, kept.maximum_minor) == ("daily_withdraw", 5_000)
    wrong = visitor.fill(page, "/limit", name="daily_withdraw", maximum_minor="10", minimum_minor="20")
    assert wrong.status == 422
    assert "The limit was dropped." in visitor.done(page, "/drop").main
    assert bank.shop.read(lambda tx: list_limits(tx, bank.rent)) == []


def test_beneficiaries_are_named_and_cheques_stopped(bank: Bank, visitor: Visitor) -> None:
    heir = bank.shop.write(
        lambda tx: create_beneficiary(
            tx, customer_id=bank.ada, beneficiary={"first_name": "Eve", "last_name": "Fry"}
        )
    )
    path = f"{bank.path}/rules"
    assert "Eve Fry" in visitor.done(path, "/heirs", beneficiary_ids=[str(heir)]).main
    (named,) = bank.shop.read(lambda tx: list_heirs(tx, customer_id=bank.ada, account_id=bank.rent))
    assert named.is_active
    visitor.done(path, "/heirs", beneficiary_ids=None)
    assert not bank.shop.read(lambda tx: list_heirs(tx, customer_id=bank.ada, account_id=bank.rent))[
        0
    ].is_active
    cheques = {"number_minimum": "10", "number_maximum": "20", "amount_minimum": "1", "amount_maximum": "50"}
    wrong = visitor.fill(path, "/stop", **(cheques | {"number_minimum": "0"}))  # type: ignore[arg-type]
    assert (wrong.status, wrong.problems[-1]) == (422, "must be above zero")
    turned = visitor.fill(path, "/stop", **(cheques | {"number_maximum": "5"}))  # type: ignore[arg-type]
    assert turned.status == 422
    page = visitor.done(path, "/stop", **cheques)
    assert "10 to 20" in page.main
    page = visitor.done(page, "/unstop")
    assert not [one for one in page.tree.forms if (one.action or "").endswith("/unstop")]


def test_an_account_with_money_is_closed_to_another(bank: Bank, visitor: Visitor) -> None:
    refused = visitor.fill(bank.path, "/close", reason="No longer needed")
    assert refused.status == 422
    assert refused.problems[-1] == "must be chosen: something is left on the account"
    assert bank.account().status == "Open"
    page = visitor.done(bank.path, "/close", reason="No longer needed", close_to_id=str(bank.food))
    assert "The account is closed." in page.main
    closed = bank.account()
    assert (closed.status, closed.closed_reason, closed.closed_minor) == (
        "Closed",
        "No longer needed",
        10_000,
    )
    assert bank.account(bank.food).balance_minor == 10_000
    assert bank.events("bank_account.closed") == [bank.operator()]
    assert not [form for form in page.tree.forms if (form.action or "").endswith("/close")]
    for ending in ("/rules", "/transactions"):
        assert visitor.get(f"{bank.path}{ending}").status == 200


def test_an_account_is_not_closed_while_something_is_on_its_way(bank: Bank, visitor: Visitor) -> None:
    visitor.done(bank.path, "/hold", amount_minor="40")
    refused = visitor.fill(bank.path, "/close", close_to_id=str(bank.food))
    assert refused.status == 422
    assert "pending transactions or held funds" in refused.problems[0]
    needs = visitor.fill(bank.path, "/close", close_to_id=str(bank.food), reason="Other")
    assert needs.problems[-1] == "must be filled in when the reason is Other"
    assert bank.account().status == "Open"


def test_who_may_only_see_is_shown_no_forms_and_may_post_none(
    bank: Bank, home: ServedShop, visitor: Visitor
) -> None:
    reader = signed_in(home, "read-only")
    page = reader.get(bank.path)
    assert page.status == 200
    assert len([form for form in page.tree.forms if "/bank/" in (form.action or "")]) == 0
    csrf = page.form("/sign-out").fields["csrf"]
    for verb in (
        "change",
        "lock",
        "unlock",
        "fee",
        "hold",
        "release",
        "close",
        "share",
        "limit",
        "drop",
        "heirs",
        "stop",
        "unstop",
    ):
        assert reader.post(f"/console{bank.path}/{verb}", {"csrf": csrf}).status == 403, verb
    assert visitor.get(bank.path).status == 200


def test_addresses_that_name_nothing_are_not_found(bank: Bank, visitor: Visitor) -> None:
    for path in (
        "/bank/accounts/999",
        "/bank/accounts/9999999999999999999999",
        f"/bank/accounts/{bank.external}",
    ):
        assert visitor.get(path).status == 404, path
    assert visitor.get("/bank/accounts?customer=999999999999999999999").status == 200
    assert visitor.get("/bank/accounts/new?customer=%00").status == 200


def test_the_lines_of_an_account_carry_their_balance(bank: Bank, visitor: Visitor) -> None:
    def many(tx: Any) -> None:
        for number in range(1, 61):
            (pay_in if number % 2 else pay_out)(tx, bank.rent, number * 10, description=f"Movement {number}")

    bank.shop.write(many)
    balance = bank.account().balance_minor
    seen: list[list[str]] = []
    page = visitor.get(f"{bank.path}/transactions")
    while True:
        seen += page.rows
        following = page.tree.xpath("//a[@rel='next']/@href")
        if not following:
            break
        page = visitor.get(following[0])
    assert len(seen) == 61
    running = balance
    for row in seen:
        assert cents(row[4]) == running
        running -= cents(row[3])
    assert running == 0
    (before,) = page.tree.xpath("//a[@rel='prev']/@href")
    assert visitor.get(before).rows == seen[:50]


def test_a_balance_that_is_not_ours_is_added_up_anew(bank: Bank, visitor: Visitor) -> None:
    def many(tx: Any) -> None:
        for _ in range(60):
            pay_in(tx, bank.rent, 100)

    bank.shop.write(many)
    page = visitor.get(f"{bank.path}/transactions")
    (following,) = page.tree.xpath("//a[@rel='next']/@href")
    path, _, balance = following.partition("balance=")
    honest = visitor.get(following).rows
    assert honest[0][4] == "110.00 USD"
    for forged in (
        "999999.0123456789abcdef",
        balance.replace("11000", "99000"),
        "x.y",
        "",
        "9" * 40,
        "-5.%FF",
    ):
        assert visitor.get(f"{path}balance={forged}").rows == honest, forged


def test_lines_are_narrowed_and_written_as_csv(bank: Bank, visitor: Visitor) -> None:
    bank.shop.write(lambda tx: pay_out(tx, bank.rent, 2_500, description="=cmd()"))
    path = f"{bank.path}/transactions"
    assert [row[3] for row in visitor.get(f"{path}?way=out").rows] == ["\N{MINUS SIGN}25.00 USD"]
    assert [row[3] for row in visitor.get(f"{path}?amount_from=99").rows] == ["100.00 USD"]
    assert visitor.get(f"{path}?type=CPDEP").rows == []
    assert len(visitor.get(f"{path}?day_from=2026-03-01&day_to=2026-03-01").rows) == 2
    assert visitor.get(f"{path}?day_from=2026-03-02").rows == []
    for wrong in ("day_from=soon", "amount_to=much", "type=nothing", "way=up", "day_to=9999-12-31"):
        assert visitor.get(f"{path}?{wrong}").status == 200, wrong
    lines = visitor.get(f"{path}?format=csv").text.splitlines()
    assert lines[0].startswith("id,when,type,description,counterpart,amount,balance")
    assert ",'=cmd()," in lines[1]
    assert ",-25.00,75.00,Settled," in lines[1]
    assert ",100.00,100.00,Settled," in lines[2]


def test_a_shared_account_is_shown_once_with_both_holders(bank: Bank, visitor: Visitor) -> None:
    bank.shop.write(
        lambda tx: set_access(
            tx, customer_id=bank.ada, target_customer_id=bank.bob, account_id=bank.rent, access_type="FULL"
        )
    )
    assert [row[0] for row in visitor.get(f"{bank.path}/rules").rows] == ["Ada Fry", "Bob Fry"]
    money = visitor.get(f"/bank/customers/{bank.bob}/money").rows
    assert [row[3] for row in money] == ["shared"]


def cents(written: str) -> int:
    """A written amount as minor units."""
    number = written.removesuffix(" USD").replace(",", "").replace("\N{MINUS SIGN}", "-").replace(".", "")
    return int(number)
