"""Finding what was not settled yet: deposits, refunds, chargebacks, and reserves that are free.

Only money takes part that went through a gateway that we speak to, for an order with an invoice: what changed
hands elsewhere is not settled here, nor what another platform took before its sales were imported. A
deposited invoice belongs to a payout from the time it is settled. Refunds and chargebacks are looked for among
the transfers since the last time, as transfers are numbered in the order in which they are committed; those
of an invoice that is settled only now are found with it.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, Text, bindparam, case, cast, exists, func, literal, or_, select

from comptoir.domain.ledger.models import Transfer
from comptoir.domain.money import minor_of_e4
from comptoir.domain.orders.models import DEPOSITED, Invoice, Order
from comptoir.domain.payments.gateways import BUILT_IN, MANUAL
from comptoir.domain.payments.models import FAIL, Chargeback, PaymentTransaction
from comptoir.domain.payments.models import SUCCESS as PAID
from comptoir.domain.payouts.models import CHARGEBACK, OPEN, REFUND, RESERVE_HELD, Payout, PayoutEntry
from comptoir.domain.payouts.settling import TAGS
from comptoir.domain.refunds.models import SUCCESS, Refund
from comptoir.domain.tx import Counter, Tx
from comptoir.storage.columns import instant_of, micros_of
from comptoir.storage.lists import among
from comptoir.storage.schema import aliased

SEEN = "settled_transfer"
TOLD = "payout_told"
PROCESSORS = sorted(BUILT_IN.keys() - {MANUAL})

_payment = PaymentTransaction
_processed = (among(_payment.gateway, "processors"), _payment.currency == bindparam("currency"))
# Most invoices are deposited and few are in no payout yet, so their status is no help in finding them.
_is_deposited = func.coalesce(Invoice.status, literal("")) == literal(DEPOSITED)
_root_id = case((Order.is_renewal, Order.id), else_=func.coalesce(Order.parent_id, Order.id))
DEPOSITS = (
    select(Invoice.order_id, Invoice.fee_minor, Invoice.deposited_at, _payment.amount_e4, _payment.gateway)
    .join(_payment, _payment.id == Invoice.payment_id)
    .where(
        _is_deposited,
        Invoice.payout_id.is_(None),
        Invoice.paid_out_at.is_(None),
        _payment.status == literal(PAID),
        _payment.amount_e4 > literal(0),
        *_processed,
    )
    .order_by(Invoice.order_id)
    .limit(bindparam("limit"))
)
_REFUNDS = (
    select(Refund.id, _root_id, -_payment.amount_e4, Refund.refunded_at, _payment.gateway)
    .join(_payment, _payment.id == Refund.transaction_id)
    .join(Order, Order.id == Refund.order_id)
    .join(Invoice, Invoice.order_id == _root_id)
    .where(
        Refund.status == literal(SUCCESS),
        _payment.status != literal(FAIL),
        _payment.amount_e4 < literal(0),
        Refund.refunded_at > bindparam("after"),
        *_processed,
    )
    .order_by(Refund.transfer_id, Refund.id)
)
_CHARGEBACKS = (
    select(Chargeback.id, _root_id, Chargeback.amount_minor, Chargeback.at, _payment.gateway)
    .join(_payment, _payment.id == Chargeback.payment_id)
    .join(Order, Order.id == Chargeback.order_id)
    .join(Invoice, Invoice.order_id == _root_id)
    .where(Chargeback.at > bindparam("after"), *_processed)
    .order_by(Chargeback.transfer_id, Chargeback.id)
)


def _never_settled(kind: str, record_id: Any) -> ColumnElement[bool]:
    """Whether nothing was posted for a refund or chargeback: those of imported payouts are."""
    tag = literal(TAGS[kind]).concat(cast(record_id, Text))
    return ~exists().where(Transfer.tag == tag)


_any = aliased(Order)
_batch = select(_any.id).where(or_(among(_any.id, "order_ids"), among(_any.parent_id, "order_ids")))


def _new(statement: Select[Any], record: Any) -> Select[Any]:
    """What happened since the last time to invoices that were settled before."""
    return statement.where(
        Invoice.payout_id.is_not(None),
        record.transfer_id > bindparam("seen"),
        record.transfer_id <= bindparam("upto"),
    )


def _older(statement: Select[Any], record: Any) -> Select[Any]:
    """What happened at any time to invoices that are settled only now."""
    return statement.where(
        record.transfer_id <= bindparam("upto"),
        record.order_id.in_(_batch),
        among(_root_id, "order_ids"),
    )


_REFUNDS = _REFUNDS.where(_never_settled(REFUND, Refund.id))
_CHARGEBACKS = _CHARGEBACKS.where(_never_settled(CHARGEBACK, Chargeback.id))
REFUNDS = (_new(_REFUNDS, Refund), _older(_REFUNDS, Refund))
CHARGEBACKS = (_new(_CHARGEBACKS, Chargeback), _older(_CHARGEBACKS, Chargeback))
LAST_TRANSFER = select(func.coalesce(func.max(Transfer.id), 0))
LAST_SEEN = select(Counter.value).where(Counter.kind == literal(SEEN))
LAST_TOLD = select(Counter.value).where(Counter.kind == literal(TOLD))
_held = (PayoutEntry.payout_id == Payout.id, PayoutEntry.kind == literal(RESERVE_HELD))
FREE_RESERVES = (
    select(Payout.id, select(-func.sum(PayoutEntry.amount_minor)).where(*_held).scalar_subquery())
    .where(
        Payout.state != literal(OPEN),
        Payout.reserve_released_at.is_(None),
        exists().where(*_held),
        ~exists().where(*_held, PayoutEntry.available_at > bindparam("now")),
    )
    .order_by(Payout.id)
)


class Deposit(NamedTuple):
    """An invoice whose money was booked."""

    order_id: int
    fee_minor: int
    at: datetime
    minor: int
    gateway: str


class Loss(NamedTuple):
    """A refund or chargeback of an invoice that was settled."""

    id: int
    order_id: int
    minor: int
    at: datetime
    gateway: str


class Reserve(NamedTuple):
    """What a payout held back, and may not hold any longer."""

    payout_id: int
    minor: int


class Waiting(NamedTuple):
    """What waits to be settled, and the last transfer that was looked at."""

    deposits: Sequence[Deposit]
    refunds: Sequence[Loss]
    chargebacks: Sequence[Loss]
    reserves: Sequence[Reserve]
    upto: int

    def counts(self) -> dict[str, int]:
        """How many of each."""
        return {name: len(getattr(self, name)) for name in ("deposits", "refunds", "chargebacks", "reserves")}


def find_deposits(tx: Tx, limit: int) -> list[Deposit]:
    """Deposited invoices that are in no payout yet."""
    currency = tx.shop.currency
    return [
        Deposit(order_id, fee_minor, at or tx.now, minor_of_e4(amount_e4, currency), gateway)
        for order_id, fee_minor, at, amount_e4, gateway in tx.all(
            DEPOSITS, currency=currency, processors=PROCESSORS, limit=limit
        )
    ]


def find_losses(tx: Tx, order_ids: Sequence[int], upto: int) -> tuple[list[Loss], list[Loss]]:
    """Refunds and chargebacks up to a transfer: the new ones of all settled invoices, all of the named ones."""
    currency = tx.shop.currency
    bounds = {
        "seen": int(tx.value(LAST_SEEN) or 0),
        "upto": upto,
        "after": instant_of(int(tx.value(LAST_TOLD) or 0)),
        "currency": currency,
        "processors": PROCESSORS,
    }
    refunds = [
        Loss(number, order_id, minor_of_e4(amount_e4, currency), at, gateway)
        for number, order_id, amount_e4, at, gateway in _both(tx, REFUNDS, bounds, order_ids)
    ]
    return refunds, [Loss(*row) for row in _both(tx, CHARGEBACKS, bounds, order_ids)]


def tell_until(tx: Tx, at: datetime) -> None:
    """Say that what was refunded and charged back until then is told by payouts that were imported."""
    tx.ids.reach(TOLD, micros_of(at))


def last_transfer(tx: Tx) -> int:
    """The number of the newest transfer."""
    return int(tx.value(LAST_TRANSFER))


def find_free_reserves(tx: Tx) -> list[Reserve]:
    """Payouts whose reserves were held long enough."""
    return [Reserve(payout_id, int(minor)) for payout_id, minor in tx.all(FREE_RESERVES, now=tx.now)]


def _both(
    tx: Tx, statements: tuple[Select[Any], Select[Any]], bounds: dict[str, Any], order_ids: Sequence[int]
) -> list[tuple[Any, ...]]:
    new, older = statements
    return [*tx.all(new, **bounds), *(tx.all(older, **bounds, order_ids=order_ids) if order_ids else ())]
