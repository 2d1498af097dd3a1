"""What a movement is called on paper."""

from comptoir.domain.banking.statements.gathering import MovementRow
from comptoir.domain.banking.transfers.type_codes import trade_type, type_text

WORDS_MAX = 255


def worded(row: MovementRow, *, is_credit: bool) -> tuple[str, str]:
    """A movement in a few words, and its type: what the caller said of it, or else what it is."""
    if row.type_code is None:
        _, text = trade_type(row.kind, is_credit=is_credit)
        said = row.memo or f"{text.type}{_about(row)}"
    else:
        text = type_text(row.type_code)
        said = row.description or row.memo or text.friendly
    return " ".join(said.split())[:WORDS_MAX], text.type


def _about(row: MovementRow) -> str:
    return f", {row.subject} {row.subject_id}" if row.subject_id else ""
