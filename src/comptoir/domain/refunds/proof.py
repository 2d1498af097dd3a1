"""The proof of everything that money was taken for: orders, payments and refunds against the ledger."""

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select, union_all

from comptoir.domain.ledger.books import PROBLEMS_MAX
from comptoir.domain.ledger.models import POSTED, Account, Posting, Transfer
from comptoir.domain.money import DEFAULT_EXPONENT, E4_PLACES, EXPONENTS
from comptoir.domain.orders.chart import RECEIVABLE
from comptoir.domain.orders.models import Order, OrderLine
from comptoir.domain.payments.models import SUCCESS as PAID
from comptoir.domain.payments.models import PaymentTransaction
from comptoir.domain.refunds.models import SHIPPING, SUCCESS, Refund, RefundItem
from comptoir.domain.tx import Tx
from comptoir.storage.schema import aliased


def _minor_e4(currency: Any) -> ColumnElement[int]:
    """How many ten-thousandths one minor unit of a currency has."""
    known = [(currency == code, 10 ** (E4_PLACES - exponent)) for code, exponent in EXPONENTS.items()]
    return case(*known, else_=10 ** (E4_PLACES - DEFAULT_EXPONENT))


def _total(amount: Any) -> ColumnElement[int]:
    return func.coalesce(func.sum(amount), 0)


def _receivables() -> Select[Any]:
    """Orders of which the ledger says something else than the order itself does."""
    kinds = ("sale", "payment", "repayment", "refund")
    sums = [
        _total(case((Transfer.kind == kind, Posting.amount_minor), else_=0)).label(kind) for kind in kinds
    ]
    posted = (
        select(Transfer.subject_id.label("order_id"), *sums)
        .select_from(Account)
        .join(Posting, Posting.account_id == Account.id)
        .join(Transfer, Transfer.id == Posting.transfer_id)
        .where(Account.code == RECEIVABLE.code, Transfer.subject == "order", Transfer.state == POSTED)
        .group_by(Transfer.subject_id)
        .subquery()
    )
    says = [func.coalesce(posted.c[kind], 0) for kind in kinds]
    sale = case((Order.sale_transfer_id.is_not(None), Order.total_minor), else_=0)
    keeps = [sale, -Order.paid_minor, Order.repaid_minor, -Order.refunded_minor]
    pairs = [column for pair in zip(keeps, says, strict=True) for column in pair]
    return (
        select(Order.id, *pairs)
        .outerjoin(posted, posted.c.order_id == Order.id)
        .where(or_(*(kept != said for kept, said in zip(keeps, says, strict=True))))
        .limit(PROBLEMS_MAX)
    )


def _moved(record: Any, amount: Any, succeeded: ColumnElement[bool], kept: Any) -> Select[Any]:
    """Orders whose count of money differs from the payments or refunds of themselves and their children."""
    own = aliased(Order)
    kept_e4 = kept * _minor_e4(Order.currency)
    counts = select(Order.id.label("order_id"), kept_e4.label("kept_e4"), literal(0).label("moved_e4"))
    moves = (
        select(case((own.is_renewal, own.id), else_=func.coalesce(own.parent_id, own.id)), literal(0), amount)
        .select_from(record)
        .join(own, own.id == record.order_id)
        .where(succeeded)
    )
    both = union_all(counts, moves).subquery()
    sums = func.sum(both.c.kept_e4), func.sum(both.c.moved_e4)
    return (
        select(both.c.order_id, *sums)
        .group_by(both.c.order_id)
        .having(sums[0] != sums[1])
        .limit(PROBLEMS_MAX)
    )


_payment = PaymentTransaction
_lines = (
    select(
        OrderLine.order_id,
        func.sum(OrderLine.amount_minor - OrderLine.discount_share_minor).label("net"),
        func.sum(OrderLine.tax_minor).label("tax"),
    )
    .where(OrderLine.parent_line_id.is_(None))
    .group_by(OrderLine.order_id)
    .subquery()
)
_tax = func.coalesce(_lines.c.tax, 0) + Order.charges_tax_minor
_net = func.coalesce(_lines.c.net, 0) + Order.charges_minor
_unit = _minor_e4(Order.currency)
# Imported orders show their tax to four places; in the books it is rounded to the minor unit.
WRONG_TOTALS = (
    select(Order.id)
    .outerjoin(_lines, _lines.c.order_id == Order.id)
    .where(
        or_(
            Order.total_e4 != Order.total_minor * _unit,
            Order.total_minor != _net + case((Order.tax_included, 0), else_=_tax),
            func.abs(Order.tax_e4 - _tax * _unit) * 2 > _unit,
        )
    )
    .limit(PROBLEMS_MAX)
)
RECEIVABLES = _receivables()
PAID_IN = _moved(
    _payment, _payment.amount_e4, and_(_payment.status == PAID, _payment.amount_e4 > 0), Order.paid_minor
)
PAID_OUT = _moved(
    _payment, -_payment.amount_e4, and_(_payment.status == PAID, _payment.amount_e4 < 0), Order.repaid_minor
)
REFUNDED = _moved(Refund, Refund.total_e4, Refund.status == SUCCESS, Order.refunded_minor)
TOO_MUCH = (
    select(Order.id)
    .where(or_(Order.refunded_minor > Order.paid_minor, Order.repaid_minor > Order.paid_minor))
    .limit(PROBLEMS_MAX)
)
_shipping = _total(case((RefundItem.type == SHIPPING, RefundItem.amount_e4), else_=0))
_goods = _total(case((RefundItem.type != SHIPPING, RefundItem.amount_e4), else_=0))
WRONG_REFUNDS = (
    select(Refund.id)
    .outerjoin(RefundItem, RefundItem.refund_id == Refund.id)
    .group_by(Refund.id, Refund.items_e4, Refund.shipping_e4, Refund.total_e4)
    .having(
        or_(
            _shipping != Refund.shipping_e4,
            _goods != Refund.items_e4,
            Refund.total_e4 != Refund.items_e4 + Refund.shipping_e4,
        )
    )
    .limit(PROBLEMS_MAX)
)
WORDS = ("the sale", "paid", "repaid", "refunded")


def check_orders(tx: Tx) -> list[str]:
    """Everything in which orders, payments and refunds disagree with each other or with the ledger."""
    return [
        *(line for row in tx.all(RECEIVABLES) for line in _differences(row)),
        *_told(tx, PAID_IN, "keeps {} as paid, its payments are {}"),
        *_told(tx, PAID_OUT, "keeps {} as repaid, its payments are {}"),
        *_told(tx, REFUNDED, "keeps {} as refunded, its refunds are {}"),
        *(f"order {order_id} was given back more than it was paid" for (order_id,) in tx.all(TOO_MUCH)),
        *(
            f"order {order_id} is not the sum of its lines, charges and tax"
            for (order_id,) in tx.all(WRONG_TOTALS)
        ),
        *(f"refund {refund_id} is not the sum of its items" for (refund_id,) in tx.all(WRONG_REFUNDS)),
    ]


def _differences(row: tuple[Any, ...]) -> list[str]:
    order_id, *pairs = row
    return [
        f"order {order_id} keeps {int(kept)} for {word}, the ledger says {int(said)}"
        for word, kept, said in zip(WORDS, pairs[::2], pairs[1::2], strict=True)
        if int(kept) != int(said)
    ]


def _told(tx: Tx, statement: Select[Any], words: str) -> list[str]:
    return [
        f"order {order_id} {words.format(int(kept), int(said))}" for order_id, kept, said in tx.all(statement)
    ]
