"""What makes a payout: its entries by kind, and what each of those is for."""

from collections.abc import Mapping
from typing import NamedTuple

from sqlalchemy import bindparam, func, select

from comptoir.domain.explaining.errors import NotExplained
from comptoir.domain.explaining.invoices import fee_node
from comptoir.domain.explaining.money_rows import EntryRow, find_entry, postings_of_transfer
from comptoir.domain.explaining.nodes import Ask, Explanation, Link, Node, minor
from comptoir.domain.explaining.order_rows import find_invoiced, find_order
from comptoir.domain.explaining.posted import against
from comptoir.domain.explaining.whereabouts import STATES, entry_label
from comptoir.domain.merchant.queries import get_merchant
from comptoir.domain.payouts.chart import PROCESSOR
from comptoir.domain.payouts.models import (
    CHARGEBACK,
    ENTRY_KINDS,
    FEE,
    OPEN,
    PAYOUT_FEE,
    REFUND,
    PayoutEntry,
)
from comptoir.domain.payouts.queries import PayoutRow, find_pending, get_payout
from comptoir.domain.tx import Tx

SHOWN = 50
AMOUNT, PAYABLE, GIVEN_BACK = "amount", "payable", "given_back"
OF_PENDING = frozenset({AMOUNT, PAYABLE, PAYOUT_FEE})

SUMS = (
    select(PayoutEntry.kind, func.sum(PayoutEntry.amount_minor), func.count())
    .where(PayoutEntry.payout_id == bindparam("payout_id"))
    .group_by(PayoutEntry.kind)
)
OF_KIND = (
    select(PayoutEntry.id, PayoutEntry.order_id, PayoutEntry.amount_minor, PayoutEntry.memo)
    .where(
        PayoutEntry.payout_id == bindparam("payout_id"),
        PayoutEntry.kind == bindparam("kind"),
        PayoutEntry.id > bindparam("after_id"),
    )
    .order_by(PayoutEntry.id)
    .limit(bindparam("limit"))
)
# What entries up to one come to: what pages before this one have told.
BEFORE = select(func.coalesce(func.sum(PayoutEntry.amount_minor), 0), func.count()).where(
    PayoutEntry.payout_id == bindparam("payout_id"),
    PayoutEntry.kind == bindparam("kind"),
    PayoutEntry.id <= bindparam("after_id"),
)


class Sum(NamedTuple):
    """What the entries of one kind come to, and how many there are."""

    minor: int
    entries: int


def explain_payout(tx: Tx, payout_id: int, what: str, after: int = 0) -> Explanation:
    """What a payout comes to, or its entries of one kind from one on, and how the books have it.

    Of the next one also what would be paid out now, less the fee for sending it, which is no entry of it yet.
    Refuses: PayoutNotFound, NotExplained.
    """
    if what in OF_PENDING and (found := _pending(tx, payout_id, what)) is not None:
        return Explanation(found)
    payout = get_payout(tx, payout_id)
    sums = {kind: Sum(int(total), count) for kind, total, count in tx.all(SUMS, payout_id=payout_id)}
    if what in ENTRY_KINDS:
        return Explanation(_kind(tx, payout, what, sums.get(what, Sum(0, 0)), after))
    if what == GIVEN_BACK:
        return Explanation(_given_back(tx, payout, sums))
    if what != AMOUNT:
        raise NotExplained(what)
    return Explanation(_whole(tx, payout, sums), _in_books(tx, payout))


def is_pending(tx: Tx, payout_id: int) -> bool:
    """Whether it is the next payout, which there may be nothing of yet."""
    return find_pending(tx, get_merchant(tx)).id == payout_id


def _pending(tx: Tx, payout_id: int, what: str) -> Node | None:
    """What would leave now, the fee for that, or that nothing was gathered; None of any other payout."""
    merchant, currency = get_merchant(tx), tx.shop.currency
    pending = find_pending(tx, merchant)
    if pending.id != payout_id:
        return None
    fee = minor(
        "fee for sending it", -pending.parts.payout_fee, currency,
        why="as it is agreed on", ask=Ask("payout", payout_id, PAYOUT_FEE),
    )  # fmt: skip
    if what == PAYOUT_FEE:
        return fee
    if what == AMOUNT:
        is_begun = any(pending.parts._replace(payout_fee=0))
        return None if is_begun else minor(AMOUNT, 0, currency, why="nothing was gathered yet")
    payable, gathered = pending.parts.payable_minor, pending.parts.payable_minor + pending.parts.payout_fee
    parts = [minor("gathered for it", gathered, currency, ask=Ask("payout", payout_id, AMOUNT)), fee]
    return minor("would be paid out now", payable, currency, parts=parts)


