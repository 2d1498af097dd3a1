"""The one place where the bank posts: from one end to another, both legs or none.

Customers' accounts and the program's are liabilities or equity of the bank; what is outside stands on an
asset: cash, or what is in transit to other banks. The merchant's settlement account is an asset of the
merchant. Money that crosses between the merchant's own and the deposits goes by the bank's cash, and what it
does to the merchant's wealth is written down beside it.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import and_, bindparam, or_, select

from comptoir.domain.banking.movements.chart import CASH, CROSSING
from comptoir.domain.banking.movements.errors import TransactionNotFound
from comptoir.domain.banking.movements.models import SETTLED, VOIDED, BankTransfer
from comptoir.domain.banking.movements.uses import give_back, read
from comptoir.domain.ledger.accounts import AccountPlan, accounts_for
from comptoir.domain.ledger.errors import AccountNotFound
from comptoir.domain.ledger.holds import place_hold
from comptoir.domain.ledger.models import ASSET, DEBIT_KINDS, PENDING, POSTED, Account, Posting
from comptoir.domain.ledger.standing import Standing
from comptoir.domain.ledger.transfers import (
    NewTransfer,
    Posted,
    post_pending_transfer,
    void_transfer,
    write_transfers,
)
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

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
    customer_id: int | None
    external_account_id: int | None
    tag: str | None
    return_code: str
    settled_at: datetime | None
    details: dict[str, Any]


MOVED = select(*(getattr(BankTransfer, name) for name in MovedRow._fields))
_GET = MOVED.where(BankTransfer.transfer_id == bindparam("transfer_id"))
GET_MOVED = {"sqlite": _GET, "postgres": _GET.with_for_update(key_share=True)}
POSTINGS = (
    select(Posting.account_id, Posting.id)
    .where(Posting.transfer_id == bindparam("transfer_id"))
    .order_by(Posting.id)
)
# Kinds and codes of accounts never change: they are read without a lock, so that all is locked at once later.
PLACES = select(Account.id, Account.code, Account.kind).where(
    or_(
        among(Account.id, "ids"),
        and_(among(Account.code, "codes"), Account.currency == bindparam("currency")),
    )
)
# What a movement keeps in its details of the limits that it used.
USES = "uses"


def move_money(
    tx: Tx,
    movement: Movement,
    *,
    places: "Places | None" = None,
    locked: Mapping[int, Standing] | None = None,
) -> Moved:
    """Move money between two ends, now or as announced, and give the transfer with its transactions.

    Whoever has looked up the places of the ends, or just locked their accounts, hands both over.
    Refuses: Invalid (postings), AccountNotFound, AccountClosed, InsufficientFunds (unless it is forced).
    """
    ends = places or places_of(tx, movement.source, movement.target)
    transfer = _transfer(tx, movement, ends)
    (posted,) = write_transfers(tx, [transfer], is_forced=movement.is_forced, locked=locked)
    moved = _moved(movement, ends, posted)
    tx.insert(BankTransfer, **_row(tx, movement, moved))
    _note(tx, movement, moved)
    if movement.status == SETTLED and not ends.target.is_outside:
        _hold_back(
            tx, moved.transfer_id, ends.target.account_id, movement.amount_minor, movement.available_at
        )
    return moved


def move_many(tx: Tx, movements: Sequence[Movement], *, is_forced: bool = False) -> list[Moved]:
    """Move many amounts at once, each as `move_money` would that settles and is available; all or none.

    Refuses: Invalid (postings), AccountNotFound, AccountClosed, InsufficientFunds (unless it is forced).
    """
    if not movements:
        return []
    assert all(one.status == SETTLED and one.available_at is None for one in movements)
    known = _known(tx, [end for one in movements for end in (one.source, one.target)])
    places = [known.between(one.source, one.target) for one in movements]
    transfers = [_transfer(tx, *pair) for pair in zip(movements, places, strict=True)]
    posted = write_transfers(tx, transfers, is_forced=is_forced)
    done = [_moved(*each) for each in zip(movements, places, posted, strict=True)]
    tx.insert_many(BankTransfer, [_row(tx, *pair) for pair in zip(movements, done, strict=True)])
    for pair in zip(movements, done, strict=True):
        _note(tx, *pair)
    return done


def settle(tx: Tx, transfer_id: int, *, available_at: datetime | None = None) -> None:
    """Let an announced movement take place; what was deposited may have to wait until it is available.

    Refuses: TransactionNotFound, NotPending, AccountClosed.
    """
    row = get_moved(tx, transfer_id)
    post_pending_transfer(tx, transfer_id=transfer_id)
    free_at = max(row.available_at or available_at or tx.now, tx.now)
    tx.update(BankTransfer, transfer_id, status=SETTLED, settled_at=tx.now, available_at=free_at)
    if row.to_id is not None and row.to_id in dict(tx.all(POSTINGS, transfer_id=transfer_id)):
        _hold_back(tx, transfer_id, row.to_id, row.amount_minor, free_at)
    _note_change(tx, row, SETTLED)


def void(tx: Tx, transfer_id: int, *, return_code: str = "") -> None:
    """Undo an announced movement: it never took place, and what it used of limits is free again.

    Refuses: TransactionNotFound, NotPending.
    """
    row = get_moved(tx, transfer_id)
    void_transfer(tx, transfer_id=transfer_id)
    tx.update(BankTransfer, transfer_id, status=VOIDED, voided_at=tx.now, return_code=return_code)
    if USES in row.details:
        uses, day = read(row.details[USES])
        give_back(tx, uses, day=day, amount_minor=row.amount_minor)
    _note_change(tx, row, VOIDED)


def accounts_of(tx: Tx, transfer_id: int) -> list[int]:
    """The accounts that a transfer moves on."""
    return [account_id for account_id, _ in tx.all(POSTINGS, transfer_id=transfer_id)]


def get_moved(tx: Tx, transfer_id: int) -> MovedRow:
    """One movement, locked until the transaction ends. Refuses: TransactionNotFound."""
    row = tx.one(GET_MOVED[tx.engine], transfer_id=transfer_id)
    if row is None:
        raise TransactionNotFound(transfer_id)
    return MovedRow(*row)


class Place(NamedTuple):
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


class Places(NamedTuple):
    """Both ends, and what is written beside where money crosses to or from the merchant's own."""

    source: Place
    target: Place
    beside: tuple[int, ...]

    @property
    def account_ids(self) -> list[int]:
        """Every account that moves."""
        return [self.source.account_id, self.target.account_id, *self.beside]

    def postings(self, amount_minor: int) -> list[tuple[int, int]]:
        """Debits and credits of one amount: two, or four where it crosses."""
        moved: defaultdict[int, int] = defaultdict(int)
        moved[self.source.account_id] += self.source.sign(gives=True) * amount_minor
        moved[self.target.account_id] += self.target.sign(gives=False) * amount_minor
        for account_id in self.beside:
            moved[account_id] += amount_minor * (self.source.is_own - self.target.is_own)
        return [(account_id, minor) for account_id, minor in moved.items() if minor]


