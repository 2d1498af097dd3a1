"""Orders: the list of all that was sold, and the ways to an order's page."""

from collections.abc import Sequence
from typing import Any

from comptoir.console.cells import Cell, Column, badge, minor, text, to, when
from comptoir.console.filters import (
    Asking,
    Narrowing,
    Query,
    amounts,
    choice,
    contains,
    days,
    exactly,
    spelled,
    through,
)
from comptoir.console.listing import Listing, Sort, newest_first, show_list
from comptoir.console.places import address_of
from comptoir.console.visits import Answer, Gone, Page, Visit
from comptoir.domain.identity.permissions import SALES
from comptoir.domain.orders.errors import LineNotFound
from comptoir.domain.orders.models import FRAUD_STATUSES, INVOICE_STATUSES, STATUSES, Invoice, Order
from comptoir.domain.sales.money import MoneyState, find_few_invoices, money_states
from comptoir.domain.sales.whole import order_of_any_line
from comptoir.domain.shop import ShopFacts
from comptoir.domain.tx import Tx
from comptoir.storage.reading import Filter, Relation, Target


def unless_zero(column: Column) -> Column:
    """The same column, empty where there is nothing; in CSV it stays a nought."""

    def write(row: Sequence[Any], shop: ShopFacts) -> Cell:
        cell = column.write(row, shop)
        return cell if row[0] else Cell("", "number", cell.plain)

    return Column(column.title, write, column.attributes)


INVOICE = Relation(Invoice, holder=Invoice.order_id, key=Order.id)
REVIEWS = tuple(one for one in FRAUD_STATUSES if one)
STATUS_WORDS = {status: "in progress" if status == "inprogress" else status for status in STATUSES}
COLUMNS = (
    text("Number", Order.number),
    text("Sale", Order.sale_id),
    when("Placed", Order.created_at),
    to("Customer", Order.billing_name, "customer", Order.customer_id),
    badge("Status", Order.status),
    minor("Total", Order.total_minor, Order.currency, explain=("order", "total", Order.id)),
    unless_zero(
        minor("Refunded", Order.refunded_minor, Order.currency, explain=("order", "refunded", Order.id))
    ),
)
FILTERS = (
    choice("status", "Status", Order.status, STATUS_WORDS),
    through(choice("invoice", "Payment", Invoice.status, INVOICE_STATUSES), INVOICE),
    through(choice("fraud", "Fraud review", Invoice.fraud_status, REVIEWS), INVOICE),
    days("placed", "Placed", Order.created_at),
    amounts("total", "Total", Order.total_minor),
    contains("name", "Customer", Order.billing_name),
    contains("email", "E-mail", Order.billing_email),
    spelled("number", "Number", Order.number),
    exactly("sale", "Sale", Order.sale_id),
)
KEY, STATUS = Target(Order.id, "number"), Target(Order.status, "text")


def unindexed(narrowing: Narrowing) -> Narrowing:
    """The filter by status, where the walk's own index must not be left for that of the status."""

    def ask(query: Query, shop: ShopFacts) -> Asking:
        asked = narrowing.ask(query, shop)
        moved = tuple(Filter(STATUS, one.operator, one.values) for one in asked.filters)
        return asked._replace(filters=moved)

    return Narrowing(narrowing.name, ask)


def payment_cells(tx: Tx, order_ids: Sequence[int]) -> list[list[Cell]]:
    """Where the money of each order of a page is."""
    found = money_states(tx, order_ids)
    return [[Cell(word(found[order_id]), "badge")] for order_id in order_ids]


def word(state: MoneyState) -> str:
    """Where an order's money is, and whether its buyer is under suspicion."""
    if state.fraud_status in {"wait", "fail"} and state.invoice_status == "approved":
        return f"{state.word}, review: {state.fraud_status}"
    return state.word


def within_few(visit: Visit) -> tuple[Filter, ...]:
    """Where few invoices are in the state that is asked for, only their orders are looked at."""
    invoice, fraud = visit.asked.said("invoice"), visit.asked.said("fraud")
    if invoice not in INVOICE_STATUSES and fraud not in REVIEWS:
        return ()
    few = find_few_invoices(visit.tx, status=invoice, fraud_status=fraud)
    return () if few is None else (Filter(KEY, "in", tuple(few)),)


def _listing(sorts: Sequence[Sort], filters: Sequence[Narrowing] = FILTERS) -> Listing:
    return Listing(
        "orders", "Orders", "/orders", Order, columns=COLUMNS, sorts=sorts, filters=filters, area=SALES,
        make="New order", more_titles=("Payment",), more=payment_cells,
    )  # fmt: skip


# Whatever the list is narrowed by, it is walked along an index that holds that: by the day, by the id where parts
# of names are looked for, by the amount where amounts are. Every other walk would read all orders.
ORDERS = _listing(
    (*newest_first(Order.created_at), Sort("changed", "lately changed", Order.updated_at, falls=True))
)
BY_DAY = show_list(_listing(newest_first(Order.created_at)), within_few)
BY_NAME = show_list(_listing(newest_first(Order.id)), within_few)
BY_AMOUNT = show_list(
    _listing(
        (
            Sort("largest", "largest first", Order.total_minor, falls=True),
            Sort("smallest", "smallest first", Order.total_minor),
        ),
        (unindexed(FILTERS[0]), *FILTERS[1:]),
    ),
    within_few,
)
PLAIN = show_list(ORDERS, within_few)


def show_orders(visit: Visit) -> Answer:
    """The list."""

    def asks(*names: str) -> bool:
        return any(visit.asked.said(name).strip() for name in names)

    if asks("name", "email"):
        return BY_NAME(visit)
    if asks("placed_from", "placed_to"):
        return BY_DAY(visit)
    if asks("total_from", "total_to"):
        return BY_AMOUNT(visit)
    return (BY_DAY if asks("status") else PLAIN)(visit)


def show_line(visit: Visit) -> Answer:
    """Where a line is shown: on its order. Refuses: LineNotFound."""
    order_id = order_of_any_line(visit.tx, visit.id)
    if order_id is None:
        raise LineNotFound(visit.id)
    return Gone(f"{order_at(order_id)}#line-{visit.id}")


def order_at(order_id: Any, tab: str = "") -> str:
    """The address of an order's page, or of one of its tabs."""
    return address_of(f"/orders/{order_id}{tab}")


PAGES = (
    Page("/orders", show_orders, SALES),
    Page("/order-lines/{id:digits}", show_line, SALES),
)
