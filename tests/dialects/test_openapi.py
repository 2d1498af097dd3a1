"""The description that is served is valid, complete and true."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from comptoir.dialects.coredna.routes import ROUTES
from tests.dialects.cases import read_cases
from tests.dialects.described import faults_of, operation_of, operations, written
from tests.dialects.expectations import ask
from tests.dialects.published import FOLDER, documented_requests, routes, send

if TYPE_CHECKING:
    from tests.dialects.cases import Case
    from tests.dialects.wire import Wire, World

# What depends on an exchange before it is tried in test_cases; here each request stands for itself.
READING = [
    case
    for case in read_cases(FOLDER / "cases")
    if not case.before and case.exchange["ask"].startswith(("GET ", "HEAD "))
]


def test_the_description_is_valid() -> None:
    assert list(OpenAPIV31SpecValidator(written()).iter_errors()) == []


@pytest.mark.parametrize("route", routes(), ids=lambda route: route["id"])
def test_every_documented_route_is_described(route: dict[str, Any]) -> None:
    operation = operation_of(route["id"])
    assert (operation["method"], operation["path"]) == (route["method"], route["path"])
    assert str(route["success"]["status"]) in operation["responses"]
    assert ("requestBody" in operation) == (route["body"] != "none")
    named = {each.get("name", each.get("$ref", "").rpartition("/")[2]) for each in operation["parameters"]}
    assert ("search" in named) == ("search" in route["query"])
    assert ("expand" in named) == ("expand" in route["query"])
    told = [each for each in operations().values() if each["method"] == route["method"]]
    paths = {path for each in told for path in (each["path"], *each.get("x-aliases", []))}
    assert set(route["recommended_aliases"]) <= paths


def test_nothing_else_is_described() -> None:
    assert set(operations()) == {route.id.replace(".", "_") for route in ROUTES}


def test_every_shown_object_is_closed_and_complete() -> None:
    for name, schema in written()["components"]["schemas"].items():
        if schema.get("additionalProperties") is False and name not in {"Refund", "RefundedOrder"}:
            assert schema["required"] == list(schema["properties"]), name


@pytest.mark.parametrize("case", READING, ids=lambda case: case.label)
def test_answer_of_a_case_is_as_described(case: Case, wire: Wire, world: World) -> None:
    world(case.world)
    answer = ask(wire, case.exchange)
    is_head = case.exchange["ask"].startswith("HEAD")
    assert faults_of(case.route, answer, is_head=is_head) == []


@pytest.mark.parametrize("request_", documented_requests(), ids=lambda each: each["id"])
def test_answer_to_a_printed_request_is_as_described(
    request_: dict[str, Any], wire: Wire, world: World
) -> None:
    world("documented")
    answer = send(wire, request_)
    assert faults_of(request_["route"], answer) == []


@pytest.mark.parametrize("request_", documented_requests(), ids=lambda each: each["id"])
def test_printed_fields_are_described(request_: dict[str, Any]) -> None:
    body = operation_of(request_["route"]).get("requestBody")
    for name in request_.get("body", {}):
        assert body is not None
        form = written()["components"]["schemas"][
            body["content"]["multipart/form-data"]["schema"]["$ref"].rpartition("/")[2]
        ]
        patterns = form.get("patternProperties", {})
        assert name in form["properties"] or any(re.search(pattern, name) for pattern in patterns), name


SEARCHED = {
    "Text": "glove",
    "Number": "5",
    "Time": "2020-02-29 12:00:00",
    "Day": "1990-01-31",
    "Flag": "on",
}
FORMS = {"": "{0}", "Range": "{0},{0}", "List": "{0},{0}", "Part": "{0}"}


def _example(schema: dict[str, Any]) -> str:
    name = schema["$ref"].rpartition("/")[2]
    kind = next(each for each in SEARCHED if name.startswith(each))
    return FORMS[name.removeprefix(kind)].format(SEARCHED[kind])


@pytest.mark.parametrize(
    "route",
    [route for route in routes() if "search" in route["query"] and "{" not in route["path"]],
    ids=lambda route: route["id"],
)
def test_every_described_search_is_answered(route: dict[str, Any], wire: Wire, world: World) -> None:
    world("documented")
    search = next(each for each in operation_of(route["id"])["parameters"] if each.get("name") == "search")
    fields = written()["components"]["schemas"][search["schema"]["$ref"].rpartition("/")[2]]["properties"]
    for field, schema in fields.items():
        answer = wire.request("GET", f"{route['path']}?{field}={quote(_example(schema))}")
        assert (answer.status, faults_of(route["id"], answer)) == (200, []), field
