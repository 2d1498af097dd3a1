"""A statement of accounts for spreadsheets and programs: one line for each movement, all of them."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from comptoir.papers.words import decimal_text, plain

HEAD = ("accountId", "account", "number", "date", "transactionId", "type", "description", "amount", "balance")
TAX_HEAD = ("year", "customerId", "taxId", "interest", "withheld", "currency")
# A spreadsheet would take what begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def statement_csv(facts: Mapping[str, Any]) -> bytes:
    """A monthly or quarterly statement as CSV: its opening, each movement, its closing."""
    return _written([HEAD, *(row for one in facts["accounts"] for row in _rows(one, facts))])


def tax_form_csv(facts: Mapping[str, Any], *, year: int) -> bytes:
    """A yearly form as CSV."""
    currency = facts["currency"]
    row = (
        str(year), str(facts["customer"]["id"]), facts["tax_id"], decimal_text(facts["interest_minor"], currency),
        decimal_text(facts["withheld_minor"], currency), currency,
    )  # fmt: skip
    return _written([TAX_HEAD, row])


def _rows(one: Mapping[str, Any], facts: Mapping[str, Any]) -> Iterator[Sequence[str]]:
    currency = facts["currency"]
    account = (str(one["account_id"]), _harmless(one["name"]), one["number"])
    opening, closing = (decimal_text(one[name], currency) for name in ("opening_minor", "closing_minor"))
    yield (*account, facts["begins_on"], "", "", "Opening balance", "", opening)
    for number, on, words, minor, balance, kind in one["movements"]:
        amounts = decimal_text(minor, currency), decimal_text(balance, currency)
        yield (*account, on, str(number), kind, _harmless(words), *amounts)
    yield (*account, facts["ends_on"], "", "", "Closing balance", "", closing)


def _harmless(text: str) -> str:
    """A text that no spreadsheet reckons with."""
    shown = plain(text)
    return f"'{shown}" if shown.startswith(FORMULA) else shown


def _written(rows: Sequence[Sequence[str]]) -> bytes:
    sink = io.StringIO()
    csv.writer(sink).writerows(rows)
    return sink.getvalue().encode()
