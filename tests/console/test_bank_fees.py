"""Fees that were charged: listed, found by their tag or account, and shown with where the money went."""

from typing import Any

import pytest

from comptoir.dialects.edge import ServedShop
from comptoir.domain.banking.transfers.fees import find_fee
from comptoir.domain.tx import OpenShop
from tests.console.test_bank_accounts import Bank
from tests.console.visiting import Visitor, signed_in

HOSTILE = "<b>May</b>"


@pytest.fixture
def bank(shop: OpenShop, visitor: Visitor) -> Bank:
    """Two fees on one account, one of them with a tag."""
    bank = Bank(shop)
    visitor.done(bank.path, "/fee", amount_minor="2.50", tag=HOSTILE)
    visitor.done(bank.path, "/fee", amount_minor="1")
    return bank


def amounts(visitor: Visitor, **query: Any) -> list[str]:
    asked = "&".join(f"{name}={value}" for name, value in query.items())
    return [row[3] for row in visitor.get(f"/bank/fees?{asked}").rows]


def test_charged_fees_are_listed_newest_first(bank: Bank, visitor: Visitor) -> None:
    page = visitor.get("/bank/fees")
    assert HOSTILE not in page.text
    assert [row[1:5] for row in page.rows] == [
        ["Rent", "Ada Fry", "1.00 USD", ""],
        ["Rent", "Ada Fry", "2.50 USD", HOSTILE],
    ]


def test_a_fee_is_found_by_its_tag_and_its_account(bank: Bank, visitor: Visitor) -> None:
    assert amounts(visitor, tag="%3Cb%3EMay%3C/b%3E") == ["2.50 USD"]
    assert amounts(visitor, tag="%3Cb%3Emay%3C/b%3E") == []
    assert amounts(visitor, account=bank.rent) == ["1.00 USD", "2.50 USD"]
    assert amounts(visitor, account=bank.food) == []
    assert "Charged fees" in visitor.get(bank.path).main
    written = visitor.get("/bank/fees?format=csv&tag=%3Cb%3EMay%3C/b%3E").answer.text
    assert len(written.splitlines()) == 2
    for wrong in ("%00", "%ED%A0%80", "x" * 300):
        assert visitor.get(f"/bank/fees?tag={wrong}").rows == []


def test_a_fee_is_shown_with_where_it_went(bank: Bank, visitor: Visitor) -> None:
    fee = bank.shop.read(lambda tx: find_fee(tx, HOSTILE))
    assert fee is not None
    page = visitor.get(f"/bank/fees/{fee.id}")
    assert HOSTILE in page.main
    assert HOSTILE not in page.text
    links = page.links()
    for path in (
        f"/bank/accounts/{bank.rent}",
        f"/bank/customers/{bank.ada}",
        f"/bank/transfers/{fee.transfer_id}",
    ):
        assert f"/console{path}" in links, path
    assert "fee applied" in page.main.lower()
    back = visitor.get(f"/bank/transfers/{fee.transfer_id}")
    assert f"/console/bank/fees/{fee.id}" in back.links()
    assert visitor.get("/bank/fees/999").status == 404
    assert visitor.get(f"/bank/fees/{10**17}").status == 404


def test_fees_are_for_those_who_may_see_the_bank(bank: Bank, home: ServedShop) -> None:
    assert signed_in(home, "read-only").get("/bank/fees").status == 200
    assert signed_in(home, "support").get("/bank/fees").status == 403


def test_where_none_was_charged_it_is_said_how(shop: OpenShop, visitor: Visitor) -> None:
    Bank(shop)
    assert "None was charged yet." in visitor.get("/bank/fees").main
