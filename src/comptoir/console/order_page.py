"""An order's page: what was sold, to whom, what came in for it, what went back, and what is to be done."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from comptoir.console.order_forms import COMMENT, REVIEW, SHIP, pay_form, shown_form, surplus_form
from comptoir.console.order_tables import (
    attempt_cells,
    entry_cells,
    kin_cells,
    line_title,
    payment_cells,
    posting_cells,
    refund_cells,
)
from comptoir.console.orders import order_at
from comptoir.console.places import address_of
from comptoir.console.visits import Answer, Gone, Page, Shown, Visit
from comptoir.domain.errors import Conflict
from comptoir.domain.events.queries import EventRow, list_events_of
from comptoir.domain.identity.permissions import BOOKS, CUSTOMERS, SALES, SEE
from comptoir.domain.merchant.queries import get_merchant
from comptoir.domain.money import e4_of_minor
from comptoir.domain.orders.commenting import list_comments
from comptoir.domain.orders.errors import OrderNotFound, SaleNotFound
from comptoir.domain.orders.models import (
    APPROVED,
    COMPLETED,
    ITEMISED_TYPES,
    SHIPPED,
    SPLIT,
    UNREVIEWED,
    VOID_STATUSES,
    WAIT,
    Order,
)
from comptoir.domain.orders.models import PENDING as SUBMITTED
from comptoir.domain.orders.queries import first_of_sale
from comptoir.domain.orders.sales import find_books
from comptoir.domain.orders.shipping import require_shippable
from comptoir.domain.payments.actions import owed_minor
from comptoir.domain.payments.gateways import MANUAL
from comptoir.domain.payments.models import PENDING, SUCCESS
from comptoir.domain.payments.queries import PaymentRow, list_payments
from comptoir.domain.payments.surplus import surplus_minor
from comptoir.domain.payouts.queries import list_entries_of_order
from comptoir.domain.refunds.invoices import CATEGORIES
from comptoir.domain.refunds.standing import Standing, find_standings
from comptoir.domain.sales.money import list_disputed, list_posted_for
from comptoir.domain.sales.whole import (
    Row,
    find_invoice_row,
    get_whole,
    list_given,
    list_kin,
    list_whole_lines,
)
from comptoir.domain.tx import Tx

HAPPENED, HAPPENED_MAX = 15, 200
# What an order is made of, as it is written beneath its lines; all but the total only when there is any.
TOTALS = (
    ("Delivery", "delivery"), ("Insurance", "insurance"), ("Surcharge", "surcharge"), ("Discount", "discount"),
    ("Tax", "tax"), ("Total", "total"), ("Paid", "paid"), ("Given back", "repaid"), ("Refunded", "refunded"),
)  # fmt: skip


# The money of such an invoice is taken by capturing it, or is on its way.
PROMISED = frozenset({APPROVED, SUBMITTED})


class Amount(NamedTuple):
    """One of an order's amounts, which opens to what makes it."""

    label: str
    what: str
    minor: int


class Item(NamedTuple):
    """A line with what may still be refunded of it."""

    row: Row
    payable_minor: int
    left_minor: int
    pieces_left: int
    is_part: bool

    @property
    def extras(self) -> list[str]:
        """What was chosen, and what recurs, in words."""
        item = self.row["item"] or {}
        chosen = [f"{one.get('name')}: {one.get('value')}" for one in item.get("surcharges") or ()]
        chosen += [f"{name}: {value}" for name, value in options_of(self.row["options"])]
        if item.get("recurrence_unit"):
            chosen.append(f"every {item['recurrence_count']} {item['recurrence_unit']}")
        return chosen


def options_of(options: Any) -> list[tuple[str, str]]:
    """The options of a line in words, however they were kept where it came from."""
    if isinstance(options, Mapping):
        return [(str(name), _said(value)) for name, value in options.items()]
    return [("options", _said(options))] if options else []


def _said(value: Any) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_said(one)}" for name, one in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_said(one) for one in value)
    return str(value)


