"""The kinds of things that happen, by the first word of an event's kind: what a webhook may choose from."""

from collections.abc import Mapping

# What each is called, by what it belongs to; `order.*` are all kinds that begin with `order.`.
KINDS: Mapping[str, Mapping[str, str]] = {
    "Selling": {
        "order": "orders",
        "sale": "sales",
        "invoice": "invoices",
        "checkout": "checkouts",
        "payment": "payments",
        "payment_method": "ways of paying that are kept",
        "card_token": "cards of buyers",
        "attempt": "attempts at payment gateways",
        "refund": "refunds",
        "recurring": "recurring line items",
        "subscription": "subscription plans",
        "enrolment": "subscriptions of customers",
        "coupon": "coupons",
    },
    "Catalogue": {
        "product": "products",
        "variant": "variants",
        "option": "options",
        "pricing": "prices",
        "brand": "brands",
        "category": "categories",
        "custom_field": "custom fields",
        "warehouse": "warehouses",
        "stock": "stock",
        "asset": "media",
    },
    "People": {
        "customer": "customers",
        "group": "groups",
        "notification": "notifications",
        "operator": "operators",
        "api_key": "API users and keys",
    },
    "Bank": {
        "program": "the bank program",
        "program_account": "the program's own accounts",
        "bank_product": "kinds of accounts",
        "bank_customer": "bank customers",
        "beneficiary": "beneficiaries",
        "relationship": "relationships between customers",
        "bank_document": "documents",
        "disclosure": "disclosures",
        "bank_account": "accounts",
        "account_access": "access to accounts",
        "account_beneficiaries": "who inherits accounts",
        "account_limits": "limits of accounts",
        "entitlement": "entitlements",
        "stop_pay": "stopped payments",
        "interest": "interest",
        "external_account": "external accounts",
        "bank_transfer": "transfers of the bank",
        "fee": "fees of the bank",
        "bank_file": "bank files",
        "card": "cards",
        "card_control": "card controls",
        "ecode": "e-codes",
        "ecode_product": "e-codes on offer",
        "statement": "statements",
    },
    "Money": {
        "transfer": "transfers of the ledger",
        "hold": "holds",
        "account": "accounts of the ledger",
        "payout": "payouts",
    },
    "House": {
        "merchant": "the merchant's profile",
        "exchange_rate": "exchange rates",
        "tax_rate": "tax rates",
        "shipping_method": "ways to ship",
        "shop": "the shop and its clock",
        "task": "tasks",
    },
}
KIND_NAMES: Mapping[str, str] = {
    word: f"{title}: {name}" for title, names in KINDS.items() for word, name in names.items()
}
