"""Billing the next installment of a recurring line item: asked for first, and a sale once it is promised.

A decline leaves no invoice behind (reference 6.6). What is to be asked is written down before a gateway far away
is asked, outside the transaction; what it answers is concluded in another, by whoever hears of it. An answer
that nobody waits for any more, because the item was stopped meanwhile, lets the money go again.
"""

from typing import Any

from comptoir.domain.merchant.queries import converted
from comptoir.domain.money import Money, minor_of_e4
from comptoir.domain.orders.models import PASS
from comptoir.domain.orders.selling import Every, SaleLine, SaleTerms, place_sale
from comptoir.domain.payments.attempts import Attempt, begin_attempt, end_attempt
from comptoir.domain.payments.capturing import capture_invoice
from comptoir.domain.payments.charging import asked, keep_authorisation, let_go
from comptoir.domain.payments.errors import AttemptInFlight, AttemptKeyReused, GatewaySilent
from comptoir.domain.payments.gateways import gateway_named
from comptoir.domain.payments.methods import Method, find_method
from comptoir.domain.payments.models import ABANDONED, AUTHORISE, FAIL, OPEN
from comptoir.domain.payments.port import Gateways
from comptoir.domain.subscriptions.advancing import ended, free_order, next_order, to_next_interval
from comptoir.domain.subscriptions.amounts import retry_after
from comptoir.domain.subscriptions.items import (
    ItemRow,
    LineFacts,
    SaleFacts,
    buyer_of,
    find_item,
    find_line,
    first_invoice,
)
from comptoir.domain.subscriptions.models import CANCELED, COMPLETED, DECLINED
from comptoir.domain.subscriptions.outcomes import (
    ASKED,
    GIVEN_UP,
    POSTPONED,
    REFUSED,
    RENEWED,
    Renewal,
)
from comptoir.domain.subscriptions.queries import EnrolmentRow, Plan, get_plan, lock_enrolment
from comptoir.domain.subscriptions.writing import POSTPONED_BY, end_item, note_item, write_change, write_item
from comptoir.domain.tx import Tx

SUBJECT = "enrolment"
UNREACHABLE = "unknown"
CODE_MAX = 255


def bill_installment(tx: Tx, row: EnrolmentRow, item: ItemRow, gateways: Gateways) -> Renewal:
    """Bill the installment that is due, or say whom to ask for its money.

    A built-in gateway is asked here and now. One far away, or one that did not answer, leaves its attempt open.
    Of a sale that was cancelled, declined or removed nothing more is billed.
    Refuses: NoExchangeRate, Invalid.
    """
    sale = _sale(tx, row)
    if sale.is_void:
        write_change(tx, "enrolment.stopped", row, ended(tx.now))
        end_item(tx, row.id, CANCELED, "recurring.stopped")
        return Renewal(row.id, GIVEN_UP)
    amount = _amount(tx, row, item, sale)
    method = find_method(tx, item.sale_id)
    if method is None and row.gateway is not None:
        method = Method(row.gateway, "")
    if method is None or amount.minor == 0:
        return _bill(tx, row, item, None, amount, gateways=gateways)
    try:
        attempt = _begin(tx, row, amount, method)
    except (AttemptInFlight, AttemptKeyReused):
        return Renewal(row.id, ASKED)
    if attempt.state != OPEN:
        return _renumber(tx, row)
    gateway = gateways(method.gateway)
    if gateway.is_remote:
        return Renewal(row.id, ASKED, attempt=attempt)
    try:
        outcome = asked(gateway, attempt)
    except GatewaySilent:
        return Renewal(row.id, ASKED)
    return _conclude(tx, row, item, end_attempt(tx, attempt.id, outcome), gateways)


