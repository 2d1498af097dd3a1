"""What makes the balance of a ledger account, and what a transfer and its postings are."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, bindparam, func, literal, select

from comptoir.domain.explaining.errors import NotExplained, TooFarBack
from comptoir.domain.explaining.money_rows import PostedRow, postings_of_transfer
from comptoir.domain.explaining.nodes import Ask, Explanation, Link, Node, minor
from comptoir.domain.explaining.posted import posting_node
from comptoir.domain.ledger.errors import TransferNotFound
from comptoir.domain.ledger.models import (
    ACTIVE,
    DEBIT_KINDS,
    PENDING,
    POSTED,
    Account,
    Hold,
    Posting,
    Transfer,
)
from comptoir.domain.ledger.queries import get_account
from comptoir.domain.ledger.standing import Standing
from comptoir.domain.tx import Tx

SHOWN = 50
# How many movements are added up to know the balance before them, or to tell a balance by kind.
ADDED_MAX = 20_000
NEWEST = 2**63 - 1
BALANCE, AVAILABLE, PENDING_IN, PENDING_OUT, HELD = (
    "balance",
    "available",
    "pending_in",
    "pending_out",
    "held",
)

_ON_ACCOUNT: Select[Any] = (
    select(
        Posting.id, Posting.transfer_id, Transfer.kind, Transfer.posted_at, Transfer.memo, Posting.account_id,
        Account.code, Account.name, Posting.amount_minor, Posting.currency,
    )
    .join(Transfer, Transfer.id == Posting.transfer_id)
    .join(Account, Account.id == Posting.account_id)
    .where(Posting.account_id == bindparam("account_id"))
)  # fmt: skip
# Postings are numbered as their transfers are, so that the account's index gives them in order.
_NEWEST_FIRST = (Posting.transfer_id.desc(), Posting.id.desc())
MOVEMENTS = (
    _ON_ACCOUNT.where(
        Transfer.state == literal(POSTED),
        Posting.transfer_id <= bindparam("transfer_id"),
        Posting.id < bindparam("before_id"),
    )
    .order_by(*_NEWEST_FIRST)
    .limit(bindparam("limit"))
)
# What is announced is young: it is looked for among the newest movements only.
_young = (
    select(Posting.id.label("id"))
    .where(Posting.account_id == bindparam("account_id"))
    .order_by(*_NEWEST_FIRST)
    .limit(bindparam("among"))
    .subquery()
)
_WAITING = (
    _ON_ACCOUNT.join(_young, _young.c.id == Posting.id)
    .where(Transfer.state == literal(PENDING))
    .order_by(*_NEWEST_FIRST)
    .limit(bindparam("limit"))
)
WAITING = {True: _WAITING.where(Posting.amount_minor > 0), False: _WAITING.where(Posting.amount_minor < 0)}
_newer = (
    select(Posting.amount_minor.label("minor"), Transfer.state.label("state"))
    .join(Transfer, Transfer.id == Posting.transfer_id)
    .where(
        Posting.account_id == bindparam("account_id"),
        Posting.transfer_id >= bindparam("transfer_id"),
        Posting.id >= bindparam("before_id"),
    )
    .limit(bindparam("limit"))
    .subquery()
)
NEWER = select(
    func.count(), func.coalesce(func.sum(_newer.c.minor).filter(_newer.c.state == literal(POSTED)), 0)
)
_few = (
    select(Posting.transfer_id.label("transfer_id"), Posting.amount_minor.label("minor"))
    .where(Posting.account_id == bindparam("account_id"))
    .limit(bindparam("limit"))
    .subquery()
)
BY_KIND = (
    select(Transfer.kind, func.sum(_few.c.minor), func.count())
    .join(_few, _few.c.transfer_id == Transfer.id)
    .where(Transfer.state == literal(POSTED))
    .group_by(Transfer.kind)
    .order_by(Transfer.kind)
)
MANY = select(func.count()).select_from(_few)
GET_POSTING = select(Posting.transfer_id, Posting.account_id).where(Posting.id == bindparam("posting_id"))
HOLDS = (
    select(Hold.id, Hold.amount_minor, Hold.subject, Hold.subject_id, Hold.placed_at)
    .where(Hold.account_id == bindparam("account_id"), Hold.state == literal(ACTIVE))
    .order_by(Hold.id)
    .limit(bindparam("limit"))
)
GET_SUBJECT = select(
    Transfer.subject, Transfer.subject_id, Transfer.kind, Transfer.state, Transfer.memo
).where(Transfer.id == bindparam("transfer_id"))
# Subjects of transfers that are records with amounts of their own to explain.
EXPLAINED = {"order": "total", "payout": "amount"}


def explain_account(tx: Tx, account_id: int, what: str, after: int = 0) -> Explanation:
    """An account's balance, from its own side, by its newest movements and by kind; what of it is available.

    `after` is a posting: the balance before it is explained. Refuses: AccountNotFound, NotExplained, TooFarBack.
    """
    account = get_account(tx, account_id)
    if what == BALANCE:
        return _balance(tx, account, after)
    if what == AVAILABLE:
        return Explanation(_available(tx, account))
    if what in {PENDING_IN, PENDING_OUT}:
        return Explanation(_pending(tx, account, what))
    if what == HELD:
        return Explanation(_held(tx, account))
    raise NotExplained(what)


def explain_transfer(tx: Tx, transfer_id: int, what: str) -> Explanation:
    """What a transfer moves in a currency: its debits, and its credits. Refuses: TransferNotFound, NotExplained."""
    rows = postings_of_transfer(tx, transfer_id)
    if not rows:
        raise TransferNotFound(transfer_id)
    currency = rows[0].currency if what == "amount" else what
    debits = [row for row in rows if row.currency == currency and row.amount_minor > 0]
    credits_ = [row for row in rows if row.currency == currency and row.amount_minor < 0]
    if not debits:
        raise NotExplained(what)
    return Explanation(
        _side("debits", transfer_id, debits, 1, _subject(tx, transfer_id)),
        _side("credits", transfer_id, credits_, -1, None),
    )


def explain_posting(tx: Tx, posting_id: int, what: str) -> Explanation:
    """What stands against a posting in its transfer. Refuses: NotExplained."""
    found = tx.one(GET_POSTING, posting_id=posting_id)
    if found is None or what != "amount":
        raise NotExplained(what if found else f"of posting {posting_id}")
    transfer_id, account_id = found
    rows = postings_of_transfer(tx, transfer_id)
    own = next(row for row in rows if row.id == posting_id)
    others = [row for row in rows if row.id != posting_id and row.currency == own.currency]
    link, why = Link("account", account_id), f"on {own.code}, by transfer {transfer_id}"
    parts = [posting_node(row, -1) for row in others]
    return Explanation(minor(own.name, own.amount_minor, own.currency, why=why, link=link, parts=parts))


def balance_before(tx: Tx, account: Standing, posting_id: int) -> int | None:
    """An account's balance (debit-positive) before a posting and all that came after it.

    None when that is too far back. Refuses: NotExplained (no posting of the account).
    """
    found = tx.one(GET_POSTING, posting_id=posting_id)
    if found is None or found[1] != account.id:
        raise NotExplained(f"of posting {posting_id}")
    values = {"account_id": account.id, "transfer_id": found[0], "before_id": posting_id}
    row = tx.one(NEWER, **values, limit=ADDED_MAX + 1)
    assert row is not None
    return None if row[0] > ADDED_MAX else account.posted_minor - int(row[1])


def list_movements(tx: Tx, account_id: int, *, before: int = 0, limit: int = SHOWN) -> list[PostedRow]:
    """A page of what counts on an account, the newest first, before a posting. Refuses: NotExplained."""
    transfer_id = NEWEST
    if before:
        found = tx.one(GET_POSTING, posting_id=before)
        if found is None or found[1] != account_id:
            raise NotExplained(f"of posting {before}")
        transfer_id = found[0]
    values = {"transfer_id": transfer_id, "before_id": before or NEWEST}
    return [PostedRow(*row) for row in tx.all(MOVEMENTS, account_id=account_id, **values, limit=limit)]


def _balance(tx: Tx, account: Standing, after: int) -> Explanation:
    posted = balance_before(tx, account, after) if after else account.posted_minor
    if posted is None:
        raise TooFarBack(after)
    rows = list_movements(tx, account.id, before=after)
    parts = [_moved(account, row) for row in rows]
    over = account.natural(posted - sum(row.amount_minor for row in rows))
    if len(rows) == SHOWN and list_movements(tx, account.id, before=rows[-1].id, limit=1):
        ask = Ask("account", account.id, BALANCE, rows[-1].id)
        parts.append(minor("balance before these", over, account.currency, ask=ask))
    label = "balance before that" if after else BALANCE
    made_of = minor(
        label, account.natural(posted), account.currency,
        why=account.code, link=Link("account", account.id), parts=parts,
    )  # fmt: skip
    return Explanation(made_of, None if after else _by_kind(tx, account))


def _moved(account: Standing, row: PostedRow) -> Node:
    told = f", {row.memo}" if row.memo else ""
    day = "" if row.posted_at is None else f"{row.posted_at:%Y-%m-%d}, "
    return minor(
        f"{row.transfer_kind.replace('_', ' ')}{told}", account.natural(row.amount_minor), row.currency,
        why=f"{day}transfer {row.transfer_id}",
        link=Link("transfer", row.transfer_id), ask=Ask("posting", row.id, "amount"),
    )  # fmt: skip


def _by_kind(tx: Tx, account: Standing) -> Node | None:
    """The balance by kinds of transfers; None when there are too many to add up for a page."""
    if int(tx.value(MANY, account_id=account.id, limit=ADDED_MAX + 1)) > ADDED_MAX:
        return None
    parts = [
        minor(
            kind.replace("_", " "), account.natural(int(total)), account.currency,
            why=f"{count} movements",
        )
        for kind, total, count in tx.all(BY_KIND, account_id=account.id, limit=ADDED_MAX)
    ]  # fmt: skip
    return minor("by kind", account.balance_minor, account.currency, parts=parts) if parts else None


def _available(tx: Tx, account: Standing) -> Node:
    """The balance less what is pending to leave and what is held."""
    ask = Ask("account", account.id, BALANCE)
    pending, held = _pending(tx, account, PENDING_OUT), _held(tx, account)
    parts = [
        minor(BALANCE, account.balance_minor, account.currency, ask=ask),
        _taken_off(pending),
        _taken_off(held),
    ]
    why = ""
    if account.floor_minor is not None:
        why = f"at least {minor('', account.floor_minor, account.currency).amount} must stay available"
    link = Link("account", account.id)
    return minor(AVAILABLE, account.available_minor, account.currency, why=why, link=link, parts=parts)


def _taken_off(node: Node) -> Node:
    return Node(
        label=f"less {node.label}", amount_e4=-node.amount_e4, currency=node.currency, link=node.link,
        parts=tuple(_taken_off(part) for part in node.parts), ask=node.ask,
        why=node.why, is_gap=node.is_gap,
    )  # fmt: skip


def _pending(tx: Tx, account: Standing, what: str) -> Node:
    """What is announced and has not happened, into an account or out of it."""
    is_in = what == PENDING_IN
    total = account.pending_in_minor if is_in else account.pending_out_minor
    is_debit = is_in == (account.kind in DEBIT_KINDS)
    statement, values = WAITING[is_debit], {"account_id": account.id, "among": ADDED_MAX, "limit": SHOWN}
    rows = [PostedRow(*row) for row in tx.all(statement, **values)] if total else []
    parts = [
        minor(
            f"transfer {row.transfer_id}", abs(row.amount_minor), account.currency,
            why=row.memo, link=Link("transfer", row.transfer_id), ask=Ask("posting", row.id, "amount"),
        )
        for row in rows
    ]  # fmt: skip
    label = "announced to come in" if is_in else "announced to leave"
    ask, rest = Ask("account", account.id, what), _others(rows)
    return minor(label, total, account.currency, parts=parts, ask=ask, rest=rest)


def _held(tx: Tx, account: Standing) -> Node:
    """What is promised elsewhere."""
    rows = tx.all(HOLDS, account_id=account.id, limit=SHOWN) if account.held_minor else []
    parts = [
        minor(
            f"hold {hold_id} for {subject.replace('_', ' ')} {subject_id}", amount, account.currency,
            why=f"since {placed_at:%Y-%m-%d}", link=Link(subject, subject_id),
        )
        for hold_id, amount, subject, subject_id, placed_at in rows
    ]  # fmt: skip
    ask = Ask("account", account.id, HELD)
    return minor(HELD, account.held_minor, account.currency, parts=parts, ask=ask, rest=_others(rows))


def _others(rows: Sequence[Any]) -> str:
    """What is not listed, where no more are listed; else there is nothing left over."""
    return "others that are not listed" if len(rows) == SHOWN else ""


def _subject(tx: Tx, transfer_id: int) -> tuple[str, Ask | None]:
    """What a transfer is for, in words, and where that is explained."""
    row = tx.one(GET_SUBJECT, transfer_id=transfer_id)
    assert row is not None
    subject, subject_id, kind, state, memo = row
    words = f"{kind.replace('_', ' ')} for {subject.replace('_', ' ')} {subject_id}, {state}"
    what = EXPLAINED.get(subject)
    return f"{words}, {memo}" if memo else words, Ask(subject, subject_id, what) if what else None


def _side(
    label: str, transfer_id: int, rows: list[PostedRow], sign: int, told: tuple[str, Ask | None] | None
) -> Node:
    why, ask = told or ("", None)
    total = sum(sign * row.amount_minor for row in rows)
    return minor(
        label, total, rows[0].currency, why=why, ask=ask,
        link=Link("transfer", transfer_id), parts=[posting_node(row, sign) for row in rows],
    )  # fmt: skip
