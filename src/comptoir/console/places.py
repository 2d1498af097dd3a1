"""Where a thing's page is: one table from the trade's words to addresses."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

BASE = "/console"

PLACES: Mapping[str, str] = {
    "order": "/orders/{}",
    "sale": "/orders/{}",
    "invoice": "/orders/{}",
    "order_line": "/order-lines/{}",
    "line": "/order-lines/{}",
    "line_item": "/order-lines/{}",
    "refund": "/refunds/{}",
    "payment": "/payments/{}",
    "product": "/products/{}",
    "variant": "/variants/{}",
    "option": "/options/{}",
    "pricing": "/pricings/{}",
    "brand": "/brands/{}",
    "category": "/categories/{}",
    "custom_field": "/custom-fields/{}",
    "coupon": "/coupons/{}",
    "coupon_code": "/coupons/by-code?code={}",
    "warehouse": "/warehouses/{}",
    "stock_move": "/stock-moves/{}",
    "asset": "/media/file?path={}",
    "customer": "/customers/{}",
    "group": "/groups/{}",
    "notification": "/notifications/{}",
    "subscription": "/plans/{}",
    "enrolment": "/subscriptions/{}",
    "bank_customer": "/bank/customers/{}",
    "bank_account": "/bank/accounts/{}",
    "external_account": "/bank/external-accounts/{}",
    "bank_transfer": "/bank/transfers/{}",
    "card": "/bank/cards/{}",
    "ecode": "/bank/gift-codes/{}",
    "ecode_product": "/bank/gift-codes/offer/{}",
    "applied_fee": "/bank/fees/{}",
    "bank_file": "/bank/files/{}",
    "bank_document": "/bank/documents/{}",
    "bank_statement": "/bank/statements/{}",
    "statement": "/bank/statements/{}",
    "bank_hold": "/bank/accounts/{}",
    "deposit": "/bank/transfers/{}",
    "account": "/ledger/accounts/{}",
    "transfer": "/ledger/transfers/{}",
    "payout": "/payouts/{}",
    "endpoint": "/webhooks/{}",
    "delivery": "/deliveries/{}",
    "event": "/events/{}",
    "operator": "/operators/{}",
    "api_key": "/keys/{}",
    "task": "/tasks/{}",
    "program": "/bank",
    "program_account": "/bank",
    "bank_product": "/bank",
    "exchange_rate": "/settings/rates/{}",
    "tax_rate": "/settings/taxes/{}",
    "shipping_method": "/settings/shipping/{}",
    "shop": "/settings",
    "merchant": "/settings",
}


def address_of(path: str) -> str:
    """A page's address from its path below the console."""
    return f"{BASE}{path}"


def link_to(kind: str, key: Any) -> str | None:
    """Where a thing's page is, or None when its kind has none."""
    place = PLACES.get(kind)
    return None if place is None or key is None else address_of(place.format(quote(str(key), safe="")))


def explain_at(kind: str, key: Any, what: str) -> str:
    """Where an amount of a thing is explained."""
    return address_of(f"/explain/{quote(kind, safe='')}/{quote(str(key), safe='')}/{quote(what, safe='')}")
