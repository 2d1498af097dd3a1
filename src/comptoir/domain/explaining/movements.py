"""The movements of an account in their order, the newest first, and places between two of them."""

from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, literal, select

from comptoir.domain.explaining.errors import NotExplained
from comptoir.domain.explaining.money_rows import PostedRow
from comptoir.domain.explaining.nodes import Ask, Link, Node, minor
from comptoir.domain.ledger.models import POSTED, Account, Posting, Transfer
from comptoir.domain.ledger.standing import Standing
from comptoir.domain.tx import Tx

SHOWN = 50
NEWEST = 2**63 - 1

ON_ACCOUNT: Select[Any] = (
    select(
        Posting.id, Posting.transfer_id, Transfer.kind, Transfer.posted_at, Transfer.memo, Posting.account_id,
        Account.code, Account.name, Posting.amount_minor, Posting.currency,
    )
    .join(Transfer, Transfer.id == Posting.transfer_id)
    .join(Account, Account.id == Posting.account_id)
    .where(Posting.account_id == bindparam("account_id"))
)  # fmt: skip
# Postings are numbered as their transfers are, so that the account's index gives them in order.
NEWEST_FIRST = (Posting.transfer_id.desc(), Posting.id.desc())
IS_BEFORE = (Posting.transfer_id <= bindparam("transfer_id"), Posting.id < bindparam("before_id"))
IS_BEHIND = (Posting.transfer_id >= bindparam("transfer_id"), Posting.id >= bindparam("before_id"))
MOVEMENTS = (
    ON_ACCOUNT.where(Transfer.state == literal(POSTED), *IS_BEFORE)
    .order_by(*NEWEST_FIRST)
    .limit(bindparam("limit"))
)
GET_POSTING = select(Posting.transfer_id, Posting.account_id).where(Posting.id == bindparam("posting_id"))


class Place(NamedTuple):
    """A place between two movements of an account: before a posting, or behind the newest of all."""

    transfer_id: int = NEWEST
    before_id: int = NEWEST


def list_movements(tx: Tx, account_id: int, *, before: int = 0, limit: int = SHOWN) -> list[PostedRow]:
    """A page of what counts on an account, the newest first, before a posting. Refuses: NotExplained."""
    return movements_at(tx, account_id, place_before(tx, account_id, before) if before else Place(), limit)


def movements_at(tx: Tx, account_id: int, place: Place, limit: int) -> list[PostedRow]:
    """So many movements before a place, the newest first."""
    rows = tx.all(MOVEMENTS, account_id=account_id, **place._asdict(), limit=limit)
    return [PostedRow(*row) for row in rows]


def place_before(tx: Tx, account_id: int, posting_id: int) -> Place:
    """Refuses: NotExplained (no posting of the account)."""
    found = tx.one(GET_POSTING, posting_id=posting_id)
    if found is None or found[1] != account_id:
        raise NotExplained(f"of posting {posting_id}")
    return Place(found[0], posting_id)


def movement_node(account: Standing, row: PostedRow) -> Node:
    """One movement, told from the account's own side."""
    told = f", {row.memo}" if row.memo else ""
    day = "" if row.posted_at is None else f"{row.posted_at:%Y-%m-%d}, "
    return minor(
        f"{row.transfer_kind.replace('_', ' ')}{told}", account.natural(row.amount_minor), row.currency,
        why=f"{day}transfer {row.transfer_id}",
        link=Link("transfer", row.transfer_id), ask=Ask("posting", row.id, "amount"),
    )  # fmt: skip


def many(count: int) -> str:
    """So many movements, in words."""
    return f"{count:,} movement{'s' * (count != 1)}"
