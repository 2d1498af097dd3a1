"""Requests made by schemathesis from the served description of the Core dna dialect."""

from __future__ import annotations

from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any

from hypothesis import given, seed

from tests.dialects.described import written
from tests.dialects.wire import KEY
from tests.fuzz.conftest import RUN
from tests.fuzz.drawing import FORMATS, SETTINGS, drawn_from, faults_of, told
from tests.fuzz.records import collection_of, known, planted

if TYPE_CHECKING:
    from schemathesis import Case

    from tests.dialects.conftest import LocalWire
    from tests.dialects.wire import World
    from tests.fuzz.tally import Tally


@cache
def described() -> Any:
    """The description, read once."""
    return drawn_from(written())


def test_described(
    described_run: int, running: LocalWire, wire: LocalWire, world: World, tally: Tally
) -> None:
    world("documented")
    schema, cases = described()
    schema.app = app = running._client.app
    # Counted, not drawn: half of the numbers that hypothesis draws beside so large a case are 0.
    picks = count(described_run * RUN)

    @seed(described_run)
    @SETTINGS
    @given(case=cases)
    def ask(case: Case[Any]) -> None:
        pick = next(picks)
        meet(case, pick)
        key = {"Authorization": f"Bearer {KEY}"} if pick % 50 else {}
        headers = {"Accept": FORMATS[pick % len(FORMATS)]} | key
        answer = case.call(headers=headers, app=app)
        tally.note(answer.status_code, case.operation.label, faults_of(case, answer), told(case))

    ask()
    tally.hold()


def meet(case: Case[Any], pick: int) -> None:
    """Three times of four ask for records that are there."""
    if pick % 4:
        operation = str(case.operation.definition.raw["operationId"])
        for name in case.path_parameters:
            ids = known(collection_of(operation, name))
            case.path_parameters[name] = ids[pick // 4 % len(ids)]
        case.body = planted(case.body, pick // 4)
