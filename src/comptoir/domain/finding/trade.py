"""Orders and what hangs on them, as places to find things in."""

from sqlalchemy import func

from comptoir.domain.finding.places import (
    Found,
    Place,
    Row,
    by_amount,
    by_e4,
    by_filled_text,
    by_number,
    by_text,
)
from comptoir.domain.identity.permissions import SALES
from comptoir.domain.money import Money, minor_of_e4
from comptoir.domain.orders.models import Invoice, Order, OrderLine
from comptoir.domain.payments.models import Chargeback, PaymentTransaction
from comptoir.domain.refunds.models import Refund
from comptoir.domain.subscriptions.models import Enrolment, RecurringItem, Subscription
from comptoir.domain.tx import Tx


def _order(_tx: Tx, row: Row) -> Found:
    key, number, name, email, at, minor, currency = row
    return Found("order", key, f"Order {number}", name or email, at, Money(minor, currency))


def _invoice(_tx: Tx, row: Row) -> Found:
    key, ours, status, at, minor, currency = row
    return Found(
        "invoice", key, f"Invoice {key}", f"{status} · {ours}" if ours else status, at, Money(minor, currency)
    )


def _line(_tx: Tx, row: Row) -> Found:
    key, name, order_id, minor, currency = row
    return Found("order_line", key, name, f"line {key} of order {order_id}", None, Money(minor, currency))


def _payment(_tx: Tx, row: Row) -> Found:
    key, identifier, gateway, status, at, e4, currency = row
    title = f"Payment {key}"
    detail = " · ".join(filter(None, (gateway, status, identifier)))
    return Found("payment", key, title, detail, at, Money(minor_of_e4(e4, currency), currency))


def _refund(_tx: Tx, row: Row) -> Found:
    key, order_id, status, at, e4, currency = row
    amount = Money(minor_of_e4(e4, currency), currency)
    return Found("refund", key, f"Refund {key}", f"{status} · order {order_id}", at, amount)


def _chargeback(_tx: Tx, row: Row) -> Found:
    key, identifier, order_id, at, minor, currency = row
    return Found(
        "chargeback",
        key,
        f"Chargeback {identifier}",
        f"order {order_id}",
        at,
        Money(minor, currency),
        ("order", order_id),
    )


def _enrolment(_tx: Tx, row: Row) -> Found:
    key, plan, customer_id, at, e4, currency = row
    amount = Money(minor_of_e4(e4, currency), currency)
    return Found("enrolment", key, f"Subscription {key}", f"{plan} · customer {customer_id}", at, amount)


ORDERS = Place(
    "order",
    SALES,
    Order,
    (
        Order.id,
        Order.number,
        Order.billing_name,
        Order.billing_email,
        Order.created_at,
        Order.total_minor,
        Order.currency,
    ),
    _order,
    (
        by_number(Order.id),
        by_text(Order.number),
        by_number(Order.sale_id),
        by_amount(Order.total_minor, Order.currency),
    ),
    parts=(Order.billing_name, Order.billing_email),
    base=lambda found: found.where(Order.removed_at.is_(None)),
)
INVOICES = Place(
    "invoice",
    SALES,
    Invoice,
    (
        Invoice.order_id,
        Invoice.merchant_order_id,
        Invoice.status,
        Order.created_at,
        Order.total_minor,
        Order.currency,
    ),
    _invoice,
    (by_number(Invoice.order_id), by_text(Invoice.merchant_order_id)),
    base=lambda found: found.join(Order, Order.id == Invoice.order_id).where(Order.removed_at.is_(None)),
)
LINES = Place(
    "order_line",
    SALES,
    OrderLine,
    (OrderLine.id, OrderLine.name, OrderLine.order_id, OrderLine.amount_minor, Order.currency),
    _line,
    (by_number(OrderLine.id),),
    base=lambda found: found.join(Order, Order.id == OrderLine.order_id).where(Order.removed_at.is_(None)),
)
PAYMENTS = Place(
    "payment",
    SALES,
    PaymentTransaction,
    (
        PaymentTransaction.id,
        PaymentTransaction.identifier,
        PaymentTransaction.gateway,
        PaymentTransaction.status,
        PaymentTransaction.date,
        PaymentTransaction.amount_e4,
        PaymentTransaction.currency,
    ),
    _payment,
    (
        by_number(PaymentTransaction.id),
        by_filled_text(PaymentTransaction.identifier),
    ),
)
REFUNDS = Place(
    "refund",
    SALES,
    Refund,
    (Refund.id, Refund.order_id, Refund.status, Refund.created_at, Refund.total_e4, Refund.currency),
    _refund,
    (by_number(Refund.id), by_e4(Refund.total_e4, Refund.currency)),
    base=lambda found: found.where(Refund.removed_at.is_(None)),
)
CHARGEBACKS = Place(
    "chargeback",
    SALES,
    Chargeback,
    (
        Chargeback.id,
        Chargeback.identifier,
        Chargeback.order_id,
        Chargeback.at,
        Chargeback.amount_minor,
        Chargeback.currency,
    ),
    _chargeback,
    (by_text(Chargeback.identifier), by_number(Chargeback.id)),
)
SUBSCRIPTIONS = Place(
    "enrolment",
    SALES,
    Enrolment,
    (
        Enrolment.id,
        Subscription.name,
        Enrolment.customer_id,
        Enrolment.created_at,
        func.coalesce(RecurringItem.price_e4, Subscription.price_e4),
        Subscription.currency,
    ),
    _enrolment,
    (by_number(Enrolment.id), by_number(RecurringItem.sale_id)),
    base=lambda found: found.join(Subscription, Subscription.id == Enrolment.subscription_id).outerjoin(
        RecurringItem, RecurringItem.enrolment_id == Enrolment.id
    ),
)
PLACES = (ORDERS, INVOICES, LINES, PAYMENTS, REFUNDS, CHARGEBACKS, SUBSCRIPTIONS)
