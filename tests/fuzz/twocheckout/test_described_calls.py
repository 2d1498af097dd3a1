"""Requests made by schemathesis from the served description of the 2Checkout dialect."""

from __future__ import annotations

from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any

from hypothesis import given, seed

from tests.dialects.twocheckout.asking import credentials
from tests.dialects.twocheckout.described import written
from tests.fuzz.conftest import RUN
from tests.fuzz.drawing import FORMATS, SETTINGS, drawn_from, faults_of, told
from tests.fuzz.sides import unlike
from tests.fuzz.twocheckout.records import known_in, planted
from tests.fuzz.twocheckout.shapes import faults_in_shape

if TYPE_CHECKING:
    from schemathesis import Case

    from tests.fuzz.sides import Sides
    from tests.fuzz.tally import Tally


@cache
def described() -> Any:
    """The description, read once."""
    return drawn_from(written())


def test_described_calls(described_calls_run: int, sides: Sides, tally: Tally) -> None:
    sides.enter("everything")
    known = known_in(sides.first.shop)
    schema, cases = described()
    schema.app = sides.first._client.app
    # Counted, not drawn: half of the numbers that hypothesis draws beside so large a case are 0.
    picks = count(described_calls_run * RUN)

    @seed(described_calls_run)
    @SETTINGS
    @given(case=cases)
    def ask(case: Case[Any]) -> None:
        pick = next(picks)
        if pick % 4:
            case.query = planted(case.query, known, pick // 4)
            case.body = planted(case.body, known, pick // 4)
        user = {"Authorization": credentials("updating")} if pick % 50 else {}
        headers = {"Accept": FORMATS[pick % len(FORMATS)]} | user
        answers = sides.call(case, headers)
        for answer in answers:
            media_type = answer.headers.get("content-type", [""])[0]
            faults = faults_of(case, answer) + faults_in_shape(answer.status_code, media_type, answer.content)
            tally.note(answer.status_code, case.operation.label, faults + unlike(answers), told(case))

    ask()
    tally.hold()
