"""Moving money: every transfer is two or more postings that sum to zero in each currency."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple, NotRequired, Required, TypedDict, Unpack

from sqlalchemy import bindparam, select

from comptoir.domain.errors import Invalid
from comptoir.domain.ledger.accounts import find_account_id
from comptoir.domain.ledger.errors import (
    AlreadyReversed,
    NotPending,
    NotPosted,
    TagAlreadyUsed,
    TransferNotFound,
    Unbalanced,
)
from comptoir.domain.ledger.models import PENDING, POSTED, VOIDED, Posting, Transfer
from comptoir.domain.ledger.standing import (
    Shift,
    Shifts,
    Standing,
    add_posting,
    lock_accounts,
    move,
    refuse_closed,
)
from comptoir.domain.tx import Tx

POSTING_MINOR_MAX = 10**16
POSTINGS_MIN = 2

Entry = tuple[int, int]
"""An account's id and an amount in minor units: a debit when positive, a credit when negative."""


class NewTransfer(NamedTuple):
    """A transfer that is about to be written."""

    kind: str
    subject: str
    subject_id: int
    postings: Sequence[Entry]
    at: datetime
    state: str = POSTED
    tag: str | None = None
    memo: str = ""
    reverses_id: int | None = None


class Posted(NamedTuple):
    """A transfer that is written, and the ids of its postings by the accounts that they are on."""

    id: int
    postings: Mapping[int, int]


class TransferFields(TypedDict):
    """What a caller says of a transfer. Accounts are named by id, or by code in `currency` or the shop's."""

    kind: Required[str]
    postings: Required[Sequence[tuple[str | int, int]]]
    subject: Required[str]
    subject_id: Required[int]
    currency: NotRequired[str]
    tag: NotRequired[str | None]
    at: NotRequired[datetime]
    memo: NotRequired[str]


class TransferRow(NamedTuple):
    """What decides what may be done with a transfer."""

    id: int
    kind: str
    subject: str
    subject_id: int
    state: str
    memo: str


TRANSFER = select(
    Transfer.id, Transfer.kind, Transfer.subject, Transfer.subject_id, Transfer.state, Transfer.memo
)
_GET_TRANSFER = TRANSFER.where(Transfer.id == bindparam("transfer_id"))
GET_TRANSFER = {"sqlite": _GET_TRANSFER, "postgres": _GET_TRANSFER.with_for_update(key_share=True)}
GET_TAGGED = TRANSFER.where(Transfer.tag == bindparam("tag"))
ENTRIES = (
    select(Posting.account_id, Posting.amount_minor)
    .where(Posting.transfer_id == bindparam("transfer_id"))
    .order_by(Posting.id)
)
REVERSED_BY = select(Transfer.id).where(Transfer.reverses_id == bindparam("transfer_id"))


def post_transfer(tx: Tx, **fields: Unpack[TransferFields]) -> int:
    """Move money now, and give the transfer's id.

    A tag makes it repeatable: the same transfer under the same tag is made once.
    Refuses: Invalid (postings), AccountNotFound, TagAlreadyUsed, AccountClosed, Unbalanced,
    InsufficientFunds.
    """
    return _create(tx, POSTED, fields)


def create_pending_transfer(tx: Tx, **fields: Unpack[TransferFields]) -> int:
    """Announce a transfer: what will leave an account is no longer available, what will come is not yet.

    Refuses: Invalid (postings), AccountNotFound, TagAlreadyUsed, AccountClosed, Unbalanced,
    InsufficientFunds.
    """
    return _create(tx, PENDING, fields)


def post_pending_transfer(tx: Tx, *, transfer_id: int, at: datetime | None = None) -> None:
    """Let a pending transfer take place. Refuses: TransferNotFound, NotPending, AccountClosed."""
    entries = _pending_entries(tx, transfer_id)
    accounts = lock_accounts(tx, [account_id for account_id, _ in entries])
    refuse_closed(accounts.values())
    shifts = Shifts(Shift)
    for account_id, amount_minor in entries:
        add_posting(shifts, accounts[account_id], amount_minor, PENDING, times=-1)
        add_posting(shifts, accounts[account_id], amount_minor, POSTED)
    move(tx, accounts, shifts)
    tx.update(Transfer, transfer_id, state=POSTED, posted_at=at or tx.now)
    tx.note("transfer.posted", "transfer", transfer_id, before={"state": PENDING}, after={"state": POSTED})


