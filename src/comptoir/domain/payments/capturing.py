"""Taking the money that an invoice was promised, letting it go, or having it promised again."""

from datetime import timedelta

from comptoir.domain.money import Money
from comptoir.domain.orders.invoicing import (
    InvoiceState,
    decline_invoice,
    extend_authorisation,
    find_invoice,
    lock_invoice,
    mark_pending,
)
from comptoir.domain.orders.models import APPROVED, FAIL, REFUSED, WAIT
from comptoir.domain.orders.sales import lock_root
from comptoir.domain.payments.actions import owed_minor, settle_payment
from comptoir.domain.payments.attempts import Attempt, begin_attempt, find_last_attempt
from comptoir.domain.payments.charging import ask_once, asked, keep_authorisation, let_go
from comptoir.domain.payments.errors import (
    AuthorisationFailed,
    AuthorisationTooLate,
    AuthorisationTooSoon,
    NotCapturable,
)
from comptoir.domain.payments.gateways import MANUAL, gateway_named
from comptoir.domain.payments.models import AUTHORISE, CAPTURE, OPEN, PENDING, SUCCESS, VOID
from comptoir.domain.payments.models import FAIL as FAILED
from comptoir.domain.payments.port import Charge, Gateways
from comptoir.domain.payments.queries import PaymentRow, get_payment
from comptoir.domain.payments.writing import payable_minor
from comptoir.domain.tx import SYSTEM, Actor, OpenShop, Tx

INVOICE = "invoice"
REAUTHORISE_AFTER = timedelta(days=1)


def capture_invoice(tx: Tx, *, order_id: int, gateways: Gateways = gateway_named) -> str:
    """Take the money that an invoice was promised, and give what became of the payment.

    It is `success`, or `fail`, which declines the invoice; a gateway far away is asked by the worker, and the
    payment is `pending` until it has answered. The invoice is pending from here on.
    Refuses: OrderNotFound, NoInvoice, NotCapturable.
    """
    payment = _capturable(tx, lock_invoice(tx, order_id))
    mark_pending(tx, order_id=order_id)
    if payment is None or payment.status == SUCCESS:
        return SUCCESS
    attempt = _about(tx, payment, order_id, CAPTURE)
    gateway = gateways(payment.gateway)
    if gateway.is_remote:
        return _wait(tx, attempt)
    outcome = asked(gateway, attempt)
    return _settle(tx, attempt._replace(status=outcome.status, response=outcome.response))


def release_invoice(tx: Tx, *, order_id: int, gateways: Gateways = gateway_named) -> bool:
    """Let go of the money that an invoice was promised, if it was; the invoice itself stays as it is.

    What a gateway is just being asked to take is let alone.
    Refuses: OrderNotFound, NoInvoice.
    """
    invoice = lock_invoice(tx, order_id)
    payment = None if invoice.payment_id is None else get_payment(tx, invoice.payment_id)
    if payment is None or payment.status != PENDING:
        return False
    taking = find_last_attempt(tx, payment_id=payment.id, verb=CAPTURE)
    if taking is not None and taking.state == OPEN:
        return False
    _release(tx, payment, order_id, gateways)
    return True


def reauthorise_invoice(
    shop: OpenShop, *, order_id: int, gateways: Gateways = gateway_named, actor: Actor = SYSTEM
) -> None:
    """Have the money of an invoice promised again, for seven days from now; asked outside any transaction.

    The promise before it is let go. A refused one is not asked for again on the same day.
    Refuses: OrderNotFound, NoInvoice, AuthorisationTooLate, AuthorisationTooSoon, AttemptInFlight,
    GatewaySilent, AuthorisationFailed.
    """
    attempt = ask_once(
        shop,
        gateways(shop.read(lambda tx: _gateway_name(tx, order_id), actor)),
        lambda tx: _begin_again(tx, order_id),
        lambda tx, attempt: _conclude_again(tx, attempt, gateways),
        actor=actor,
    )
    if attempt.status == FAILED:
        raise AuthorisationFailed(order_id, attempt.response.get("gw_Message", "declined"))


def conclude_invoice(tx: Tx, attempt: Attempt) -> None:
    """What an answer that came later means for the invoice that it is about."""
    if attempt.verb == CAPTURE:
        _settle(tx, attempt)
    elif attempt.verb == AUTHORISE:
        _conclude_again(tx, attempt, gateway_named)


def charge_of(tx: Tx, payment: PaymentRow) -> Charge:
    """A payment as the gateway was asked for it: in the buyer's currency, by the buyer's card."""
    authorised = find_last_attempt(tx, payment_id=payment.id, verb=AUTHORISE)
    if authorised is not None:
        return authorised.charge
    minor = payable_minor(payment.amount_e4, payment.currency)
    return Charge(str(payment.id), Money(minor, payment.currency))


