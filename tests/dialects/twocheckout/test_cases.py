"""Runs every case of the dialect in each of its three formats."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from comptoir.dialects.twocheckout.routes import CALLS
from tests.dialects.cases import Case, fill, read_cases
from tests.dialects.expectations import at
from tests.dialects.twocheckout.asking import FORMATS, ask, read_json
from tests.dialects.twocheckout.holding import OWN, hold

if TYPE_CHECKING:
    from tests.dialects.wire import Wire, World

CASES = read_cases(Path(__file__).parent / "cases", own=OWN, world="empty")
IDS = {call.id for call in CALLS}
READS = {call.id for call in CALLS if not call.is_write}


def run(case: Case, form: str, wire: Wire) -> None:
    names: dict[str, Any] = {"null": None}
    for exchange in case.before:
        filled = fill(exchange, names)
        answer = ask(wire, filled, "json")
        hold(filled, answer, "json")
        for name, place in filled.get("save", {}).items():
            names[name] = at(read_json(answer.body), place)
    exchange = fill(case.exchange, names)
    hold(exchange, ask(wire, exchange, form), form, case.route if case.route in IDS else None)
    for exchange in case.after:
        filled = fill(exchange, names)
        hold(filled, ask(wire, filled, form), form)


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_case(case: Case, form: str, wire: Wire, world: World) -> None:
    world(case.world)
    run(case, form, wire)


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if case.route in READS and case.exchange["ask"].startswith("GET ")],
    ids=lambda case: case.label,
)
def test_what_is_read_by_get_is_read_by_post(case: Case, wire: Wire, world: World) -> None:
    world(case.world)
    path, _, query = case.exchange["ask"].removeprefix("GET ").partition("?")
    posted = case.exchange | {"ask": f"POST {path}", "raw": query.replace("%20", "+")}
    run(Case(case.label, case.route, case.world, case.before, posted, case.after), "json", wire)
