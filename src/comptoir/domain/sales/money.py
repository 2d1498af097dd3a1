"""Where the money of orders is: what became of their invoices, what was posted, asked, disputed and settled."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, bindparam, literal, select

from comptoir.domain.ledger.models import Account, Posting, Transfer
from comptoir.domain.orders.models import VOID_STATUSES, Invoice, Order
from comptoir.domain.payments.attempts import ATTEMPTS, Attempt
from comptoir.domain.payments.models import Chargeback, GatewayAttempt
from comptoir.domain.payments.returning import REFUND
from comptoir.domain.payouts.models import REFUND as SETTLED_REFUND
from comptoir.domain.payouts.models import Payout, PayoutEntry
from comptoir.domain.payouts.settling import tag_of
from comptoir.domain.sales.whole import MANY, OWN
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among

# So few are looked up one by one; of more, the next page of a list is found soon.
FEW = 2_000


class MoneyState(NamedTuple):
    """Where the money of an order is; of one that no checkout sold there is no invoice to say so."""

    invoice_status: str | None
    fraud_status: str | None
    status: str
    parent_id: int | None
    is_renewal: bool
    total_minor: int
    paid_minor: int
    refunded_minor: int

    @property
    def word(self) -> str:
        """In one word; a part of a split order has no money of its own."""
        if self.parent_id is not None and not self.is_renewal:
            return ""
        if self.refunded_minor and self.refunded_minor >= self.total_minor:
            return "refunded"
        if self.invoice_status is not None:
            return self.invoice_status
        if self.paid_minor >= self.total_minor:
            return "paid"
        if self.paid_minor:
            return "part paid"
        return "" if self.status in VOID_STATUSES else "unpaid"


class Posted(NamedTuple):
    """One posting, with its transfer and its account."""

    id: int
    transfer_id: int
    kind: str
    state: str
    posted_at: datetime | None
    account_id: int
    code: str
    name: str
    amount_minor: int
    currency: str


class Disputed(NamedTuple):
    """Money that a buyer's bank took back."""

    id: int
    payment_id: int
    identifier: str
    reason: str
    amount_minor: int
    currency: str
    at: datetime
    transfer_id: int | None


class Settled(NamedTuple):
    """What something took from a payout, or brought to it."""

    id: int
    payout_id: int | None
    kind: str
    amount_minor: int
    at: datetime
    state: str | None
    identifier: str | None


MONEY_STATES = (
    select(
        Order.id, Invoice.status, Invoice.fraud_status, Order.status, Order.parent_id, Order.is_renewal,
        Order.total_minor, Order.paid_minor, Order.refunded_minor,
    )
    .outerjoin(Invoice, Invoice.order_id == Order.id)
    .where(among(Order.id, "ids"))
)  # fmt: skip
INVOICES_IN = {
    "status": Invoice.status == bindparam("status"),
    "fraud_status": Invoice.fraud_status == bindparam("fraud_status"),
}
FEW_INVOICES: dict[tuple[str, ...], Select[tuple[int]]] = {
    names: select(Invoice.order_id).where(*(INVOICES_IN[name] for name in names)).limit(bindparam("limit"))
    for names in (("status",), ("fraud_status",), ("status", "fraud_status"))
}
_DISPUTED = select(*(getattr(Chargeback, name) for name in Disputed._fields)).order_by(Chargeback.id)
CHARGEBACKS = _DISPUTED.join(Order, Order.id == Chargeback.order_id).where(OWN)
# A payment's order leads to its chargebacks by an index; the payment alone does not.
CHARGEBACKS_OF_PAYMENT = _DISPUTED.where(
    Chargeback.order_id == bindparam("order_id"), Chargeback.payment_id == bindparam("payment_id")
)
ATTEMPTS_OF_PAYMENT = (
    ATTEMPTS.where(GatewayAttempt.payment_id == bindparam("payment_id"))
    .order_by(GatewayAttempt.id)
    .limit(bindparam("limit"))
)
OPEN_RETURNS = (
    ATTEMPTS.where(
        GatewayAttempt.payment_id == bindparam("payment_id"),
        GatewayAttempt.subject == literal(REFUND),
        GatewayAttempt.subject_id == bindparam("refund_id"),
    )
    .order_by(GatewayAttempt.id.desc())
    .limit(1)
)
_POSTED = (
    select(
        Posting.id, Posting.transfer_id, Transfer.kind, Transfer.state, Transfer.posted_at, Posting.account_id,
        Account.code, Account.name, Posting.amount_minor, Posting.currency,
    )
    .join(Transfer, Transfer.id == Posting.transfer_id)
    .join(Account, Account.id == Posting.account_id)
    .order_by(Posting.id)
)  # fmt: skip
POSTED_FOR = _POSTED.where(
    Transfer.subject == bindparam("subject"), Transfer.subject_id == bindparam("subject_id")
)
POSTED_BY = _POSTED.where(Posting.transfer_id == bindparam("transfer_id"))
# A refund is settled once, under a tag of its own.
SETTLED = (
    select(
        PayoutEntry.id, PayoutEntry.payout_id, PayoutEntry.kind, PayoutEntry.amount_minor, PayoutEntry.at,
        Payout.state, Payout.identifier,
    )
    .join(Transfer, Transfer.id == PayoutEntry.transfer_id)
    .outerjoin(Payout, Payout.id == PayoutEntry.payout_id)
    .where(Transfer.tag == bindparam("tag"))
    .order_by(PayoutEntry.id)
    .limit(1)
)  # fmt: skip


