"""Sending what was sold, and having its money promised again (reference 4.7 and 4.8)."""

from contextlib import suppress
from http import HTTPStatus
from typing import NamedTuple

from comptoir.dialects.edge import Call, Reply
from comptoir.dialects.twocheckout.calls import writing
from comptoir.dialects.twocheckout.parameters import ParameterMissing, Parameters, asked_of
from comptoir.dialects.twocheckout.refunding import invoice_meant
from comptoir.dialects.twocheckout.refusals import Refusal, Refusals, Said, saying
from comptoir.dialects.twocheckout.replies import ok
from comptoir.dialects.twocheckout.sales import SENT_TO_CUSTOMER, comment_asked, sale_of
from comptoir.dialects.twocheckout.shapes import ASKED_ID, FLAG, TEXT, given, needed
from comptoir.domain.errors import ComptoirError
from comptoir.domain.orders.commenting import add_comment, tell_customer
from comptoir.domain.orders.errors import AlreadyShipped, NoInvoice, NotShippable
from comptoir.domain.orders.invoicing import find_invoice
from comptoir.domain.orders.models import APPROVED
from comptoir.domain.orders.queries import get_head, invoices_of_sale
from comptoir.domain.orders.shipping import require_shippable, ship_sale
from comptoir.domain.payments.capturing import capture_invoice, reauthorise_invoice
from comptoir.domain.payments.errors import (
    AttemptInFlight,
    AuthorisationFailed,
    AuthorisationTooLate,
    AuthorisationTooSoon,
    GatewaySilent,
    NotCapturable,
)
from comptoir.domain.tx import Tx

NOTE_MAX = 255
TOO_LATE = Refusal("TOO_LATE", "Payment is already pending or deposited and cannot be reauthorized.")
NOT_AUTHORISED = Refusal("FAILED", "Failed to reauthorize payment.")
NOT_SHIPPED = Refusal("INTERNAL_ERROR", "Failed to marked shipped.", HTTPStatus.INTERNAL_SERVER_ERROR)
ONLY_AUTHORISED = NOT_SHIPPED._replace(message="Failed to marked shipped but reauthorization succeeded.")
REAUTH_WORDS: Refusals = {
    NoInvoice: TOO_LATE,
    AuthorisationTooLate: TOO_LATE,
    AuthorisationTooSoon: Refusal("TOO_SOON", "Please wait until the next day to reauthorize again."),
    AuthorisationFailed: NOT_AUTHORISED,
    AttemptInFlight: NOT_AUTHORISED,
    GatewaySilent: NOT_AUTHORISED,
}
SHIP_WORDS: Refusals = {
    **REAUTH_WORDS,
    AuthorisationTooSoon: Refusal(
        "TOO_SOON", "Please wait until the next day before trying to reauthorize again."
    ),
    NotShippable: Refusal("NOTHING_TO_DO", "Item not shippable."),
    AlreadyShipped: Refusal("NOTHING_TO_DO", "Sale already marked shipped."),
}


class Shipment(NamedTuple):
    """What a call says of a parcel."""

    sale_id: int | None
    invoice_id: int | None
    tracking_number: str
    comment: str
    tells_customer: bool
    reauthorises: bool


def prepare_shipment(call: Call) -> bool:
    """Have the money promised again if it is asked for and its promise has lapsed; say whether it was.

    Refuses: what the call itself refuses.
    """
    shipment = _shipment(asked_of(call))
    if not shipment.reauthorises:
        return False
    home = call.shop
    order_id = home.shop.read(lambda tx: _lapsed(tx, shipment), call.tx.actor)
    if order_id is None:
        return False
    reauthorise_invoice(home.shop, order_id=order_id, gateways=home.gateways, actor=call.tx.actor)
    return True


def mark_shipped(call: Call) -> Reply:
    """Say that an invoice's goods are on their way; its money is taken now."""
    with saying(SHIP_WORDS):
        shipment = _shipment(asked_of(call))
        if isinstance(call.prepared, ComptoirError):
            raise call.prepared
        try:
            _ship(call, shipment)
        except (NotShippable, AlreadyShipped) as error:
            if call.prepared is True:
                raise Said(ONLY_AUTHORISED) from error
            raise
    return ok("Sale marked shipped.")


