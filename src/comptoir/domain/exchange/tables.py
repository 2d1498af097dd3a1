"""Every kind of record that files hold, in the order in which they point at each other."""

from comptoir.domain.exchange import catalogue, invoicing, merchant, payouts, people, places, recurring, trade
from comptoir.domain.exchange.assets import ASSETS
from comptoir.domain.exchange.errors import UnknownKind
from comptoir.domain.exchange.kinds import Kind

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        catalogue.BRANDS,
        catalogue.CATEGORIES,
        catalogue.CUSTOM_FIELDS,
        catalogue.OPTIONS,
        catalogue.PRODUCTS,
        catalogue.PRODUCT_TERMS,
        catalogue.VARIANTS,
        catalogue.PRICINGS,
        catalogue.COUPONS,
        ASSETS,
        places.WAREHOUSES,
        places.STOCK,
        people.CUSTOMERS,
        people.GROUPS,
        people.NOTIFICATIONS,
        merchant.MERCHANT,
        merchant.EXCHANGE_RATES,
        merchant.TAX_RATES,
        merchant.SHIPPING_METHODS,
        trade.ORDERS,
        trade.PAYMENTS,
        trade.ORDER_LOGS,
        trade.REFUNDS,
        invoicing.INVOICES,
        invoicing.ORDER_COMMENTS,
        recurring.SUBSCRIPTIONS,
        recurring.SUBSCRIPTION_USERS,
        recurring.RECURRING_ITEMS,
        payouts.PAYMENT_METHODS,
        payouts.CHARGEBACKS,
        payouts.PAYOUTS,
    )
}
# What the Core dna API calls them.
ALSO_CALLED = {"users": "customers", "transactions": "payments", "logs": "order_logs"}


def kind_named(name: str) -> Kind:
    """The kind of this name. Refuses: UnknownKind."""
    known = ALSO_CALLED.get(name, name)
    if known not in KINDS:
        raise UnknownKind("kind", f"{name!r} is none of {', '.join(KINDS)}")
    return KINDS[known]
