"""The whole surface of the Core dna dialect as one table (reference, appendix A)."""

from dataclasses import replace

from comptoir.dialects.coredna import (
    brands,
    categories,
    custom_fields,
    groups,
    notifications,
    orders,
    pricings,
    products,
    refunds,
    subscriptions,
    users,
    variants,
    warehouses,
)
from comptoir.dialects.edge import Route, area_of
from comptoir.domain.identity.permissions import CATALOGUE, CUSTOMERS, MESSAGES, SALES

RESOURCES = (
    products,
    brands,
    categories,
    custom_fields,
    variants,
    pricings,
    orders,
    refunds,
    subscriptions,
    warehouses,
    users,
    notifications,
    groups,
)
# What a key must be allowed to see, or to change, by the first part of a route's id.
AREAS = {
    "products": CATALOGUE, "brands": CATALOGUE, "categories": CATALOGUE, "custom_fields": CATALOGUE,
    "variants": CATALOGUE, "pricings": CATALOGUE, "warehouses": CATALOGUE,
    "orders": SALES, "refunds": SALES, "subscription_users": SALES,
    "users": CUSTOMERS, "groups": CUSTOMERS, "notifications": MESSAGES,
}  # fmt: skip
ROUTES: tuple[Route, ...] = tuple(
    replace(route, area=area_of(route.id, AREAS)) for resource in RESOURCES for route in resource.ROUTES
)


def paths_of(route: Route) -> list[str]:
    """The documented path and its aliases; a doubled `/products` counts as one on every product route."""
    paths = [route.path, *route.aliases]
    single = [path.replace("/products/products", "/products", 1) for path in paths]
    doubled = [f"/products{path}" for path in single if path.startswith("/products")]
    return list(dict.fromkeys([*paths, *single, *doubled]))


def table() -> dict[str, dict[str, Route]]:
    """Every path with its verbs, in the order of the reference."""
    paths: dict[str, dict[str, Route]] = {}
    for route in ROUTES:
        for path in paths_of(route):
            verbs = paths.setdefault(path, {})
            assert route.method not in verbs, f"{route.method} {path} is declared twice"
            verbs[route.method] = route
    return paths