def _ship(call: Call, shipment: Shipment) -> None:
    tx = call.tx
    order_id = invoice_meant(tx, shipment.sale_id, shipment.invoice_id)
    ship_sale(tx, order_id=order_id, tracking_number=shipment.tracking_number)
    with suppress(NoInvoice, NotCapturable):
        # What cannot be taken now is taken by the worker, as soon as it can.
        capture_invoice(tx, order_id=order_id, gateways=call.shop.gateways)
    sale_id = get_head(tx, order_id).sale_id
    if shipment.comment:
        prefix = SENT_TO_CUSTOMER if shipment.tells_customer else ""
        add_comment(
            tx,
            sale_id=sale_id,
            order_id=order_id,
            text=f"{prefix}{shipment.comment}",
            ip_address=call.request.address,
        )
    if shipment.tells_customer:
        tracking = shipment.tracking_number and f" Tracking number: {shipment.tracking_number}."
        text = f"Order {sale_id} was shipped.{tracking} {shipment.comment}".strip()
        tell_customer(tx, sale_id=sale_id, text=text)


def _shipment(asked: Parameters) -> Shipment:
    """Refuses: ParameterMissing, ParameterInvalid."""
    missing = [] if asked.has("sale_id") or asked.has("invoice_id") else ["sale_id"]
    if not (asked.text("tracking_number") or "").strip():
        missing.append("tracking_number")
    if missing:
        raise ParameterMissing(*missing)
    return Shipment(
        asked.id("sale_id"),
        asked.id("invoice_id"),
        asked.need_text("tracking_number", most=NOTE_MAX).strip(),
        comment_asked(asked, "comment", most=NOTE_MAX),
        asked.flag("cc_customer") or False,
        asked.flag("reauthorize") or False,
    )


def _lapsed(tx: Tx, shipment: Shipment) -> int | None:
    """The invoice whose money must be promised again before it is sent; None when its promise still holds.

    Refuses: OrderNotFound, SaleNotFound, NotShippable, AlreadyShipped, AuthorisationTooLate.
    """
    order_id = invoice_meant(tx, shipment.sale_id, shipment.invoice_id)
    require_shippable(tx, order_id)
    invoice = find_invoice(tx, order_id)
    if invoice is None or invoice.status != APPROVED:
        raise AuthorisationTooLate(order_id, "paid" if invoice is None else invoice.status)
    until = invoice.authorised_until
    return order_id if until is not None and until <= tx.now else None


def prepare_reauthorisation(call: Call) -> None:
    """Have the money of a sale promised again. Refuses: what the call refuses."""
    home, sale_id = call.shop, asked_of(call).need_id("sale_id")
    order_id = home.shop.read(lambda tx: _last_invoice(tx, sale_id), call.tx.actor)
    reauthorise_invoice(home.shop, order_id=order_id, gateways=home.gateways, actor=call.tx.actor)


def reauth(call: Call) -> Reply:
    """Have the money of a sale promised again, at most once a day; it was asked for before."""
    with saying(REAUTH_WORDS):
        if isinstance(call.prepared, ComptoirError):
            raise call.prepared
    return ok("Payment reauthorized.")


def _last_invoice(tx: Tx, sale_id: int) -> int:
    """The invoice whose money may still be promised: the newest. Refuses: SaleNotFound."""
    return invoices_of_sale(tx, sale_of(tx, sale_id))[-1]


CALLS = (
    writing(
        "sales/mark_shipped", mark_shipped, prepare=prepare_shipment,
        takes=(
            given("sale_id", ASKED_ID, "The sale, unless the invoice is given."),
            given("invoice_id", ASKED_ID, "The invoice; needed when the sale has several."),
            needed("tracking_number", {**TEXT, "maxLength": NOTE_MAX}, "The parcel's number."),
            given("cc_customer", FLAG, "Whether the buyer is told."),
            given("reauthorize", FLAG, "Whether to have the money promised again if its promise lapsed."),
            given("comment", {**TEXT, "maxLength": NOTE_MAX}, "What to say; no markup."),
        ),
        text="Mark an invoice shipped",
    ),
    writing(
        "sales/reauth", reauth, prepare=prepare_reauthorisation,
        takes=(needed("sale_id", ASKED_ID, "The sale."),),
        text="Have a sale's payment authorized again",
    ),
)  # fmt: skip
