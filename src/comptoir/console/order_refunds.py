"""Refunding an order: what may still be given back, a preview of every posting, and then the refund itself."""

from typing import Any, NamedTuple

from comptoir.console import kinds
from comptoir.console.cells import Cell
from comptoir.console.forms import Field, FilledField, Form
from comptoir.console.order_forms import BARE
from comptoir.console.order_page import head_of, root_of
from comptoir.console.order_tables import line_title
from comptoir.console.orders import order_at
from comptoir.console.places import address_of, link_to
from comptoir.console.rendering import written_minor
from comptoir.console.visits import Act, Answer, Gone, Page, Shown, Visit
from comptoir.domain.errors import Conflict, Invalid
from comptoir.domain.identity.permissions import SALES
from comptoir.domain.money import minor_of_e4
from comptoir.domain.orders.models import Order
from comptoir.domain.refunds.actions import ItemFields
from comptoir.domain.refunds.amounts import Refundable
from comptoir.domain.refunds.errors import RefundTooLarge
from comptoir.domain.refunds.giving import (
    Rehearsal,
    Wanted,
    draft_wanted,
    process_wanted,
    rehearse_wanted,
)
from comptoir.domain.refunds.invoices import CATEGORIES, RESERVED_CATEGORY
from comptoir.domain.refunds.models import AMOUNT, DRAFT, ERROR, PRODUCT, SHIPPING, SUCCESS
from comptoir.domain.refunds.queries import get_refund
from comptoir.domain.refunds.standing import Standing, find_standings
from comptoir.domain.sales.money import list_disputed
from comptoir.domain.sales.whole import find_invoice_row, get_whole, list_whole_lines
from comptoir.domain.tx import Tx

REASONS = {key: text for key, text in CATEGORIES.items() if key != RESERVED_CATEGORY}
DRAFT_ONLY = "draft"
WORDS = {
    SUCCESS: "The money was given back.",
    ERROR: "The gateway refused; the refund can be tried again.",
    DRAFT: "The gateway is being asked; the page will show what it answers.",
}


class LeftChanged(Conflict):
    """What the preview showed is no longer what would be given back."""

    def __init__(self) -> None:
        super().__init__(
            "What may be refunded has changed since the preview. Nothing was refunded: look again"
        )


class Choice(NamedTuple):
    """A line that may be refunded, with its two fields."""

    name: str
    is_part: bool
    pieces_left: int
    line_id: int
    left_minor: int
    pieces: FilledField
    amount: FilledField


def form_of(tx: Tx, standing: Standing, act: str = "refund") -> Form:
    """The form for an order as it stands: two fields for each line, the charges, the whole, and why."""
    currency = standing.order.currency
    lines = [
        field
        for row in list_whole_lines(tx, standing.order.id)
        for field in (
            Field(f"pieces_{row['id']}", f"Pieces of {line_title(row)}", kinds.INTEGER),
            Field(f"amount_{row['id']}", f"Amount of {line_title(row)}", BARE),
        )
    ]
    return Form(
        act,
        (
            *lines,
            Field("whole", "All that is left of the order, charges too", kinds.FLAG),
            Field("shipping", f"Of the charges, in {currency}", BARE),
            Field("of_order", f"Of the order as a whole, in {currency}", BARE),
            Field("category", "Reason", kinds.choice(REASONS, kinds.INTEGER)),
            Field("notes", "Comment", kinds.TEXT, rows=2),
        ),
        button="Preview",
    )  # fmt: skip


def looked_at(tx: Tx, order_id: int) -> Standing:
    """What is left to refund, without holding anybody up."""
    return find_standings(tx, [order_id], is_looking=True)[order_id]


