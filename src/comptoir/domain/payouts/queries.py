"""Reading payouts: what was paid, what is being gathered, and why it is what it is."""

from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, func, literal, or_, select

from comptoir.domain.merchant.queries import MerchantFacts
from comptoir.domain.payouts.amounts import Parts, parts_of
from comptoir.domain.payouts.errors import PayoutNotFound
from comptoir.domain.payouts.models import OPEN, PAID, VOIDED, Payout, PayoutEntry
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among


class PayoutRow(NamedTuple):
    """One payout."""

    id: int
    identifier: str
    method: str
    state: str
    amount_minor: int
    created_at: datetime
    paid_at: datetime | None
    reserve_released_at: datetime | None
    voided_at: datetime | None
    transfer_id: int | None


class EntryRow(NamedTuple):
    """One reason why a payout is what it is."""

    id: int
    kind: str
    order_id: int | None
    amount_minor: int
    at: datetime
    available_at: datetime
    memo: str
    transfer_id: int | None


class Explained(NamedTuple):
    """A payout with the parts that it is made of."""

    payout: PayoutRow
    parts: Parts


class PendingPayout(NamedTuple):
    """What the next payout would be if it left now; its parts include the fee for sending it."""

    id: int
    parts: Parts


PAYOUTS = select(*(Payout.__table__.columns[name] for name in PayoutRow._fields))
OPEN_PAYOUT = PAYOUTS.where(Payout.state == literal(OPEN)).order_by(Payout.id).limit(1)
LOCK_OPEN = {"sqlite": OPEN_PAYOUT, "postgres": OPEN_PAYOUT.with_for_update()}
_GET_PAYOUT = PAYOUTS.where(Payout.id == bindparam("payout_id"))
LOCK_PAYOUT = {"sqlite": _GET_PAYOUT, "postgres": _GET_PAYOUT.with_for_update()}
LIST_PAYOUTS = PAYOUTS.where(or_(Payout.state == literal(PAID), Payout.state == literal(VOIDED))).order_by(
    Payout.paid_at.desc(), Payout.id.desc()
)
LIST_ENDED = PAYOUTS.where(Payout.state != literal(OPEN)).order_by(Payout.paid_at.desc(), Payout.id.desc())
SUMS = (
    select(PayoutEntry.payout_id, PayoutEntry.kind, func.sum(PayoutEntry.amount_minor))
    .where(among(PayoutEntry.payout_id, "payout_ids"))
    .group_by(PayoutEntry.payout_id, PayoutEntry.kind)
)
ENTRIES = (
    select(*(PayoutEntry.__table__.columns[name] for name in EntryRow._fields))
    .where(PayoutEntry.payout_id == bindparam("payout_id"), PayoutEntry.id > bindparam("after_id"))
    .order_by(PayoutEntry.id)
    .limit(bindparam("limit"))
)
OF_ORDER = (
    select(*(PayoutEntry.__table__.columns[name] for name in EntryRow._fields))
    .where(PayoutEntry.order_id == bindparam("order_id"))
    .order_by(PayoutEntry.id)
)
FIRST_ID = 1


def list_payouts(tx: Tx) -> list[Explained]:
    """Every payout that left, called back or not, the newest first."""
    return _explained(tx, [PayoutRow(*row) for row in tx.all(LIST_PAYOUTS)])


def list_ended(tx: Tx) -> list[Explained]:
    """Every payout that ended, those too whose debts were carried forward, the newest first."""
    return _explained(tx, [PayoutRow(*row) for row in tx.all(LIST_ENDED)])


def get_payout(tx: Tx, payout_id: int) -> PayoutRow:
    """One payout. Refuses: PayoutNotFound."""
    row = tx.one(_GET_PAYOUT, payout_id=payout_id)
    if row is None:
        raise PayoutNotFound(payout_id)
    return PayoutRow(*row)


def explain_payout(tx: Tx, payout_id: int) -> Explained:
    """One payout with its parts. Refuses: PayoutNotFound."""
    return _explained(tx, [get_payout(tx, payout_id)])[0]


def find_pending(tx: Tx, merchant: MerchantFacts) -> PendingPayout:
    """What the next payout would be if it left now."""
    row = tx.one(OPEN_PAYOUT)
    if row is None:
        return PendingPayout(FIRST_ID, Parts(payout_fee=merchant.payout_fee_minor))
    payout_id = PayoutRow(*row).id
    return PendingPayout(
        payout_id, sums_of(tx, [payout_id])[payout_id]._replace(payout_fee=merchant.payout_fee_minor)
    )


def list_entries(tx: Tx, payout_id: int, *, after_id: int = 0, limit: int = 100) -> list[EntryRow]:
    """A page of a payout's entries, oldest first, after an entry's id."""
    return [EntryRow(*row) for row in tx.all(ENTRIES, payout_id=payout_id, after_id=after_id, limit=limit)]


def list_entries_of_order(tx: Tx, order_id: int) -> list[EntryRow]:
    """What an invoice brought to payouts and took from them, oldest first."""
    return [EntryRow(*row) for row in tx.all(OF_ORDER, order_id=order_id)]


def sums_of(tx: Tx, payout_ids: list[int]) -> dict[int, Parts]:
    """The parts of payouts, by their ids."""
    sums: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for payout_id, kind, minor in tx.all(SUMS, payout_ids=payout_ids):
        sums[payout_id or 0][kind] = int(minor)
    return {payout_id: parts_of(sums[payout_id]) for payout_id in payout_ids}


def _explained(tx: Tx, rows: list[PayoutRow]) -> list[Explained]:
    parts = sums_of(tx, [row.id for row in rows])
    return [Explained(row, parts[row.id]) for row in rows]
