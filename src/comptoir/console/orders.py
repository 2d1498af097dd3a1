"""Orders: the list of all that was sold, and the ways to an order's page."""

from collections.abc import Sequence
from typing import Any

from comptoir.console.cells import Cell, Column, badge, minor, text, to, when
from comptoir.console.filters import (
    Asking,
    Input,
    Narrowing,
    Query,
    amounts,
    choice,
    contains,
    days,
    exactly,
    flag,
    through,
    value_of,
)
from comptoir.console.kinds import storable
from comptoir.console.listing import Listing, Sort, show_list
from comptoir.console.places import address_of
from comptoir.console.visits import Answer, Gone, Page, Visit
from comptoir.domain.identity.permissions import SALES
from comptoir.domain.orders.errors import LineNotFound
from comptoir.domain.orders.models import FRAUD_STATUSES, INVOICE_STATUSES, STATUSES, Invoice, Order
from comptoir.domain.sales.whole import MoneyState, money_states, order_of_any_line
from comptoir.domain.shop import ShopFacts
from comptoir.domain.tx import Tx
from comptoir.storage.reading import Filter, Relation, Target
from comptoir.storage.schema import Attribute


def named(name: str, label: str, attribute: Attribute[Any]) -> Narrowing:
    """A whole text as it is written: an index finds it."""
    target = Target(attribute, "number")

    def ask(query: Query, _shop: ShopFacts) -> Asking:
        value = value_of(query, name)
        inputs = (Input(name, label, "search", value),)
        if not value:
            return Asking(inputs)
        try:
            return Asking(inputs, (Filter(target, "eq", (storable(value),)),))
        except ValueError as error:
            return Asking(inputs, (Filter(target, "never"),), f"{label}: {error}")

    return Narrowing(name, ask)


def unless_zero(column: Column) -> Column:
    """The same column, empty where there is nothing; in CSV it stays a nought."""

    def write(row: Sequence[Any], shop: ShopFacts) -> Cell:
        cell = column.write(row, shop)
        return cell if row[0] else Cell("", "number", cell.plain)

    write.is_number = True  # type: ignore[attr-defined]  # a note for the list's head
    return Column(column.title, write, column.attributes)


INVOICE = Relation(Invoice, holder=Invoice.order_id, key=Order.id)
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
    through(
        choice("fraud", "Fraud review", Invoice.fraud_status, [one for one in FRAUD_STATUSES if one]), INVOICE
    ),
    days("placed", "Placed", Order.created_at),
    amounts("total", "Total", Order.total_minor),
    contains("name", "Customer", Order.billing_name),
    contains("email", "E-mail", Order.billing_email),
    named("number", "Number", Order.number),
    exactly("sale", "Sale", Order.sale_id),
    flag("renewal", "Renewals", Order.is_renewal, yes="only", no="none"),
)
BY_ID = (Sort("newest", "newest first", Order.id, falls=True), Sort("oldest", "oldest first", Order.id))
BY_DAY = (
    Sort("latest", "latest first", Order.created_at, falls=True),
    Sort("earliest", "earliest first", Order.created_at),
)
CHANGED = Sort("changed", "lately changed", Order.updated_at, falls=True)


def payment_cells(tx: Tx, order_ids: Sequence[int]) -> list[list[Cell]]:
    """Where the money of each order of a page is."""
    found = money_states(tx, order_ids)
    return [[Cell(word(found[order_id]), "badge")] for order_id in order_ids]


def word(state: MoneyState) -> str:
    """Where an order's money is, and whether its buyer is under suspicion."""
    if state.fraud_status in {"wait", "fail"} and state.invoice_status == "approved":
        return f"{state.word}, review: {state.fraud_status}"
    return state.word


def _listing(sorts: Sequence[Sort]) -> Listing:
    return Listing(
        "orders", "Orders", "/orders", Order, columns=COLUMNS, sorts=sorts, filters=FILTERS, area=SALES,
        make="New order", more_titles=("Payment",), more=payment_cells,
    )  # fmt: skip


ORDERS = _listing((*BY_ID, *BY_DAY, CHANGED))
# Who looks at some days walks by the day: by number, the whole list would be read to find them.
ORDERS_OF_DAYS = _listing((*BY_DAY, CHANGED))
SHOW, SHOW_DAYS = show_list(ORDERS), show_list(ORDERS_OF_DAYS)


def show_orders(visit: Visit) -> Answer:
    """The list."""
    asks_days = any(visit.asked.said(name) for name in ("placed_from", "placed_to"))
    return (SHOW_DAYS if asks_days else SHOW)(visit)


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
