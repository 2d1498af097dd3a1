"""Home: what was taken today, this week and this month, what is due, what is in trouble, whether the books balance."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from comptoir.console.cells import Cell
from comptoir.console.charts import Chart, Datum, chart_of
from comptoir.console.payouts import rows_of
from comptoir.console.places import address_of, explain_at, link_to
from comptoir.console.rendering import written_e4, written_minor, written_when
from comptoir.console.visits import Answer, Page, Shown, Visit
from comptoir.domain.events.queries import last_seq
from comptoir.domain.figures.returns import return_rates
from comptoir.domain.figures.spans import DAYS, MONTHS, SPANS, Bucket, compared, last_days, last_months
from comptoir.domain.figures.takings import Takings, series_of, takings_of
from comptoir.domain.figures.troubles import (
    LOW_STOCK,
    Counted,
    list_failed_renewals,
    list_fraud_reviews,
    list_low_stock,
    troubles_of,
)
from comptoir.domain.identity.permissions import BANK, BOOKS, CATALOGUE, MESSAGES, SALES, SEE
from comptoir.domain.merchant.queries import get_merchant
from comptoir.domain.money import rounded
from comptoir.domain.payouts.queries import find_pending
from comptoir.domain.shop import ShopFacts

TITLES = {"today": "Today", "week": "This week", "month": "This month"}
BEFORE = {"today": "yesterday", "week": "last week", "month": "last month"}
DAY_COUNT, MONTH_COUNT = 30, 12
PERCENT = 100


class Line(NamedTuple):
    """What was taken in one currency, with the ways to the trees of its amounts."""

    currency: str
    takings: Takings
    before: Takings
    figure: str

    def change(self, before: str) -> str:
        """How sales compare with as much of the time before, in words."""
        now, then = self.takings.sales_minor, self.before.sales_minor
        if then <= 0:
            return f"nothing {before}{'' if now else ' either'}"
        percent = rounded(PERCENT * (now - then), then)
        if percent == 0:
            return f"as much as {before} by this time"
        return f"{abs(percent):,} % {'more' if percent > 0 else 'less'} than {before} by this time"


class Tile(NamedTuple):
    """A day, week or month so far."""

    title: str
    before: str
    lines: Sequence[Line]


class Trouble(NamedTuple):
    """Something that waits for somebody: how much of it, and where."""

    title: str
    much: str
    address: str


class Way(NamedTuple):
    """Where a kind of trouble is looked at, and who may."""

    title: str
    path: str
    area: str


WAYS = {
    "failed_renewals": Way("Renewals that were declined", "/subscriptions?failing=1", SALES),
    "fraud_reviews": Way("Sales that wait for their review", "/orders?fraud=wait", SALES),
    "unheard_payments": Way(
        "Payments of which the gateway has told nothing", "/payments?status=pending", SALES
    ),
    "retried_deliveries": Way("Messages that are tried again", "/deliveries?state=retried", MESSAGES),
    "dead_deliveries": Way("Messages given up in the last seven days", "/deliveries?state=dead", MESSAGES),
    "customer_reviews": Way(
        "Bank customers to be looked at by hand", "/bank/customers?status=Manual+Review", BANK
    ),
    "low_stock": Way(
        f"Products of which {LOW_STOCK} or fewer are left", f"/products?quantity_to={LOW_STOCK}", CATALOGUE
    ),
}


def show_home(visit: Visit) -> Answer:
    """What the operator may see of how the shop stands."""
    sees_sales = visit.may(SALES, SEE)
    values: dict[str, Any] = {
        "tiles": _tiles(visit) if sees_sales else [],
        "sees_books": visit.may(BOOKS, SEE),
        "troubles": _troubles(visit),
        **(_series(visit) if sees_sales else {"chart": None}),
        "payout": _payout(visit) if visit.may(BOOKS, SEE) else None,
        "proof": _proof(visit) if visit.may(BOOKS, SEE) else None,
        "rates": return_rates(visit.tx) if visit.may(BANK, SEE) else [],
        "renewals": _renewals(visit) if sees_sales else [],
        "reviews": _reviews(visit) if sees_sales else [],
        "stock": _stock(visit) if visit.may(CATALOGUE, SEE) else [],
    }
    return Shown("home.html", values)


def _tiles(visit: Visit) -> list[Tile]:
    tx, zone = visit.tx, visit.shop.zone
    tiles = []
    for name in SPANS:
        spans = compared(name, tx.now, zone)
        now, before = takings_of(tx, spans.now), takings_of(tx, spans.before)
        tiles.append(Tile(TITLES[name], BEFORE[name], _lines(visit.shop, name, now, before)))
    return tiles


def _lines(
    shop: ShopFacts, name: str, now: Mapping[str, Takings], before: Mapping[str, Takings]
) -> list[Line]:
    """The shop's own currency first, whatever was taken; others where there was anything."""
    others = sorted({*now, *before} - {shop.currency})
    return [
        Line(code, now.get(code, Takings()), before.get(code, Takings()), f"{name}.{code}")
        for code in (shop.currency, *others)
    ]


