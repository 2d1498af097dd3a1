"""Refunds: the list, and the page of one, where a draft is previewed, processed, or said to have failed."""

from typing import Any

from comptoir.console.cells import Cell, badge, e4, text, to, when
from comptoir.console.filters import amounts, choice, days, exactly
from comptoir.console.listing import Listing, newest_first, show_list
from comptoir.console.order_refunds import REASONS, WORDS, refuse_unseen, shown_rehearsal, told_in_money
from comptoir.console.order_tables import posting_cells
from comptoir.console.places import address_of, explain_at
from comptoir.console.rendering import written_e4, written_minor
from comptoir.console.visits import Act, Answer, Gone, Page, Shown, Visit
from comptoir.domain.events.queries import list_events_of
from comptoir.domain.identity.errors import OperatorNotFound
from comptoir.domain.identity.permissions import BOOKS, SALES, SEE
from comptoir.domain.identity.queries import get_operator
from comptoir.domain.orders.models import Order
from comptoir.domain.orders.queries import get_head
from comptoir.domain.payments.errors import PaymentNotFound
from comptoir.domain.payments.models import OPEN
from comptoir.domain.payments.queries import find_last_received, get_payment
from comptoir.domain.refunds.actions import fail_refund
from comptoir.domain.refunds.giving import process_wanted, rehearse_refund
from comptoir.domain.refunds.invoices import CATEGORIES
from comptoir.domain.refunds.models import AMOUNT, REFUND_STATUSES, SHIPPING, SUCCESS, Refund
from comptoir.domain.refunds.queries import get_refund
from comptoir.domain.sales.money import find_return, find_settled_refund, list_posted_by
from comptoir.domain.sales.whole import Row, get_whole, list_given_items

REFUNDS = Listing(
    "refunds",
    "Refunds",
    "/refunds",
    Refund,
    columns=(
        text("Refund", Refund.id),
        to("Order", Refund.order_id, "order"),
        badge("Status", Refund.status),
        when("Drafted", Refund.created_at),
        when("Given back", Refund.refunded_at),
        e4("Amount", Refund.total_e4, Refund.currency, explain=("refund", "total", Refund.id)),
        text("Notes", Refund.notes),
    ),
    sorts=newest_first(Refund.created_at),
    filters=(
        choice("status", "Status", Refund.status, REFUND_STATUSES),
        days("drafted", "Drafted", Refund.created_at),
        days("given", "Given back", Refund.refunded_at),
        amounts("total", "Amount", Refund.total_e4, is_e4=True),
        exactly("order", "Order", Refund.order_id),
    ),
    area=SALES,
    about="A refund begins at its order.",
)
WHOLE = {SHIPPING: "the charges", AMOUNT: "of the order as a whole"}


def show_refund(visit: Visit) -> Answer:
    """The page of one. Refuses: RefundNotFound."""
    refund = get_whole(visit.tx, Refund, visit.id)
    payment = payment_of(visit, refund)
    postings = list_posted_by(
        visit.tx, [refund["transfer_id"], None if payment is None else payment.transfer_id]
    )
    may = visit.may(SALES) and refund["status"] != SUCCESS
    asked = is_asked(visit, refund)
    values = {
        "title": f"Refund {visit.id}",
        "way": [("Refunds", address_of("/refunds"))],
        "tabs_shown": [
            ("Refund", address_of(f"/refunds/{visit.id}"), True),
            ("Three ways", address_of(f"/three-ways/refund/{visit.id}"), False),
        ],
        "refund": refund,
        "order": get_whole(visit.tx, Order, refund["order_id"]),
        "payment": payment,
        "reason": CATEGORIES.get(refund["category"] or 0, ""),
        "by": operator_named(visit, refund["user_id"]),
        "items": item_cells(visit, refund),
        "may_see_books": visit.may(BOOKS, SEE),
        "postings": posting_cells(postings, visit.shop),
        "settled": find_settled_refund(visit.tx, visit.id),
        "is_asked": asked,
        "may": may and not asked,
        "happened": list_events_of(visit.tx, subject="refund", subject_id=visit.id),
    }
    return Shown("refund.html", values)


