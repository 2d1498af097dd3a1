"""What is in the files that statement/download gives out."""

from __future__ import annotations

import csv
import io
from base64 import b64decode
from typing import TYPE_CHECKING, Any

import msgspec

from tests.dialects.corepro.asking import ask
from tests.papers.given import pages

if TYPE_CHECKING:
    from tests.dialects.corepro.wire import BankWire
    from tests.dialects.wire import World

MARCH = [
    ("2026-03-01", "", "", "Opening balance", "", "0.00"),
    ("2026-03-01", "6", "Deposit", "Pay", "500.00", "500.00"),
    ("2026-03-01", "7", "Withdrawal", "Rent", "-120.50", "379.50"),
    ("2026-03-01", "10", "Interest", "Interest paid", "12.34", "391.84"),
    ("2026-03-31", "", "", "Closing balance", "", "391.84"),
]
COLUMNS = ("date", "transactionId", "type", "description", "amount", "balance")


def file_of(wire: BankWire, path: str) -> bytes:
    answer = ask(wire, {"ask": f"GET {path}"})
    assert answer is not None
    data: Any = msgspec.json.decode(answer.body)["data"]
    content = b64decode(data["content"], validate=True)
    assert len(content) == data["contentLength"]
    return content


def test_a_spreadsheet_holds_every_line(wire: BankWire, world: World) -> None:
    world("statements")
    content = file_of(wire, "/statement/download/1/1?format=csv").decode()
    rows = list(csv.DictReader(io.StringIO(content, newline="")))
    assert [tuple(row[name] for name in COLUMNS) for row in rows if row["accountId"] == "1001"] == MARCH
    assert {row["account"] for row in rows} == {"Everyday", "Spare"}


def test_a_letter_says_the_same(wire: BankWire, world: World) -> None:
    world("statements")
    content = file_of(wire, "/statement/download/1/1")
    text = " ".join(" ".join(pages(content)).split())
    for words in (
        "Comptoir Sample Bank", "Ada Lovelace", "March 1 \N{EN DASH} 31, 2026", "Pay", "500.00 500.00",
        "Rent", "\N{MINUS SIGN}120.50 379.50", "12.34 391.84", "03/31/2026 Closing balance $391.84",
        "Interest earned $12.34",
    ):  # fmt: skip
        assert words in text
    assert content == file_of(wire, "/statement/download/1/1"), "the same statement gives the same bytes"


def test_the_form_of_the_year_says_what_was_earned(wire: BankWire, world: World) -> None:
    world("statements")
    (page,) = pages(file_of(wire, "/statement/download/1/21"))
    text = " ".join(page.split())
    assert "Form 1099-INT, 2026" in text
    assert "1 Interest income $12.34" in text
    assert "********0001" in text
