"""Runs every case of the dialect."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from comptoir.dialects.corepro.routes import CALLS
from tests.dialects.cases import Case, fill, read_cases
from tests.dialects.corepro.asking import ask
from tests.dialects.corepro.holding import OWN, hold
from tests.dialects.expectations import at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.dialects.corepro.wire import BankWire
    from tests.dialects.wire import World

CASES = read_cases(Path(__file__).parent / "cases", own=OWN, world="empty")
IDS = {call.id for call in CALLS}


def exchanged(
    wire: BankWire, exchange: Mapping[str, Any], names: dict[str, Any], call: str | None = None
) -> None:
    """Has one exchange of a case, and keeps what it saves."""
    filled = fill(exchange, names)
    answer = ask(wire, filled)
    if answer is None:
        return
    envelope = hold(filled, answer, call)
    for name, place in filled.get("save", {}).items():
        names[name] = at(envelope["data"], place)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_case(case: Case, wire: BankWire, world: World) -> None:
    world(case.world)
    names: dict[str, Any] = {"null": None}
    for exchange in case.before:
        exchanged(wire, exchange, names)
    exchanged(wire, case.exchange, names, case.route if case.route in IDS else None)
    for exchange in case.after:
        exchanged(wire, exchange, names)
