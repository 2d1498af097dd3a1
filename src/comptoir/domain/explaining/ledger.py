"""What makes the balance of a ledger account, and what a transfer and its postings are."""

from sqlalchemy import bindparam, func, literal, select

from comptoir.domain.explaining.balances import ADDED_MAX, BALANCE, explain_balance, explain_balance_after
from comptoir.domain.explaining.errors import NotExplained
from comptoir.domain.explaining.money_rows import PostedRow, postings_of_transfer
from comptoir.domain.explaining.movements import (
    GET_POSTING,
    IS_BEFORE,
    IS_BEHIND,
    NEWEST_FIRST,
    ON_ACCOUNT,
    SHOWN,
    Place,
    place_before,
)
from comptoir.domain.explaining.nodes import Ask, Explanation, Link, Node, minor
from comptoir.domain.explaining.posted import posting_node
from comptoir.domain.ledger.errors import TransferNotFound
from comptoir.domain.ledger.models import (
    ACTIVE,
    DEBIT_KINDS,
    PENDING,
    Hold,
    Posting,
    Transfer,
)
from comptoir.domain.ledger.queries import get_account
from comptoir.domain.ledger.standing import Standing
from comptoir.domain.tx import Tx

AVAILABLE, PENDING_IN, PENDING_OUT, HELD = "available", "pending_in", "pending_out", "held"

_IS_IN, _IS_OUT = Posting.amount_minor > 0, Posting.amount_minor < 0
# What is announced is young: it is looked for among the newest movements first.
_young = (
    select(Posting.id.label("id"))
    .where(Posting.account_id == bindparam("account_id"))
    .order_by(*NEWEST_FIRST)
    .limit(bindparam("among"))
    .subquery()
)
_WAITING = (
    ON_ACCOUNT.where(Transfer.state == literal(PENDING)).order_by(*NEWEST_FIRST).limit(bindparam("limit"))
)
YOUNG = {
    is_debit: _WAITING.join(_young, _young.c.id == Posting.id).where(_IS_IN if is_debit else _IS_OUT)
    for is_debit in (True, False)
}
WAITING = {True: _WAITING.where(_IS_IN, *IS_BEFORE), False: _WAITING.where(_IS_OUT, *IS_BEFORE)}
# What pages before this one have told.
_WAITING_BEHIND = (
    select(func.coalesce(func.sum(Posting.amount_minor), 0))
    .join(Transfer, Transfer.id == Posting.transfer_id)
    .where(Posting.account_id == bindparam("account_id"), Transfer.state == literal(PENDING), *IS_BEHIND)
)
WAITING_BEHIND = {True: _WAITING_BEHIND.where(_IS_IN), False: _WAITING_BEHIND.where(_IS_OUT)}
_IS_HELD = (Hold.account_id == bindparam("account_id"), Hold.state == literal(ACTIVE))
HOLDS = (
    select(Hold.id, Hold.amount_minor, Hold.subject, Hold.subject_id, Hold.placed_at)
    .where(*_IS_HELD, Hold.id > bindparam("after_id"))
    .order_by(Hold.id)
    .limit(bindparam("limit"))
)
HELD_UNTIL = select(func.coalesce(func.sum(Hold.amount_minor), 0)).where(
    *_IS_HELD, Hold.id <= bindparam("after_id")
)
GET_SUBJECT = select(
    Transfer.subject, Transfer.subject_id, Transfer.kind, Transfer.state, Transfer.memo
).where(Transfer.id == bindparam("transfer_id"))
# Subjects of transfers that are records with amounts of their own to explain.
EXPLAINED = {"order": "total", "payout": "amount"}


