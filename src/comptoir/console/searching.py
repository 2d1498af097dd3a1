"""Search over everything: what goes by a number, a code, a name, an e-mail address, a tag or an amount."""

from collections.abc import Sequence
from typing import NamedTuple

from comptoir.console.cells import Cell
from comptoir.console.places import explain_at, link_to
from comptoir.console.rendering import written_minor, written_when
from comptoir.console.visits import Answer, Page, Shown, Visit
from comptoir.domain.finding.places import Found
from comptoir.domain.finding.queries import KINDS, OF_KIND, find

MORE = 50
TITLES = {
    "order": "Orders", "invoice": "Invoices", "order_line": "Lines of orders", "payment": "Payments",
    "refund": "Refunds", "chargeback": "Chargebacks", "enrolment": "Subscriptions", "product": "Products",
    "variant": "Variants", "coupon": "Coupons", "brand": "Brands", "category": "Categories",
    "customer": "Customers", "bank_customer": "Bank customers", "bank_account": "Bank accounts",
    "external_account": "External accounts", "bank_transfer": "Bank transactions", "card": "Cards",
    "transfer": "Transfers", "account": "Accounts in the books", "payout": "Payouts",
    "delivery": "Deliveries", "event": "Events",
}  # fmt: skip

# Where the amounts of kinds are explained.
EXPLAINED = {
    "order": ("order", "total"), "invoice": ("order", "total"), "order_line": ("line", "before_discount"),
    "payment": ("payment", "amount"), "refund": ("refund", "total"), "chargeback": ("chargeback", "amount"),
    "enrolment": ("enrolment", "next"), "product": ("product", "list_price"), "payout": ("payout", "amount"),
    "bank_transfer": ("transfer", "amount"),
}  # fmt: skip


class Hits(NamedTuple):
    """What was found of one kind, and where there may be more."""

    title: str
    rows: Sequence[Sequence[Cell]]
    more: str | None


def show_search(visit: Visit) -> Answer:
    """What goes by what was typed, by kind; of one kind more with `?kind=`."""
    text = visit.asked.said("q")
    asked_for = visit.asked.said("kind")
    kind = asked_for if asked_for in KINDS else None
    limit = OF_KIND if kind is None else MORE
    found = find(visit.tx, text, limit=limit, kind=kind)
    return Shown(
        "search.html",
        {
            "text": text.strip(),
            "hits": [_hits(visit, name, hits, is_all=kind is not None) for name, hits in found.items()],
            "is_more": any(len(hits) == limit for hits in found.values()),
            "count": sum(map(len, found.values())),
            "all": visit.asked.again(kind=None) if kind is not None else None,
        },
    )


def _hits(visit: Visit, kind: str, found: Sequence[Found], *, is_all: bool) -> Hits:
    more = None if is_all or len(found) < OF_KIND else visit.asked.again(kind=kind)
    return Hits(TITLES[kind], [_row(visit, one) for one in found], more)


def _row(visit: Visit, one: Found) -> list[Cell]:
    kind, key = one.about or (one.kind, one.id)
    return [
        Cell(one.title or f"{one.id}", link=link_to(kind, key)),
        Cell(one.detail),
        _amount(one),
        Cell(written_when(one.at, visit.shop), "when"),
    ]


def _amount(one: Found) -> Cell:
    """The amount that it goes by, which opens to its tree."""
    if one.amount is None:
        return Cell("", "number")
    kind, what = EXPLAINED[one.kind]
    return Cell(
        written_minor(one.amount.minor, one.amount.currency), "number", link=explain_at(kind, one.id, what)
    )


PAGES = (Page("/search", show_search, None),)
