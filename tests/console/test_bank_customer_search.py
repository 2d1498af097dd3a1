"""Customers of the bank found by numbers of their papers, birthdays and own fields; what is typed stands nowhere."""

from typing import Any

import pytest

from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.customers.updating import update_customer
from comptoir.domain.tx import OpenShop
from tests.console.test_bank_customers import NEW
from tests.console.visiting import Paper, Visitor, signed_in
from tests.domain.banking.accounts.people import found_bank, make_customer

PATH = "/bank/customers/search"
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture
def bank(shop: OpenShop, visitor: Visitor) -> OpenShop:
    """A bank with Grace, of whom much is known, and Ada."""
    shop.write(found_bank)
    made = visitor.fill(
        "/bank/customers/new", "/customers/new", **NEW, passport_number="P 555-1234", license_number="D 77",
        license_state="IA", custom3=HOSTILE, tag="Grace-1",
    )  # fmt: skip
    assert made.status == 303, made.problems
    shop.write(lambda tx: make_customer(tx, "Ada"))
    return shop


def found(visitor: Visitor, **said: Any) -> list[str]:
    answer: Paper = visitor.fill(PATH, "/customers/search", None, **said)
    assert answer.status == 200, answer.problems
    return [row[0] for row in answer.rows]


@pytest.mark.parametrize(
    "said",
    [
        {"tax_id": "900000283"},
        {"tax_id": "900-00-0283", "last_name": "HOPPER"},
        {"passport_number": "p5551234"},
        {"license_number": "d-77", "license_state": "ia"},
        {"birth_date": "1985-12-09"},
        {"email": "GRACE@example.com"},
        {"tag": "grace-1"},
        {"custom3": HOSTILE},
        {"is_opted_in": "1", "gender": "F", "first_name": "grace"},
    ],
)
def test_somebody_is_found_by_what_is_known_of_them(
    bank: OpenShop, visitor: Visitor, said: dict[str, Any]
) -> None:
    assert found(visitor, **said) == ["Grace Hopper"]


@pytest.mark.parametrize(
    "said",
    [
        {"tax_id": "900000284"},
        {"tax_id": "900000283", "last_name": "Fry"},
        {"passport_number": "5551234"},
        {"birth_date": "1985-12-10"},
        {"first_name": "Grac"},
        {"is_opted_in": "0", "first_name": "grace"},
    ],
)
def test_nobody_is_found_by_what_is_not_true_of_them(
    bank: OpenShop, visitor: Visitor, said: dict[str, Any]
) -> None:
    assert found(visitor, **said) == []


def test_numbers_are_shown_nowhere(bank: OpenShop, visitor: Visitor) -> None:
    answer = visitor.fill(PATH, "/customers/search", None, tax_id="900-00-0283", custom3=HOSTILE)
    assert "900-00-0283" not in answer.text
    assert "900000283" not in answer.text
    assert HOSTILE not in answer.text
    assert answer.location == ""


def test_many_are_counted(bank: OpenShop, visitor: Visitor) -> None:
    def crowd(tx: Any) -> None:
        for number in range(101):
            update_customer(tx, customer_id=make_customer(tx, f"One{number}"), person={"custom1": "crowd"})

    bank.write(crowd)
    answer = visitor.fill(PATH, "/customers/search", None, custom1="crowd")
    assert len(answer.rows) == 100
    assert "101, the first 100 of them here" in answer.main


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        ({}, "or something else must be filled in"),
        ({"first_name": "  "}, "or something else must be filled in"),
        ({"birth_date": "1985-13-09"}, "must be a day such as 2026-01-31"),
        ({"gender": "X"}, "must be one of the choices"),
        ({"is_opted_in": "maybe"}, "must be one of the choices"),
        ({"last_name": "a\0b"}, "holds characters that cannot be kept"),
        ({"tax_id": "9" * 31}, "must have at most 30 letters"),
    ],
)
def test_what_cannot_be_looked_for_is_refused(
    bank: OpenShop, visitor: Visitor, said: dict[str, Any], problem: str
) -> None:
    answer = visitor.fill(PATH, "/customers/search", None, **said)
    assert answer.status == 422
    assert problem in answer.problems


def test_who_may_only_see_looks_nobody_up_by_numbers(bank: OpenShop, home: ServedShop) -> None:
    reader = signed_in(home, "read-only")
    page = reader.get(PATH)
    assert "is for the bank's own people" in page.main
    csrf = page.form("/sign-out").fields["csrf"]
    assert reader.post(f"/console{PATH}", {"csrf": csrf, "tax_id": "900000283"}).status == 403
    assert signed_in(home, "support").get(PATH).status == 403
