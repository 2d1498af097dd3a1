"""The one place where the bank posts: from one end to another, both legs or none.

Customers' accounts and the program's are liabilities or equity of the bank; what is outside stands on an
asset: cash, or what is in transit to other banks. The merchant's settlement account is an asset of the
merchant. Money that crosses between the merchant's own and the deposits goes by the bank's cash, and what it
does to the merchant's wealth is written down beside it.
"""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, select

from comptoir.domain.banking.transfers.chart import CASH, CROSSING
from comptoir.domain.banking.transfers.errors import TransactionNotFound
from comptoir.domain.banking.transfers.models import SETTLED, VOIDED, BankTransfer
from comptoir.domain.ledger.accounts import AccountPlan, accounts_for
from comptoir.domain.ledger.holds import place_hold
from comptoir.domain.ledger.models import DEBIT_KINDS, PENDING, POSTED, Posting
from comptoir.domain.ledger.standing import lock_accounts
from comptoir.domain.ledger.transfers import (
    NewTransfer,
    post_pending_transfer,
    post_transfers,
    void_transfer,
)
from comptoir.domain.tx import Tx

# What the ledger calls these movements, and what holds of deposits that wait are for.
KIND, SUBJECT, DEPOSIT_HOLD = "bank_transfer", "bank_account", "deposit"

End = int | AccountPlan
"""Where money comes from or goes to: an account of this bank by its id, or what stands for the outside."""


class Movement(NamedTuple):
    """Money that is about to move, and what is known of it beside; amounts are minor units above zero.

    A `status` of Initiated or Pending announces it only. What is forced has happened already and minds no
    balance. `master_id` is the movement that this one belongs to; its own by default.
    """

    amount_minor: int
    source: End
    target: End
    type_code: str
    status: str = SETTLED
    customer_id: int | None = None
    requesting_customer_id: int | None = None
    from_id: int | None = None
    to_id: int | None = None
    external_account_id: int | None = None
    card_id: int | None = None
    tag: str | None = None
    to_tag: str | None = None
    description: str = ""
    purpose_code: str = ""
    fee_code: str = ""
    sub_type_code: str = ""
    return_code: str = ""
    is_same_day: bool = False
    settles_on: date | None = None
    available_at: datetime | None = None
    details: Mapping[str, Any] | None = None
    master_id: int | None = None
    is_forced: bool = False


class Moved(NamedTuple):
    """What came of a movement: the transfer, and its transaction on each inside account that it touched."""

    transfer_id: int
    master_id: int
    transactions: Mapping[int, int]

    @property
    def first(self) -> int:
        """The transaction on the source, or on the target when the source is outside."""
        return next(iter(self.transactions.values()))


class MovedRow(NamedTuple):
    """What decides what may be done with a movement."""

    transfer_id: int
    master_id: int
    status: str
    amount_minor: int
    type_code: str
    from_id: int | None
    to_id: int | None
    available_at: datetime | None


MOVED = select(
    BankTransfer.transfer_id, BankTransfer.master_id, BankTransfer.status, BankTransfer.amount_minor,
    BankTransfer.type_code, BankTransfer.from_id, BankTransfer.to_id, BankTransfer.available_at,
)  # fmt: skip
_GET = MOVED.where(BankTransfer.transfer_id == bindparam("transfer_id"))
GET_MOVED = {"sqlite": _GET, "postgres": _GET.with_for_update(key_share=True)}
POSTINGS = (
    select(Posting.account_id, Posting.id)
    .where(Posting.transfer_id == bindparam("transfer_id"))
    .order_by(Posting.id)
)


def move_money(tx: Tx, movement: Movement) -> Moved:
    """Move money between two ends, now or as announced, and give the transfer with its transactions.

    Refuses: Invalid (postings), AccountNotFound, AccountClosed, InsufficientFunds (unless it is forced).
    """
    ends = _ends(tx, movement)
    transfer = NewTransfer(
        kind=KIND,
        subject=SUBJECT,
        subject_id=next((end.account_id for end in ends if not end.is_outside), 0),
        postings=_postings(tx, ends, movement.amount_minor),
        at=tx.now,
        state=POSTED if movement.status == SETTLED else PENDING,
        memo=movement.description,
    )
    (transfer_id,) = post_transfers(tx, [transfer], is_forced=movement.is_forced)
    written = dict(tx.all(POSTINGS, transfer_id=transfer_id))
    inside = {end.account_id: written[end.account_id] for end in ends if not end.is_outside}
    moved = Moved(transfer_id, movement.master_id or transfer_id, inside)
    _write(tx, movement, moved)
    if movement.status == SETTLED and not ends[1].is_outside:
        _hold_back(tx, moved.transfer_id, ends[1].account_id, movement.amount_minor, movement.available_at)
    return moved


def settle(tx: Tx, transfer_id: int, *, available_at: datetime | None = None) -> None:
    """Let an announced movement take place; what was deposited may have to wait until it is available.

    Refuses: TransactionNotFound, NotPending, AccountClosed.
    """
    row = get_moved(tx, transfer_id)
    post_pending_transfer(tx, transfer_id=transfer_id)
    free_at = max(available_at or row.available_at or tx.now, tx.now)
    tx.update(BankTransfer, transfer_id, status=SETTLED, settled_at=tx.now, available_at=free_at)
    if row.to_id is not None and row.to_id in dict(tx.all(POSTINGS, transfer_id=transfer_id)):
        _hold_back(tx, transfer_id, row.to_id, row.amount_minor, free_at)
    _note_change(tx, row, SETTLED)


