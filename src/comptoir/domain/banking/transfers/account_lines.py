"""The lines of an account, newest first, page by page behind a line, each with the balance after it.

A page looks at so many lines of the account at most: what is rarely found is looked for further back by asking again.
Lines stand in the order of their transfers' numbers; the balance is that of what counts by now.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, func, literal, or_, select

from comptoir.domain.banking.movements.models import BankTransfer
from comptoir.domain.banking.transfers.transactions import (
    EARLIEST,
    LAST_TRANSFER,
    LATEST,
    NUMBER_MAX,
    SLACK,
    first_since,
)
from comptoir.domain.ledger.models import POSTED, Posting, Transfer
from comptoir.domain.ledger.standing import Standing
from comptoir.domain.tx import Tx
from comptoir.storage.columns import Instant

# How many lines of an account one page looks at.
SCANNED = 5_000
IN, OUT = "in", "out"


class Narrow(NamedTuple):
    """Which lines are wanted: between two moments, of one type, of some amounts, in or out."""

    begin: datetime | None = None
    end: datetime | None = None
    type_code: str = ""
    direction: str = ""
    least_minor: int = 0
    most_minor: int = NUMBER_MAX

    @property
    def is_everything(self) -> bool:
        """Whether nothing at all is left out."""
        return self == EVERYTHING

    @property
    def is_whole(self) -> bool:
        """Whether no line between two others is left out, so that balances can be told."""
        return (
            not self.type_code
            and not self.direction
            and not self.least_minor
            and self.most_minor == NUMBER_MAX
        )


EVERYTHING = Narrow()


class Line(NamedTuple):
    """One line of an account. Amount and balance are told from the account's own side."""

    id: int
    transfer_id: int
    amount_minor: int
    state: str
    kind: str
    memo: str
    created_at: datetime
    posted_at: datetime | None
    type_code: str | None
    status: str | None
    description: str | None
    tag: str | None
    from_id: int | None
    to_id: int | None
    return_code: str | None
    balance_minor: int | None = None


class Lines(NamedTuple):
    """A page of lines: where it goes on, where it came from, the balance after its first line and before its last."""

    rows: list[Line]
    following: int | None = None
    preceding: int | None = None
    before_minor: int | None = None
    after_minor: int | None = None


def _scanned(*, is_back: bool) -> Select[Any]:
    """The lines that a page looks at, by the account's index."""
    if is_back:
        behind = and_(
            Posting.transfer_id >= bindparam("lowest"),
            or_(Posting.transfer_id > bindparam("past_transfer"), Posting.id > bindparam("past")),
        )
        order = (Posting.transfer_id.asc(), Posting.id.asc())
    else:
        behind = and_(
            Posting.transfer_id >= bindparam("lowest"),
            or_(Posting.transfer_id < bindparam("past_transfer"), Posting.id < bindparam("past")),
        )
        order = (Posting.transfer_id.desc(), Posting.id.desc())
    return (
        select(Posting.id.label("id"), Posting.transfer_id.label("transfer_id"), Posting.amount_minor.label("minor"))
        .where(
            Posting.account_id == bindparam("account_id"),
            Posting.transfer_id <= bindparam("highest"),
            behind,
        )
        .order_by(*order)
    )  # fmt: skip


def _page(*, is_back: bool, is_typed: bool) -> Select[Any]:
    seen = _scanned(is_back=is_back).limit(bindparam("scan")).subquery()
    where = [
        Transfer.created_at >= bindparam("begin", type_=Instant()),
        Transfer.created_at < bindparam("end", type_=Instant()),
        seen.c.minor.between(bindparam("low"), bindparam("high")),
        func.abs(seen.c.minor).between(bindparam("least"), bindparam("most")),
    ]
    if is_typed:
        where.append(func.coalesce(BankTransfer.type_code, Transfer.kind) == bindparam("type_code"))
    order = [seen.c.transfer_id, seen.c.id]
    return (
        select(
            seen.c.id, seen.c.transfer_id, seen.c.minor, Transfer.state, Transfer.kind, Transfer.memo,
            Transfer.created_at, Transfer.posted_at, BankTransfer.type_code, BankTransfer.status,
            BankTransfer.description, BankTransfer.tag, BankTransfer.from_id, BankTransfer.to_id,
            BankTransfer.return_code,
        )
        .select_from(seen)
        .join(Transfer, Transfer.id == seen.c.transfer_id)
        .outerjoin(BankTransfer, BankTransfer.transfer_id == seen.c.transfer_id)
        .where(*where)
        .order_by(*(order if is_back else [one.desc() for one in order]))
        .limit(bindparam("limit"))
    )  # fmt: skip


