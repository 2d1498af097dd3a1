"""Payouts as a vendor saved them from the original platform: one list_payments document (reference 3.4)."""

from collections.abc import Mapping
from typing import Any

from comptoir.dialects.twocheckout.moving_in import PLATFORM
from comptoir.dialects.twocheckout.saved_sales import Page
from comptoir.domain.errors import Invalid
from comptoir.domain.payouts.amounts import Parts
from comptoir.domain.payouts.importing import PaidElsewhere, import_payouts
from comptoir.domain.shop import ShopFacts
from comptoir.domain.tx import Tx

PARTS = {
    "total_sales": "sales",
    "total_fees": "fees",
    "total_refunds": "refunds",
    "total_chargeback_fees": "chargeback_fees",
    "total_adjustments": "adjustments",
    "total_commissions": "commissions",
    "total_outgoing_commissions": "outgoing_commissions",
    "total_balance_forward": "balance_forward",
    "reserve_held": "reserve_held",
    "total_reserve_released": "reserve_released",
}


def take_payments(tx: Tx, document: Mapping[str, Any]) -> int:
    """Keep the payouts of a saved document with their numbers, and say how many were new; all or none.

    Refuses: Invalid (payments, what is missing or malformed, and all that importing payouts refuses).
    """
    return import_payouts(tx, read_payments(document, tx.shop))


def read_payments(document: Mapping[str, Any], shop: ShopFacts) -> list[PaidElsewhere]:
    """The payouts that a document tells of, the oldest first. Refuses: Invalid."""
    rows = document.get("payments")
    if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
        raise Invalid("payments", "must be a list")
    return sorted((_payment(Page(row, shop)) for row in rows), key=lambda one: (one.paid_at, one.id))


def _payment(page: Page) -> PaidElsewhere:
    currency = page.shop.currency
    paid_at = page.time("date_paid")
    if paid_at is None:
        raise Invalid("date_paid", "is missing")
    voided_at = page.time("date_voided")
    return PaidElsewhere(
        id=page.number("payment_id"),
        identifier=page.text("payment_identifier"),
        method=page.text("payment_type"),
        amount_minor=page.minor("amount", currency),
        paid_at=paid_at,
        parts=Parts(**{part: page.minor(name, currency) for name, part in PARTS.items()}),
        reserve_released_at=page.time("date_reserve_released"),
        voided_at=(voided_at or paid_at) if page.flag("void") else voided_at,
        gateway=PLATFORM,
    )
