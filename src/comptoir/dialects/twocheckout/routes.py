"""The whole surface of the 2Checkout Admin API as one table (reference 2)."""

from dataclasses import replace
from types import ModuleType

from comptoir.dialects.edge import Route, area_of
from comptoir.dialects.twocheckout import (
    acct,
    coupons,
    options,
    payments,
    products,
    recurring,
    refunding,
    sale_list,
    sales,
    shipping,
)
from comptoir.dialects.twocheckout.calls import ApiCall
from comptoir.domain.identity.permissions import BOOKS, CATALOGUE, SALES, SETTINGS

# Each module has its CALLS.
RESOURCES: tuple[ModuleType, ...] = (
    acct, payments, sales, sale_list, refunding, recurring, shipping, products, options, coupons,
)  # fmt: skip
CALLS: tuple[ApiCall, ...] = tuple(call for resource in RESOURCES for call in resource.CALLS)

# What a user must be allowed to see, or to change, by a call's id or the first part of it.
AREAS = {
    "acct": SETTINGS,
    "acct.detail_pending_payment": BOOKS,
    "acct.list_payments": BOOKS,
    "sales": SALES,
    "products": CATALOGUE,
}


def table() -> dict[str, dict[str, Route]]:
    """Every path with its verbs; what reads may be asked by POST as well (reference 1.3)."""
    paths: dict[str, dict[str, Route]] = {}
    for call in CALLS:
        route = replace(call.route, area=area_of(call.id, AREAS))
        assert route.path not in paths, f"{route.path} is declared twice"
        paths[route.path] = {"POST": route} if call.is_write else {"GET": route, "POST": route}
    return paths
