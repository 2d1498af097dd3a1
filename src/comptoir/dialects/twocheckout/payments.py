"""Payouts: the one that is being gathered, and those that were paid (reference 3.3, 3.4 and 6.9)."""

from datetime import datetime

from comptoir.dialects.edge import Call, Reply
from comptoir.dialects.twocheckout.calls import reading
from comptoir.dialects.twocheckout.paging import PageEmpty
from comptoir.dialects.twocheckout.replies import ok
from comptoir.dialects.twocheckout.sale_amounts import text2, timestamp
from comptoir.dialects.twocheckout.shapes import FLAG, ID, MONEY, TEXT, TIME, a_list, an_object, or_null
from comptoir.domain.merchant.queries import get_merchant
from comptoir.domain.payouts.amounts import Parts
from comptoir.domain.payouts.models import VOIDED
from comptoir.domain.payouts.queries import Explained, find_pending, list_payouts
from comptoir.domain.shop import ShopFacts

WHOLE = ".00"

# What explains a payout, in the words of the API; both calls show the same.
PARTS = {
    "reserve_held": MONEY,
    "total_adjustments": MONEY,
    "total_balance_forward": MONEY,
    "total_chargeback_fees": MONEY,
    "total_commissions": MONEY,
    "total_fees": MONEY,
    "total_outgoing_commissions": MONEY,
    "total_refunds": MONEY,
    "total_reserve_released": MONEY,
    "total_sales": MONEY,
}
PENDING = an_object({
    **PARTS,
    "amount": MONEY,
    "payment_fee": MONEY,
    "payment_id": ID,
    "payment_method": TEXT,
    "release_level": {"type": "string", "pattern": r"^\d+(\.\d{2})?$"},
})  # fmt: skip
PAYMENT = an_object({
    **PARTS,
    "amount": MONEY,
    "date_paid": or_null(TIME),
    "date_reserve_released": or_null(TIME),
    "date_voided": or_null(TIME),
    "payment_id": ID,
    "payment_identifier": TEXT,
    "payment_type": TEXT,
    "void": FLAG,
})  # fmt: skip


def detail_pending_payment(call: Call) -> Reply:
    """What the next payout would be if it left now, and why."""
    merchant, currency = get_merchant(call.tx), call.tx.shop.currency
    pending = find_pending(call.tx, merchant)
    return ok(
        "payment info retrieved",
        payment={
            **_parts(pending.parts, currency),
            "amount": text2(pending.parts.payable_minor, currency),
            "payment_fee": text2(pending.parts.payout_fee, currency),
            "payment_id": str(pending.id),
            "payment_method": merchant.payout_method,
            "release_level": text2(merchant.release_level_minor, currency).removesuffix(WHOLE),
        },
    )


def list_payments(call: Call) -> Reply:
    """Every payout that left, the newest first.

    A shop that never paid out has an empty list, or refuses if it is set to do so (decision 10).
    """
    shop = call.tx.shop
    payments = [_payment(one, shop) for one in list_payouts(call.tx)]
    if not payments and shop.settings.get("refuse_empty_payments"):
        raise PageEmpty("of payments")
    return ok("payment info retrieved", payments=payments)


def _payment(one: Explained, shop: ShopFacts) -> dict[str, str | None]:
    payout = one.payout
    return {
        **_parts(one.parts, shop.currency),
        "amount": text2(payout.amount_minor, shop.currency),
        "date_paid": _time(payout.paid_at, shop),
        "date_reserve_released": _time(payout.reserve_released_at, shop),
        "date_voided": _time(payout.voided_at, shop),
        "payment_id": str(payout.id),
        "payment_identifier": payout.identifier,
        "payment_type": payout.method,
        "void": "1" if payout.state == VOIDED else "0",
    }


def _parts(parts: Parts, currency: str) -> dict[str, str]:
    told = {
        "reserve_held": parts.reserve_held,
        "total_adjustments": parts.adjustments,
        "total_balance_forward": parts.balance_forward,
        "total_chargeback_fees": parts.chargeback_fees,
        "total_commissions": parts.commissions,
        "total_fees": parts.fees,
        "total_outgoing_commissions": parts.outgoing_commissions,
        "total_refunds": parts.refunds,
        "total_reserve_released": parts.reserve_released,
        "total_sales": parts.sales,
    }
    return {name: text2(minor, currency) for name, minor in told.items()}


def _time(at: datetime | None, shop: ShopFacts) -> str | None:
    return None if at is None else timestamp(at, shop)


CALLS = (
    reading(
        "acct/detail_pending_payment", detail_pending_payment, shows={"payment": PENDING},
        text="Show what the next payout would be",
    ),
    reading(
        "acct/list_payments", list_payments, shows={"payments": a_list(PAYMENT)},
        text="List the payouts that left",
    ),
)  # fmt: skip
