"""What was sold, given back and paid for it, in a span or day by day, by currency.

A sale counts when it stands in the books, on the day of its order, with tax and delivery. Fees are those that the
processor took, in the shop's currency. Every statement is answered by a narrow index alone.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, bindparam, case, func, literal_column, select

from comptoir.domain.figures.spans import Bucket, Span
from comptoir.domain.money import DEFAULT_EXPONENT, E4_PLACES, EXPONENTS
from comptoir.domain.orders.models import Order
from comptoir.domain.payments.models import Chargeback
from comptoir.domain.payouts.models import IS_FEE, PayoutEntry
from comptoir.domain.refunds.models import Refund
from comptoir.domain.tx import Tx

SALES, REFUNDS, CHARGEBACKS, FEES = "sales", "refunds", "chargebacks", "fees"


@dataclass(slots=True)
class Takings:
    """What came in and what went, in minor units of one currency; none of the amounts is told below zero."""

    sales: int = 0
    sales_minor: int = 0
    refunds: int = 0
    refunds_minor: int = 0
    chargebacks: int = 0
    chargebacks_minor: int = 0
    fees_minor: int = 0

    @property
    def net_minor(self) -> int:
        """What is left."""
        return self.sales_minor - self.refunds_minor - self.chargebacks_minor - self.fees_minor

    @property
    def is_empty(self) -> bool:
        """Whether nothing happened."""
        return not (self.sales or self.refunds or self.chargebacks or self.fees_minor)


def _whole_minor(e4: Any, currency: Any) -> ColumnElement[int]:
    """Ten-thousandths in minor units, rounded half away from zero, as `minor_of_e4` does."""
    places = {
        code: 10 ** (E4_PLACES - exponent)
        for code, exponent in EXPONENTS.items()
        if exponent != DEFAULT_EXPONENT
    }
    unit = case(places, value=currency, else_=10 ** (E4_PLACES - DEFAULT_EXPONENT))
    size = (2 * func.abs(e4) + unit) // (2 * unit)
    return case((e4 < 0, -size), else_=size)


class Figure(NamedTuple):
    """One kind of figure: in the shop's currency, and in the others, if there are any."""

    own: Select[Any]
    others: Select[Any] | None


def _figure(at: Any, minor: Any, currency: Any, *conditions: Any) -> Figure:
    """Sums of the shop's own currency need no sorting, and most shops have no other."""
    within = (*conditions, at >= bindparam("since"), at < bindparam("until"))
    if currency is None:
        return Figure(
            select(func.count(), func.count(), func.coalesce(func.sum(minor), 0)).where(*within), None
        )
    is_own = currency == bindparam("own")
    own_count = func.coalesce(func.sum(case((is_own, 1), else_=0)), 0)
    own_sum = func.coalesce(func.sum(case((is_own, minor), else_=0)), 0)
    others = select(currency, func.count(), func.sum(minor)).where(*within, currency != bindparam("own"))
    return Figure(select(func.count(), own_count, own_sum).where(*within), others.group_by(currency))


FIGURES = {
    SALES: _figure(
        Order.created_at,
        Order.total_minor,
        Order.currency,
        Order.sale_transfer_id.is_not(None),
        Order.removed_at.is_(None),
    ),
    REFUNDS: _figure(
        Refund.refunded_at,
        _whole_minor(Refund.total_e4, Refund.currency),
        Refund.currency,
        literal_column("refund.status = 'success'"),
        Refund.removed_at.is_(None),
    ),
    CHARGEBACKS: _figure(Chargeback.at, Chargeback.amount_minor, Chargeback.currency),
    FEES: _figure(PayoutEntry.at, -PayoutEntry.amount_minor, None, literal_column(IS_FEE)),
}


def takings_of(tx: Tx, span: Span) -> dict[str, Takings]:
    """What was taken in a span, by currency."""
    found: defaultdict[str, Takings] = defaultdict(Takings)
    for kind, currency, many, minor in _parts(tx, span):
        takings = found[currency]
        match kind:
            case "sales":
                takings.sales, takings.sales_minor = many, minor
            case "refunds":
                takings.refunds, takings.refunds_minor = many, minor
            case "chargebacks":
                takings.chargebacks, takings.chargebacks_minor = many, minor
            case _:
                takings.fees_minor = minor
    return dict(sorted(found.items()))


def series_of(tx: Tx, buckets: Sequence[Bucket]) -> list[dict[str, Takings]]:
    """What was taken in each of the buckets."""
    return [takings_of(tx, bucket.span) for bucket in buckets]


def _parts(tx: Tx, span: Span) -> Iterator[tuple[str, str, int, int]]:
    """What there is of each kind: its currency, how many, how much."""
    own = tx.shop.currency
    bounds = {"since": span.since, "until": span.until, "own": own}
    for kind, figure in FIGURES.items():
        row = tx.one(figure.own, **bounds)
        assert row is not None
        every, many, minor = map(int, row)
        if many:
            yield kind, own, many, minor
        if every != many and figure.others is not None:
            for currency, others, sum_ in tx.all(figure.others, **bounds):
                yield kind, currency, int(others), int(sum_)
