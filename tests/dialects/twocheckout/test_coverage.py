"""Holds the case files to the table of calls: none without its success, none without what it cannot do without."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from comptoir.dialects.twocheckout.routes import CALLS
from tests.dialects.twocheckout.described import operations, written
from tests.dialects.twocheckout.test_cases import CASES

if TYPE_CHECKING:
    from comptoir.dialects.twocheckout.calls import ApiCall
    from tests.dialects.cases import Case

WORLDS = Path(__file__).parent / "worlds"
NEEDING = [call for call in CALLS if any(taken.is_required for taken in call.takes)]


def _of(call: ApiCall) -> list[Case]:
    return [case for case in CASES if case.route == call.id]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: call.id)
def test_every_call_has_a_case_of_its_success(call: ApiCall) -> None:
    done = [case for case in _of(call) if case.exchange["status"] == 200]
    assert any("message" in case.exchange for case in done)
    for name in call.shows:
        assert any(name in case.exchange.get("data", {}) for case in done), f"none shows {name}"


@pytest.mark.parametrize("call", NEEDING, ids=lambda call: call.id)
def test_every_needed_parameter_has_a_case_without_it(call: ApiCall) -> None:
    missing = {
        error.get("parameter")
        for case in _of(call)
        for error in case.exchange.get("errors", [])
        if error["code"] == "PARAMETER_MISSING"
    }
    assert {taken.name for taken in call.takes if taken.is_required} - missing == set()


def test_every_case_names_a_call_or_the_transport() -> None:
    assert {case.route for case in CASES} <= {call.id for call in CALLS} | {"transport"}


def test_every_case_starts_from_a_world_that_is_written_down() -> None:
    assert {case.world for case in CASES} <= {file.stem for file in WORLDS.glob("*.py")}


def test_the_description_is_valid_and_names_every_call() -> None:
    assert list(OpenAPIV31SpecValidator(written()).iter_errors()) == []
    described = set(operations())
    assert described == {call.id.replace(".", "_") for call in CALLS} | {
        f"{call.id.replace('.', '_')}_by_post" for call in CALLS if not call.is_write
    }