def explain_account(tx: Tx, account_id: int, what: str, after: int = 0) -> Explanation:
    """An account's balance, from its own side, by its newest movements and by kind; what of it is available.

    `after` is a posting, or a hold: what was before it is explained. Refuses: AccountNotFound, NotExplained.
    """
    account = get_account(tx, account_id)
    if what == BALANCE:
        return explain_balance(tx, account, after)
    if what == AVAILABLE:
        return Explanation(_available(tx, account))
    if what in {PENDING_IN, PENDING_OUT}:
        return Explanation(_pending(tx, account, what, after))
    if what == HELD:
        return Explanation(_held(tx, account, after))
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
    """What stands against a posting in its transfer, or the balance after it. Refuses: NotExplained."""
    if what == BALANCE:
        return explain_balance_after(tx, posting_id)
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


def _pending(tx: Tx, account: Standing, what: str, after: int = 0) -> Node:
    """What is announced and has not happened, into an account or out of it: a page, and the others as sums."""
    is_in = what == PENDING_IN
    total = account.pending_in_minor if is_in else account.pending_out_minor
    label = "announced to come in" if is_in else "announced to leave"
    is_debit = is_in == (account.kind in DEBIT_KINDS)
    rows = _waiting(tx, account, total, after, is_debit=is_debit) if total else []
    parts = [
        minor(
            f"transfer {row.transfer_id}", abs(row.amount_minor), account.currency,
            why=row.memo, link=Link("transfer", row.transfer_id), ask=Ask("posting", row.id, "amount"),
        )
        for row in rows
    ]  # fmt: skip
    told = 0
    if after:
        place = place_before(tx, account.id, after)
        told = abs(int(tx.value(WAITING_BEHIND[is_debit], account_id=account.id, **place._asdict())))
    over = total - told - sum(abs(row.amount_minor) for row in rows)
    ask = Ask("account", account.id, what)
    parts = _with_others(parts, ask, told, over, last=rows[-1].id if len(rows) == SHOWN else 0)
    return minor(label, total, account.currency, parts=parts, ask=ask)


def _waiting(tx: Tx, account: Standing, total: int, after: int, *, is_debit: bool) -> list[PostedRow]:
    """What is announced; all movements are looked at only when the newest do not tell enough."""
    values = {"account_id": account.id, "limit": SHOWN}
    if not after:
        young = [PostedRow(*row) for row in tx.all(YOUNG[is_debit], **values, among=ADDED_MAX)]
        if len(young) == SHOWN or sum(abs(row.amount_minor) for row in young) == total:
            return young
    place = place_before(tx, account.id, after) if after else Place()
    return [PostedRow(*row) for row in tx.all(WAITING[is_debit], **values, **place._asdict())]


def _held(tx: Tx, account: Standing, after: int = 0) -> Node:
    """What is promised elsewhere: a page, and the others as sums."""
    values, total = {"account_id": account.id, "after_id": after}, account.held_minor
    rows = tx.all(HOLDS, **values, limit=SHOWN) if total else []
    parts = [
        minor(
            f"hold {hold_id} for {subject.replace('_', ' ')} {subject_id}", amount, account.currency,
            why=f"since {placed_at:%Y-%m-%d}", link=Link(subject, subject_id),
        )
        for hold_id, amount, subject, subject_id, placed_at in rows
    ]  # fmt: skip
    told = int(tx.value(HELD_UNTIL, **values)) if after else 0
    over = total - told - sum(row[1] for row in rows)
    ask = Ask("account", account.id, HELD)
    parts = _with_others(parts, ask, told, over, last=rows[-1][0] if len(rows) == SHOWN else 0)
    return minor(HELD, total, account.currency, parts=parts, ask=ask)


def _with_others(parts: list[Node], ask: Ask, told: int, over: int, *, last: int) -> list[Node]:
    """A page with what pages before it told, and with what those behind it tell, when it is full."""
    currency = parts[0].currency if parts else ""
    if parts and told:
        parts.insert(0, minor("before these", told, currency, ask=ask))
    if last and over:
        parts.append(minor("others", over, currency, ask=ask._replace(after=last)))
    return parts


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
