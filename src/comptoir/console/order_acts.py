"""What is done to an order: changed, sent, remarked on, paid, captured, judged, split, cancelled, removed."""

from typing import Any

from comptoir.console.order_forms import COMMENT, REVIEW, SHIP, pay_form, shown_form, surplus_form
from comptoir.console.order_page import show_order
from comptoir.console.orders import order_at
from comptoir.console.places import address_of
from comptoir.console.visits import Act, ActOn, Answer, Gone, Visit
from comptoir.domain.errors import Conflict, Invalid
from comptoir.domain.identity.permissions import SALES
from comptoir.domain.merchant.queries import get_merchant
from comptoir.domain.orders.changing import update_order
from comptoir.domain.orders.commenting import add_comment, tell_customer
from comptoir.domain.orders.invoicing import find_invoice, set_fraud_status
from comptoir.domain.orders.models import APPROVED, FAIL, ITEMISED_TYPES, Order
from comptoir.domain.orders.models import PENDING as SUBMITTED
from comptoir.domain.orders.queries import get_head, list_lines
from comptoir.domain.orders.shipping import ship_sale
from comptoir.domain.orders.splitting import split_order
from comptoir.domain.payments.actions import charge_order, record_payment
from comptoir.domain.payments.cancelling import cancel_order
from comptoir.domain.payments.capturing import capture_invoice, reauthorise_invoice, release_invoice
from comptoir.domain.payments.errors import MoreThanOwed
from comptoir.domain.payments.models import FAIL as FAILED
from comptoir.domain.payments.models import PENDING, SUCCESS
from comptoir.domain.payments.queries import get_payment
from comptoir.domain.payments.surplus import return_surplus
from comptoir.domain.refunds.actions import remove_order
from comptoir.domain.sales.whole import get_whole

VERSION_DIGITS_MAX = 18


class Promised(Conflict):
    """The money of the order is promised already, or on its way."""

    def __init__(self) -> None:
        super().__init__("The money of this order is promised already: capture it instead")


class CannotAsk(Conflict):
    """The gateway is asked with a card that the buyer hands over, which nobody here has."""

    def __init__(self, gateway: str) -> None:
        super().__init__(f"{gateway} can only be asked with a card that the buyer hands over at the checkout")


def change(visit: Visit) -> Answer:
    """Change what differs."""
    order = get_whole(visit.tx, Order, visit.id)
    changes: Any = shown_form(order).changes(visit, order)
    if changes:
        update_order(visit.tx, order_id=visit.id, version=order["version"], **changes)
    return done(visit, "The order was saved." if changes else "Nothing was changed.")


def ship(visit: Visit) -> Answer:
    """Say that the order is on its way."""
    typed = SHIP.read(visit)
    carrier = typed["carrier"] or None
    ship_sale(
        visit.tx,
        order_id=visit.id,
        tracking_number=typed["tracking_number"],
        tracking_url=typed["tracking_url"],
        carrier=carrier,
    )
    return done(visit, "The order is on its way.")


def remark(visit: Visit) -> Answer:
    """Remark on the sale, and tell the customer if that is wanted."""
    typed = COMMENT.read(visit)
    head = get_head(visit.tx, visit.id)
    add_comment(
        visit.tx,
        sale_id=head.sale_id,
        order_id=head.id,
        text=typed["text"],
        ip_address=visit.asked.address,
    )
    if not typed["tells"]:
        return done(visit, "The remark was added.")
    is_told = tell_customer(visit.tx, sale_id=head.sale_id, text=typed["text"])
    told = "and the customer was told" if is_told else "but the sale has no customer who could be told"
    return done(visit, f"The remark was added, {told}.")


def pay(visit: Visit) -> Answer:
    """Record a payment; one of more than is owed only when that is meant."""
    typed = pay_form(get_head(visit.tx, visit.id).currency).read(visit)
    try:
        record_payment(
            visit.tx,
            order_id=visit.id,
            amount_e4=typed["amount"],
            status=typed["status"],
            gateway=typed["gateway"],
            identifier=typed["identifier"],
            at=typed["at"],
            keeps_surplus=typed["keeps_surplus"],
        )
    except MoreThanOwed as error:
        raise Invalid(
            "amount", f"{error.problem}; if that is right, mark below that the rest is kept"
        ) from error
    return done(visit, "The payment was recorded.")


