"""From a bill that is paid to a sale: the order with its invoice, its payment, and what recurs."""

from collections.abc import Iterator
from datetime import timedelta

from comptoir.domain.checkout.addresses import person_name
from comptoir.domain.checkout.answers import Answers, Paying
from comptoir.domain.checkout.bills import Bill
from comptoir.domain.checkout.carts import CartLine, Period
from comptoir.domain.checkout.parameters import Parameters
from comptoir.domain.checkout.queries import CheckoutRow
from comptoir.domain.merchant.queries import get_merchant
from comptoir.domain.orders.buyers import Buyer
from comptoir.domain.orders.selling import Every, PlacedSale, SaleLine, SaleTerms, place_sale
from comptoir.domain.payments.attempts import Attempt
from comptoir.domain.payments.charging import keep_authorisation
from comptoir.domain.payments.methods import keep_method
from comptoir.domain.subscriptions.recurring import start_recurring
from comptoir.domain.tx import Tx

CODE_MAX = 64


def place_paid_sale(tx: Tx, row: CheckoutRow, paying: Paying, attempt: Attempt) -> PlacedSale:
    """Place the sale that a gateway promised the money for, with its payment and what recurs.

    Refuses: Invalid (any text that an order cannot hold), NoExchangeRate.
    """
    answers = row.said
    lines = [(line, piece) for line in paying.bill.lines for piece in pieces_of(line)]
    placed = place_sale(
        tx,
        lines=[piece for _, piece in lines],
        buyer=buyer_of(row, answers, paying.bill),
        terms=_terms(tx, row, paying, attempt),
    )
    keep_authorisation(tx, attempt, order_id=placed.order_id)
    if paying.bill.recurs:
        keep_method(tx, sale_id=placed.sale_id, gateway=paying.gateway, method=paying.method)
    for (line, _), line_id in zip(lines, placed.line_ids, strict=True):
        if line.recurrence is not None:
            start_recurring(tx, order_line_id=line_id, gateway=paying.gateway)
    return placed


def pieces_of(line: CartLine) -> Iterator[SaleLine]:
    """A line's pieces as the sale has them: each a line item of its own."""
    for _ in range(line.quantity):
        yield SaleLine(
            name=line.name,
            type=line.type,
            amount_e4=line.piece_e4,
            price_e4=line.price_e4,
            product_id=line.product_id,
            code=line.code[:CODE_MAX],
            vendor_product_id=line.code or None,
            description=line.description,
            is_catalogue=line.is_catalogue,
            is_tangible=line.is_tangible,
            is_cart=line.is_cart,
            handling_e4=line.handling_e4,
            startup_fee_e4=line.startup_fee_e4,
            surcharges=[
                {
                    "id": choice.option_id,
                    "name": choice.name,
                    "value": choice.value,
                    "surcharge_e4": choice.surcharge_e4,
                }
                for choice in line.choices
            ],
            recurrence=_every(line.recurrence),
            duration=_every(line.duration),
        )


def buyer_of(row: CheckoutRow, answers: Answers, bill: Bill) -> Buyer:
    """The buyer as orders know them; nothing is sent of what is intangible."""
    billing = answers.billing
    person = person_name(billing.name)
    delivery = answers.shipping if bill.is_tangible else None
    return Buyer(
        name=billing.name,
        first_name=person.first,
        middle_initial=person.middle_initial,
        last_name=person.last,
        email=billing.email,
        phone=billing.phone,
        phone_ext=billing.phone_ext,
        address1=billing.street,
        address2=billing.street2,
        city=billing.city,
        state=billing.state,
        postcode=billing.postcode,
        country=billing.country,
        delivery_name=delivery.name if delivery else "",
        delivery_address1=delivery.street if delivery else "",
        delivery_address2=delivery.street2 if delivery else "",
        delivery_city=delivery.city if delivery else "",
        delivery_state=delivery.state if delivery else "",
        delivery_postcode=delivery.postcode if delivery else "",
        delivery_country=delivery.country if delivery else "",
        ip_address=row.ip_address,
        language=row.language,
    )


def merchant_order_id(asked: Parameters) -> str:
    """The shop's own number for the sale, by whichever name it came."""
    names = ("merchant_order_id", "cart_order_id", "x_invoice_num")
    return next((asked.text(name) for name in names if asked.has(name)), "")


def _terms(tx: Tx, row: CheckoutRow, paying: Paying, attempt: Attempt) -> SaleTerms:
    bill = paying.bill
    review = timedelta(minutes=get_merchant(tx).fraud_review_minutes)
    return SaleTerms(
        currency=bill.currency,
        customer_currency=bill.customer_currency,
        customer_total_minor=bill.customer_total_minor,
        fraud_due_at=tx.now + review,
        merchant_order_id=merchant_order_id(row.asked),
        referrer=row.referrer,
        card_first_six=paying.card.first_six,
        card_last_two=paying.card.last_four[-2:],
        avs=attempt.response.get("gw_Avs", ""),
        cvv=attempt.response.get("gw_Cvv", ""),
        shipping_method=bill.shipping_method,
        carrier=bill.carrier,
        sale_id=row.sale_id,
    )


def _every(period: Period | None) -> Every | None:
    return None if period is None else Every(period.count, period.unit)
