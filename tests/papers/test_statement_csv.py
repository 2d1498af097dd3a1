"""Statements for spreadsheets: all lines, exact amounts, nothing that is reckoned with."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest

from comptoir.papers.statement_csv import statement_csv, tax_form_csv
from tests.papers.given import account, facts


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_each_account_has_its_opening_its_movements_and_its_closing() -> None:
    lines = [("Pay", 185_000), ("Rent, March", -125_000)]
    read = rows(statement_csv(facts(account(lines, 250_000), account(account_id=1002))))
    assert [row["description"] for row in read] == [
        "Opening balance", "Pay", "Rent, March", "Closing balance", "Opening balance", "Closing balance",
    ]  # fmt: skip
    assert read[2] == {
        "accountId": "1001", "account": "Everyday", "number": "********4821", "date": "2026-03-02",
        "transactionId": "4001", "type": "Transfer", "description": "Rent, March", "amount": "-1250.00",
        "balance": "3100.00",
    }  # fmt: skip
    first = [row for row in read if row["accountId"] == "1001"]
    assert sum(Decimal(row["amount"] or 0) for row in first) == Decimal(first[-1]["balance"]) - Decimal(
        first[0]["balance"]
    )


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=cmd|' /C calc'!A0", "\u202e=1"])
def test_no_text_becomes_a_formula(text: str) -> None:
    read = rows(statement_csv(facts(account([(text, 5)], name=text))))
    assert read[1]["description"].startswith("'")
    assert read[1]["account"].startswith("'")


def test_a_yearly_form_is_one_line() -> None:
    told = facts(tax_id="********0283", interest_minor=1_000, withheld_minor=240)
    assert rows(tax_form_csv(told, year=2026)) == [
        {"year": "2026", "customerId": "17", "taxId": "********0283", "interest": "10.00", "withheld": "2.40",
         "currency": "USD"}
    ]  # fmt: skip
