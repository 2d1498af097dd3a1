"""Every kind of record that files hold, in the order in which they point at each other."""

from comptoir.domain.exchange import catalogue, people, trade
from comptoir.domain.exchange.assets import ASSETS
from comptoir.domain.exchange.errors import UnknownKind
from comptoir.domain.exchange.kinds import Kind

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        catalogue.BRANDS,
        catalogue.CATEGORIES,
        catalogue.CUSTOM_FIELDS,
        catalogue.PRODUCTS,
        catalogue.VARIANTS,
        catalogue.PRICINGS,
        ASSETS,
        people.CUSTOMERS,
        people.GROUPS,
        people.NOTIFICATIONS,
        trade.ORDERS,
        trade.PAYMENTS,
        trade.ORDER_LOGS,
        trade.REFUNDS,
    )
}


def kind_named(name: str) -> Kind:
    """The kind of this name. Refuses: UnknownKind."""
    if name not in KINDS:
        raise UnknownKind("kind", f"{name!r} is none of {', '.join(KINDS)}")
    return KINDS[name]
