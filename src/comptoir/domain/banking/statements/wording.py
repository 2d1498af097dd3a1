"""What a movement is called on paper."""

from comptoir.domain.banking.statements.gathering import MovementRow

# What the shop moves on the merchant's settlement account, by the kind of the transfer.
OF_SHOP = {
    "settlement": "Sale settled",
    "sale": "Sale",
    "refund": "Refund",
    "chargeback": "Chargeback",
    "fee": "Processing fee",
    "chargeback_fee": "Chargeback fee",
    "payout_fee": "Payout fee",
    "payout": "Payout",
    "reserve": "Reserve",
    "adjustment": "Adjustment",
    "commission": "Commission",
    "outgoing_commission": "Commission paid",
}
WORDS_MAX = 255


def worded(row: MovementRow) -> str:
    """A movement in a few words: what the caller said, or what it is."""
    said = row.description or row.memo
    if row.type_code is None:
        said = said or f"{OF_SHOP.get(row.kind, row.kind.replace('_', ' ').capitalize())}{_about(row)}"
    return " ".join((said or row.type_code or row.kind).split())[:WORDS_MAX]


def _about(row: MovementRow) -> str:
    return f", {row.subject} {row.subject_id}" if row.subject_id else ""