def show_form(visit: Visit) -> Answer:
    """What may still be refunded of the order. Refuses: OrderNotFound."""
    order = get_whole(visit.tx, Order, visit.id)
    standing = looked_at(visit.tx, visit.id)
    act = "confirm" if visit.refused is not None and visit.refused.act == "confirm" else "refund"
    filled = form_of(visit.tx, standing, act).filled(visit, order_at(visit.id, "/refund"))
    by_name = {one.field.name: one for one in filled.fields}
    choices = [
        Choice(
            line_title(row),
            row["parent_line_id"] is not None,
            line.pieces_left,
            row["id"],
            line.left_minor,
            by_name[f"pieces_{row['id']}"],
            by_name[f"amount_{row['id']}"],
        )
        for row in list_whole_lines(visit.tx, visit.id)
        if is_offered(line := standing.lines[row["id"]])
    ]
    values = {
        "order": order,
        "filled": filled,
        "choices": choices,
        "fields": by_name,
        "charges_left": charges_left(standing),
        "left_minor": left_of(standing),
        "purse": standing.purse,
        "money_id": standing.root.id,
        "invoice": find_invoice_row(visit.tx, root_of(order)),
        "disputed": list_disputed(visit.tx, root_of(order)),
    }
    way = [("Orders", address_of("/orders")), (f"Order {order['number']}", order_at(visit.id))]
    return Shown("refund_form.html", {**head_of(visit, order, "refund"), "way": way, **values})


def is_offered(line: Refundable) -> bool:
    """Whether anything of a line can be given back: coupons are taken back with the whole only."""
    return line.left_minor > 0 and not line.is_credit


def charges_left(standing: Standing) -> int:
    """What may still be given back of the charges, or of the lines that charge for shipping."""
    lines = sum(standing.lines[key].left_minor for key in standing.shipping_ids)
    return lines + standing.charges.left_minor


def left_of(standing: Standing) -> int:
    """What may still be given back altogether, by money that is here."""
    return min(standing.balance_minor, standing.purse.left_minor(is_paid_out=False))


def wanted_of(visit: Visit) -> Wanted:
    """What was typed. Refuses: OrderNotFound, Problems, Invalid."""
    get_whole(visit.tx, Order, visit.id)
    standing = looked_at(visit.tx, visit.id)
    typed = form_of(visit.tx, standing).read(visit)
    items: list[ItemFields] = []
    for line_id, line in standing.lines.items():
        pieces, amount = typed[f"pieces_{line_id}"], typed[f"amount_{line_id}"]
        if pieces is None and amount is None:
            continue
        items.append(item_of(standing, line_id, line, pieces, amount))
    if typed["shipping"] is not None:
        items.append(ItemFields(type=SHIPPING, amount_e4=above_zero("shipping", typed["shipping"])))
    if typed["of_order"] is not None:
        items.append(ItemFields(type=AMOUNT, amount_e4=above_zero("of_order", typed["of_order"])))
    if typed["whole"] and items:
        raise Invalid("whole", "takes all; leave the other fields empty, or take the mark away")
    if not items and not typed["whole"]:
        raise Invalid("whole", "nothing is chosen: say how much of what shall be refunded")
    return Wanted(visit.id, None if typed["whole"] else items, typed["notes"], typed["category"])


def item_of(
    standing: Standing, line_id: int, line: Refundable, pieces: int | None, amount_e4: int | None
) -> ItemFields:
    """What is wanted of one line; an amount without pieces leaves the goods with the buyer.

    Refuses: Invalid (pieces_…, amount_…).
    """
    if pieces is not None and not 0 <= pieces <= line.pieces_left:
        raise Invalid(f"pieces_{line_id}", f"must be between 0 and {line.pieces_left}")
    if not pieces and amount_e4 is None:
        raise Invalid(f"pieces_{line_id}", "must be above zero when no amount is said")
    kind = SHIPPING if line_id in standing.shipping_ids else PRODUCT
    item = ItemFields(type=kind, order_line_id=line_id, quantity=pieces or 0)
    if amount_e4 is not None:
        item["amount_e4"] = above_zero(f"amount_{line_id}", amount_e4)
        if minor_of_e4(amount_e4, standing.order.currency) > line.left_minor:
            left = written_minor(line.left_minor, standing.order.currency)
            raise Invalid(f"amount_{line_id}", f"is more than is left, which is {left}")
    return item


def above_zero(name: str, amount_e4: int) -> int:
    """Refuses: Invalid."""
    if amount_e4 <= 0:
        raise Invalid(name, "must be above zero")
    return amount_e4


