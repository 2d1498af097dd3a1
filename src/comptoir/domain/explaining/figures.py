"""What makes a figure of the home page: a week or month by its days, a day by its orders, refunds and fees.

A figure is called by a span and a currency: `today.AUD`, `month.AUD`, `2026-03.AUD`, `2026-03-01.AUD`.
"""

import re
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, bindparam, literal_column, or_, select

from comptoir.domain.explaining.errors import NotExplained
from comptoir.domain.explaining.nodes import Ask, Explanation, Link, Node, exact, minor
from comptoir.domain.figures.spans import SPANS, Bucket, Span, compared, midnight
from comptoir.domain.figures.takings import CHARGEBACKS, FEES, REFUNDS, SALES, Takings, series_of, takings_of
from comptoir.domain.money import e4_of_minor, minor_of_e4
from comptoir.domain.orders.models import Order
from comptoir.domain.payments.models import Chargeback
from comptoir.domain.payouts.models import IS_FEE, PayoutEntry
from comptoir.domain.refunds.models import Refund
from comptoir.domain.tx import Tx

NET, GIVEN_BACK = "net", "given_back"
AMOUNTS = (NET, SALES, REFUNDS, CHARGEBACKS, FEES, GIVEN_BACK)
# What a figure of several is made of, and whether each part is added or taken off.
OF_SEVERAL = {
    NET: {SALES: 1, REFUNDS: -1, CHARGEBACKS: -1, FEES: -1},
    GIVEN_BACK: {REFUNDS: 1, CHARGEBACKS: 1},
}
SHOWN = 50
DAY = timedelta(days=1)
LATEST = date(9000, 1, 1)
_NAMED = re.compile(r"(?:(\w+)|(\d{4})-(\d{2})(?:-(\d{2}))?)\.([A-Z]{3})", re.ASCII)


class Period(NamedTuple):
    """What a figure is of: its name, when it is, and in which currency. A day is told by its records."""

    name: str
    span: Span
    currency: str
    is_day: bool

    @property
    def id(self) -> str:
        """What it is called by."""
        return f"{self.name}.{self.currency}"


class Source(NamedTuple):
    """Where the records of a figure are, as (id, amount), and what they are."""

    kind: str
    what: str
    word: str
    page: Select[Any]
    is_e4: bool = False


def _page(record: Any, at: Any, amount: Any, currency: Any, *conditions: Any) -> Select[Any]:
    """The records of a day, the oldest first, after one of them."""
    where = [at >= bindparam("since"), at < bindparam("until"), *conditions]
    if currency is not None:
        where.append(currency == bindparam("currency"))
    last = select(at).where(record.id == bindparam("after_id")).scalar_subquery()
    later = or_(at > last, and_(at == last, record.id > bindparam("after_id")))
    statement = select(record.id, amount).where(
        *where, or_(bindparam("after_id") == literal_column("0"), later)
    )
    return statement.order_by(at, record.id).limit(bindparam("limit"))


SOURCES = {
    SALES: Source(
        "order", "total", "order",
        _page(
            Order, Order.created_at, Order.total_minor, Order.currency,
            Order.sale_transfer_id.is_not(None), Order.removed_at.is_(None),
        ),
    ),
    REFUNDS: Source(
        "refund", "total", "refund",
        _page(
            Refund, Refund.refunded_at, Refund.total_e4, Refund.currency,
            literal_column("refund.status = 'success'"), Refund.removed_at.is_(None),
        ),
        is_e4=True,
    ),
    CHARGEBACKS: Source(
        "chargeback", "amount", "chargeback",
        _page(Chargeback, Chargeback.at, Chargeback.amount_minor, Chargeback.currency),
    ),
    FEES: Source(
        "payout_entry", "amount", "fee",
        _page(PayoutEntry, PayoutEntry.at, -PayoutEntry.amount_minor, None, literal_column(IS_FEE)),
    ),
}  # fmt: skip


def explain_figure(tx: Tx, id: str, what: str, after: int = 0) -> Explanation:
    """What makes a figure; of a day with many records, those after one. Refuses: NotExplained."""
    if what not in AMOUNTS:
        raise NotExplained(what)
    period = period_named(tx, id)
    takings = takings_of(tx, period.span).get(period.currency, Takings())
    if what in OF_SEVERAL:
        return Explanation(_of_several(tx, period, what, takings))
    if period.is_day:
        return Explanation(_by_record(tx, period, what, _of(takings, what), after))
    return Explanation(_by_day(tx, period, what, _of(takings, what)))