def _capturable(tx: Tx, invoice: InvoiceState) -> PaymentRow | None:
    """The payment that was promised or has come in; None when nothing is to be paid. Refuses: NotCapturable."""
    if invoice.status != APPROVED:
        raise NotCapturable(invoice.order_id, f"is {invoice.status}")
    if invoice.fraud_status in {WAIT, FAIL}:
        raise NotCapturable(invoice.order_id, "has not passed its fraud review")
    if invoice.payment_id is None:
        if owed_minor(lock_root(tx, invoice.order_id)) > 0:
            raise NotCapturable(invoice.order_id, "was never authorised")
        return None
    payment = get_payment(tx, invoice.payment_id)
    if payment.status == FAILED:
        raise NotCapturable(invoice.order_id, "has lost its authorisation")
    lapsed = invoice.authorised_until is not None and invoice.authorised_until <= tx.now
    if payment.status == PENDING and lapsed:
        raise NotCapturable(invoice.order_id, "was authorised too long ago")
    return payment


def _about(tx: Tx, payment: PaymentRow, order_id: int, verb: str) -> Attempt:
    """What to ask of a payment that was promised, not written down yet."""
    charge = charge_of(tx, payment)
    return Attempt(
        0, f"{verb}-{payment.id}", verb, payment.gateway, charge.method, charge.amount.minor,
        charge.amount.currency, INVOICE, order_id, OPEN, "", payment.identifier, {}, payment.id, tx.now, None,
    )  # fmt: skip


def _wait(tx: Tx, attempt: Attempt) -> str:
    """Leave the asking to the worker."""
    begin_attempt(
        tx,
        key=attempt.key,
        verb=attempt.verb,
        gateway=attempt.gateway,
        amount=attempt.charge.amount,
        subject=attempt.subject,
        subject_id=attempt.subject_id,
        method=attempt.method,
        identifier=attempt.identifier,
        payment_id=attempt.payment_id,
    )
    return PENDING


def _settle(tx: Tx, attempt: Attempt) -> str:
    """What a capture came to."""
    assert attempt.payment_id is not None, "a capture is about a payment"
    invoice = lock_invoice(tx, attempt.subject_id)
    if get_payment(tx, attempt.payment_id).status != PENDING:
        return attempt.status
    settle_payment(tx, payment_id=attempt.payment_id, status=attempt.status, response=attempt.response)
    if attempt.status == FAILED and invoice.status != REFUSED:
        decline_invoice(tx, order_id=attempt.subject_id)
    return attempt.status


def _release(tx: Tx, payment: PaymentRow, order_id: int, gateways: Gateways) -> None:
    attempt = _about(tx, payment, order_id, VOID)
    gateway = gateways(payment.gateway)
    if gateway.is_remote:
        _wait(tx, attempt)
        settle_payment(tx, payment_id=payment.id, status=FAILED)
    else:
        outcome = asked(gateway, attempt)
        settle_payment(tx, payment_id=payment.id, status=FAILED, response=outcome.response)


def _promised(tx: Tx, order_id: int) -> PaymentRow:
    """The payment that may be promised again.

    Refuses: OrderNotFound, NoInvoice, AuthorisationTooLate, AuthorisationTooSoon.
    """
    invoice = lock_invoice(tx, order_id)
    if invoice.status != APPROVED or invoice.payment_id is None:
        raise AuthorisationTooLate(order_id, invoice.status)
    payment = get_payment(tx, invoice.payment_id)
    if payment.status == SUCCESS:
        raise AuthorisationTooLate(order_id, "paid")
    last = invoice.reauthorised_at or invoice.authorised_at
    if last is not None and tx.now < last + REAUTHORISE_AFTER:
        raise AuthorisationTooSoon(order_id)
    return payment


def _gateway_name(tx: Tx, order_id: int) -> str:
    """Who promised the money; what was never promised is refused when it is begun."""
    invoice = find_invoice(tx, order_id)
    if invoice is None or invoice.payment_id is None:
        return MANUAL
    return get_payment(tx, invoice.payment_id).gateway


def _begin_again(tx: Tx, order_id: int) -> Attempt:
    payment = _promised(tx, order_id)
    charge = charge_of(tx, payment)
    return begin_attempt(
        tx,
        key=f"reauthorise-{payment.id}-{tx.now:%Y%m%d}",
        verb=AUTHORISE,
        gateway=payment.gateway,
        amount=charge.amount,
        subject=INVOICE,
        subject_id=order_id,
        method=charge.method,
    )


def _conclude_again(tx: Tx, attempt: Attempt, gateways: Gateways) -> None:
    """A new promise takes the old one's place, unless the invoice needs none any more."""
    order_id = attempt.subject_id
    invoice = lock_invoice(tx, order_id)
    if attempt.status == FAILED:
        keep_authorisation(tx, attempt, order_id=order_id)
        return
    if invoice.status != APPROVED:
        let_go(tx, attempt)
        return
    release_invoice(tx, order_id=order_id, gateways=gateways)
    keep_authorisation(tx, attempt, order_id=order_id)
    extend_authorisation(tx, order_id=order_id)