PAGES = {
    (back, typed): _page(is_back=back, is_typed=typed) for back in (True, False) for typed in (True, False)
}
EDGES = {
    back: _scanned(is_back=back).limit(1).offset(bindparam("scan")).with_only_columns(Posting.id)
    for back in (True, False)
}
PLACE = select(Posting.transfer_id).where(
    Posting.id == bindparam("posting_id"), Posting.account_id == bindparam("account_id")
)
ENDS = select(func.min(Posting.transfer_id), func.max(Posting.transfer_id)).where(
    Posting.account_id == bindparam("account_id")
)
_SUM = (
    select(func.coalesce(func.sum(Posting.amount_minor), 0))
    .join(Transfer, Transfer.id == Posting.transfer_id)
    .where(Posting.account_id == bindparam("account_id"), Transfer.state == literal(POSTED))
)
SUM_NEWER = _SUM.where(
    Posting.transfer_id >= bindparam("transfer_id"),
    or_(Posting.transfer_id > bindparam("transfer_id"), Posting.id > bindparam("posting_id")),
)
SUM_UNTIL = _SUM.where(
    Posting.transfer_id <= bindparam("transfer_id"),
    or_(Posting.transfer_id < bindparam("transfer_id"), Posting.id <= bindparam("posting_id")),
)


def list_lines(
    tx: Tx, account: Standing, narrow: Narrow = EVERYTHING, *, past: int | None = None, before: int | None = None,
    size: int = 50, balance_minor: int | None = None,
) -> Lines:  # fmt: skip
    """A page of lines behind the line `past`, or before the line `before`; a line that is none is passed over.

    `balance_minor` is what the caller knows from a page before: the balance behind which the lines past a line begin,
    or that after the line before which they end.
    """
    is_back, edge = before is not None, before if before is not None else past
    place = None if edge is None else tx.value(PLACE, posting_id=edge, account_id=account.id)
    is_back, is_begun = is_back and place is not None, place is not None
    values = _values(tx, account, narrow, None if place is None else (place, edge or 0), is_back=is_back)
    if narrow.is_everything:
        values["scan"] = size + 1
    found = tx.all(PAGES[is_back, bool(narrow.type_code)], **values, limit=size + 1)
    rows = [Line(*row)._replace(amount_minor=account.natural(row[2])) for row in found]
    has_more = len(rows) > size
    rows = rows[:size]
    further = rows[-1].id if has_more else _edge(tx, values, is_back=is_back)
    if is_back:
        rows.reverse()
        following, preceding = (rows[-1].id if rows else edge), further
    else:
        following = further
        preceding = (rows[0].id if rows else edge) if is_begun else None
    if not narrow.is_whole or not rows:
        return Lines(rows, following, preceding)
    known = balance_minor if is_begun else None
    if known is not None and is_back:
        known += sum(row.amount_minor for row in rows if row.state == POSTED)
    after = _balance_after(tx, account, rows[0]) if known is None else known
    told, before_minor = _balances(rows, after)
    return Lines(told, following, preceding, before_minor, after)


def _edge(tx: Tx, values: dict[str, Any], *, is_back: bool) -> int | None:
    """The last line that was looked at, when there are others behind it."""
    found: int | None = tx.value(EDGES[is_back], **values | {"scan": values["scan"] - 1})
    return found


def _values(
    tx: Tx, account: Standing, narrow: Narrow, place: tuple[int, int] | None, *, is_back: bool
) -> dict[str, Any]:
    """What the statements bind."""
    begin, end = narrow.begin or EARLIEST, narrow.end or LATEST
    lowest, highest = _numbers(tx, narrow)
    transfer_id, posting_id = place or ((0, 0) if is_back else (NUMBER_MAX, NUMBER_MAX))
    if place is not None:
        lowest, highest = (
            (max(lowest, transfer_id), highest) if is_back else (lowest, min(highest, transfer_id))
        )
    low, high = -NUMBER_MAX, NUMBER_MAX
    if narrow.direction in {IN, OUT}:
        is_debit = (narrow.direction == IN) == (account.natural(1) > 0)
        low, high = (1, NUMBER_MAX) if is_debit else (-NUMBER_MAX, -1)
    return {
        "account_id": account.id, "lowest": lowest, "highest": highest, "past_transfer": transfer_id,
        "past": posting_id, "begin": begin, "end": end, "low": low, "high": high, "least": narrow.least_minor,
        "most": narrow.most_minor, "type_code": narrow.type_code, "scan": SCANNED,
    }  # fmt: skip


def _numbers(tx: Tx, narrow: Narrow) -> tuple[int, int]:
    """The numbers of transfers between which the wanted days lie."""
    if narrow.begin is None and narrow.end is None:
        return 0, NUMBER_MAX
    last = int(tx.value(LAST_TRANSFER))
    slack: timedelta = SLACK
    return (
        first_since(tx, narrow.begin - slack, last) if narrow.begin else 0,
        first_since(tx, narrow.end + slack, last) if narrow.end else NUMBER_MAX,
    )


def _balances(rows: Sequence[Line], running: int) -> tuple[list[Line], int]:
    """The rows with the balance after each that counts, and the balance before the last of them."""
    told = []
    for row in rows:
        is_posted = row.state == POSTED
        told.append(row._replace(balance_minor=running if is_posted else None))
        running -= row.amount_minor if is_posted else 0
    return told, running


def _balance_after(tx: Tx, account: Standing, row: Line) -> int:
    """The balance after a line, added up from whichever end of the account is nearer."""
    values = {"account_id": account.id, "transfer_id": row.transfer_id, "posting_id": row.id}
    ends = tx.one(ENDS, account_id=account.id)
    assert ends is not None
    if row.transfer_id * 2 >= ends[0] + ends[1]:
        return account.balance_minor - account.natural(int(tx.value(SUM_NEWER, **values)))
    return account.natural(int(tx.value(SUM_UNTIL, **values)))
