"""Form 1099-INT as its recipient gets it: one page."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from comptoir.papers.pressing import pressed
from comptoir.papers.statement_pdf import bank_block, customer_block
from comptoir.papers.words import money

WARNING = (
    "This is important tax information and is being furnished to the Internal Revenue Service. If you are required "
    "to file a return, a negligence penalty or other sanction may be imposed on you if this income is taxable and "
    "it is determined that it has not been reported."
)
EXPLANATION = (
    "Box 1 is the interest that we paid to your accounts in the year, or credited to them. Box 4 is what we withheld "
    "of it and paid to the state in your name. For your protection only the last digits of your taxpayer "
    "identification number are shown; we report the whole number."
)


def tax_form_pdf(facts: Mapping[str, Any], *, number: int, year: int, made_at: datetime) -> bytes:
    """The form of one year as PDF."""
    return pressed("tax_form.typ", tax_form_page(facts, number=number, year=year), made_at=made_at)


def tax_form_page(facts: Mapping[str, Any], *, number: int, year: int) -> dict[str, Any]:
    """What the template shows, all of it text."""
    currency = facts["currency"]
    bank = bank_block(facts["bank"])
    heading = f"Form 1099-INT, {year}"
    return {
        "title": heading,
        "heading": heading,
        "about": "Interest income. Substitute statement for the recipient.",
        "bank": bank,
        "customer": customer_block(facts["customer"]),
        "tax_id": facts["tax_id"] or "not given",
        "customer_number": str(facts["customer"]["id"]),
        "boxes": [
            ["1  Interest income", money(facts["interest_minor"], currency)],
            ["4  Federal income tax withheld", money(facts["withheld_minor"], currency)],
        ],
        "notes": [WARNING, EXPLANATION],
        "foot": f"{bank['short']}  ·  Statement {number}",
    }
