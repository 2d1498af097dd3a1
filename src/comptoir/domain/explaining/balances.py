"""What makes a balance: movements, the newest first, and the months that they fell into.

What is told at once is bounded: so many of the newest movements. What is before them is what the balance leaves over,
so that the parts always come to it, and opens to sums of the whole account.
"""

from typing import Any

from sqlalchemy import Select, bindparam, func, literal, select

from comptoir.domain.explaining.errors import NotExplained
from comptoir.domain.explaining.moved import AMOUNT, PART, part_nodes, summed, sums_by_part
from comptoir.domain.explaining.movements import (
    GET_POSTING,
    IS_BEFORE,
    IS_BEHIND,
    NEWEST_FIRST,
    SHOWN,
    Place,
    movement_node,
    movements_at,
    place_before,
)
from comptoir.domain.explaining.nodes import MOVED, Ask, Explanation, Link, Node, minor
from comptoir.domain.explaining.stretches import EVER, begins_of, parts_of, stretch_named
from comptoir.domain.ledger.models import POSTED, Posting, Transfer
from comptoir.domain.ledger.queries import get_account
from comptoir.domain.ledger.standing import Standing
from comptoir.domain.tx import Tx

# How many movements are told by months at once, or added up without asking which end of the account is nearer.
ADDED_MAX = 20_000
BALANCE = "balance"


def _some(*conditions: Any) -> Select[Any]:
    """How many postings of an account there are on one side of a place, and what those that count come to."""
    some = (
        select(Posting.amount_minor.label("minor"), Transfer.state.label("state"))
        .join(Transfer, Transfer.id == Posting.transfer_id)
        .where(Posting.account_id == bindparam("account_id"), *conditions)
        .limit(bindparam("limit"))
        .subquery()
    )
    return select(
        func.count(), func.coalesce(func.sum(some.c.minor).filter(some.c.state == literal(POSTED)), 0)
    )


def _all(*conditions: Any) -> Select[Any]:
    """What all that counts on one side of a place comes to."""
    return (
        select(func.coalesce(func.sum(Posting.amount_minor), 0))
        .join(Transfer, Transfer.id == Posting.transfer_id)
        .where(Posting.account_id == bindparam("account_id"), Transfer.state == literal(POSTED), *conditions)
    )


NEWER, OLDER = _some(*IS_BEHIND), _some(*IS_BEFORE)
ALL_NEWER, ALL_OLDER = _all(*IS_BEHIND), _all(*IS_BEFORE)
_ends = [
    select(Posting.transfer_id)
    .where(Posting.account_id == bindparam("account_id"))
    .order_by(order)
    .limit(1)
    .scalar_subquery()
    for order in (Posting.transfer_id.asc(), Posting.transfer_id.desc())
]
# The numbers of an account's first transfer and of its last one.
ENDS = select(*_ends)
_newest = (
    select(Posting.id.label("id"), Posting.transfer_id.label("transfer_id"), Posting.amount_minor.label("minor"))
    .where(Posting.account_id == bindparam("account_id"), *IS_BEFORE)
    .order_by(*NEWEST_FIRST)
)  # fmt: skip
_limited = _newest.limit(bindparam("limit")).subquery()
BY_MONTH = summed(
    select(
        PART.label("part"), Transfer.kind.label("kind"), _limited.c.minor.label("minor"), _limited.c.id.label("id")
    )
    .select_from(_limited)
    .join(Transfer, Transfer.id == _limited.c.transfer_id)
    .where(Transfer.state == literal(POSTED))
    .subquery()
)  # fmt: skip
# The newest posting of those that are too many to be told at once.
EDGE = _newest.with_only_columns(Posting.id).limit(1).offset(bindparam("limit"))


def explain_balance(tx: Tx, account: Standing, after: int = 0) -> Explanation:
    """An account's balance from its own side, or that before a posting. Refuses: NotExplained."""
    place = place_before(tx, account.id, after) if after else Place()
    posted = _posted_at(tx, account, place) if after else account.posted_minor
    made_of = _by_movement(tx, account, place, posted, "balance before that" if after else BALANCE)
    return Explanation(made_of, _by_month(tx, account, place, posted, is_asked=not after))


def explain_balance_after(tx: Tx, posting_id: int) -> Explanation:
    """An account's balance when a posting had come. Refuses: NotExplained."""
    found = tx.one(GET_POSTING, posting_id=posting_id)
    if found is None:
        raise NotExplained(f"of posting {posting_id}")
    account, place = get_account(tx, found[1]), Place(found[0], posting_id + 1)
    posted = _posted_at(tx, account, place)
    made_of = _by_movement(tx, account, place, posted, "balance after it")
    return Explanation(made_of, _by_month(tx, account, place, posted, is_asked=False))


def balance_before(tx: Tx, account: Standing, posting_id: int) -> int:
    """An account's balance (debit-positive) before a posting and all that came after it.

    Refuses: NotExplained (no posting of the account).
    """
    return _posted_at(tx, account, place_before(tx, account.id, posting_id))


def _posted_at(tx: Tx, account: Standing, place: Place) -> int:
    """The balance (debit-positive) at a place, added up from the end of the account that is nearer."""
    values = {"account_id": account.id, **place._asdict()}
    for statement, start, sign in ((NEWER, account.posted_minor, -1), (OLDER, 0, 1)):
        row = tx.one(statement, **values, limit=ADDED_MAX + 1)
        assert row is not None
        if row[0] <= ADDED_MAX:
            return start + sign * int(row[1])
    ends = tx.one(ENDS, account_id=account.id)
    assert ends is not None
    if place.transfer_id * 2 >= ends[0] + ends[1]:
        return account.posted_minor - int(tx.value(ALL_NEWER, **values))
    return int(tx.value(ALL_OLDER, **values))


def _by_movement(tx: Tx, account: Standing, place: Place, posted: int, label: str) -> Node:
    """A balance by the movements that led to it, and the balance before them."""
    rows = movements_at(tx, account.id, place, SHOWN + 1)
    parts = [movement_node(account, row) for row in rows[:SHOWN]]
    if len(rows) > SHOWN:
        over = account.natural(posted - sum(row.amount_minor for row in rows[:SHOWN]))
        ask = Ask("account", account.id, BALANCE, rows[SHOWN - 1].id)
        parts.append(minor("balance before these", over, account.currency, ask=ask))
    return minor(
        label, account.natural(posted), account.currency,
        why=account.code, link=Link("account", account.id), parts=parts,
    )  # fmt: skip


def _by_month(tx: Tx, account: Standing, place: Place, posted: int, *, is_asked: bool) -> Node | None:
    """A balance by months and kinds of transfers; of a long account the newest movements, and what was before.

    Where a few pages of movements tell it, and nobody asked for the account itself, that is enough.
    """
    values = {"account_id": account.id, **place._asdict(), "limit": ADDED_MAX}
    edge: int | None = tx.value(EDGE, **values)
    if edge is None and not is_asked:
        return None
    months = parts_of(stretch_named(EVER, tx.shop.zone), tx.now, tx.shop.zone)
    sums = sums_by_part(account, tx.all(BY_MONTH, **values, **begins_of(months)))
    parts = part_nodes(account, months, sums)
    amount = account.natural(posted)
    if edge is not None:
        over = amount - sum(one.minor for kinds in sums.values() for one in kinds)
        ask = Ask(MOVED, f"{account.id}.{EVER}.{edge}", AMOUNT)
        before = f"before the newest {ADDED_MAX:,} movements"
        parts.append(minor(before, over, account.currency, ask=ask))
    return minor("by month", amount, account.currency, parts=parts) if parts else None
