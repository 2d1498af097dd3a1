"""Writing entries and what they move in the books: each entry is one transfer on the processor's account."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import repeat
from typing import NamedTuple

from comptoir.domain.ledger.accounts import accounts_for
from comptoir.domain.ledger.transfers import NewTransfer, post_transfers
from comptoir.domain.orders.chart import clearing
from comptoir.domain.payouts.chart import AGAINST, PAYOUT_PLANS, PROCESSOR
from comptoir.domain.payouts.models import (
    CHARGEBACK,
    OPEN,
    REFUND,
    RESERVE_RELEASED,
    SALE,
    Payout,
    PayoutEntry,
)
from comptoir.domain.payouts.queries import LOCK_OPEN, PayoutRow
from comptoir.domain.tx import Tx

# What an invoice, refund, chargeback or payout's reserve is settled under, before its number.
TAGS = {
    SALE: "settlement of invoice ",
    REFUND: "settlement of refund ",
    CHARGEBACK: "settlement of chargeback ",
    RESERVE_RELEASED: "reserve of payout ",
}


class Part(NamedTuple):
    """An entry that is about to be written; `held_until` is when a reserve is free again."""

    kind: str
    amount_minor: int
    held_until: datetime | None = None


class Settlement(NamedTuple):
    """Entries that belong together, each moved by a transfer of its own; the first of them has the tag.

    `gateway` is the one on whose clearing account the money of sales, refunds and chargebacks stands.
    """

    subject: str
    subject_id: int
    at: datetime
    parts: Sequence[Part]
    gateway: str = ""
    tag: str | None = None
    memo: str = ""

    @property
    def moving(self) -> list[Part]:
        """The entries that are of something."""
        return [part for part in self.parts if part.amount_minor]

    @property
    def order_id(self) -> int | None:
        """The invoice that it is about, if any."""
        return self.subject_id if self.subject == "order" else None


def lock_open_payout(tx: Tx) -> PayoutRow:
    """The payout that gathers what comes in, locked; opened if there is none."""
    row = tx.one(LOCK_OPEN[tx.engine])
    if row is None:
        # Whoever takes a number waits for those who took one before, and then sees what they opened.
        payout_id = tx.ids.next("payout")
        row = tx.one(LOCK_OPEN[tx.engine])
        if row is None:
            return open_payout(tx, payout_id)
    return PayoutRow(*row)


def open_payout(tx: Tx, payout_id: int) -> PayoutRow:
    """Open the payout that gathers from now on."""
    row = PayoutRow(payout_id, "", "", OPEN, 0, tx.now, None, None, None, None)
    tx.insert(Payout, **row._asdict())
    tx.note("payout.opened", "payout", payout_id, after={"state": OPEN})
    return row


def settle_all(tx: Tx, payout_id: int, settlements: Sequence[Settlement]) -> None:
    """Post settlements and write their entries on a payout."""
    ids = post_settlements(tx, settlements)
    write_entries(tx, payout_id, list(zip(settlements, ids, strict=True)))


def post_settlements(tx: Tx, settlements: Sequence[Settlement]) -> list[list[int]]:
    """Move the money of settlements; the ids of the transfers of each, in order."""
    accounts = _accounts(tx, settlements)
    transfers = [_transfers(settlement, accounts) for settlement in settlements]
    ids = iter(post_transfers(tx, [transfer for each in transfers for transfer in each]))
    return [[next(ids) for _ in each] for each in transfers]


def tag_of(kind: str, settled_id: int | None) -> str | None:
    """The tag under which an invoice, refund, chargeback or reserve is settled once; none for what is told as sum."""
    return None if settled_id is None or kind not in TAGS else f"{TAGS[kind]}{settled_id}"


def write_entries(tx: Tx, payout_id: int, settlements: Sequence[tuple[Settlement, Sequence[int]]]) -> None:
    """Write the entries of settlements, each with the transfer that moved it; what moved nothing has none."""
    rows = [
        {
            "payout_id": payout_id,
            "kind": part.kind,
            "order_id": settlement.order_id,
            "amount_minor": part.amount_minor,
            "at": settlement.at,
            "available_at": part.held_until or settlement.at,
            "memo": settlement.memo,
            "transfer_id": transfer_id,
        }
        for settlement, ids in settlements
        for part, transfer_id in zip(settlement.moving, ids or repeat(None), strict=False)
    ]
    if rows:
        first = tx.ids.next("payout_entry", len(rows))
        tx.insert_many(PayoutEntry, [{"id": number, **row} for number, row in enumerate(rows, first)])


def _accounts(tx: Tx, settlements: Sequence[Settlement]) -> dict[str, int]:
    gateways = sorted({settlement.gateway for settlement in settlements if settlement.gateway})
    plans = [*PAYOUT_PLANS, *(clearing(gateway) for gateway in gateways)]
    return accounts_for(tx, plans, tx.shop.currency)


def _transfers(settlement: Settlement, accounts: Mapping[str, int]) -> list[NewTransfer]:
    """What is added to the processor's account leaves the clearing account, or is an expense or income."""
    transfers: list[NewTransfer] = []
    for part in settlement.moving:
        plan = AGAINST.get(part.kind)
        code = clearing(settlement.gateway).code if plan is None else plan.code
        moved = {PROCESSOR.code: part.amount_minor, code: -part.amount_minor}
        transfers.append(
            NewTransfer(
                kind=part.kind,
                subject=settlement.subject,
                subject_id=settlement.subject_id,
                postings=[(accounts[name], minor) for name, minor in moved.items()],
                at=settlement.at,
                tag=None if transfers else settlement.tag,
                memo=settlement.memo,
            )
        )
    return transfers
