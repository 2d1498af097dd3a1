"""What makes a balance: movements, the newest first, and the months that they fell into.

What a page adds up is bounded: so many of the newest movements, or of the oldest. What is before them is what the
balance leaves over, so that the parts always come to it, however long an account is.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, case, func, literal, literal_column, select

from comptoir.domain.explaining.errors import NotExplained, TooFarBack
from comptoir.domain.explaining.money_rows import PostedRow
from comptoir.domain.explaining.nodes import Ask, Explanation, Link, Node, minor
from comptoir.domain.figures.spans import last_months
from comptoir.domain.ledger.models import POSTED, Account, Posting, Transfer
from comptoir.domain.ledger.queries import get_account
from comptoir.domain.ledger.standing import Standing
from comptoir.domain.tx import Tx
from comptoir.storage.columns import Instant

SHOWN = 50
# How many movements are added up to know the balance before them, or to tell a balance by months.
ADDED_MAX = 20_000
NEWEST = 2**63 - 1
BALANCE = "balance"
# So many months are told one by one.
MONTHS = 24

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
MOVEMENTS = (
    ON_ACCOUNT.where(
        Transfer.state == literal(POSTED),
        Posting.transfer_id <= bindparam("transfer_id"),
        Posting.id < bindparam("before_id"),
    )
    .order_by(*NEWEST_FIRST)
    .limit(bindparam("limit"))
)


def _sum(*conditions: Any) -> Select[Any]:
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


NEWER = _sum(Posting.transfer_id >= bindparam("transfer_id"), Posting.id >= bindparam("before_id"))
OLDER = _sum(Posting.transfer_id <= bindparam("transfer_id"), Posting.id < bindparam("before_id"))
_newest = (
    select(Posting.transfer_id.label("transfer_id"), Posting.amount_minor.label("minor"))
    .where(Posting.account_id == bindparam("account_id"))
    .order_by(*NEWEST_FIRST)
    .limit(bindparam("limit"))
    .subquery()
)
_begins = [bindparam(f"begins_{place}", type_=Instant()) for place in range(MONTHS + 1)]
_in_months = (
    select(
        case(
            *((Transfer.posted_at >= at, literal_column(str(place))) for place, at in enumerate(_begins)),
            else_=literal_column(str(MONTHS + 1)),
        ).label("place"),
        Transfer.kind.label("kind"),
        _newest.c.minor.label("minor"),
    )
    .select_from(_newest)
    .join(Transfer, Transfer.id == _newest.c.transfer_id)
    .where(Transfer.state == literal(POSTED))
    .subquery()
)
BY_MONTH = (
    select(_in_months.c.place, _in_months.c.kind, func.sum(_in_months.c.minor), func.count())
    .group_by(_in_months.c.place, _in_months.c.kind)
    .order_by(_in_months.c.place, _in_months.c.kind)
)
MANY = select(func.count()).select_from(_newest)
GET_POSTING = select(Posting.transfer_id, Posting.account_id).where(Posting.id == bindparam("posting_id"))


class Place(NamedTuple):
    """A place between two movements of an account: before a posting, or behind the newest of all."""

    transfer_id: int = NEWEST
    before_id: int = NEWEST


class Sum(NamedTuple):
    """What the movements of a kind come to, and how many they are."""

    kind: str
    minor: int
    movements: int


def explain_balance(tx: Tx, account: Standing, after: int = 0) -> Explanation:
    """An account's balance from its own side, or that before a posting. Refuses: NotExplained, TooFarBack."""
    place = _place_before(tx, account.id, after) if after else Place()
    posted = _posted_at(tx, account, place) if after else account.posted_minor
    if posted is None:
        raise TooFarBack(after)
    made_of = _by_movement(tx, account, place, posted, "balance before that" if after else BALANCE)
    return Explanation(made_of, None if after else _by_month(tx, account))


def explain_balance_after(tx: Tx, posting_id: int) -> Explanation:
    """An account's balance when a posting had come. Refuses: NotExplained, TooFarBack."""
    found = tx.one(GET_POSTING, posting_id=posting_id)
    if found is None:
        raise NotExplained(f"of posting {posting_id}")
    account, place = get_account(tx, found[1]), Place(found[0], posting_id + 1)
    posted = _posted_at(tx, account, place)
    if posted is None:
        raise TooFarBack(posting_id)
    return Explanation(_by_movement(tx, account, place, posted, "balance after it"))


