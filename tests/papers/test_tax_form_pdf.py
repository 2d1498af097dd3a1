"""Form 1099-INT: one page with its boxes."""

from __future__ import annotations

from comptoir.papers.tax_form_pdf import tax_form_pdf
from tests.papers.given import MADE_AT, facts, pages


def test_the_form_shows_its_boxes() -> None:
    told = facts(tax_id="********0283", interest_minor=123_456, withheld_minor=29_629)
    (page,) = pages(tax_form_pdf(told, number=12, year=2026, made_at=MADE_AT))
    text = " ".join(page.split())
    for words in (
        "Form 1099-INT, 2026", "Payer Comptoir Sample Bank", "Recipient Ada Lovelace", "********0283",
        "1 Interest income $1,234.56", "4 Federal income tax withheld $296.29", "Page 1 of 1",
    ):  # fmt: skip
        assert words in text, text