def void_transfer(tx: Tx, *, transfer_id: int) -> None:
    """Undo a pending transfer: it never happened. Refuses: TransferNotFound, NotPending."""
    entries = _pending_entries(tx, transfer_id)
    accounts = lock_accounts(tx, [account_id for account_id, _ in entries])
    shifts = Shifts(Shift)
    for account_id, amount_minor in entries:
        add_posting(shifts, accounts[account_id], amount_minor, PENDING, times=-1)
    move(tx, accounts, shifts)
    tx.update(Transfer, transfer_id, state=VOIDED)
    tx.note("transfer.voided", "transfer", transfer_id, before={"state": PENDING}, after={"state": VOIDED})


def reverse_transfer(tx: Tx, *, transfer_id: int, at: datetime | None = None, memo: str = "") -> int:
    """Correct a posted transfer by its opposite, and give the opposite's id.

    Refuses: TransferNotFound, NotPosted, AlreadyReversed, AccountClosed, InsufficientFunds.
    """
    found = get_transfer(tx, transfer_id)
    if found.state != POSTED:
        raise NotPosted(transfer_id, found.state)
    by_id: int | None = tx.value(REVERSED_BY, transfer_id=transfer_id)
    if by_id is not None:
        raise AlreadyReversed(transfer_id, by_id)
    opposite = NewTransfer(
        kind=found.kind,
        subject=found.subject,
        subject_id=found.subject_id,
        postings=[(account_id, -minor) for account_id, minor in tx.all(ENTRIES, transfer_id=transfer_id)],
        at=at or tx.now,
        memo=memo,
        reverses_id=transfer_id,
    )
    reversal_id = post_transfers(tx, [opposite])[0]
    tx.note("transfer.reversed", "transfer", transfer_id, after={"reversed_by": reversal_id})
    return reversal_id


def post_transfers(
    tx: Tx,
    transfers: Sequence[NewTransfer],
    *,
    held: Mapping[int, int] | None = None,
    is_forced: bool = False,
) -> list[int]:
    """Write many transfers as `write_transfers` does, and give their ids in order.

    Refuses: Invalid (postings), AccountNotFound, AccountClosed, Unbalanced, InsufficientFunds.
    """
    return [posted.id for posted in write_transfers(tx, transfers, held=held, is_forced=is_forced)]


def write_transfers(
    tx: Tx,
    transfers: Sequence[NewTransfer],
    *,
    held: Mapping[int, int] | None = None,
    is_forced: bool = False,
    locked: Mapping[int, Standing] | None = None,
) -> list[Posted]:
    """Write many transfers at once, one change of balance per account, and tell what was written, in order.

    Tags must be new. Nothing is noted: the caller notes what the money is for. `held` changes what is held
    on accounts in the same step, so that a hold can become a posting. What is forced has happened already,
    at another bank or by law: no account's floor minds it. `locked` are accounts as this transaction has just
    locked them, before anything moved on them: they are not read again.
    Refuses: Invalid (postings), AccountNotFound, AccountClosed, Unbalanced, InsufficientFunds.
    """
    if not transfers:
        return []
    for transfer in transfers:
        _refuse_malformed(transfer.postings)
    touched = {entry[0] for transfer in transfers for entry in transfer.postings}
    if locked is None or not touched <= locked.keys():
        locked = lock_accounts(tx, touched)
    accounts = {account_id: locked[account_id] for account_id in sorted(touched)}
    refuse_closed(accounts.values())
    shifts = Shifts(Shift)
    for account_id, held_minor in (held or {}).items():
        shifts[account_id].held += held_minor
    for transfer in transfers:
        _refuse_unbalanced(accounts, transfer.postings)
        for account_id, amount_minor in transfer.postings:
            add_posting(shifts, accounts[account_id], amount_minor, transfer.state)
    move(tx, accounts, shifts, is_forced=is_forced)
    return _write(tx, accounts, transfers)


def get_transfer(tx: Tx, transfer_id: int) -> TransferRow:
    """One transfer, locked until the transaction ends. Refuses: TransferNotFound."""
    row = tx.one(GET_TRANSFER[tx.engine], transfer_id=transfer_id)
    if row is None:
        raise TransferNotFound(transfer_id)
    return TransferRow(*row)


