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
from tests.fuzz.sides import unlike

if TYPE_CHECKING:
    from schemathesis import Case

    from tests.fuzz.sides import Sides
    from tests.fuzz.tally import Tally


@cache
def described() -> Any:
    """The description, read once."""
    return drawn_from(written())


def test_described(described_run: int, sides: Sides, tally: Tally) -> None:
    sides.enter("documented")
    schema, cases = described()
    schema.app = sides.first._client.app
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
        answers = sides.call(case, headers)
        for answer in answers:
            faults = faults_of(case, answer) + unlike(answers)
            tally.note(answer.status_code, case.operation.label, faults, told(case))

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
