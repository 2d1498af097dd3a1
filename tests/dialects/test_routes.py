"""What holds for every route, generated from the published table of routes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.dialects.expectations import envelope_of
from tests.dialects.published import facts, path_at, path_values, request_of, routes, send
from tests.dialects.wire import NO_KEY

if TYPE_CHECKING:
    from tests.dialects.wire import Wire, World

ALIASES = [(route, alias) for route in routes() for alias in route["recommended_aliases"]]
VERBS = ["GET", "POST", "PUT", "DELETE", "PATCH"]


def _allowed() -> dict[str, set[str]]:
    """Every path, documented or alias, with all its verbs."""
    allowed: dict[str, set[str]] = {}
    table = facts("routes")["coredna_allow"]
    for part in ("documented", "aliases_only", "alias_methods_on_documented_paths"):
        for path, verbs in table[part].items():
            allowed.setdefault(path, set()).update(verbs)
    for extra in table["recommended_extra_routes"]:
        for path in (extra["path"], *extra["aliases"]):
            allowed.setdefault(path, set()).add(extra["method"])
    return allowed


REFUSED = [(verb, path, verbs) for path, verbs in _allowed().items() for verb in VERBS if verb not in verbs]


def _lasting(data: Any) -> Any:
    """The data without what differs between two creations of the same thing."""
    if isinstance(data, dict):
        passing = {"id", "created_at", "updated_at"}
        return {key: _lasting(each) for key, each in data.items() if key not in passing}
    if isinstance(data, list):
        return [_lasting(each) for each in data]
    return data


def _named(value: object) -> str | None:
    if isinstance(value, dict):
        return str(value["id"])
    return value if isinstance(value, str) else None


@pytest.mark.parametrize(("route", "alias"), ALIASES, ids=_named)
def test_alias_answers_as_the_documented_path(
    route: dict[str, Any], alias: str, wire: Wire, world: World
) -> None:
    request = request_of(route["id"])
    values = path_values(route["path"], request["path"])
    if "{product_id}" in alias:
        values.setdefault("product_id", "4603286")  # the parent of the variants that are asked for
    world("documented")
    expected = send(wire, request)
    world("documented")
    found = send(wire, request, path=path_at(alias, values, like=request["path"]))
    assert (expected.status, found.status) == (request["status"], request["status"]), found.body
    assert _lasting(envelope_of(found)["data"]) == _lasting(envelope_of(expected)["data"])


@pytest.mark.parametrize("route", routes(), ids=_named)
def test_route_needs_a_key(route: dict[str, Any], wire: Wire, world: World) -> None:
    world("documented")
    answer = send(wire, request_of(route["id"]), key=NO_KEY)
    assert answer.status == 401
    assert "error" in envelope_of(answer)


@pytest.mark.parametrize("route", routes(), ids=_named)
def test_route_ignores_a_trailing_slash(route: dict[str, Any], wire: Wire, world: World) -> None:
    world("documented")
    request = request_of(route["id"])
    path, mark, query = request["path"].partition("?")
    answer = send(wire, request, path=f"{path}/{mark}{query}")
    assert answer.status == request["status"], answer.body


@pytest.mark.parametrize("bad", ["abc", "-1", "0", "9223372036854775808", "%00"])
@pytest.mark.parametrize("route", [each for each in routes() if each["path"].endswith("{id}")], ids=_named)
def test_route_finds_nothing_under_a_bad_id(
    route: dict[str, Any], bad: str, wire: Wire, world: World
) -> None:
    world("documented")
    request = request_of(route["id"])
    values = path_values(route["path"], request["path"]) | {"id": bad}
    answer = send(wire, request, path=path_at(route["path"], values))
    # An unlinking says with 400 that the category is not linked (Core dna reference, decision 44).
    unlinking = route["id"] == "products.remove_category" and bad.isdigit()
    assert answer.status == (400 if unlinking else 404), answer.body
    envelope_of(answer)


@pytest.mark.parametrize(("verb", "path", "allowed"), REFUSED, ids=_named)
def test_other_verbs_are_refused(verb: str, path: str, allowed: set[str], wire: Wire, world: World) -> None:
    world("documented")
    answer = wire.request(verb, re.sub(r"\{\w+\}", "1234", path))
    assert answer.status == 405, answer.body
    named = {each.strip() for each in (answer.headers.get("Allow") or "").split(",")}
    assert named - {"HEAD", "OPTIONS"} == allowed
    envelope_of(answer)


def test_all_aliases_are_here() -> None:
    assert (len(routes()), len(ALIASES)) == (63, 31)
