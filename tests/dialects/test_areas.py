"""Every route is about an area, and a key reaches what its scopes and its operator's role allow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from comptoir.app import all_routes
from comptoir.domain.identity.models import ApiKey, Operator
from comptoir.domain.identity.permissions import AREAS

if TYPE_CHECKING:
    from tests.dialects.conftest import LocalWire

ROUTES = [
    (dialect, route)
    for dialect, paths in all_routes().items()
    for verbs in paths.values()
    for route in verbs.values()
]


def test_every_route_of_every_dialect_is_about_an_area() -> None:
    assert {dialect for dialect, _ in ROUTES} == {"coredna", "twocheckout", "corepro", "feed"}
    assert [(dialect, route.id) for dialect, route in ROUTES if route.area not in AREAS] == []


@pytest.mark.parametrize(
    ("role", "scopes", "verb", "path", "status"),
    [
        ("owner", ["*"], "GET", "/orders", 200),
        ("support", ["*"], "GET", "/orders", 200),
        ("support", ["*"], "GET", "/products", 200),
        ("support", ["*"], "PUT", "/products/1234", 401),
        ("support", ["*"], "GET", "/feed/events", 403),
        ("manager", ["*"], "GET", "/feed/events", 200),
        ("manager", ["sales:see"], "GET", "/feed/events", 403),
        ("manager", ["sales:see"], "GET", "/orders", 200),
        ("manager", ["sales:see"], "GET", "/users", 401),
        ("manager", ["sales:change"], "GET", "/orders", 401),
        ("manager", ["coredna:read"], "GET", "/users", 200),
        ("manager", ["twocheckout:read"], "GET", "/users", 401),
        ("read-only", ["*"], "GET", "/users", 200),
        ("read-only", ["*"], "PUT", "/products/1234", 401),
        ("king", ["*"], "GET", "/users", 401),
    ],
)
def test_a_key_reaches_what_its_scopes_and_its_operator_allow(  # noqa: PLR0917
    wire: LocalWire, world: Any, role: str, scopes: list[str], verb: str, path: str, status: int
) -> None:
    world("documented")
    wire.shop.write(lambda tx: tx.update(Operator, 1, role=role))
    wire.shop.write(lambda tx: tx.update(ApiKey, 1, scopes=scopes))
    form = {"name": "Another"} if verb == "PUT" else None
    assert wire.request(verb, path, form=form).status == status
