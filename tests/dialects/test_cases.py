"""Runs every case of every dialect against a shop."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.dialects.cases import Case, fill, read_cases
from tests.dialects.expectations import ask, at, hold

if TYPE_CHECKING:
    from tests.dialects.wire import Wire, World

CASES = read_cases(Path(__file__).parent / "coredna" / "cases")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_case(case: Case, wire: Wire, world: World) -> None:
    world(case.world)
    names: dict[str, Any] = {}
    seen: list[int] = []
    for exchange in [*case.before, case.exchange, *case.after]:
        filled = fill(exchange, names)
        answer = ask(wire, filled)
        transaction_id = hold(filled, answer)
        if transaction_id is not None:
            seen.append(transaction_id)
        for name, place in filled.get("save", {}).items():
            names[name] = at(json.loads(answer.body), place)
    assert seen == sorted(set(seen)), "transaction ids rise"