def conclude_installment(tx: Tx, attempt: Attempt) -> None:
    """Go on by what a gateway answered, or that it never heard; money that is not waited for any more is let go.

    Refuses: EnrolmentNotFound, NoExchangeRate, Invalid.
    """
    row = lock_enrolment(tx, attempt.subject_id)
    item = find_item(tx, row.id)
    if item is None or not row.is_active or attempt.key != key_of(row) or _sale(tx, row).is_void:
        let_go(tx, attempt)
    elif attempt.state == ABANDONED:
        # Nobody declined anything: it is asked for again, under another key.
        changes = {"next_order_id": next_order(tx, is_sale=True)}
        write_change(tx, "enrolment.unheard", row, changes, attempt_id=attempt.id)
    else:
        _conclude(tx, row, item, attempt, gateway_named)


def key_of(row: EnrolmentRow) -> str:
    """The key of the next attempt at an enrolment: another one for each installment, and after each decline."""
    return f"renewal-{row.id}-{row.next_order_id}-{row.failed_attempts}"


def _conclude(tx: Tx, row: EnrolmentRow, item: ItemRow, attempt: Attempt, gateways: Gateways) -> Renewal:
    if attempt.status == FAIL:
        return _declined(tx, row, item, attempt.response.get("gw_Message", UNREACHABLE))
    amount = Money(attempt.amount_minor, attempt.currency)
    return _bill(tx, row, item, attempt, amount, gateways=gateways)


def _begin(tx: Tx, row: EnrolmentRow, amount: Money, method: Method) -> Attempt:
    """Refuses: AttemptInFlight, AttemptKeyReused."""
    return begin_attempt(
        tx,
        key=key_of(row),
        verb=AUTHORISE,
        gateway=method.gateway,
        amount=amount,
        method=method.method,
        subject=SUBJECT,
        subject_id=row.id,
    )


def _renumber(tx: Tx, row: EnrolmentRow) -> Renewal:
    """The money was promised, and then no sale could be made of it; it was let go, and is asked for anew later."""
    changes = {"next_order_id": next_order(tx, is_sale=True), "due_at": tx.now + POSTPONED_BY}
    write_change(tx, "enrolment.postponed", row, changes)
    return Renewal(row.id, POSTPONED)


def _bill(
    tx: Tx, row: EnrolmentRow, item: ItemRow, attempt: Attempt | None, amount: Money, *, gateways: Gateways
) -> Renewal:
    """Make an invoice of an installment, with the money that was promised for it, and take that."""
    plan = get_plan(tx, row.subscription_id)
    sale = _sale(tx, row)
    line = find_line(tx, item.order_line_id)
    assert line is not None, "what recurs was sold at a checkout"
    placed = place_sale(
        tx,
        lines=[_next_line(item, line)],
        buyer=buyer_of(tx, sale.order_id),
        terms=_terms(tx, row, item, sale, amount),
    )
    payment_id = None
    if attempt is not None:
        payment_id = keep_authorisation(tx, attempt, order_id=placed.order_id)
    is_paid = attempt is not None or amount.minor == 0
    if is_paid and capture_invoice(tx, order_id=placed.order_id, gateways=gateways) == FAIL:
        return _declined(tx, row, item, "capture failed")
    item = item._replace(order_line_id=placed.line_ids[0], installments=item.installments + 1)
    _advance(tx, row, plan, item, is_paid=is_paid, order_id=placed.order_id, payment_id=payment_id)
    return Renewal(row.id, RENEWED, placed.order_id, payment_id)


def _advance(
    tx: Tx,
    row: EnrolmentRow,
    plan: Plan,
    item: ItemRow,
    *,
    is_paid: bool,
    order_id: int,
    payment_id: int | None,
) -> None:
    """Go on to the next interval; after the last installment there is none."""
    is_over = item.installments_max is not None and item.installments >= item.installments_max
    changes: dict[str, Any] = ended(tx.now) if is_over else to_next_interval(tx, row, plan, is_sale=True)
    changes |= {"is_paid": is_paid, "failed_attempts": 0}
    write_change(tx, "enrolment.renewed", row, changes, order_id=order_id, payment_id=payment_id)
    cleared = item._replace(first_declined_at=None, declined_at=None, decline_code="")
    write_item(tx, cleared)
    note_item(tx, "recurring.billed", cleared, order_id=order_id, payment_id=payment_id)
    if is_over:
        write_item(tx, cleared, status=COMPLETED)
        note_item(tx, "recurring.completed", cleared._replace(status=COMPLETED), order_id=order_id)