def places_of(tx: Tx, source: End, target: End, *, kinds: Mapping[int, str] | None = None) -> Places:
    """Where money comes from and where it goes; `kinds` of accounts that are known need not be looked up.

    Refuses: AccountNotFound.
    """
    known = {} if kinds is None else kinds
    if all(isinstance(end, int) and known.get(end, ASSET) not in DEBIT_KINDS for end in (source, target)):
        return _Known(known, {}).between(source, target)
    return _known(tx, [source, target]).between(source, target)


class _Known(NamedTuple):
    """The accounts that some ends stand for: the kinds of those inside by id, the ids of those outside by code."""

    kinds: Mapping[int, str]
    codes: Mapping[str, int]

    def between(self, source: End, target: End) -> Places:
        """Two of these ends. Refuses: AccountNotFound."""
        here, there = self._place(source), self._place(target)
        crosses = here.is_own != there.is_own
        return Places(here, there, (self.codes[CASH.code], self.codes[CROSSING.code]) if crosses else ())

    def _place(self, end: End) -> Place:
        if isinstance(end, AccountPlan):
            return Place(self.codes[end.code], is_outside=True, is_own=False)
        if end not in self.kinds:
            raise AccountNotFound(end)
        return Place(end, is_outside=False, is_own=self.kinds[end] in DEBIT_KINDS)


