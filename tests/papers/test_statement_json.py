"""Statements for programs: exact numbers under the dialect's kind of names."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from comptoir.papers.statement_json import statement_json, tax_form_json
from tests.papers.given import account, facts


def read(content: bytes) -> Any:
    return json.loads(content, parse_float=Decimal)


def test_all_that_a_statement_says_is_there() -> None:
    year = {"interest_minor": 320, "withheld_minor": 77, "fees_minor": 2_500}
    told = read(statement_json(facts(account([("Pay", 185_000), ("Rent", -125_000)], 250_000, year=year))))
    assert (told["beginsOn"], told["endsOn"], told["currency"]) == ("2026-03-01", "2026-03-31", "USD")
    assert told["customer"]["name"] == "Ada Lovelace"
    (one,) = told["accounts"]
    assert (one["openingBalance"], one["closingBalance"]) == (Decimal("2500.00"), Decimal("3100.00"))
    assert (one["moneyIn"], one["moneyOut"], one["fees"]) == (
        Decimal("1850.00"),
        Decimal("1250.00"),
        Decimal("0.00"),
    )
    assert one["yearToDate"] == {
        "interestEarned": Decimal("3.20"), "taxWithheld": Decimal("0.77"), "fees": Decimal("25.00"),
    }  # fmt: skip
    assert one["movements"][1] == {
        "transactionId": 4001, "date": "2026-03-02", "description": "Rent", "type": "Transfer",
        "amount": Decimal("-1250.00"), "balance": Decimal("3100.00"),
    }  # fmt: skip
    assert one["openingBalance"] + sum(each["amount"] for each in one["movements"]) == one["closingBalance"]


def test_a_currency_without_cents_has_none() -> None:
    told = read(statement_json(facts(account([("Pay", 185)]), currency="JPY")))
    assert told["accounts"][0]["closingBalance"] == 185


def test_a_yearly_form_says_its_boxes() -> None:
    told = read(tax_form_json(facts(tax_id="********0283", interest_minor=1_000, withheld_minor=240)))
    assert (told["taxId"], told["interestEarned"], told["taxWithheld"]) == (
        "********0283", Decimal("10.00"), Decimal("2.40"),
    )  # fmt: skip
