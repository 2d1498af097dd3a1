"""Every amount that can be explained: whose it is, what it is called, and who may see it."""

from collections.abc import Callable
from typing import NamedTuple

from comptoir.domain.explaining.attempts import explain_attempt
from comptoir.domain.explaining.bank import explain_bank_account, explain_hold
from comptoir.domain.explaining.bank_files import explain_file, explain_file_entry
from comptoir.domain.explaining.chargebacks import explain_chargeback
from comptoir.domain.explaining.errors import NotExplained
from comptoir.domain.explaining.figures import AMOUNTS as FIGURE_AMOUNTS
from comptoir.domain.explaining.figures import explain_figure
from comptoir.domain.explaining.ledger import explain_account, explain_posting, explain_transfer
from comptoir.domain.explaining.lines import explain_line
from comptoir.domain.explaining.moved import explain_moved
from comptoir.domain.explaining.nodes import MOVED, Explanation
from comptoir.domain.explaining.order_rows import find_invoiced, get_order
from comptoir.domain.explaining.orders import explain_order
from comptoir.domain.explaining.payments import explain_payment
from comptoir.domain.explaining.payouts import explain_entry, explain_payout, is_pending
from comptoir.domain.explaining.prices import explain_list_price, explain_price, explain_tier
from comptoir.domain.explaining.recurring import explain_enrolment, explain_plan
from comptoir.domain.explaining.returns import explain_refund, explain_refund_item
from comptoir.domain.explaining.statements import (
    OF_ACCOUNT,
    OF_TAX_FORM,
    TOTALS,
    explain_statement,
    explain_statement_account,
    explain_statement_line,
    get_kept,
)
from comptoir.domain.explaining.trial import AMOUNTS as TRIAL_AMOUNTS
from comptoir.domain.explaining.trial import explain_trial
from comptoir.domain.identity.permissions import BANK, BOOKS, CATALOGUE, SALES
from comptoir.domain.tx import Tx

ID_DIGITS_MAX = 18

Explainer = Callable[[Tx, str, str, int], Explanation]


class Kind(NamedTuple):
    """A kind of record with amounts: the area that may see it, and its amounts, the one that is meant first."""

    area: str
    amounts: tuple[str, ...]
    explain: Explainer


def _named(explain: Callable[[Tx, str, str], Explanation]) -> Explainer:
    """An explainer of what has a name instead of a number."""
    return lambda tx, id, what, _: explain(tx, id, what)


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
    if what == "list_price":
        return Explanation(explain_list_price(tx, product_id, tx.shop.currency))
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
    "balance", "left", "charges_left", "charged_back", "fee", "customer_total", "usd_total",
)  # fmt: skip
# What the merchant is left with is no affair of everybody who sells.
OF_BOOKS = frozenset({("figure", "net"), ("figure", "fees")})
OF_INVOICES = frozenset({"fee", "customer_total", "usd_total"})
ACCOUNT_AMOUNTS = ("balance", "available", "pending_in", "pending_out", "held")

KINDS = {
    "order": Kind(SALES, ORDER_AMOUNTS, _paged(explain_order)),
    "line": Kind(
        SALES,
        ("amount", "price", "before_discount", "tax", "discount", "refunded", "left"),
        _plainly(explain_line),
    ),
    "refund": Kind(SALES, ("total", "items", "shipping", "tax"), _paged(explain_refund)),
    "refund_item": Kind(SALES, ("amount", "tax"), _plainly(explain_refund_item)),
    "payment": Kind(SALES, ("amount",), _plainly(explain_payment)),
    "attempt": Kind(SALES, ("amount",), _plainly(explain_attempt)),
    "chargeback": Kind(SALES, ("amount",), _plainly(explain_chargeback)),
    "enrolment": Kind(SALES, ("next",), _plainly(explain_enrolment)),
    "subscription": Kind(SALES, ("price",), _plainly(explain_plan)),
    "product": Kind(CATALOGUE, ("price", "list_price"), _plainly(_price)),
    "pricing": Kind(CATALOGUE, ("price",), _plainly(_tier)),
    "payout": Kind(BOOKS, ("amount", "payable"), _paged(explain_payout)),
    "payout_entry": Kind(BOOKS, ("amount",), _plainly(explain_entry)),
    "account": Kind(BOOKS, ACCOUNT_AMOUNTS, _paged(explain_account)),
    "transfer": Kind(BOOKS, ("amount",), _plainly(explain_transfer)),
    MOVED: Kind(BOOKS, ("amount",), explain_moved),
    "posting": Kind(BOOKS, ("amount", "balance"), _plainly(explain_posting)),
    "bank_account": Kind(BANK, ACCOUNT_AMOUNTS, _paged(explain_bank_account)),
    "figure": Kind(SALES, FIGURE_AMOUNTS, explain_figure),
    "trial": Kind(BOOKS, TRIAL_AMOUNTS, explain_trial),
    "statement": Kind(BANK, (*TOTALS, *OF_TAX_FORM), _plainly(explain_statement)),
    "statement_account": Kind(BANK, OF_ACCOUNT, explain_statement_account),
    "statement_line": Kind(BANK, ("balance",), explain_statement_line),
    "hold": Kind(BANK, ("amount",), _plainly(explain_hold)),
    "bank_file": Kind(BANK, ("debits", "credits"), _paged(explain_file)),
    "file_entry": Kind(BANK, ("amount",), _named(explain_file_entry)),
}


def _not_of_order(tx: Tx, order_id: int) -> frozenset[str]:
    """Only an invoice has some of the amounts."""
    return OF_INVOICES if find_invoiced(tx, get_order(tx, order_id).id) is None else frozenset()


def _not_of_statement(tx: Tx, statement_id: int) -> frozenset[str]:
    """A tax form tells of interest, a statement of movements."""
    return frozenset({*TOTALS, *OF_TAX_FORM}) - frozenset(get_kept(tx, statement_id).amounts)


def _not_of_payout(tx: Tx, payout_id: int) -> frozenset[str]:
    """Only what has not left yet may still become another amount."""
    return frozenset() if is_pending(tx, payout_id) else frozenset({"payable"})


# What not every record of a kind has.
MISSING: dict[str, Callable[[Tx, int], frozenset[str]]] = {
    "order": _not_of_order,
    "statement": _not_of_statement,
    "payout": _not_of_payout,
}


def area_of(kind: str, what: str) -> str:
    """Where one must be allowed to look for an amount. Refuses: NotExplained (kind)."""
    found = KINDS.get(kind)
    if found is None:
        raise NotExplained(kind)
    return BOOKS if (kind, what or found.amounts[0]) in OF_BOOKS else found.area


def amounts_of(tx: Tx, kind: str, id: int | str) -> tuple[str, ...]:
    """The amounts that a record has, of those of its kind. Refuses: NotExplained, OrderNotFound, StatementNotFound."""
    found = KINDS.get(kind)
    if found is None:
        raise NotExplained(kind)
    missing = MISSING[kind](tx, _number(str(id))) if kind in MISSING else frozenset[str]()
    return tuple(what for what in found.amounts if what not in missing)


def explain(tx: Tx, kind: str, id: int | str, what: str = "", *, after: int = 0) -> Explanation:
    """Why an amount of a record is what it is; the one that is meant when none is named.

    Refuses: NotExplained (kind, id, what), NotFound of the record.
    """
    found = KINDS.get(kind)
    if found is None:
        raise NotExplained(kind)
    return found.explain(tx, str(id), what or found.amounts[0], after)