def give_back(visit: Visit) -> Answer:
    """Give back what came in beyond what the order comes to. Refuses: what giving it back refuses."""
    typed = surplus_form(get_head(visit.tx, visit.id).currency).read(visit)
    payment_id = return_surplus(
        visit.tx, order_id=visit.id, amount_e4=typed["amount"], gateway=typed["gateway"]
    )
    said = {
        SUCCESS: "The money was given back.",
        PENDING: "The gateway is being asked; the page will show what it answers.",
        FAILED: "The gateway refused; what it said stands with the payment.",
    }
    return done(visit, said[get_payment(visit.tx, payment_id).status])


def charge(visit: Visit) -> Answer:
    """Ask the shop's own gateway for what is owed. Refuses: Promised, CannotAsk, what charging refuses."""
    invoice = find_invoice(visit.tx, visit.id)
    if invoice is not None and invoice.status in {APPROVED, SUBMITTED}:
        raise Promised
    gateway = visit.home.gateways(get_merchant(visit.tx).gateway)
    if gateway.is_remote:
        raise CannotAsk(gateway.name)
    payment_id = charge_order(visit.tx, order_id=visit.id, gateway=gateway)
    status = get_payment(visit.tx, payment_id).status
    said = {SUCCESS: "The money was taken.", PENDING: "The money was promised."}
    return done(visit, said.get(status, "The gateway refused; what it said stands with the payment."))


def capture(visit: Visit) -> Answer:
    """Take the money that the invoice was promised."""
    status = capture_invoice(visit.tx, order_id=visit.id, gateways=visit.home.gateways)
    said = {
        SUCCESS: "The money was taken.",
        PENDING: "The gateway is being asked; the page will show what it answers.",
        FAILED: "The gateway refused, and the invoice is declined.",
    }
    return done(visit, said[status])


def release(visit: Visit) -> Answer:
    """Let the money go that the invoice was promised."""
    is_gone = release_invoice(visit.tx, order_id=visit.id, gateways=visit.home.gateways)
    return done(visit, "The money was let go." if is_gone else "No money was promised that could be let go.")


def reauthorise(visit: Visit) -> Answer:
    """Have the money promised again: the gateway is asked outside any transaction."""
    reauthorise_invoice(visit.home.shop, order_id=visit.id, gateways=visit.home.gateways, actor=visit.actor)
    return done(visit, "The money was promised for another seven days.")


def review(visit: Visit) -> Answer:
    """Decide the fraud review; a failed one lets the money go."""
    status = REVIEW.read(visit)["status"]
    set_fraud_status(visit.tx, order_id=visit.id, status=status)
    if status == FAIL:
        release_invoice(visit.tx, order_id=visit.id, gateways=visit.home.gateways)
    return done(visit, "The fraud review was decided.")


def split(visit: Visit) -> Answer:
    """Split the order by the part that was said for each line. Refuses: Invalid (parts)."""
    get_head(visit.tx, visit.id)
    tops = [
        line
        for line in list_lines(visit.tx, visit.id)
        if line.parent_line_id is None and line.type not in ITEMISED_TYPES
    ]
    parts: dict[str, list[int]] = {}
    for line in tops:
        parts.setdefault(visit.asked.posted(f"part_{line.id}", "1"), []).append(line.id)
    made = split_order(visit.tx, order_id=visit.id, parts=[parts[key] for key in sorted(parts)])
    return done(visit, f"The order was split into {len(made)} parts.")


def cancel(visit: Visit) -> Answer:
    """Cancel the order as it was shown."""
    said = visit.asked.posted("version")
    if said and not (said.isascii() and said.isdigit() and len(said) <= VERSION_DIGITS_MAX):
        raise Invalid("version", "is no version of an order")
    cancel_order(
        visit.tx,
        order_id=visit.id,
        version=int(said) if said else None,
        gateways=visit.home.gateways,
    )
    return done(visit, "The order was cancelled.")


def remove(visit: Visit) -> Answer:
    """Take the order out of all lists."""
    remove_order(visit.tx, order_id=visit.id)
    return Gone(address_of("/orders"), "The order was removed.")


def done(visit: Visit, said: str) -> Gone:
    """Back to the order."""
    return Gone(order_at(visit.id), said)


def _act(name: str, act: ActOn, *, alone: bool = False) -> Act:
    return Act(f"/orders/{{id:digits}}/{name}", act, SALES, show_order, alone)


PAGES = (
    _act("update", change),
    _act("ship", ship),
    _act("comment", remark),
    _act("pay", pay),
    _act("give-back", give_back),
    _act("charge", charge),
    _act("capture", capture),
    _act("release", release),
    _act("reauthorise", reauthorise, alone=True),
    _act("review", review),
    _act("split", split),
    _act("cancel", cancel),
    _act("remove", remove),
)