def _known(tx: Tx, ends: Sequence[End]) -> _Known:
    """What is known of some ends; what stands for the outside is opened when it is first needed."""
    outside = list(dict.fromkeys(end for end in ends if isinstance(end, AccountPlan)))
    inside = list(dict.fromkeys(end for end in ends if isinstance(end, int)))
    wanted = [plan.code for plan in (CASH, CROSSING, *outside)]
    rows = tx.all(PLACES, ids=inside, codes=wanted, currency=tx.shop.currency)
    kinds = {row[0]: row[2] for row in rows}
    codes = {row[1]: row[0] for row in rows}
    has_own = any(kinds.get(end) in DEBIT_KINDS for end in inside)
    needed = [CASH, CROSSING, *outside] if has_own else outside
    missing = [plan for plan in needed if plan.code not in codes]
    if missing:
        codes |= accounts_for(tx, missing, tx.shop.currency)
    return _Known(kinds, codes)


def _moved(movement: Movement, ends: Places, posted: Posted) -> Moved:
    """What came of a movement that is written."""
    inside = [end.account_id for end in (ends.source, ends.target) if not end.is_outside]
    transactions = {account_id: posted.postings[account_id] for account_id in inside}
    return Moved(posted.id, movement.master_id or posted.id, transactions)


def _transfer(tx: Tx, movement: Movement, ends: Places) -> NewTransfer:
    """A movement as the books write it."""
    inside = (end.account_id for end in (ends.source, ends.target) if not end.is_outside)
    return NewTransfer(
        kind=KIND,
        subject=SUBJECT,
        subject_id=next(inside, 0),
        postings=ends.postings(movement.amount_minor),
        at=tx.now,
        state=POSTED if movement.status == SETTLED else PENDING,
        memo=movement.description,
    )


def _row(tx: Tx, movement: Movement, moved: Moved) -> dict[str, Any]:
    """A movement as it is kept."""
    is_settled = movement.status == SETTLED
    return {
        "transfer_id": moved.transfer_id,
        "master_id": moved.master_id,
        "customer_id": movement.customer_id,
        "requesting_customer_id": movement.requesting_customer_id,
        "from_id": movement.from_id if movement.from_id is not None else _id_of(movement.source),
        "to_id": movement.to_id if movement.to_id is not None else _id_of(movement.target),
        "external_account_id": movement.external_account_id,
        "card_id": movement.card_id,
        "amount_minor": movement.amount_minor,
        "type_code": movement.type_code,
        "status": movement.status,
        "tag": movement.tag,
        "to_tag": movement.to_tag,
        "description": movement.description,
        "purpose_code": movement.purpose_code,
        "fee_code": movement.fee_code,
        "sub_type_code": movement.sub_type_code,
        "return_code": movement.return_code,
        "is_same_day": movement.is_same_day,
        "settles_on": movement.settles_on,
        "available_at": movement.available_at or (tx.now if is_settled else None),
        "settled_at": tx.now if is_settled else None,
        "voided_at": None,
        "file_id": None,
        "trace_number": "",
        "details": dict(movement.details or {}),
        "created_at": tx.now,
    }


def _note(tx: Tx, movement: Movement, moved: Moved) -> None:
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