def _series(visit: Visit) -> dict[str, Any]:
    """The chart of days or months, in the shop's currency, and its table."""
    by = MONTHS if visit.asked.said("by") == MONTHS else DAYS
    tx, zone, code = visit.tx, visit.shop.zone, visit.shop.currency
    buckets = (last_months if by == MONTHS else last_days)(
        tx.now, zone, MONTH_COUNT if by == MONTHS else DAY_COUNT
    )
    taken = [one.get(code, Takings()) for one in series_of(tx, buckets)]
    pairs = list(zip(buckets, taken, strict=True))
    return {
        "chart": _chart(pairs, by, code),
        "by": by,
        "chart_title": f"Sales of the last {MONTH_COUNT if by == MONTHS else DAY_COUNT} {by}",
        "chart_rows": [_row(visit, bucket, one, by) for bucket, one in reversed(pairs)],
        "chart_titles": ["Month" if by == MONTHS else "Day", "Orders", "Sales", "Given back", "Net"][
            : 5 if visit.may(BOOKS, SEE) else 4
        ],
    }


def _chart(pairs: Sequence[tuple[Bucket, Takings]], by: str, code: str) -> Chart:
    form = "%b" if by == MONTHS else "%d %b"
    return chart_of(
        [
            Datum(
                f"{bucket.day:{form}}",
                one.sales_minor,
                _back(one),
                f"{_called(bucket, by)}: {written_minor(one.sales_minor, code)} sold, "
                f"{written_minor(_back(one), code)} given back",
            )
            for bucket, one in pairs
        ]
    )


def _row(visit: Visit, bucket: Bucket, one: Takings, by: str) -> list[Cell]:
    code, name = visit.shop.currency, _called(bucket, by)

    def amount(minor: int, what: str) -> Cell:
        return Cell(written_minor(minor, code), "number", link=explain_at("figure", f"{name}.{code}", what))

    cells = [
        Cell(name),
        Cell(f"{one.sales:,}", "number"),
        amount(one.sales_minor, "sales"),
        _given_back(one, name, code),
    ]
    return [*cells, amount(one.net_minor, "net")] if visit.may(BOOKS, SEE) else cells


def _given_back(one: Takings, name: str, code: str) -> Cell:
    """What was given back, with the way to its tree: by kinds where it is of several."""
    what = "refunds"
    if one.chargebacks_minor:
        what = "given_back" if one.refunds_minor else "chargebacks"
    minor = one.refunds_minor + one.chargebacks_minor
    return Cell(written_minor(minor, code), "number", link=explain_at("figure", f"{name}.{code}", what))


def _back(one: Takings) -> int:
    return max(one.refunds_minor + one.chargebacks_minor, 0)


def _called(bucket: Bucket, by: str) -> str:
    return f"{bucket.day:%Y-%m}" if by == MONTHS else bucket.day.isoformat()


def _troubles(visit: Visit) -> list[Trouble]:
    found = troubles_of(visit.tx)._asdict()
    return [
        Trouble(way.title, _count(found[name]), address_of(way.path))
        for name, way in WAYS.items()
        if found[name].number and visit.may(way.area, SEE)
    ]


def _count(counted: Counted) -> str:
    return f"{counted.number:,}{' or more' if counted.is_more else ''}"


def _payout(visit: Visit) -> dict[str, Any]:
    """What was gathered for the next payout, and what of it would be paid out now."""
    pending = find_pending(visit.tx, get_merchant(visit.tx))
    parts = pending.parts
    return {
        "id": pending.id,
        "gathered": parts.payable_minor + parts.payout_fee,
        "payable": parts.payable_minor,
        "parts": rows_of(parts, pending.id),
    }


class Proved(NamedTuple):
    """The last proof of the books, as it is told."""

    cents: int
    problems: Sequence[str]
    at: str
    seq: int
    since: int


def _proof(visit: Visit) -> Proved | None:
    """None while the books are being proved for the first time, or where nobody proves them."""
    books = visit.ports.books
    found = None if books is None else books.proof(visit.home.shop.name)
    if found is None:
        return None
    at: datetime = found.at
    since = last_seq(visit.tx) - found.seq
    return Proved(found.cents, found.problems[:10], written_when(at, visit.shop), found.seq, max(since, 0))


def _renewals(visit: Visit) -> list[list[Cell]]:
    return [
        [
            Cell(f"{one.plan} · {one.enrolment_id}", link=link_to("enrolment", one.enrolment_id)),
            Cell(
                written_e4(one.price_e4, one.currency),
                "number",
                link=explain_at("enrolment", one.enrolment_id, "next"),
            ),
            Cell(f"{one.failed_attempts}", "number"),
            Cell(one.decline_code or ""),
            Cell(written_when(one.due_at, visit.shop) if one.is_active else "given up", "when"),
        ]
        for one in list_failed_renewals(visit.tx)
    ]


def _reviews(visit: Visit) -> list[list[Cell]]:
    return [
        [
            Cell(f"Order {one.number}", link=link_to("order", one.order_id)),
            Cell(one.name),
            Cell(
                written_minor(one.total_minor, one.currency),
                "number",
                link=explain_at("order", one.order_id, "total"),
            ),
            Cell(written_when(one.due_at, visit.shop), "when"),
        ]
        for one in list_fraud_reviews(visit.tx)
    ]


def _stock(visit: Visit) -> list[list[Cell]]:
    return [
        [
            Cell(one.name or one.code, link=link_to("product", one.id)),
            Cell(one.code),
            Cell(f"{one.quantity:,}", "number"),
        ]
        for one in list_low_stock(visit.tx)
    ]


PAGES = (Page("", show_home, None),)