def show_order(visit: Visit) -> Answer:
    """The page; a sale's number leads to its first order. Refuses: OrderNotFound."""
    try:
        order = get_whole(visit.tx, Order, visit.id)
    except OrderNotFound:
        return to_sale(visit)
    root_id = root_of(order)
    standing = find_standings(visit.tx, [visit.id], is_looking=True)[visit.id]
    invoice = find_invoice_row(visit.tx, visit.id)
    payments = list_payments(visit.tx, root_id)
    items = items_of(visit.tx, standing)
    values = {
        "order": order,
        "invoice": invoice,
        "root_id": root_id,
        "items": items,
        "amounts": amounts_of(order, standing, invoice),
        "kin": kin_cells(
            [one for one in list_kin(visit.tx, order["sale_id"]) if one.id != visit.id], visit.shop
        ),
        "payment_cells": payment_cells(payments, visit.shop),
        "attempt_cells": attempt_cells(visit, payments),
        "disputed": list_disputed(visit.tx, root_id),
        "refund_cells": refund_cells(list_given(visit.tx, root_id), visit.shop),
        "comments": list_comments(visit.tx, order["sale_id"]),
        "categories": CATEGORIES,
        "happened": happened_to(visit.tx, order, HAPPENED)[:HAPPENED],
        "left_minor": min(standing.balance_minor, standing.purse.left_minor(is_paid_out=False)),
        **doable(visit, order, invoice, payments),
        "splittable": [
            (one.row["id"], line_title(one.row))
            for one in items
            if not one.is_part and one.row["type"] not in ITEMISED_TYPES
        ],
    }
    return Shown("order.html", {**head_of(visit, order, ""), **values})


def to_sale(visit: Visit) -> Answer:
    """Where the sale of this number is shown. Refuses: OrderNotFound."""
    try:
        return Gone(order_at(first_of_sale(visit.tx, visit.id)))
    except SaleNotFound as error:
        raise OrderNotFound(visit.id) from error


def root_of(order: Mapping[str, Any]) -> int:
    """The order in whose books this one stands."""
    is_own = order["parent_id"] is None or order["is_renewal"]
    return int(order["id"] if is_own else order["parent_id"])


def head_of(visit: Visit, order: Mapping[str, Any], tab: str) -> dict[str, Any]:
    """What every tab of an order begins with."""
    tabs = [("Order", order_at(order["id"]), tab == "")]
    if visit.may(BOOKS, SEE):
        tabs.append(("Money", order_at(order["id"], "/money"), tab == "money"))
    tabs.append(("Three ways", address_of(f"/three-ways/order/{order['id']}"), False))
    tabs.append(("Events", order_at(order["id"], "/events"), tab == "events"))
    return {
        "title": f"Order {order['number'] or order['id']}",
        "way": [("Orders", address_of("/orders"))],
        "tabs_shown": tabs,
    }


def items_of(tx: Tx, standing: Standing) -> list[Item]:
    """The lines, the parts of bundles behind them."""
    return [
        Item(
            row,
            standing.lines[row["id"]].paid_for_minor,
            standing.lines[row["id"]].left_minor,
            standing.lines[row["id"]].pieces_left,
            row["parent_line_id"] is not None,
        )
        for row in list_whole_lines(tx, standing.order.id)
    ]


def amounts_of(order: Row, standing: Standing, invoice: Row | None) -> list[Amount]:
    """An order's amounts; a part of a split order has no money of its own."""
    found = []
    for label, what in TOTALS:
        e4 = order.get(f"{what}_e4")
        minor = order.get(f"{what}_minor")
        if minor is None:
            minor = round_e4(e4 or 0, order["currency"])
        if minor or what == "total":
            found.append(Amount(label, what, -minor if what == "discount" else minor))
    if standing.root.id == standing.order.id:
        owed = owed_minor(standing.root)
        found.append(Amount("Paid too much" if owed < 0 else "Still owed", "balance", owed))
    if invoice is not None and invoice["fee_minor"]:
        found.append(Amount("Fee for processing", "fee", invoice["fee_minor"]))
    return found


def round_e4(e4: int, currency: str) -> int:
    """Ten-thousandths in minor units; an order's charges are whole ones."""
    return e4 // e4_of_minor(1, currency)