def explain_entry(tx: Tx, entry_id: int, what: str) -> Explanation:
    """What an entry of a payout is for, and how the books have it. Refuses: NotExplained."""
    entry = find_entry(tx, entry_id)
    if entry is None or what != AMOUNT:
        raise NotExplained(what if entry else f"of entry {entry_id}")
    currency = tx.shop.currency
    link = None if entry.payout_id is None else Link("payout", entry.payout_id)
    made_of = minor(
        entry_label(entry.kind), entry.amount_minor, currency,
        why=_why(entry), link=link, parts=_cause(tx, entry), rest="as it was agreed on then",
    )  # fmt: skip
    if entry.transfer_id is None:
        return Explanation(made_of)
    rows = postings_of_transfer(tx, entry.transfer_id)
    return Explanation(made_of, against(rows, PROCESSOR.code, "in the books", currency))


def _whole(tx: Tx, payout: PayoutRow, sums: Mapping[str, Sum]) -> Node:
    """All entries; of a payout that is open they are what it would be, before the fee for sending it."""
    total = sum(one.minor for one in sums.values())
    amount = total if payout.state == OPEN else payout.amount_minor
    parts = [_kind(tx, payout, kind, sums[kind], 0) for kind in ENTRY_KINDS if kind in sums]
    label = f"payout {payout.identifier or payout.id}"
    why = STATES.get(payout.state, payout.state)
    return minor(label, amount, tx.shop.currency, why=why, link=Link("payout", payout.id), parts=parts)


def _given_back(tx: Tx, payout: PayoutRow, sums: Mapping[str, Sum]) -> Node:
    """What went back to buyers: by refunds, and by their banks."""
    kinds = [kind for kind in (REFUND, CHARGEBACK) if kind in sums]
    total, link = sum(sums[kind].minor for kind in kinds), Link("payout", payout.id)
    parts = [_kind(tx, payout, kind, sums[kind], 0) for kind in kinds]
    return minor("refunds and chargebacks", total, tx.shop.currency, link=link, parts=parts)


def _kind(tx: Tx, payout: PayoutRow, kind: str, whole: Sum, after: int) -> Node:
    """The entries of one kind: a page of them, and the rest as sums."""
    currency = tx.shop.currency
    values = {"payout_id": payout.id, "kind": kind, "after_id": after}
    before = Sum(0, 0)
    if after:
        row = tx.one(BEFORE, **values)
        before = Sum(0, 0) if row is None else Sum(int(row[0]), row[1])
    rows = tx.all(OF_KIND, **values, limit=SHOWN)
    parts = [
        minor(
            memo or (f"order {order_id}" if order_id else entry_label(kind)), amount, currency,
            link=Link("order", order_id) if order_id else None, ask=Ask("payout_entry", entry_id, AMOUNT),
        )
        for entry_id, order_id, amount, memo in rows
    ]  # fmt: skip
    if before.entries:
        parts.insert(0, minor(f"{before.entries} before these", before.minor, currency))
    left = whole.entries - before.entries - len(rows)
    if left > 0:
        over = whole.minor - before.minor - sum(row[2] for row in rows)
        ask = Ask("payout", payout.id, kind, rows[-1][0])
        parts.append(minor(f"{left} more", over, currency, ask=ask))
    return minor(
        entry_label(kind), whole.minor, currency,
        why=f"{whole.entries} entries", ask=Ask("payout", payout.id, kind), parts=parts,
    )  # fmt: skip


def _why(entry: EntryRow) -> str:
    words = [entry.memo, f"on {entry.at:%Y-%m-%d}"]
    if entry.available_at > entry.at:
        words.append(f"held until {entry.available_at:%Y-%m-%d}")
    return ", ".join(word for word in words if word)


def _cause(tx: Tx, entry: EntryRow) -> list[Node]:
    """What an entry is reckoned from, where that is kept."""
    order = None if entry.order_id is None else find_order(tx, entry.order_id)
    if order is None:
        return []
    currency = tx.shop.currency
    invoiced = find_invoiced(tx, order.id) if entry.kind == FEE else None
    if invoiced is not None and invoiced.fee_minor == -entry.amount_minor:
        fee = fee_node(tx, order)
        return [_negative(part) for part in fee.parts]
    return [
        minor(
            f"order {order.id}", entry.amount_minor, currency,
            link=Link("order", order.id), ask=Ask("order", order.id, "paid"),
        )
    ]  # fmt: skip


def _negative(node: Node) -> Node:
    return Node(
        label=node.label, amount_e4=-node.amount_e4, currency=node.currency, why=node.why, link=node.link
    )


def _in_books(tx: Tx, payout: PayoutRow) -> Node | None:
    """Paid to the bank by a transfer; one that was called back has its reversal beside it."""
    if payout.transfer_id is None:
        return None
    rows = [
        row._replace(amount_minor=-row.amount_minor) for row in postings_of_transfer(tx, payout.transfer_id)
    ]
    return against(rows, PROCESSOR.code, "where it went", tx.shop.currency)