def payment_of(visit: Visit, refund: Row) -> Any:
    """The payment transaction that paid a refund out, if there is one."""
    if not refund["transaction_id"]:
        return None
    try:
        return get_payment(visit.tx, refund["transaction_id"])
    except PaymentNotFound:
        return None


def operator_named(visit: Visit, operator_id: int) -> str:
    """Who made it; nobody known, when it came from elsewhere."""
    try:
        return get_operator(visit.tx, operator_id).name
    except OperatorNotFound:
        return ""


def is_asked(visit: Visit, refund: Row) -> bool:
    """Whether a gateway is being asked just now to pay the refund out."""
    received = find_last_received(visit.tx, get_head(visit.tx, refund["order_id"]).root_id)
    if received is None or refund["status"] == SUCCESS:
        return False
    last = find_return(visit.tx, refund_id=refund["id"], payment_id=received.id)
    return last is not None and last.state == OPEN


def item_cells(visit: Visit, refund: Row) -> list[list[Cell]]:
    """What a refund is for."""
    currency = refund["currency"]
    return [
        [
            Cell(
                one.name or WHOLE.get(one.type, f"line {one.order_line_id}"),
                link=address_of(f"/order-lines/{one.order_line_id}") if one.name is not None else None,
            ),
            Cell(str(one.quantity) if one.quantity and one.type not in WHOLE else "", "number"),
            Cell(
                written_e4(one.amount_e4, currency), "number", link=explain_at("refund_item", one.id, "amount")
            ),
            Cell(
                written_minor(one.tax_minor, currency) if refund["status"] == SUCCESS else "", "number",
                link=explain_at("refund_item", one.id, "tax") if refund["status"] == SUCCESS else None,
            ),
        ]
        for one in list_given_items(visit.tx, visit.id)
    ]  # fmt: skip


def preview(visit: Visit) -> Answer:
    """Show what processing the draft would do; nothing is kept of it. Refuses: what processing refuses."""
    refund = get_whole(visit.tx, Refund, visit.id)
    order = get_whole(visit.tx, Order, refund["order_id"])
    rehearsal = told_in_money(refund["currency"], lambda: rehearse_refund(visit.tx, refund_id=visit.id))
    here = address_of(f"/refunds/{visit.id}")
    way = [("Refunds", address_of("/refunds")), (f"Refund {visit.id}", here)]
    values = {
        "order": order,
        "kept": [],
        "confirm": f"{here}/process",
        "back": here,
        "can_draft": False,
        "reason": REASONS.get(refund["category"] or 0, ""),
        **shown_rehearsal(visit.tx, order, rehearsal),
    }
    return Shown("refund_preview.html", {**values, "title": "Preview of the refund", "way": way})


def process(visit: Visit) -> Answer:
    """Give the money of the draft back. Refuses: LeftChanged, what processing refuses."""
    refund = get_refund(visit.tx, visit.id)
    refuse_unseen(visit, refund.total_e4)
    status = told_in_money(refund.currency, lambda: process_wanted(visit.tx, refund_id=visit.id))
    return Gone(address_of(f"/refunds/{visit.id}"), WORDS[status])


def fail(visit: Visit) -> Answer:
    """Say that the refund did not take place."""
    fail_refund(visit.tx, refund_id=visit.id)
    return Gone(address_of(f"/refunds/{visit.id}"), "The refund is marked as failed.")


PAGES = (
    Page("/refunds", show_list(REFUNDS), SALES),
    Page("/refunds/{id:digits}", show_refund, SALES),
    Act("/refunds/{id:digits}/preview", preview, SALES, show_refund),
    Act("/refunds/{id:digits}/process", process, SALES, show_refund),
    Act("/refunds/{id:digits}/fail", fail, SALES, show_refund),
)
