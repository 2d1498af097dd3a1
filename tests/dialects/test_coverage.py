"""Holds the case files to the published table: no route without its success, its errors, its bad input."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.dialects.cases import read_cases
from tests.dialects.published import FOLDER, documented_requests, facts, routes

if TYPE_CHECKING:
    from tests.dialects.cases import Case

CASES = read_cases(FOLDER / "cases")
EXTRA = {"notifications.get"}  # recommended beside the documented routes
ERRORS = [
    (route["id"], error)
    for route in routes()
    for error in route["documented_errors"]
    if not error.startswith("500")  # a fault of the server cannot be asked for
]


def _of(route: str) -> list[Case]:
    return [case for case in CASES if case.route == route]


def _takes_input(route: dict[str, Any]) -> bool:
    return route["body"] != "none" or route["query"] != "none" or "{" in route["path"]


@pytest.mark.parametrize("route", routes(), ids=lambda route: route["id"])
def test_every_route_has_a_case_of_its_success(route: dict[str, Any]) -> None:
    shaped = [case for case in _of(route["id"]) if case.exchange["status"] == route["success"]["status"]]
    assert shaped
    answers = route["success"]["data"]
    if answers != "true":
        shape = f"[{answers[0]}]" if isinstance(answers, list) else answers
        assert any(case.exchange.get("shape") == shape for case in shaped), f"none shows a {shape}"


@pytest.mark.parametrize(("route", "error"), ERRORS)
def test_every_documented_error_has_a_case(route: str, error: str) -> None:
    status, reason = error.split(" ", 1)
    told = [(case.exchange["status"], case.exchange.get("reason")) for case in _of(route)]
    assert (int(status), reason) in told


@pytest.mark.parametrize(
    "route", [each for each in routes() if _takes_input(each)], ids=lambda each: each["id"]
)
def test_every_route_with_input_has_a_case_of_bad_input(route: dict[str, Any]) -> None:
    statuses = {
        case.exchange["status"] for case in _of(route["id"]) if isinstance(case.exchange["status"], int)
    }
    if route["body"] != "none" or "search" in route["query"] or "expand" in route["query"]:
        assert 400 in statuses
    if "{" in route["path"]:
        assert 404 in statuses


def test_every_case_names_a_route() -> None:
    known = {route["id"] for route in routes()} | EXTRA
    assert {case.route for case in CASES} <= known


def test_every_case_starts_from_a_world_that_is_written_down() -> None:
    written = {file.stem for file in (FOLDER / "worlds").glob("*.yaml")} - {"web"}
    assert {case.world for case in CASES} <= written


def test_every_printed_request_names_a_route_and_a_shape() -> None:
    known = {route["id"] for route in routes()}
    assert {request["route"] for request in documented_requests()} == known
    for request in documented_requests():
        answers = request["answers"]
        assert answers is True or (answers[0] if isinstance(answers, list) else answers) in facts("shapes")