def period_named(tx: Tx, id: str) -> Period:
    """What a figure is of. Refuses: NotExplained."""
    found = _NAMED.fullmatch(id)
    if found is None:
        raise NotExplained(f"of figure {id}")
    name, year, month, day, currency = found.groups()
    called = id.rpartition(".")[0]
    if name is not None:
        if name not in SPANS:
            raise NotExplained(f"of figure {id}")
        span = compared(name, tx.now, tx.shop.zone).now
        return Period(called, span, currency, is_day=name == SPANS[0])
    try:
        first = date(int(year), int(month), int(day or 1))
    except ValueError as error:
        raise NotExplained(f"of figure {id}") from error
    if first >= LATEST:
        raise NotExplained(f"of figure {id}")
    end = first + DAY if day else _next_month(first)
    zone = tx.shop.zone
    return Period(called, Span(midnight(first, zone), midnight(end, zone)), currency, is_day=day is not None)


def _next_month(first: date) -> date:
    return (first + 31 * DAY).replace(day=1)


def _of(takings: Takings, what: str) -> int:
    amount: int = getattr(takings, f"{what}_minor")
    return amount


def _of_several(tx: Tx, period: Period, what: str, takings: Takings) -> Node:
    """A figure that others make, as they are told."""
    parts = [
        minor(one, sign * _of(takings, one), period.currency, ask=Ask("figure", period.id, one))
        for one, sign in OF_SEVERAL[what].items()
    ]
    total = sum(sign * _of(takings, one) for one, sign in OF_SEVERAL[what].items())
    return minor(what.replace("_", " "), total, period.currency, why=_when(tx, period), parts=parts)


def _by_day(tx: Tx, period: Period, what: str, total: int) -> Node:
    """A week or a month by its days, of the shop's wall clock."""
    buckets = _days(tx, period.span)
    parts = []
    for bucket, takings in zip(buckets, series_of(tx, buckets), strict=True):
        amount = _of(takings.get(period.currency, Takings()), what)
        ask = Ask("figure", f"{bucket.day.isoformat()}.{period.currency}", what)
        parts.append(minor(bucket.day.isoformat(), amount, period.currency, ask=ask))
    return minor(what, total, period.currency, why=_when(tx, period), parts=parts)


def _days(tx: Tx, span: Span) -> list[Bucket]:
    day, zone, buckets = tx.shop.local(span.since).date(), tx.shop.zone, []
    while midnight(day, zone) < span.until:
        end = min(midnight(day + DAY, zone), span.until)
        buckets.append(Bucket(day, Span(midnight(day, zone), end)))
        day += DAY
    return buckets


def _by_record(tx: Tx, period: Period, what: str, total: int, after: int) -> Node:
    """A day by its records: a page of them, and the rest as a sum."""
    source, currency = SOURCES[what], period.currency
    if what == FEES and currency != tx.shop.currency:
        return minor(what, total, currency, why=_when(tx, period))
    values = {"since": period.span.since, "until": period.span.until, "currency": currency}
    rows = tx.all(source.page, **values, after_id=after, limit=SHOWN + 1)
    parts = [_record(source, row[0], row[1], currency) for row in rows[:SHOWN]]
    over = e4_of_minor(total, currency) - sum(part.amount_e4 for part in parts)
    if len(rows) > SHOWN or after:
        ask = Ask("figure", period.id, what, rows[SHOWN - 1][0]) if len(rows) > SHOWN else None
        label = "the others of the day" if after else "later ones"
        parts.append(exact(label, over, currency, ask=ask))
    ask = Ask("figure", period.id, what)
    return minor(what, total, currency, why=_when(tx, period), parts=parts, ask=ask)


def _record(source: Source, key: int, amount: int, currency: str) -> Node:
    whole = minor_of_e4(amount, currency) if source.is_e4 else amount
    ask = Ask(source.kind, key, source.what) if source.what else None
    return minor(f"{source.word} {key}", whole, currency, link=Link(source.kind, key), ask=ask)


def _when(tx: Tx, period: Period) -> str:
    """From when to when, on the shop's wall clock."""
    since, until = (tx.shop.local(at) for at in period.span)
    return f"from {since:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M}"
