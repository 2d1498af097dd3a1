"""Holds: money promised away while it is still on its account. They count when funds are asked for."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.errors import Invalid
from comptoir.domain.ledger.errors import HoldEnded, HoldNotFound
from comptoir.domain.ledger.models import ACTIVE, CAPTURED, RELEASED, Hold
from comptoir.domain.ledger.standing import Shift, lock_accounts, move, refuse_closed
from comptoir.domain.ledger.transfers import POSTING_MINOR_MAX, NewTransfer, post_transfers
from comptoir.domain.tx import Tx


class HoldRow(NamedTuple):
    """A hold as it stands."""

    id: int
    account_id: int
    amount_minor: int
    state: str
    subject: str
    subject_id: int


HOLD = select(Hold.id, Hold.account_id, Hold.amount_minor, Hold.state, Hold.subject, Hold.subject_id)
_GET_HOLD = HOLD.where(Hold.id == bindparam("hold_id"))
GET_HOLD = {"sqlite": _GET_HOLD, "postgres": _GET_HOLD.with_for_update()}
EXPIRED = (
    select(Hold.id)
    .where(Hold.state == ACTIVE, Hold.expires_at <= bindparam("at"))
    .order_by(Hold.account_id, Hold.id)
    .limit(bindparam("limit"))
)


def place_hold(
    tx: Tx,
    *,
    account_id: int,
    amount_minor: int,
    subject: str,
    subject_id: int,
    expires_at: datetime | None = None,
    is_forced: bool = False,
) -> int:
    """Promise money of an account, and give the hold's id; by force also what it has not.

    Refuses: Invalid (amount_minor), AccountNotFound, AccountClosed, InsufficientFunds (unless it is forced).
    """
    if not 0 < amount_minor <= POSTING_MINOR_MAX:
        raise Invalid("amount_minor", "is not above zero, or too large")
    accounts = lock_accounts(tx, [account_id])
    refuse_closed(accounts.values())
    move(tx, accounts, {account_id: Shift(held=amount_minor)}, is_forced=is_forced)
    hold_id = tx.ids.next("hold")
    tx.insert(
        Hold,
        id=hold_id,
        account_id=account_id,
        amount_minor=amount_minor,
        state=ACTIVE,
        subject=subject,
        subject_id=subject_id,
        placed_at=tx.now,
        expires_at=expires_at,
        ended_at=None,
        transfer_id=None,
    )
    tx.note(
        "hold.placed", "hold", hold_id, after={"account_id": account_id, "amount_minor": amount_minor}
    )  # fmt: skip
    return hold_id


def release_hold(tx: Tx, *, hold_id: int) -> None:
    """Give the money of a hold free. Refuses: HoldNotFound, HoldEnded."""
    hold = _active(tx, hold_id)
    accounts = lock_accounts(tx, [hold.account_id])
    move(tx, accounts, {hold.account_id: Shift(held=-hold.amount_minor)})
    tx.update(Hold, hold_id, state=RELEASED, ended_at=tx.now)
    tx.note("hold.released", "hold", hold_id, before={"state": ACTIVE}, after={"state": RELEASED})


def capture_hold(
    tx: Tx,
    *,
    hold_id: int,
    kind: str,
    postings: Sequence[tuple[int, int]],
    at: datetime | None = None,
    memo: str = "",
) -> int:
    """Turn a hold into a transfer for the same subject and give its id; what is not used is freed.

    Refuses: HoldNotFound, HoldEnded, Invalid (postings; more than was held), AccountNotFound, AccountClosed,
    Unbalanced, InsufficientFunds.
    """
    hold = _active(tx, hold_id)
    accounts = lock_accounts(tx, {hold.account_id, *(account_id for account_id, _ in postings)})
    taken = sum(minor for account_id, minor in postings if account_id == hold.account_id)
    used = -accounts[hold.account_id].natural(taken)
    if not 0 < used <= hold.amount_minor:
        raise Invalid("postings", f"take {used} of account {hold.account_id}, {hold.amount_minor} are held")
    transfer = NewTransfer(kind, hold.subject, hold.subject_id, postings, at or tx.now, memo=memo)
    transfer_id = post_transfers(tx, [transfer], held={hold.account_id: -hold.amount_minor})[0]
    tx.update(Hold, hold_id, state=CAPTURED, ended_at=tx.now, transfer_id=transfer_id)
    after = {"state": CAPTURED, "transfer_id": transfer_id, "amount_minor": used}
    tx.note("hold.captured", "hold", hold_id, before={"state": ACTIVE}, after=after)
    return transfer_id


def release_expired_holds(tx: Tx, *, limit: int = 500) -> int:
    """Free what was promised only until now; gives how many holds ended. Until then they count."""
    expired = tx.all(EXPIRED, at=tx.now, limit=limit)
    for (hold_id,) in expired:
        release_hold(tx, hold_id=hold_id)
    return len(expired)


def _active(tx: Tx, hold_id: int) -> HoldRow:
    row = tx.one(GET_HOLD[tx.engine], hold_id=hold_id)
    if row is None:
        raise HoldNotFound(hold_id)
    hold = HoldRow(*row)
    if hold.state != ACTIVE:
        raise HoldEnded(hold_id, hold.state)
    return hold
