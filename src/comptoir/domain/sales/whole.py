"""All that is kept of one order, payment, refund or subscription, as a person who looks into it wants to see it."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, func, literal, or_, select

from comptoir.domain.customers.models import Customer
from comptoir.domain.errors import NotFound
from comptoir.domain.ledger.models import Account, Posting, Transfer
from comptoir.domain.orders.errors import OrderNotFound
from comptoir.domain.orders.models import VOID_STATUSES, Invoice, LineItem, Order, OrderLine
from comptoir.domain.payments.attempts import ATTEMPTS, Attempt
from comptoir.domain.payments.errors import PaymentNotFound
from comptoir.domain.payments.models import Chargeback, GatewayAttempt, PaymentTransaction
from comptoir.domain.payments.returning import REFUND
from comptoir.domain.payouts.models import REFUND as SETTLED_REFUND
from comptoir.domain.payouts.models import Payout, PayoutEntry
from comptoir.domain.payouts.settling import tag_of
from comptoir.domain.refunds.errors import RefundNotFound
from comptoir.domain.refunds.models import Refund, RefundItem
from comptoir.domain.subscriptions.errors import EnrolmentNotFound, SubscriptionNotFound
from comptoir.domain.subscriptions.models import Enrolment, RecurringItem, Subscription
from comptoir.domain.tx import Tx
from comptoir.storage.lists import among
from comptoir.storage.schema import Record

Row = dict[str, Any]
# More than that of one sale nobody reads on one page; the lists have them all.
MANY = 200
INVOICE = "invoice"


class Kin(NamedTuple):
    """An order of the same sale."""

    id: int
    number: str
    parent_id: int | None
    is_renewal: bool
    status: str
    created_at: datetime
    total_minor: int
    currency: str


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


class Given(NamedTuple):
    """A refund as an order's page tells it."""

    id: int
    order_id: int
    status: str
    created_at: datetime
    refunded_at: datetime | None
    currency: str
    total_e4: int
    notes: str
    category: int | None


class Enrolled(NamedTuple):
    """Who is on which plan, by their names."""

    customer_id: int
    customer: str
    subscription_id: int
    plan: str
    price_e4: int
    currency: str


class GivenItem(NamedTuple):
    """What a refund is for, with the name of the line."""

    id: int
    type: str
    order_line_id: int
    name: str | None
    quantity: int
    amount_e4: int
    tax_minor: int


def _whole(record: type[Record], *where: Any) -> Select[Any]:
    key = record.__mapper__.primary_key[0]
    return select(*record.__table__.columns).where(key == bindparam("key"), *where)


MISSING: dict[type[Record], type[NotFound]] = {
    Order: OrderNotFound,
    Refund: RefundNotFound,
    PaymentTransaction: PaymentNotFound,
    Enrolment: EnrolmentNotFound,
    Subscription: SubscriptionNotFound,
}
ROWS: dict[type[Record], Select[Any]] = {
    Order: _whole(Order, Order.removed_at.is_(None)),
    Refund: _whole(Refund, Refund.removed_at.is_(None)),
    PaymentTransaction: _whole(PaymentTransaction),
    Enrolment: _whole(Enrolment),
    Subscription: _whole(Subscription),
}
INVOICE_ROW = _whole(Invoice)
ITEM_COLUMNS = tuple(column for column in LineItem.__table__.columns if column.name != "order_id")
LINE_COLUMNS = tuple(OrderLine.__table__.columns)
LINES = (
    select(*LINE_COLUMNS, *ITEM_COLUMNS)
    .outerjoin(LineItem, LineItem.order_line_id == OrderLine.id)
    .where(OrderLine.order_id == bindparam("order_id"))
    .order_by(OrderLine.position, OrderLine.id)
)
LINE_ORDER = select(OrderLine.order_id).where(OrderLine.id == bindparam("line_id"))
KIN = (
    select(*(getattr(Order, name) for name in Kin._fields))
    .where(Order.sale_id == bindparam("sale_id"), Order.removed_at.is_(None))
    .order_by(Order.created_at.desc(), Order.id.desc())
    .limit(bindparam("limit"))
)
MONEY_STATES = (
    select(
        Order.id, Invoice.status, Invoice.fraud_status, Order.status, Order.parent_id, Order.is_renewal,
        Order.total_minor, Order.paid_minor, Order.refunded_minor,
    )
    .outerjoin(Invoice, Invoice.order_id == Order.id)
    .where(among(Order.id, "ids"))
)  # fmt: skip
# The orders whose money stands in one's books: itself and what it was split into.
_own = or_(
    Order.id == bindparam("root_id"),
    and_(Order.parent_id == bindparam("root_id"), Order.is_renewal.is_(False)),
)
REFUNDS = (
    select(*(getattr(Refund, name) for name in Given._fields))
    .join(Order, Order.id == Refund.order_id)
    .where(_own, Refund.removed_at.is_(None))
    .order_by(Refund.id.desc())
    .limit(bindparam("limit"))
)
REFUNDS_BY_PAYMENT = (
    select(*(getattr(Refund, name) for name in Given._fields))
    .where(
        Refund.order_id == bindparam("order_id"),
        Refund.transaction_id == bindparam("payment_id"),
        Refund.removed_at.is_(None),
    )
    .order_by(Refund.id)
    .limit(bindparam("limit"))
)
_NAMED = {"name": OrderLine.name}
ITEMS = (
    select(*(_NAMED.get(name) or getattr(RefundItem, name) for name in GivenItem._fields))
    .outerjoin(OrderLine, OrderLine.id == RefundItem.order_line_id)
    .where(RefundItem.refund_id == bindparam("refund_id"))
    .order_by(RefundItem.id)
)
_DISPUTED = select(*(getattr(Chargeback, name) for name in Disputed._fields)).order_by(Chargeback.id)
CHARGEBACKS = _DISPUTED.join(Order, Order.id == Chargeback.order_id).where(_own)
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
# What an enrolment bills: the plan's price, or what its line item has come to.
ENROLLED = (
    select(
        Enrolment.id, Enrolment.customer_id, Customer.first_name, Customer.last_name, Customer.email,
        Enrolment.subscription_id, Subscription.name,
        func.coalesce(RecurringItem.price_e4, Subscription.price_e4), Subscription.currency,
    )
    .join(Subscription, Subscription.id == Enrolment.subscription_id)
    .outerjoin(RecurringItem, RecurringItem.enrolment_id == Enrolment.id)
    .outerjoin(Customer, Customer.id == Enrolment.customer_id)
    .where(among(Enrolment.id, "ids"))
)  # fmt: skip