def doable(visit: Visit, order: Row, invoice: Row | None, payments: list[PaymentRow]) -> dict[str, Any]:
    """What this operator may do with the order as it stands: the forms, and which buttons are shown."""
    may = visit.may(SALES)
    at = order_at(order["id"])
    is_open = may and order["status"] not in VOID_STATUSES
    is_root = root_of(order) == order["id"]
    state = None if invoice is None else invoice["status"]
    held = [row for row in payments if row.status == PENDING and invoice and row.id == invoice["payment_id"]]
    root = find_books(visit.tx, [root_of(order)], is_looking=True)[root_of(order)]
    owed = owed_minor(root)
    theirs = surplus_minor(visit.tx, root) if may and is_root else 0
    reviewed = may and state == APPROVED
    return {
        "may": may,
        "may_see_customers": visit.may(CUSTOMERS, SEE),
        "update": shown_form(order).filled(visit, f"{at}/update", order) if may else None,
        "ship": SHIP.filled(visit, f"{at}/ship") if may and may_ship(visit.tx, order) else None,
        "comment": COMMENT.filled(visit, f"{at}/comment") if may else None,
        "pay": pay_form(order["currency"]).filled(visit, f"{at}/pay", paying(order, owed)) if may else None,
        "give_back": surplus_form(order["currency"]).filled(visit, f"{at}/give-back", giving(order, theirs))
        if theirs
        else None,
        "surplus_minor": theirs,
        "review": REVIEW.filled(visit, f"{at}/review", {"status": invoice["fraud_status"] or WAIT})
        if reviewed and invoice is not None and invoice["fraud_status"] != UNREVIEWED
        else None,
        "may_charge": is_open and owed > 0 and state not in PROMISED and _is_near(visit),
        "may_capture": may and state == APPROVED,
        "may_release": may and bool(held),
        "may_reauthorise": may and state == APPROVED and bool(held),
        # What is on its way is given back, not called off.
        "may_cancel": is_open and order["status"] not in {SHIPPED, COMPLETED},
        "may_refund": may and order["paid_minor" if is_root else "total_minor"] > 0,
        "may_split": is_open and is_root and order["status"] != SPLIT and not order["has_children"],
        "owed_minor": owed,
    }


def paying(order: Row, owed: int) -> dict[str, Any]:
    """What the form for a payment is filled with: what is owed, by hand."""
    amount_e4 = e4_of_minor(owed, order["currency"]) if owed > 0 else None
    return {"amount": amount_e4, "gateway": MANUAL, "status": SUCCESS}


def giving(order: Row, theirs: int) -> dict[str, Any]:
    """What the form for giving back is filled with: all that is the customer's."""
    return {"amount": e4_of_minor(theirs, order["currency"])}


def _is_near(visit: Visit) -> bool:
    """Whether the shop's own gateway may be asked at once, without a card that was handed over before.

    By hand nobody is asked: what came is recorded.
    """
    gateway = visit.home.gateways(get_merchant(visit.tx).gateway)
    return gateway.name != MANUAL and not gateway.is_remote


def may_ship(tx: Tx, order: Row) -> bool:
    """Whether the order can be sent; one that was split is sent by its parts."""
    if order["status"] == SPLIT:
        return False
    try:
        require_shippable(tx, order["id"])
    except Conflict:
        return False
    return True


def happened_to(tx: Tx, order: Mapping[str, Any], limit: int) -> list[EventRow]:
    """What happened to an order, its invoice and its sale, the newest first."""
    of = (("order", order["id"]), ("invoice", order["id"]), ("sale", order["sale_id"]))
    rows = [
        row for subject, key in of for row in list_events_of(tx, subject=subject, subject_id=key, limit=limit)
    ]
    return sorted(rows, key=lambda row: -row.seq)


def show_money(visit: Visit) -> Answer:
    """What an order posted, and what it brought to payouts. Refuses: OrderNotFound."""
    order = get_whole(visit.tx, Order, visit.id)
    posted = list_posted_for(visit.tx, "order", root_of(order))
    entries = list_entries_of_order(visit.tx, root_of(order))
    values = {
        "order": order,
        "root_id": root_of(order),
        "postings": posting_cells(posted, visit.shop),
        "settled": entry_cells(entries, visit.shop),
    }
    return Shown("order_money.html", {**head_of(visit, order, "money"), **values})


def show_events(visit: Visit) -> Answer:
    """All that happened to an order. Refuses: OrderNotFound."""
    order = get_whole(visit.tx, Order, visit.id)
    happened = happened_to(visit.tx, order, HAPPENED_MAX)[:HAPPENED_MAX]
    return Shown(
        "order_events.html", {**head_of(visit, order, "events"), "order": order, "happened": happened}
    )


PAGES = (
    Page("/orders/{id:digits}", show_order, SALES),
    Page("/orders/{id:digits}/money", show_money, BOOKS),
    Page("/orders/{id:digits}/events", show_events, SALES),
)