def balance_before(tx: Tx, account: Standing, posting_id: int) -> int | None:
    """An account's balance (debit-positive) before a posting and all that came after it.

    None when that is too far from both ends. Refuses: NotExplained (no posting of the account).
    """
    return _posted_at(tx, account, _place_before(tx, account.id, posting_id))


def list_movements(tx: Tx, account_id: int, *, before: int = 0, limit: int = SHOWN) -> list[PostedRow]:
    """A page of what counts on an account, the newest first, before a posting. Refuses: NotExplained."""
    return _movements(tx, account_id, _place_before(tx, account_id, before) if before else Place(), limit)


def _movements(tx: Tx, account_id: int, place: Place, limit: int) -> list[PostedRow]:
    rows = tx.all(MOVEMENTS, account_id=account_id, **place._asdict(), limit=limit)
    return [PostedRow(*row) for row in rows]


def _place_before(tx: Tx, account_id: int, posting_id: int) -> Place:
    """Refuses: NotExplained (no posting of the account)."""
    found = tx.one(GET_POSTING, posting_id=posting_id)
    if found is None or found[1] != account_id:
        raise NotExplained(f"of posting {posting_id}")
    return Place(found[0], posting_id)


def _posted_at(tx: Tx, account: Standing, place: Place) -> int | None:
    """The balance (debit-positive) at a place, added up from one end of the account or from the other."""
    values = {"account_id": account.id, **place._asdict(), "limit": ADDED_MAX + 1}
    for statement, start, sign in ((NEWER, account.posted_minor, -1), (OLDER, 0, 1)):
        row = tx.one(statement, **values)
        assert row is not None
        if row[0] <= ADDED_MAX:
            return start + sign * int(row[1])
    return None


def _by_movement(tx: Tx, account: Standing, place: Place, posted: int, label: str) -> Node:
    """A balance by the movements that led to it, and the balance before them."""
    rows = _movements(tx, account.id, place, SHOWN + 1)
    parts = [_moved(account, row) for row in rows[:SHOWN]]
    if len(rows) > SHOWN:
        over = account.natural(posted - sum(row.amount_minor for row in rows[:SHOWN]))
        ask = Ask("account", account.id, BALANCE, rows[SHOWN - 1].id)
        parts.append(minor("balance before these", over, account.currency, ask=ask))
    return minor(
        label, account.natural(posted), account.currency,
        why=account.code, link=Link("account", account.id), parts=parts,
    )  # fmt: skip


def _moved(account: Standing, row: PostedRow) -> Node:
    told = f", {row.memo}" if row.memo else ""
    day = "" if row.posted_at is None else f"{row.posted_at:%Y-%m-%d}, "
    return minor(
        f"{row.transfer_kind.replace('_', ' ')}{told}", account.natural(row.amount_minor), row.currency,
        why=f"{day}transfer {row.transfer_id}",
        link=Link("transfer", row.transfer_id), ask=Ask("posting", row.id, "amount"),
    )  # fmt: skip


def _by_month(tx: Tx, account: Standing) -> Node | None:
    """The balance by months and kinds of transfers; of a long account the newest movements, and what was before."""
    months = last_months(tx.now, tx.shop.zone, MONTHS)[::-1]
    moments = [months[0].span.until, *(month.span.since for month in months)]
    begins = {f"begins_{place}": moment for place, moment in enumerate(moments)}
    sums: defaultdict[int, list[Sum]] = defaultdict(list)
    for place, kind, total, count in tx.all(BY_MONTH, account_id=account.id, limit=ADDED_MAX, **begins):
        sums[place].append(Sum(kind, account.natural(int(total)), count))
    if not sums:
        return None
    days = [f"{month.day:%Y-%m}" for month in months]
    names = [f"later than {days[0]}", *days, f"before {days[-1]}"]
    parts = [_month(account, names[place], kinds) for place, kinds in sums.items()]
    is_long = int(tx.value(MANY, account_id=account.id, limit=ADDED_MAX + 1)) > ADDED_MAX
    rest = f"before the newest {ADDED_MAX:,} movements" if is_long else ""
    return minor("by month", account.balance_minor, account.currency, parts=parts, rest=rest)


def _month(account: Standing, name: str, kinds: Sequence[Sum]) -> Node:
    parts = [
        minor(
            one.kind.replace("_", " "), one.minor, account.currency,
            why=f"{one.movements:,} movement{'s' * (one.movements != 1)}",
        )
        for one in kinds
    ]  # fmt: skip
    return minor(name, sum(one.minor for one in kinds), account.currency, parts=parts)
