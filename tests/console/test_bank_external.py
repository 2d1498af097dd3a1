"""Accounts at other banks: taken in, verified by trial deposits, changed, locked, archived."""

from typing import Any

import pytest

from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.external.queries import ExternalAccountRow, get_external_account
from comptoir.domain.banking.movements.chart import CASH
from comptoir.domain.banking.movements.moving import Movement, move_money
from tests.console.visiting import Paper, Visitor, signed_in
from tests.domain.banking.clearing.bank import Bank, open_bank

NUMBER = "98765432109"
VALUES: dict[str, Any] = {
    "type": "Checking", "routing_number": "091000019", "account_number": NUMBER, "first_name": "Ada",
    "last_name": "Lovelace", "nick_name": "My old bank",
}  # fmt: skip


@pytest.fixture
def bank(shop: Any) -> Bank:
    return open_bank(shop)


def row(bank: Bank, external_id: int) -> ExternalAccountRow:
    return bank.shop.read(lambda tx: get_external_account(tx, external_id))


def taken_in(bank: Bank, visitor: Visitor, how: str = "at once", **values: Any) -> Paper:
    path = f"/bank/external-accounts/new?customer={bank.customer_id}"
    return visitor.fill(path, "/external-accounts/new", **(VALUES | {"how": how} | values))


def id_of(answer: Paper) -> int:
    assert answer.status == 303, answer.problems
    return int(answer.location.rpartition("/")[2])


def test_an_account_is_taken_in_and_its_number_masked(bank: Bank, visitor: Visitor) -> None:
    external_id = id_of(taken_in(bank, visitor))
    page = visitor.get(f"/bank/external-accounts/{external_id}")
    assert "My old bank …2109" in page.main
    assert "Verified" in page.main
    assert NUMBER not in page.text
    listed = visitor.get("/bank/external-accounts")
    assert NUMBER not in listed.text
    assert listed.rows[0][1:4] == ["My old bank", "…2109", "091000019"]
    assert listed.rows[0][-1] == "Ada Lovelace"
    assert NUMBER not in visitor.get("/bank/external-accounts?format=csv").text
    assert visitor.get("/bank/external-accounts?status=Archived").rows == []


def test_own_fields_are_kept_changed_and_shown(bank: Bank, visitor: Visitor) -> None:
    external_id = id_of(taken_in(bank, visitor, custom1="<i>blue</i>", custom5="5"))
    path = f"/bank/external-accounts/{external_id}"
    page = visitor.get(path)
    assert "<i>blue</i>, 5" in page.main
    assert "<i>blue</i>" not in page.text
    visitor.done(path, "/change", custom1="", custom2="two")
    kept = row(bank, external_id)
    assert (kept.custom1, kept.custom2, kept.custom5) == ("", "two", "5")
    assert "must have at most 50 letters" in visitor.fill(path, "/change", custom3="x" * 51).problems


def test_what_is_wrong_is_said_beside_its_field(bank: Bank, visitor: Visitor) -> None:
    wrong = taken_in(bank, visitor, routing_number="091000018")
    assert wrong.status == 422
    assert any(
        "check" in problem or "rout" in problem or "add up" in problem for problem in wrong.problems
    ), wrong.problems
    assert taken_in(bank, visitor, account_number="#12").status == 422
    assert taken_in(bank, visitor, first_name="", last_name="").status == 422
    assert taken_in(bank, visitor, customer_id=str(10**17)).status in {404, 422}
    assert len(visitor.get("/bank/external-accounts").rows) == 1


def test_trial_deposits_are_sent_and_named(bank: Bank, visitor: Visitor) -> None:
    external_id = id_of(taken_in(bank, visitor, "by trial deposits"))
    path, kept = f"/bank/external-accounts/{external_id}", row(bank, external_id)
    assert kept.status == "Unverified"
    assert kept.amount1_minor
    assert kept.amount2_minor
    page = visitor.get(path)
    assert f"0.{kept.amount1_minor:02} USD" not in page.tree.xpath("string(//dl)")
    nothing = visitor.fill(page, "/verify", amount1="0", amount2="-1")
    assert nothing.problems[-2:] == ["must be above zero", "must be above zero"]
    assert row(bank, external_id).attempts == 0
    missed = visitor.done(path, "/verify", amount1="9.99", amount2="9.98")
    assert "Attempts left: 2." in missed.main
    assert row(bank, external_id).attempts == 1
    amounts = {
        f"amount{n}": f"0.{minor:02}" for n, minor in ((1, kept.amount1_minor), (2, kept.amount2_minor))
    }
    assert "The account is verified." in visitor.done(path, "/verify", **amounts).main
    assert row(bank, external_id).status == "Verified"


def test_new_trial_deposits_are_sent(bank: Bank, visitor: Visitor) -> None:
    external_id = id_of(taken_in(bank, visitor, "by trial deposits"))
    assert "New trial deposits" in visitor.done(f"/bank/external-accounts/{external_id}", "/resend").main
    assert row(bank, external_id).status == "Unverified"


def test_an_account_is_changed_locked_and_archived(bank: Bank, visitor: Visitor) -> None:
    external_id = id_of(taken_in(bank, visitor))
    path = f"/bank/external-accounts/{external_id}"
    visitor.done(path, "/change", nick_name="<b>Old</b>", tag="old-bank")
    assert (row(bank, external_id).nick_name, row(bank, external_id).tag) == ("<b>Old</b>", "old-bank")
    assert "<b>Old</b>" not in visitor.get(path).text
    page = visitor.done(path, "/lock", reason="Returned twice")
    assert "It is locked: Returned twice." in page.main
    assert row(bank, external_id).is_locked_by_system
    refused = visitor.fill(page, "/change", nick_name="New")
    assert refused.status == 422
    visitor.done(path, "/unlock")
    assert not row(bank, external_id).is_locked
    bank.do(lambda tx: move_money(tx, Movement(100_000, bank.account_id, CASH, "CPWTH")))
    page = visitor.done(path, "/archive")
    assert row(bank, external_id).status == "Archived"
    assert not [one for one in page.tree.forms if "/external-accounts/" in (one.action or "")]


def test_an_account_that_money_depends_on_is_not_archived(bank: Bank, visitor: Visitor) -> None:
    bank.push(1_000)
    refused = visitor.fill(f"/bank/external-accounts/{bank.external_id}", "/archive")
    assert refused.status == 422
    assert row(bank, bank.external_id).status == "Verified"
    assert "10.00 USD" in visitor.get(f"/bank/external-accounts/{bank.external_id}").main


def test_who_may_only_see_changes_nothing(bank: Bank, home: ServedShop) -> None:
    reader = signed_in(home, "read-only")
    page = reader.get(f"/bank/external-accounts/{bank.external_id}")
    assert page.status == 200
    csrf = page.form("/sign-out").fields["csrf"]
    for verb in ("change", "verify", "resend", "lock", "unlock", "archive"):
        path = f"/console/bank/external-accounts/{bank.external_id}/{verb}"
        assert reader.post(path, {"csrf": csrf}).status == 403, verb
