"""Statements to set, and pages to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import pypdfium2

from comptoir.papers.statement_pdf import statement_pdf

MADE_AT = datetime(2026, 4, 1, 6, tzinfo=UTC)


def movements(lines: Sequence[tuple[str, int]], opening_minor: int = 0) -> list[list[Any]]:
    """Movements of some words and amounts, over the days of March."""
    balance, made = opening_minor, []
    for place, (words, minor) in enumerate(lines):
        balance += minor
        made.append([4_000 + place, f"2026-03-{1 + place % 31:02d}", words, minor, balance, "Transfer"])
    return made


def account(lines: Sequence[tuple[str, int]] = (), opening_minor: int = 0, **changes: Any) -> dict[str, Any]:
    moved = [minor for _, minor in lines]
    none = {"interest_minor": 0, "withheld_minor": 0, "fees_minor": 0}
    return {
        "account_id": 1001, "name": "Everyday", "type": "Checking", "number": "********4821", "titles": [],
        "opened_on": "2025-01-01", "closed_on": None, "opening_minor": opening_minor,
        "closing_minor": opening_minor + sum(moved), "in_minor": sum(minor for minor in moved if minor > 0),
        "out_minor": -sum(minor for minor in moved if minor < 0), **none, "year": none, "first_id": 1,
        "movements": movements(lines, opening_minor),
    } | changes  # fmt: skip


def facts(*accounts: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {
        "bank": {"name": "Comptoir Sample Bank", "phone": "8005550100", "url": "https://bank.example.com"},
        "program": "Example1",
        "customer": {
            "id": 17,
            "name": "Ada Lovelace",
            "address": ["12 St James's Square", "Chicago, IL 60601"],
        },
        "currency": "USD",
        "time_zone": "America/Chicago",
        "begins_on": "2026-03-01",
        "ends_on": "2026-03-31",
        "through_id": 1,
        "accounts": list(accounts),
    } | changes


def pdf(told: dict[str, Any]) -> bytes:
    return statement_pdf(told, number=4711, type="Monthly", made_at=MADE_AT)


def pages(content: bytes) -> list[str]:
    """The text of each page."""
    return list(_read(content))


def _read(content: bytes) -> Iterator[str]:
    document = pypdfium2.PdfDocument(content)
    try:
        for number in range(len(document)):
            page = document[number]
            text = page.get_textpage()
            yield text.get_text_range()
            text.close()
            page.close()
    finally:
        document.close()
