"""What must be true of money after every step, told from the postings alone and held against what is kept."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, func, select

from comptoir.domain.ledger.models import ACTIVE, DEBIT_KINDS, PENDING, POSTED, Hold, Posting, Transfer
from comptoir.domain.ledger.queries import list_accounts
from comptoir.domain.orders.models import Order
from comptoir.storage.lists import among

if TYPE_CHECKING:
    from comptoir.domain.ledger.standing import Standing
    from comptoir.domain.tx import Tx

NEW: Any = (
    select(Transfer.id, Transfer.state, Transfer.tag, Transfer.subject, Transfer.subject_id)
    .where(Transfer.id > bindparam("last"))
    .order_by(Transfer.id)
)
ENTRIES: Any = select(Posting.transfer_id, Posting.account_id, Posting.amount_minor, Posting.currency).where(
    Posting.transfer_id > bindparam("last")
)
STATES: Any = select(Transfer.id, Transfer.state).where(among(Transfer.id, "ids"))
NEW_HOLDS: Any = select(Hold.id, Hold.account_id, Hold.amount_minor, Hold.state).where(
    Hold.id > bindparam("last")
)
HOLD_STATES: Any = select(Hold.id, Hold.state).where(among(Hold.id, "ids"))
# An order's own money: what was paid and not given back is what left its receivable for the gateways.
KEPT: Any = select(Order.paid_minor, Order.repaid_minor).where(Order.id == bindparam("order_id"))
MOVED: Any = (
    select(func.coalesce(func.sum(Posting.amount_minor), 0))
    .join(Transfer, Transfer.id == Posting.transfer_id)
    .where(
        Transfer.subject == "order",
        Transfer.subject_id == bindparam("order_id"),
        among(Transfer.kind, "kinds"),
        Transfer.state == POSTED,
        Posting.account_id == bindparam("receivable_id"),
    )
)


@dataclass
class Kept:
    """What an account's postings and holds come to."""

    posted: int = 0
    pending: dict[int, int] = field(default_factory=dict)
    held: dict[int, int] = field(default_factory=dict)


class Mirror:
    """Follows every posting and every hold from the beginning, and compares after each step."""

    def __init__(self, tx: Tx) -> None:
        self.last_transfer = self.last_hold = 0
        self.accounts: defaultdict[int, Kept] = defaultdict(Kept)
        self.pending: dict[int, list[tuple[int, int]]] = {}
        self.holds: dict[int, int] = {}
        self.before: dict[int, int] = {}
        self.touched: set[int] = set()
        self.tags: set[str] = set()
        self.check(tx, "the beginning", is_forced=True)

    def check(self, tx: Tx, step: str, *, is_forced: bool) -> None:
        """Everything that has changed since the last time is as it must be."""
        self.touched = set()
        orders = self._read_new(tx)
        self._read_changed(tx)
        self._read_holds(tx)
        standings = {one.id: one for one in list_accounts(tx)}
        for account_id in self.touched:
            self._compare(standings[account_id], step)
        for one in standings.values():
            self._floor(one, step, is_forced=is_forced)
        self._compare_orders(tx, orders, standings, step)

    def _read_new(self, tx: Tx) -> set[int]:
        """New transfers: each sums to zero in its currency, and no tag comes twice."""
        last = self.last_transfer
        new = tx.all(NEW, last=last)
        if not new:
            return set()
        entries: defaultdict[int, list[tuple[int, int]]] = defaultdict(list)
        sums: defaultdict[tuple[int, str], int] = defaultdict(int)
        for transfer_id, account_id, minor, currency in tx.all(ENTRIES, last=last):
            entries[transfer_id].append((account_id, minor))
            sums[transfer_id, currency] += minor
        assert not any(sums.values()), {key: minor for key, minor in sums.items() if minor}
        tags = [tag for _, _, tag, _, _ in new if tag is not None]
        assert len({*tags}) == len(tags), tags
        assert not self.tags.intersection(tags), tags
        self.tags.update(tags)
        for transfer_id, state, *_ in new:
            assert len(entries[transfer_id]) > 1, transfer_id
            self._count(transfer_id, state, entries[transfer_id])
        self.last_transfer = new[-1][0]
        return {subject_id for _, _, _, subject, subject_id in new if subject == "order"}

    def _count(self, transfer_id: int, state: str, entries: list[tuple[int, int]]) -> None:
        self.touched |= {account_id for account_id, _ in entries}
        if state == POSTED:
            self._post(entries)
        elif state == PENDING:
            self.pending[transfer_id] = entries
            for account_id, minor in entries:
                self.accounts[account_id].pending[transfer_id] = minor

    def _post(self, entries: list[tuple[int, int]]) -> None:
        for account_id, minor in entries:
            self.accounts[account_id].posted += minor

    def _read_changed(self, tx: Tx) -> None:
        """What waited and does so no longer."""
        if not self.pending:
            return
        for transfer_id, state in tx.all(STATES, ids=sorted(self.pending)):
            if state == PENDING:
                continue
            entries = self.pending.pop(transfer_id)
            for account_id, _ in entries:
                del self.accounts[account_id].pending[transfer_id]
                self.touched.add(account_id)
            if state == POSTED:
                self._post(entries)

    def _read_holds(self, tx: Tx) -> None:
        for hold_id, account_id, minor, state in tx.all(NEW_HOLDS, last=self.last_hold):
            self.last_hold = max(self.last_hold, hold_id)
            self.touched.add(account_id)
            if state == ACTIVE:
                self.accounts[account_id].held[hold_id] = minor
                self.holds[hold_id] = account_id
        if self.holds:
            for hold_id, state in tx.all(HOLD_STATES, ids=sorted(self.holds)):
                if state != ACTIVE:
                    account_id = self.holds.pop(hold_id)
                    del self.accounts[account_id].held[hold_id]
                    self.touched.add(account_id)

    def _compare(self, standing: Standing, step: str) -> None:
        """An account's balances are the sums of its postings and holds."""
        kept = self.accounts[standing.id]
        sign = 1 if standing.kind in DEBIT_KINDS else -1
        natural = [sign * minor for minor in kept.pending.values()]
        told = (
            kept.posted,
            sum(minor for minor in natural if minor > 0),
            -sum(minor for minor in natural if minor < 0),
            sum(kept.held.values()),
        )
        assert told == standing[7:11], (step, standing, told)
        available = sign * kept.posted - told[2] - told[3]
        assert standing.available_minor == available, (step, standing)

    def _floor(self, standing: Standing, step: str, *, is_forced: bool) -> None:
        """What may be refused brings no account below its floor, nor further below it."""
        available, before = standing.available_minor, self.before.get(standing.id, 0)
        self.before[standing.id] = available
        if is_forced or standing.floor_minor is None or available >= before:
            return
        assert available >= standing.floor_minor, (step, standing)

    def _compare_orders(self, tx: Tx, orders: set[int], standings: dict[int, Standing], step: str) -> None:
        """What an order was paid, less what it gave back, is what the ledger took for it."""
        receivable = next((one.id for one in standings.values() if one.code == "receivable"), None)
        for order_id in orders:
            row = tx.one(KEPT, order_id=order_id)
            if row is None or receivable is None:
                continue
            moved = tx.value(
                MOVED, order_id=order_id, receivable_id=receivable, kinds=["payment", "repayment"]
            )
            assert row[0] - row[1] == -int(moved), (step, order_id, row, moved)