def find_few_invoices(tx: Tx, *, status: str = "", fraud_status: str = "") -> list[int] | None:
    """The orders whose invoices are in a state, if they are few; None when they are many."""
    said = {"status": status, "fraud_status": fraud_status}
    asked = {name: value for name, value in said.items() if value}
    rows = tx.all(FEW_INVOICES[tuple(asked)], limit=FEW + 1, **asked)
    return [row[0] for row in rows] if len(rows) <= FEW else None


def list_disputed(tx: Tx, root_id: int) -> list[Disputed]:
    """What banks took back of an order's payments."""
    return [Disputed(*row) for row in tx.all(CHARGEBACKS, root_id=root_id)]


def list_disputed_of(tx: Tx, *, order_id: int, payment_id: int) -> list[Disputed]:
    """What banks took back of one payment."""
    return [
        Disputed(*row) for row in tx.all(CHARGEBACKS_OF_PAYMENT, order_id=order_id, payment_id=payment_id)
    ]


def list_attempts_of(tx: Tx, payment_ids: Iterable[int]) -> list[Attempt]:
    """What gateways were asked about some payments, and answered; never more than one page of each."""
    return [
        Attempt(*row)
        for payment_id in payment_ids
        for row in tx.all(ATTEMPTS_OF_PAYMENT, payment_id=payment_id, limit=MANY)
    ]


def find_return(tx: Tx, *, refund_id: int, payment_id: int) -> Attempt | None:
    """The last time that a gateway was asked to pay a refund out of a payment."""
    row = tx.one(OPEN_RETURNS, payment_id=payment_id, refund_id=refund_id)
    return None if row is None else Attempt(*row)


def list_posted_for(tx: Tx, subject: str, subject_id: int) -> list[Posted]:
    """What was posted for a subject, in the order in which it was written."""
    return [Posted(*row) for row in tx.all(POSTED_FOR, subject=subject, subject_id=subject_id)]


def list_posted_by(tx: Tx, transfer_ids: Sequence[int | None]) -> list[Posted]:
    """The postings of some transfers."""
    return [
        Posted(*row)
        for transfer_id in transfer_ids
        if transfer_id is not None
        for row in tx.all(POSTED_BY, transfer_id=transfer_id)
    ]


def money_states(tx: Tx, order_ids: Sequence[int]) -> dict[int, MoneyState]:
    """Where the money of some orders is, by their ids."""
    return {row[0]: MoneyState(*row[1:]) for row in tx.all(MONEY_STATES, ids=order_ids)}


def find_settled_refund(tx: Tx, refund_id: int) -> Settled | None:
    """What a refund took from a payout, if it has been settled."""
    row = tx.one(SETTLED, tag=tag_of(SETTLED_REFUND, refund_id))
    return None if row is None else Settled(*row)
