"""Sales whose money is booked, what becomes of it, and a merchant who is paid out for it."""

from datetime import timedelta
from typing import Any

from comptoir.domain.merchant.actions import update_merchant
from comptoir.domain.merchant.queries import get_merchant
from comptoir.domain.money import e4_of_minor
from comptoir.domain.orders.invoicing import attach_payment, mark_deposited, mark_pending
from comptoir.domain.orders.selling import SaleLine, SaleTerms, place_sale
from comptoir.domain.payments.actions import charge_order
from comptoir.domain.payments.chargebacks import charge_back
from comptoir.domain.payments.gateways import SANDBOX, gateway_named
from comptoir.domain.payments.queries import list_payments
from comptoir.domain.payouts.amounts import Parts
from comptoir.domain.payouts.queries import find_pending
from comptoir.domain.refunds.actions import draft_refund, process_refund
from comptoir.domain.tx import OpenShop, Tx
from tests.domain.orders.given import A_BUYER

TERMS: dict[str, Any] = {
    "fee_ppm": 55_000,
    "fee_fixed_minor": 45,
    "reserve_ppm": 30_000,
    "reserve_days": 90,
    "chargeback_fee_minor": 2_000,
    "payout_fee_minor": 2_000,
    "payout_method": "wire",
    "payout_weekday": 0,
}


def terms(tx: Tx, **changes: Any) -> None:
    """The terms of the documented merchant, or others."""
    update_merchant(tx, **TERMS | changes)


def a_sale(tx: Tx, minor: int = 10_041, *, gateway: str = SANDBOX, **given: Any) -> int:
    """An order with its invoice, paid and not deposited yet."""
    line = SaleLine(name="Lamp", amount_e4=e4_of_minor(minor, tx.shop.currency))
    placed = place_sale(tx, lines=[line], buyer=A_BUYER, terms=SaleTerms(fraud_status="pass", **given))
    payment_id = charge_order(tx, order_id=placed.order_id, gateway=gateway_named(gateway))
    attach_payment(tx, order_id=placed.order_id, payment_id=payment_id)
    return placed.order_id


def deposit(tx: Tx, order_id: int) -> int:
    """Book the money of an invoice."""
    mark_pending(tx, order_id=order_id)
    mark_deposited(tx, order_id=order_id)
    return order_id


def a_deposit(tx: Tx, minor: int = 10_041, **given: Any) -> int:
    """An invoice whose money is booked: 100.41 costs 5.98 and holds back 3.01."""
    return deposit(tx, a_sale(tx, minor, **given))


def refund(tx: Tx, order_id: int, minor: int) -> None:
    """Give some of the money back."""
    amount_e4 = e4_of_minor(minor, tx.shop.currency)
    refund_id = draft_refund(tx, order_id=order_id, items=[{"type": "amount", "amount_e4": amount_e4}])
    assert process_refund(tx, refund_id=refund_id) == "success"


def dispute(tx: Tx, order_id: int, minor: int | None = None) -> None:
    """Let the buyer's bank take money back."""
    payment = list_payments(tx, order_id)[0]
    charge_back(tx, payment_id=payment.id, identifier=tx.ids.text(12), amount_minor=minor)


def pending(tx: Tx) -> Parts:
    """What the next payout is made of, without the fee for sending it."""
    return find_pending(tx, get_merchant(tx)).parts._replace(payout_fee=0)


def advance(shop: OpenShop, by: timedelta) -> None:
    """Let time pass."""
    now = shop.system() + by
    shop.system = lambda: now
