"""Refunds as a merchant asks for them: pieces, amounts, the charges, or all that is left; and what one would do.

A rehearsal makes the refund and posts it, looks at it, and takes it back, so that nothing of it is kept and no
gateway is asked.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from sqlalchemy import bindparam, func, literal, select

from comptoir.domain.ledger.models import Account, Posting, Transfer
from comptoir.domain.orders.invoicing import find_invoice
from comptoir.domain.orders.queries import OrderHead, get_head
from comptoir.domain.payments.gateways import MANUAL, AnsweredGateway, Outcome, gateway_named
from comptoir.domain.payments.models import SUCCESS as PAID
from comptoir.domain.refunds.actions import (
    ItemFields,
    draft_items,
    draft_refund,
    paid_by,
    process_refund,
    standing_of,
)
from comptoir.domain.refunds.errors import AlreadyRefunded
from comptoir.domain.refunds.invoices import refuse_late, refuse_reserved, refuse_unheard_of
from comptoir.domain.refunds.models import SUCCESS, RefundItem
from comptoir.domain.refunds.queries import RefundRow, get_refund
from comptoir.domain.refunds.remarks import note_refund
from comptoir.domain.refunds.standing import find_standings
from comptoir.domain.tx import Tx

Result = TypeVar("Result")


class Wanted(NamedTuple):
    """A refund that is asked for. Without items it is all that is left of the order."""

    order_id: int
    items: Sequence[ItemFields] | None
    notes: str = ""
    category: int | None = None


class RehearsedItem(NamedTuple):
    """What would be given back of a line, of the charges, or of the order as a whole."""

    type: str
    order_line_id: int
    quantity: int
    amount_e4: int
    tax_minor: int


class RehearsedPosting(NamedTuple):
    """What would be posted."""

    transfer_id: int
    kind: str
    account_id: int
    code: str
    name: str
    amount_minor: int
    currency: str


class Rehearsal(NamedTuple):
    """What a refund would do: what is left of the order before and after it, and all that it would post.

    `gateway` gives the money back; one that `is_asked_later` may still refuse.
    """

    refund: RefundRow
    items: list[RehearsedItem]
    postings: list[RehearsedPosting]
    left_minor: int
    left_after_minor: int
    gateway: str
    is_asked_later: bool


ITEMS = (
    select(*(getattr(RefundItem, name) for name in RehearsedItem._fields))
    .where(RefundItem.refund_id == bindparam("refund_id"))
    .order_by(RefundItem.id)
)
_OF_ORDER = (Transfer.subject == literal("order"), Transfer.subject_id == bindparam("root_id"))
LAST_POSTING = (
    select(func.coalesce(func.max(Posting.id), 0))
    .join(Transfer, Transfer.id == Posting.transfer_id)
    .where(*_OF_ORDER)
)
POSTINGS_SINCE = (
    select(
        Posting.transfer_id, Transfer.kind, Account.id, Account.code, Account.name, Posting.amount_minor,
        Posting.currency,
    )
    .join(Transfer, Transfer.id == Posting.transfer_id)
    .join(Account, Account.id == Posting.account_id)
    .where(*_OF_ORDER, Posting.id > bindparam("last"))
    .order_by(Posting.id)
)  # fmt: skip


def draft_wanted(tx: Tx, wanted: Wanted) -> int:
    """Draft a refund that is asked for, and give its id. Nothing moves until it is processed.

    What a checkout sold is refunded as long as the processor's terms have it.
    Refuses: OrderNotFound, Invalid (category), CategoryReserved, RefundTooLate, Invalid (items, type, quantity,
    amount), LineNotFound, NotPaid, AlreadyRefunded, RefundTooLarge, Invalid (total).
    """
    head = get_head(tx, wanted.order_id)
    if wanted.category is not None:
        refuse_unheard_of(wanted.category)
        refuse_reserved(wanted.category)
    if find_invoice(tx, head.root_id) is not None:
        refuse_late(tx, head)
    if wanted.items is not None:
        return draft_refund(
            tx, order_id=head.id, items=wanted.items, notes=wanted.notes, category=wanted.category
        )
    standing = standing_of(tx, head.id)
    items = standing.remainder()
    if not items:
        raise AlreadyRefunded(f"order {head.id}")
    return draft_items(tx, standing, items, notes=wanted.notes, category=wanted.category)


def process_wanted(tx: Tx, *, refund_id: int) -> str:
    """Give the money of a draft back, and remark on the sale why, if a reason was given; the refund's status.

    Refuses: RefundNotFound, OrderNotFound, AlreadyRefunded, NotPaid, RefundTooLarge, AttemptInFlight.
    """
    status = process_refund(tx, refund_id=refund_id)
    refund = get_refund(tx, refund_id)
    if status == SUCCESS and refund.category is not None:
        note_refund(tx, refund_id=refund_id, order_id=get_head(tx, refund.order_id).root_id)
    return status


def rehearse_wanted(tx: Tx, wanted: Wanted) -> Rehearsal:
    """What a refund that is asked for would do. Refuses: what drafting and processing it refuse."""
    return _taken_back(tx, lambda: _rehearse(tx, draft_wanted(tx, wanted)))


def rehearse_refund(tx: Tx, *, refund_id: int) -> Rehearsal:
    """What processing a draft would do. Refuses: what processing it refuses."""
    return _taken_back(tx, lambda: _rehearse(tx, refund_id))


def _rehearse(tx: Tx, refund_id: int) -> Rehearsal:
    head = get_head(tx, get_refund(tx, refund_id).order_id)
    left = _left(tx, head)
    last = tx.value(LAST_POSTING, root_id=head.root_id)
    received = paid_by(tx, get_refund(tx, refund_id), head.root_id)
    gateway = gateway_named(MANUAL if received is None else received.gateway)
    agreed = AnsweredGateway(gateway.name, Outcome(PAID, "", {}))
    by = None if received is None else received.id
    process_refund(tx, refund_id=refund_id, gateway=agreed, payment_id=by)
    return Rehearsal(
        get_refund(tx, refund_id),
        [RehearsedItem(*row) for row in tx.all(ITEMS, refund_id=refund_id)],
        [RehearsedPosting(*row) for row in tx.all(POSTINGS_SINCE, root_id=head.root_id, last=last)],
        left,
        _left(tx, head),
        gateway.name,
        gateway.is_remote,
    )


def _left(tx: Tx, head: OrderHead) -> int:
    """What may still be refunded: of what the order came to, and of the money that is here."""
    standing = find_standings(tx, [head.id])[head.id]
    return min(standing.balance_minor, standing.purse.left_minor(is_paid_out=False))


def _taken_back(tx: Tx, work: Callable[[], Result]) -> Result:
    """What some work comes to, of which nothing is kept, whether it is refused or not."""
    noted = len(tx.changes)
    tx.script("SAVEPOINT rehearsal")
    try:
        return work()
    finally:
        del tx.changes[noted:]
        tx.script("ROLLBACK TO SAVEPOINT rehearsal")
        tx.script("RELEASE SAVEPOINT rehearsal")
