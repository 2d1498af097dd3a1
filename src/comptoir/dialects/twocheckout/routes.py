"""The whole surface of the 2Checkout Admin API as one table (reference 2)."""

from types import ModuleType

from comptoir.dialects.edge import Route
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

# Each module has its CALLS.
RESOURCES: tuple[ModuleType, ...] = (
    acct, payments, sales, sale_list, refunding, recurring, shipping, products, options, coupons,
)  # fmt: skip
CALLS: tuple[ApiCall, ...] = tuple(call for resource in RESOURCES for call in resource.CALLS)


def table() -> dict[str, dict[str, Route]]:
    """Every path with its verbs; what reads may be asked by POST as well (reference 1.3)."""
    paths: dict[str, dict[str, Route]] = {}
    for call in CALLS:
        route = call.route
        assert route.path not in paths, f"{route.path} is declared twice"
        paths[route.path] = {"POST": route} if call.is_write else {"GET": route, "POST": route}
    return paths
