"""Calling an order off: what was promised for it is let go, and what came in stays until it is refunded."""

from comptoir.domain.orders.changing import update_order
from comptoir.domain.orders.invoicing import decline_invoice, find_invoice
from comptoir.domain.orders.models import APPROVED, CANCELLED
from comptoir.domain.orders.sales import lock_order
from comptoir.domain.payments.capturing import release_invoice
from comptoir.domain.payments.gateways import gateway_named
from comptoir.domain.payments.models import SUCCESS
from comptoir.domain.payments.port import Gateways
from comptoir.domain.payments.queries import get_payment
from comptoir.domain.tx import Tx


def cancel_order(
    tx: Tx, *, order_id: int, version: int | None = None, gateways: Gateways = gateway_named
) -> None:
    """Cancel an order. An invoice whose money was only promised is declined, so that nobody takes it later.

    Refuses: OrderNotFound, OrderChanged.
    """
    lock_order(tx, order_id)
    update_order(tx, order_id=order_id, version=version, status=CANCELLED)
    invoice = find_invoice(tx, order_id)
    if invoice is None or invoice.status != APPROVED:
        return
    if invoice.payment_id is not None and get_payment(tx, invoice.payment_id).status == SUCCESS:
        return
    release_invoice(tx, order_id=order_id, gateways=gateways)
    decline_invoice(tx, order_id=order_id)
