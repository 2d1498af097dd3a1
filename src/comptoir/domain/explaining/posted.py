"""Postings as nodes: what a transfer did to each account."""

from collections.abc import Iterable, Sequence

from comptoir.domain.explaining.money_rows import PostedRow
from comptoir.domain.explaining.nodes import Ask, Link, Node, minor


def posting_node(row: PostedRow, sign: int = 1) -> Node:
    """One posting, under the name of its account."""
    return minor(
        row.name, sign * row.amount_minor, row.currency,
        why=f"posting {row.id} on {row.code}",
        link=Link("transfer", row.transfer_id),
        ask=Ask("posting", row.id, "amount"),
    )  # fmt: skip


def other_side(rows: Iterable[PostedRow], account_id: int, currency: str) -> list[Node]:
    """What stands against an account in transfers: the other postings, with the sign of the account's own."""
    return [
        posting_node(row, -1) for row in rows if row.account_id != account_id and row.currency == currency
    ]


def on_account(rows: Iterable[PostedRow], code: str, currency: str, sign: int = 1) -> list[Node]:
    """What was posted on one account, under the names of the transfers."""
    return [transfer_node(row, sign) for row in rows if row.code == code and row.currency == currency]


def transfer_node(row: PostedRow, sign: int = 1) -> Node:
    """One posting, under the name of its transfer."""
    told = f", {row.memo}" if row.memo else ""
    return minor(
        f"{row.transfer_kind.replace('_', ' ')}{told}", sign * row.amount_minor, row.currency,
        why="" if row.posted_at is None else f"transfer {row.transfer_id} of {row.posted_at:%Y-%m-%d}",
        link=Link("transfer", row.transfer_id),
        ask=Ask("transfer", row.transfer_id, row.currency),
    )  # fmt: skip


def against(rows: Sequence[PostedRow], code: str, label: str, currency: str) -> Node | None:
    """What one transfer posted on an account, and all that stands against it; None when it did not."""
    own = [row for row in rows if row.code == code and row.currency == currency]
    if not own:
        return None
    total = sum(row.amount_minor for row in own)
    parts = other_side(rows, own[0].account_id, currency)
    return minor(label, total, currency, parts=parts, link=Link("transfer", own[0].transfer_id))