def _declined(tx: Tx, row: EnrolmentRow, item: ItemRow, code: str) -> Renewal:
    """Try again after a while, at last no more; the sale tells of it by its last good invoice."""
    attempts = row.failed_attempts + 1
    wait = retry_after(attempts)
    changes: dict[str, Any] = {"is_paid": False, "failed_attempts": attempts}
    if wait is None:
        changes |= ended(tx.now)
    else:
        changes |= {"due_at": tx.now + wait, "next_order_id": free_order(tx, row.next_order_id)}
    outcome = GIVEN_UP if wait is None else REFUSED
    write_change(tx, f"enrolment.{outcome}", row, changes)
    told = item._replace(
        status=DECLINED if wait is None else item.status,
        first_declined_at=item.first_declined_at or tx.now,
        declined_at=tx.now,
        decline_code=code[:CODE_MAX],
    )
    write_item(tx, told)
    line = find_line(tx, item.order_line_id)
    assert line is not None, "what recurs was sold at a checkout"
    said = {"retries": attempts, "decline_code": told.decline_code}
    note_item(tx, "recurring.failed", told, order_id=line.order_id, **said)
    return Renewal(row.id, outcome)


def _sale(tx: Tx, row: EnrolmentRow) -> SaleFacts:
    assert row.parent_order_id is not None, "what recurs began with a sale"
    return first_invoice(tx, row.parent_order_id)


def _amount(tx: Tx, row: EnrolmentRow, item: ItemRow, sale: SaleFacts) -> Money:
    """What the buyer is asked for, in the buyer's currency by the rates of the billing day. Refuses: NoExchangeRate."""
    assert row.next_billing_at is not None, "only what is due is billed"
    day = tx.shop.local(row.next_billing_at).date()
    minor = minor_of_e4(item.price_e4, sale.currency)
    return Money(converted(tx, minor, sale.currency, sale.customer_currency, day), sale.customer_currency)


def _terms(tx: Tx, row: EnrolmentRow, item: ItemRow, sale: SaleFacts, amount: Money) -> SaleTerms:
    return SaleTerms(
        currency=sale.currency,
        customer_currency=amount.currency,
        customer_total_minor=amount.minor,
        fraud_status=PASS,
        authorised_at=tx.now,
        merchant_order_id=sale.merchant_order_id,
        method=sale.method,
        card_first_six=sale.card_first_six,
        card_last_two=sale.card_last_two,
        parent_id=sale.order_id,
        installment=item.installments + 1,
        order_id=free_order(tx, row.next_order_id),
        placed_at=row.next_billing_at,
    )


def _next_line(item: ItemRow, line: LineFacts) -> SaleLine:
    """The line of the next installment: as the last one, at the present price and without a startup fee."""
    options_e4 = sum(one["surcharge_e4"] for one in line.surcharges)
    keeps_options = options_e4 <= item.price_e4
    return SaleLine(
        name=line.name,
        amount_e4=item.price_e4,
        price_e4=item.price_e4 - options_e4 if keeps_options else item.price_e4,
        product_id=line.product_id,
        code=line.code,
        vendor_product_id=line.vendor_product_id,
        description=line.description,
        is_catalogue=line.is_catalogue,
        is_tangible=line.is_tangible,
        is_cart=line.is_cart,
        handling_e4=line.handling_e4,
        surcharges=line.surcharges if keeps_options else (),
        recurrence=_every(line.recurrence_unit, line.recurrence_count),
        duration=_every(line.duration_unit, line.duration_count),
        installment=item.installments + 1,
        enrolment_id=item.enrolment_id,
    )


def _every(unit: str | None, count: int | None) -> Every | None:
    return None if unit is None or count is None else Every(count, unit)