def _create(tx: Tx, state: str, fields: TransferFields) -> int:
    currency = fields.get("currency") or tx.shop.currency
    _refuse_malformed(fields["postings"])
    transfer = NewTransfer(
        kind=fields["kind"],
        subject=fields["subject"],
        subject_id=fields["subject_id"],
        postings=[
            (find_account_id(tx, code=name, currency=currency) if isinstance(name, str) else name, minor)
            for name, minor in fields["postings"]
        ],
        at=fields.get("at") or tx.now,
        state=state,
        tag=fields.get("tag"),
        memo=fields.get("memo", ""),
    )
    accounts = lock_accounts(tx, {account_id for account_id, _ in transfer.postings})
    known = _find_same(tx, transfer)
    if known is not None:
        return known
    refuse_closed(accounts.values())
    transfer_id = write_transfers(tx, [transfer], locked=accounts)[0].id
    tx.note(
        f"transfer.{'created' if state == PENDING else state}",
        "transfer",
        transfer_id,
        after={
            "kind": transfer.kind,
            "state": state,
            "subject": transfer.subject,
            "subject_id": transfer.subject_id,
            "tag": transfer.tag,
            "postings": [[account_id, minor] for account_id, minor in transfer.postings],
        },
    )
    return transfer_id


def _find_same(tx: Tx, transfer: NewTransfer) -> int | None:
    """The transfer that was made under this tag before. Refuses: TagAlreadyUsed."""
    row = None if transfer.tag is None else tx.one(GET_TAGGED, tag=transfer.tag)
    if transfer.tag is None or row is None:
        return None
    known = TransferRow(*row)
    same = (known.kind, known.subject, known.subject_id, known.memo) == (
        transfer.kind, transfer.subject, transfer.subject_id, transfer.memo,
    )  # fmt: skip
    if not same or sorted(tx.all(ENTRIES, transfer_id=known.id)) != sorted(transfer.postings):
        raise TagAlreadyUsed(transfer.tag, known.id)
    return known.id


def _pending_entries(tx: Tx, transfer_id: int) -> list[Entry]:
    found = get_transfer(tx, transfer_id)
    if found.state != PENDING:
        raise NotPending(transfer_id, found.state)
    return [(account_id, minor) for account_id, minor in tx.all(ENTRIES, transfer_id=transfer_id)]


def _refuse_malformed(postings: Sequence[tuple[str | int, int]]) -> None:
    if len(postings) < POSTINGS_MIN:
        raise Invalid("postings", "are fewer than two")
    for _, amount_minor in postings:
        if amount_minor == 0:
            raise Invalid("postings", "include one of nothing")
        if abs(amount_minor) > POSTING_MINOR_MAX:
            raise Invalid("postings", "include one that is too large")


def _refuse_unbalanced(accounts: Mapping[int, Standing], postings: Sequence[Entry]) -> None:
    sums: defaultdict[str, int] = defaultdict(int)
    for account_id, amount_minor in postings:
        sums[accounts[account_id].currency] += amount_minor
    for currency, sum_minor in sums.items():
        if sum_minor:
            raise Unbalanced(currency, sum_minor)


def _write(tx: Tx, accounts: Mapping[int, Standing], transfers: Sequence[NewTransfer]) -> list[Posted]:
    posting_count = sum(len(transfer.postings) for transfer in transfers)
    first, posting_id = tx.ids.take({"transfer": len(transfers), "posting": posting_count})
    rows = []
    postings = []
    posted = []
    for transfer_id, transfer in enumerate(transfers, first):
        posted.append(Posted(transfer_id, numbered := {}))
        rows.append(
            {
                "id": transfer_id,
                "tag": transfer.tag,
                "kind": transfer.kind,
                "subject": transfer.subject,
                "subject_id": transfer.subject_id,
                "state": transfer.state,
                "posted_at": transfer.at if transfer.state == POSTED else None,
                "created_at": tx.now,
                "reverses_id": transfer.reverses_id,
                "memo": transfer.memo,
            }
        )
        for account_id, amount_minor in transfer.postings:
            postings.append(
                {
                    "id": posting_id,
                    "transfer_id": transfer_id,
                    "account_id": account_id,
                    "amount_minor": amount_minor,
                    "currency": accounts[account_id].currency,
                }
            )
            numbered[account_id] = posting_id
            posting_id += 1
    tx.insert_many(Transfer, rows)
    tx.insert_many(Posting, postings)
    return posted
