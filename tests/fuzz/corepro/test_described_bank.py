"""Requests made by schemathesis from the served description of the CorePro dialect."""

from __future__ import annotations

from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any

from hypothesis import given, seed

from tests.dialects.corepro.asking import credentials
from tests.dialects.corepro.described import written
from tests.fuzz.conftest import RUN
from tests.fuzz.corepro.records import known_in, planted
from tests.fuzz.drawing import SETTINGS, drawn_from, faults_of, told
from tests.fuzz.sides import unlike

if TYPE_CHECKING:
    from schemathesis import Case

    from tests.fuzz.sides import Sides
    from tests.fuzz.tally import Tally


@cache
def described() -> Any:
    """The description, read once; the bare address is another dialect's for whoever has no key."""
    description = written()
    return drawn_from(description | {"paths": {p: v for p, v in description["paths"].items() if p != "/"}})


def test_described_bank(described_bank_run: int, sides: Sides, tally: Tally) -> None:
    sides.enter("everything")
    known = known_in(sides.first.shop)
    schema, cases = described()
    schema.app = sides.first._client.app
    picks = count(described_bank_run * RUN)

    @seed(described_bank_run)
    @SETTINGS
    @given(case=cases)
    def ask(case: Case[Any]) -> None:
        pick = next(picks)
        if pick % 4:
            case.path_parameters = planted(case.path_parameters, known, pick // 4)
            case.body = planted(case.body, known, pick // 4)
        headers = {"Authorization": credentials("updating")} if pick % 50 else {}
        answers = sides.call(case, headers)
        for answer in answers:
            faults = faults_of(case, answer) + unlike(answers)
            tally.note(answer.status_code, case.operation.label, faults, told(case))

    ask()
    tally.hold()
