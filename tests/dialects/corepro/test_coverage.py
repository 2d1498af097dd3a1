"""Holds the case files to the table of calls: no success, no member and no code without its case."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from comptoir.dialects.corepro.routes import CALLS
from tests.dialects.corepro.described import operations, written
from tests.dialects.corepro.test_cases import CASES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from comptoir.dialects.corepro.calls import ApiCall
    from tests.dialects.cases import Case

WORLDS = Path(__file__).parent / "worlds"
TOLD = ("data", "data_exact")


def _of(call: ApiCall, status: int | None = None) -> list[Case]:
    return [case for case in CASES if case.route == call.id and status in {None, case.exchange["status"]}]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.id)
def test_every_call_has_a_case_of_its_success(call: ApiCall) -> None:
    said = {*TOLD, "data_absent", "file_begins", "lengths", "matches"}
    assert any(said & case.exchange.keys() for case in _of(call, 200))


@pytest.mark.parametrize("call", [call for call in CALLS if call.codes], ids=lambda call: call.id)
def test_every_code_of_a_call_has_a_case(call: ApiCall) -> None:
    said = {error["code"] for case in _of(call) for error in case.exchange.get("errors", [])}
    assert set(call.codes) - said == set()


def test_every_member_of_every_shape_is_shown_in_a_case() -> None:
    seen: dict[str, set[str]] = {}
    names: dict[str, dict[str, Any]] = {}
    for call in CALLS:
        if call.shows is None:
            continue
        for where, shape in shapes_in(call.shows, call.id):
            names.setdefault(where, shape)
        for case in _of(call, 200):
            for told in told_of(case):
                note(call.shows, told, call.id, seen)
    members = {key_of(shape): (where, set(shape["properties"])) for where, shape in names.items()}
    missing = {
        where: lacking for key, (where, all_) in members.items() if (lacking := all_ - seen.get(key, set()))
    }
    assert missing == {}


def key_of(shape: dict[str, Any]) -> str:
    """What makes two shapes the same: all that they say."""
    return repr(shape)


def shapes_in(shape: dict[str, Any], where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every closed object within a shape, with the place where it was found."""
    if "items" in shape:
        yield from shapes_in(shape["items"], where)
    elif isinstance(shape.get("additionalProperties"), dict):
        yield from shapes_in(shape["additionalProperties"], where)
    elif "properties" in shape:
        yield where, shape
        for name, member in shape["properties"].items():
            yield from shapes_in(member, f"{where}.{name}")


def note(shape: dict[str, Any], told: Any, where: str, seen: dict[str, set[str]]) -> None:
    """Note which members of which shapes are told."""
    if "items" in shape:
        for item in told if isinstance(told, list) else [told]:
            note(shape["items"], item, where, seen)
    elif isinstance(shape.get("additionalProperties"), dict) and isinstance(told, dict):
        for item in told.values():
            note(shape["additionalProperties"], item, where, seen)
    elif "properties" in shape and isinstance(told, dict):
        seen.setdefault(key_of(shape), set()).update(told.keys() & shape["properties"].keys())
        for name in told.keys() & shape["properties"].keys():
            note(shape["properties"][name], told[name], where, seen)


def told_of(case: Case) -> Iterator[Any]:
    """What a case tells of the data; a dotted place is told as well, with list positions left out of it."""
    for word in TOLD:
        if word in case.exchange:
            yield case.exchange[word]
    for place in case.exchange.get("matches", {}):
        told: Any = "told"
        for name in reversed(place.split(".")):
            told = [told] if name.isdigit() else {name: told}
        yield told


def test_every_case_names_a_call_or_the_transport() -> None:
    assert {case.route for case in CASES} <= {call.id for call in CALLS} | {"transport"}


def test_every_case_starts_from_a_world_that_is_written_down() -> None:
    assert {case.world for case in CASES} <= {file.stem for file in WORLDS.glob("*.py")}


def test_the_description_is_valid_and_names_every_call() -> None:
    assert list(OpenAPIV31SpecValidator(written()).iter_errors()) == []
    assert set(operations()) == {call.id.replace(".", "_") for call in CALLS}


def test_every_call_is_named_in_english_and_its_path_in_camel_case() -> None:
    for call in CALLS:
        assert call.text, call.id
        assert all(re.fullmatch(r"[a-z][a-zA-Z0-9]*", part) for part in call.path.split("/") if part), call.id
