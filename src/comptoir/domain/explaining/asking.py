"""Every amount that can be explained: whose it is, what it is called, and who may see it."""

from collections.abc import Callable
from typing import NamedTuple

from comptoir.domain.explaining.bank import explain_bank_account, explain_statement
from comptoir.domain.explaining.errors import NotExplained
from comptoir.domain.explaining.figures import AMOUNTS as FIGURE_AMOUNTS
from comptoir.domain.explaining.figures import explain_figure
from comptoir.domain.explaining.ledger import explain_account, explain_posting, explain_transfer
from comptoir.domain.explaining.lines import explain_line
from comptoir.domain.explaining.nodes import Explanation
from comptoir.domain.explaining.order_rows import find_invoiced, get_order
from comptoir.domain.explaining.orders import explain_order
from comptoir.domain.explaining.payments import explain_payment
from comptoir.domain.explaining.payouts import explain_entry, explain_payout
from comptoir.domain.explaining.prices import explain_price, explain_tier
from comptoir.domain.explaining.recurring import explain_enrolment, explain_plan
from comptoir.domain.explaining.returns import explain_refund
from comptoir.domain.identity.permissions import BANK, BOOKS, CATALOGUE, SALES
from comptoir.domain.tx import Tx

ID_DIGITS_MAX = 18

Explainer = Callable[[Tx, str, str, int], Explanation]


class Kind(NamedTuple):
    """A kind of record with amounts: the area that may see it, and its amounts, the one that is meant first."""

    area: str
    amounts: tuple[str, ...]
    explain: Explainer


def _paged(explain: Callable[[Tx, int, str, int], Explanation]) -> Explainer:
    """An explainer of records with numbers, which tells page by page."""
    return lambda tx, id, what, after: explain(tx, _number(id), what, after)


def _plainly(explain: Callable[[Tx, int, str], Explanation]) -> Explainer:
    """An explainer of records with numbers, which tells all at once."""
    return lambda tx, id, what, _: explain(tx, _number(id), what)


def _number(id: str) -> int:
    """Refuses: NotExplained."""
    if not (id.isascii() and id.isdigit() and len(id) <= ID_DIGITS_MAX):
        raise NotExplained(f"of {id}")
    return int(id)


def _price(tx: Tx, product_id: int, what: str) -> Explanation:
    """Refuses: ProductNotFound, NotExplained."""
    if what != "price":
        raise NotExplained(what)
    return Explanation(explain_price(tx, product_id, tx.shop.currency))


def _tier(tx: Tx, pricing_id: int, what: str) -> Explanation:
    """Refuses: PricingNotFound, NotExplained."""
    if what != "price":
        raise NotExplained(what)
    return Explanation(explain_tier(tx, pricing_id, tx.shop.currency))


ORDER_AMOUNTS = (
    "total", "tax", "discount", "charges", "delivery", "insurance", "surcharge", "paid", "repaid", "refunded",
    "balance", "fee", "customer_total", "usd_total",
)  # fmt: skip
# What the merchant is left with is no affair of everybody who sells.
OF_BOOKS = frozenset({("figure", "net"), ("figure", "fees")})
OF_INVOICES = frozenset({"fee", "customer_total", "usd_total"})
ACCOUNT_AMOUNTS = ("balance", "available", "pending_in", "pending_out", "held")

KINDS = {
    "order": Kind(SALES, ORDER_AMOUNTS, _plainly(explain_order)),
    "line": Kind(SALES, ("amount", "tax", "discount", "refunded"), _plainly(explain_line)),
    "refund": Kind(SALES, ("total", "items", "shipping", "tax"), _plainly(explain_refund)),
    "payment": Kind(SALES, ("amount",), _plainly(explain_payment)),
    "enrolment": Kind(SALES, ("next",), _plainly(explain_enrolment)),
    "subscription": Kind(SALES, ("price",), _plainly(explain_plan)),
    "product": Kind(CATALOGUE, ("price",), _plainly(_price)),
    "pricing": Kind(CATALOGUE, ("price",), _plainly(_tier)),
    "payout": Kind(BOOKS, ("amount",), _paged(explain_payout)),
    "payout_entry": Kind(BOOKS, ("amount",), _plainly(explain_entry)),
    "account": Kind(BOOKS, ACCOUNT_AMOUNTS, _paged(explain_account)),
    "transfer": Kind(BOOKS, ("amount",), _plainly(explain_transfer)),
    "posting": Kind(BOOKS, ("amount",), _plainly(explain_posting)),
    "bank_account": Kind(BANK, ACCOUNT_AMOUNTS, _paged(explain_bank_account)),
    "figure": Kind(SALES, FIGURE_AMOUNTS, explain_figure),
    "statement": Kind(BANK, ("closing", "opening", "in", "out"), _plainly(explain_statement)),
}


def area_of(kind: str, what: str) -> str:
    """Where one must be allowed to look for an amount. Refuses: NotExplained (kind)."""
    found = KINDS.get(kind)
    if found is None:
        raise NotExplained(kind)
    return BOOKS if (kind, what or found.amounts[0]) in OF_BOOKS else found.area


def amounts_of(tx: Tx, kind: str, id: int | str) -> tuple[str, ...]:
    """The amounts that a record has: only an invoice has some of an order's. Refuses: NotExplained, OrderNotFound."""
    found = KINDS.get(kind)
    if found is None:
        raise NotExplained(kind)
    if kind != "order" or find_invoiced(tx, get_order(tx, _number(str(id))).id) is not None:
        return found.amounts
    return tuple(what for what in found.amounts if what not in OF_INVOICES)


def explain(tx: Tx, kind: str, id: int | str, what: str = "", *, after: int = 0) -> Explanation:
    """Why an amount of a record is what it is; the one that is meant when none is named.

    Refuses: NotExplained (kind, id, what), NotFound of the record, TooFarBack.
    """
    found = KINDS.get(kind)
    if found is None:
        raise NotExplained(kind)
    return found.explain(tx, str(id), what or found.amounts[0], after)
