"""What was sold, given back and paid for it, in a span or day by day, by currency.

A sale counts when it stands in the books, on the day of its order, with tax and delivery. Fees are those that the
processor took, in the shop's currency. Every statement is answered by a narrow index alone.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, ColumnElement, bindparam, case, func, literal_column, select, type_coerce

from comptoir.domain.figures.spans import Bucket, Span
from comptoir.domain.money import DEFAULT_EXPONENT, E4_PLACES, EXPONENTS
from comptoir.domain.orders.models import Order
from comptoir.domain.payments.models import Chargeback
from comptoir.domain.payouts.models import IS_FEE, PayoutEntry
from comptoir.domain.refunds.models import Refund
from comptoir.domain.tx import Tx
from comptoir.storage.columns import micros_of

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


class Part(NamedTuple):
    """One kind of figure: its place in a series, its currency (None: the shop's), how many and how much."""

    kind: str
    place: int
    currency: str | None
    many: int
    minor: int


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


def _of(kind: str, at: Any, currency: Any, minor: Any, *conditions: Any) -> tuple[str, Any]:
    micros = type_coerce(at, BigInteger)
    place = ((micros - bindparam("origin")) // bindparam("length")).label("bucket")
    columns = [place, currency, func.count(), func.coalesce(func.sum(minor), 0)]
    named: ColumnElement[Any] = literal_column("bucket")
    grouped = [named] if currency is NOTHING else [named, currency]
    within = (at >= bindparam("since"), at < bindparam("until"))
    return kind, select(*columns).where(*conditions, *within).group_by(*grouped)


# The shop's own currency stands for those that name none.
NOTHING: ColumnElement[Any] = literal_column("NULL")
STATEMENTS = dict(
    (
        _of(
            SALES,
            Order.created_at,
            Order.currency,
            Order.total_minor,
            Order.sale_transfer_id.is_not(None),
            Order.removed_at.is_(None),
        ),
        _of(
            REFUNDS,
            Refund.refunded_at,
            Refund.currency,
            _whole_minor(Refund.total_e4, Refund.currency),
            literal_column("refund.status = 'success'"),
            Refund.removed_at.is_(None),
        ),
        _of(CHARGEBACKS, Chargeback.at, Chargeback.currency, Chargeback.amount_minor),
        _of(FEES, PayoutEntry.at, NOTHING, -PayoutEntry.amount_minor, literal_column(IS_FEE)),
    )
)


def takings_of(tx: Tx, span: Span) -> dict[str, Takings]:
    """What was taken in a span, by currency."""
    (found,) = _gathered(tx, [Bucket(tx.shop.local(span.since).date(), span)])
    return found


def series_of(tx: Tx, buckets: Sequence[Bucket]) -> list[dict[str, Takings]]:
    """What was taken in each of the buckets, which follow each other."""
    return _gathered(tx, buckets)


def _gathered(tx: Tx, buckets: Sequence[Bucket]) -> list[dict[str, Takings]]:
    found: list[defaultdict[str, Takings]] = [defaultdict(Takings) for _ in buckets]
    for part in _parts(tx, buckets):
        takings = found[part.place][part.currency or tx.shop.currency]
        match part.kind:
            case "sales":
                takings.sales, takings.sales_minor = part.many, part.minor
            case "refunds":
                takings.refunds, takings.refunds_minor = part.many, part.minor
            case "chargebacks":
                takings.chargebacks, takings.chargebacks_minor = part.many, part.minor
            case _:
                takings.fees_minor = part.minor
    return [dict(sorted(one.items())) for one in found]


def _parts(tx: Tx, buckets: Sequence[Bucket]) -> Iterator[Part]:
    for first, run in _runs(buckets):
        span = Span(run[0].span.since, run[-1].span.until)
        origin = micros_of(span.since)
        length = max(1, micros_of(run[0].span.until) - origin)
        bounds = {"since": span.since, "until": span.until, "origin": origin, "length": length}
        for kind, statement in STATEMENTS.items():
            for place, currency, count, minor in tx.all(statement, **bounds):
                yield Part(kind, first + int(place), currency, int(count), int(minor))


def _runs(buckets: Sequence[Bucket]) -> Iterator[tuple[int, Sequence[Bucket]]]:
    """Neighbours of one length, so that a division tells them apart; clocks are put forward and back."""
    first = 0
    for place in range(1, len(buckets) + 1):
        if place == len(buckets) or _length(buckets[place]) != _length(buckets[first]):
            yield first, buckets[first:place]
            first = place


def _length(bucket: Bucket) -> int:
    return micros_of(bucket.span.until) - micros_of(bucket.span.since)