def get_whole(tx: Tx, record: type[Record], key: int) -> Row:
    """Every column of an order, refund, payment, enrolment or plan. Refuses: the NotFound of its kind."""
    row = tx.one(ROWS[record], key=key)
    if row is None:
        raise MISSING[record](key)
    return dict(zip(record.__table__.columns.keys(), row, strict=True))


def find_invoice_row(tx: Tx, order_id: int) -> Row | None:
    """Every column of an order's invoice; None for an order that no checkout sold."""
    row = tx.one(INVOICE_ROW, key=order_id)
    return None if row is None else dict(zip(Invoice.__table__.columns.keys(), row, strict=True))


def list_whole_lines(tx: Tx, order_id: int) -> list[Row]:
    """Every column of an order's lines; under `item` what checkout knew of a line, or None."""
    names = [column.name for column in LINE_COLUMNS]
    item_names = [column.name for column in ITEM_COLUMNS]
    found = []
    for row in tx.all(LINES, order_id=order_id):
        item = dict(zip(item_names, row[len(names) :], strict=True))
        line: Row = dict(zip(names, row[: len(names)], strict=True))
        found.append(line | {"item": None if item["order_line_id"] is None else item})
    return found


def order_of_any_line(tx: Tx, line_id: int) -> int | None:
    """The order that a line stands on, whatever line it is."""
    found: int | None = tx.value(LINE_ORDER, line_id=line_id)
    return found


def list_kin(tx: Tx, sale_id: int) -> list[Kin]:
    """The orders of a sale: the first one, its parts and its renewals, the newest first."""
    return [Kin(*row) for row in tx.all(KIN, sale_id=sale_id, limit=MANY)]


def list_given(tx: Tx, root_id: int) -> list[Given]:
    """The refunds of an order and of its parts, whatever became of them, the newest first."""
    return [Given(*row) for row in tx.all(REFUNDS, root_id=root_id, limit=MANY)]


def list_given_by(tx: Tx, *, order_id: int, payment_id: int) -> list[Given]:
    """The refunds that a payment transaction paid out."""
    rows = tx.all(REFUNDS_BY_PAYMENT, order_id=order_id, payment_id=payment_id, limit=MANY)
    return [Given(*row) for row in rows]


def list_given_items(tx: Tx, refund_id: int) -> list[GivenItem]:
    """What a refund is for."""
    return [GivenItem(*row) for row in tx.all(ITEMS, refund_id=refund_id)]


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


def enrolled(tx: Tx, enrolment_ids: Sequence[int]) -> dict[int, Enrolled]:
    """Who is on which plan, for what, by the enrolments' ids."""
    found = {}
    for key, customer_id, first, last, email, *rest in tx.all(ENROLLED, ids=enrolment_ids):
        name = f"{first or ''} {last or ''}".strip() or email or f"customer {customer_id}"
        found[key] = Enrolled(customer_id, name, *rest)
    return found
