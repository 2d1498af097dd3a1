"""A statement in whichever form it is wanted."""

from collections.abc import Mapping
from typing import Any

from comptoir.domain.banking.statements.models import TAX_1099_INT, TAX_1099_MISC
from comptoir.domain.banking.statements.queries import StatementRow
from comptoir.papers.statement_csv import statement_csv, tax_form_csv
from comptoir.papers.statement_json import statement_json, tax_form_json
from comptoir.papers.statement_pdf import statement_pdf
from comptoir.papers.tax_form_pdf import tax_form_pdf

PDF, CSV, JSON = "application/pdf", "text/csv", "application/json"
ENDINGS = {PDF: "pdf", CSV: "csv", JSON: "json"}
OF_TAXES = frozenset({TAX_1099_INT, TAX_1099_MISC})


def statement_file(row: StatementRow, facts: Mapping[str, Any], kind: str = PDF) -> bytes:
    """A statement as a file of a media type: a PDF to keep, a CSV to reckon with, JSON for programs."""
    if row.type in OF_TAXES:
        return _form(row, facts, kind)
    match kind:
        case "text/csv":
            return statement_csv(facts)
        case "application/json":
            return statement_json(facts)
        case _:
            return statement_pdf(facts, number=row.id, type=row.type, made_at=row.created_at)


def _form(row: StatementRow, facts: Mapping[str, Any], kind: str) -> bytes:
    match kind:
        case "text/csv":
            return tax_form_csv(facts, year=row.year)
        case "application/json":
            return tax_form_json(facts)
        case _:
            return tax_form_pdf(facts, number=row.id, year=row.year, made_at=row.created_at)


def file_name(row: StatementRow, kind: str = PDF) -> str:
    """What such a file is called: `statement-17-2026-03-Monthly-4711.pdf`."""
    return f"statement-{row.customer_id}-{row.year}-{row.month:02d}-{row.type}-{row.id}.{ENDINGS[kind]}"