def void(tx: Tx, transfer_id: int, *, return_code: str = "") -> None:
    """Undo an announced movement: it never took place. Refuses: TransactionNotFound, NotPending."""
    row = get_moved(tx, transfer_id)
    void_transfer(tx, transfer_id=transfer_id)
    tx.update(BankTransfer, transfer_id, status=VOIDED, voided_at=tx.now, return_code=return_code)
    _note_change(tx, row, VOIDED)


def get_moved(tx: Tx, transfer_id: int) -> MovedRow:
    """One movement, locked until the transaction ends. Refuses: TransactionNotFound."""
    row = tx.one(GET_MOVED[tx.engine], transfer_id=transfer_id)
    if row is None:
        raise TransactionNotFound(transfer_id)
    return MovedRow(*row)


class _Place(NamedTuple):
    """An end as the books know it."""

    account_id: int
    is_outside: bool
    is_own: bool

    def sign(self, *, gives: bool) -> int:
        """Whether it is debited (1) or credited (-1) when it gives or takes."""
        if self.is_outside:
            # What comes from outside is ours to receive; what goes there is ours to pay.
            return 1 if gives else -1
        return (-1 if gives else 1) if self.is_own else (1 if gives else -1)


def _ends(tx: Tx, movement: Movement) -> tuple[_Place, _Place]:
    """Where the money comes from and where it goes. Refuses: AccountNotFound."""
    plans = [end for end in (movement.source, movement.target) if isinstance(end, AccountPlan)]
    ids = accounts_for(tx, plans, tx.shop.currency) if plans else {}
    inside = [end for end in (movement.source, movement.target) if isinstance(end, int)]
    standings = lock_accounts(tx, inside)

    def place(end: End) -> _Place:
        if isinstance(end, AccountPlan):
            return _Place(ids[end.code], is_outside=True, is_own=False)
        return _Place(end, is_outside=False, is_own=standings[end].kind in DEBIT_KINDS)

    return place(movement.source), place(movement.target)


def _postings(tx: Tx, ends: tuple[_Place, _Place], amount_minor: int) -> list[tuple[int, int]]:
    """Debits and credits of one amount; where it crosses to or from the merchant's own, four instead of two."""
    source, target = ends
    moved: defaultdict[int, int] = defaultdict(int)
    moved[source.account_id] += source.sign(gives=True) * amount_minor
    moved[target.account_id] += target.sign(gives=False) * amount_minor
    crossing = amount_minor * (source.is_own - target.is_own)
    if crossing:
        ids = accounts_for(tx, [CASH, CROSSING], tx.shop.currency)
        moved[ids[CASH.code]] += crossing
        moved[ids[CROSSING.code]] += crossing
    return [(account_id, minor) for account_id, minor in moved.items() if minor]


def _write(tx: Tx, movement: Movement, moved: Moved) -> None:
    is_settled = movement.status == SETTLED
    tx.insert(
        BankTransfer,
        transfer_id=moved.transfer_id,
        master_id=moved.master_id,
        customer_id=movement.customer_id,
        requesting_customer_id=movement.requesting_customer_id,
        from_id=movement.from_id if movement.from_id is not None else _id_of(movement.source),
        to_id=movement.to_id if movement.to_id is not None else _id_of(movement.target),
        external_account_id=movement.external_account_id,
        card_id=movement.card_id,
        amount_minor=movement.amount_minor,
        type_code=movement.type_code,
        status=movement.status,
        tag=movement.tag,
        to_tag=movement.to_tag,
        description=movement.description,
        purpose_code=movement.purpose_code,
        fee_code=movement.fee_code,
        sub_type_code=movement.sub_type_code,
        return_code=movement.return_code,
        is_same_day=movement.is_same_day,
        settles_on=movement.settles_on,
        available_at=movement.available_at or (tx.now if is_settled else None),
        settled_at=tx.now if is_settled else None,
        voided_at=None,
        file_id=None,
        trace_number="",
        details=dict(movement.details or {}),
        created_at=tx.now,
    )
    tx.note(
        f"bank_transfer.{movement.status.lower()}",
        "bank_transfer",
        moved.transfer_id,
        after={
            "amount_minor": movement.amount_minor,
            "type_code": movement.type_code,
            "master_id": moved.master_id,
            "customer_id": movement.customer_id,
            "transactions": {str(account): number for account, number in moved.transactions.items()},
        },
    )


def _id_of(end: End) -> int | None:
    return end if isinstance(end, int) else None


def _hold_back(
    tx: Tx, transfer_id: int, account_id: int, amount_minor: int, available_at: datetime | None
) -> None:
    """Hold a deposit that is not available yet; the hold ends by itself."""
    if available_at is not None and available_at > tx.now:
        place_hold(
            tx,
            account_id=account_id,
            amount_minor=amount_minor,
            subject=DEPOSIT_HOLD,
            subject_id=transfer_id,
            expires_at=available_at,
            is_forced=True,
        )


def _note_change(tx: Tx, row: MovedRow, status: str) -> None:
    after = {"status": status, "amount_minor": row.amount_minor, "type_code": row.type_code}
    tx.note(
        f"bank_transfer.{status.lower()}",
        "bank_transfer",
        row.transfer_id,
        before={"status": row.status},
        after=after,
    )