def preview(visit: Visit) -> Answer:
    """Show what the refund would do; nothing is kept of it. Refuses: what refunding refuses."""
    order = get_whole(visit.tx, Order, visit.id)
    wanted = wanted_of(visit)
    rehearsal = told_in_money(order["currency"], lambda: rehearse_wanted(visit.tx, wanted))
    kept = [
        (name, value)
        for name, values in visit.asked.form.items()
        for value in values
        if value.strip() and name not in {"csrf", "once", "seen"}
    ]
    way = [
        ("Orders", address_of("/orders")), (f"Order {order['number']}", order_at(visit.id)),
        ("Refund", order_at(visit.id, "/refund")),
    ]  # fmt: skip
    values = {
        "order": order,
        "kept": kept,
        "confirm": order_at(visit.id, "/refund/confirm"),
        "back": order_at(visit.id, "/refund"),
        "can_draft": True,
        "reason": REASONS.get(wanted.category or 0, ""),
        **shown_rehearsal(visit.tx, order, rehearsal),
    }
    return Shown("refund_preview.html", {**values, "title": "Preview of the refund", "way": way})


def shown_rehearsal(tx: Tx, order: dict[str, Any], rehearsal: Rehearsal) -> dict[str, Any]:
    """A rehearsal as the preview tells it."""
    currency = order["currency"]
    names = {row["id"]: line_title(row) for row in list_whole_lines(tx, order["id"])}
    whole = {SHIPPING: "the charges", AMOUNT: "of the order as a whole"}
    items = [
        [
            Cell(names.get(one.order_line_id) or whole.get(one.type, one.type)),
            Cell(str(one.quantity) if one.type == PRODUCT else "", "number"),
            Cell(written_minor(minor_of_e4(one.amount_e4, currency), currency), "number"),
            Cell(written_minor(one.tax_minor, currency), "number"),
        ]
        for one in rehearsal.items
    ]
    none = Cell("", "number")
    postings = [
        [
            Cell(one.kind.replace("_", " ")),
            Cell(one.name, link=link_to("account", one.account_id)),
            amount if one.amount_minor > 0 else none,
            none if one.amount_minor > 0 else amount,
        ]
        for one in rehearsal.postings
        for amount in [Cell(written_minor(abs(one.amount_minor), one.currency), "number")]
    ]
    return {
        "rehearsal": rehearsal,
        "total_minor": minor_of_e4(rehearsal.refund.total_e4, currency),
        "items": items,
        "postings": postings,
        "invoice": find_invoice_row(tx, root_of(order)),
    }


def told_in_money(currency: str, work: Any) -> Any:
    """What some work comes to; what is too large is told in money and not in cents."""
    try:
        return work()
    except RefundTooLarge as error:
        if error.thing.startswith("the pieces"):
            raise
        left, wanted = (written_minor(minor, currency) for minor in (error.left, error.wanted))
        raise Conflict(f"{left} is left to refund of {error.thing}, and {wanted} is wanted") from error


def confirm(visit: Visit) -> Answer:
    """Refund what the preview showed, or keep it as a draft. Refuses: LeftChanged, what refunding refuses."""
    order = get_whole(visit.tx, Order, visit.id)
    wanted = wanted_of(visit)
    refund_id = told_in_money(order["currency"], lambda: draft_wanted(visit.tx, wanted))
    refuse_unseen(visit, get_refund(visit.tx, refund_id).total_e4)
    address = link_to("refund", refund_id) or ""
    if visit.asked.posted("do") == DRAFT_ONLY:
        return Gone(address, "The refund was drafted. Nothing has moved yet.")
    status = told_in_money(order["currency"], lambda: process_wanted(visit.tx, refund_id=refund_id))
    return Gone(address, WORDS[status])


def refuse_unseen(visit: Visit, total_e4: int) -> None:
    """Refuses: LeftChanged, when the preview showed another amount."""
    seen = visit.asked.posted("total")
    if seen != str(total_e4):
        raise LeftChanged


PAGES = (
    Page("/orders/{id:digits}/refund", show_form, SALES),
    Act("/orders/{id:digits}/refund", preview, SALES, show_form),
    Act("/orders/{id:digits}/refund/confirm", confirm, SALES, show_form),
)
