"""Requests made by schemathesis from the served description, half of them against its rules."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st
from lxml import etree
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.dialects.described import PARSER, written
from tests.dialects.wire import KEY
from tests.fuzz.conftest import RUN
from tests.fuzz.records import collection_of, known, planted

if TYPE_CHECKING:
    from schemathesis import Case

    from tests.dialects.conftest import LocalWire
    from tests.dialects.wire import World
    from tests.fuzz.tally import Tally

CHECKS: list[Any] = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
FORMATS = ("application/json", "application/json", "*/*", "application/xml", "text/html,*/*;q=0.8", "?;q=x")
# The world is not the same after a request, so a failing one is told and not tried again.
SETTINGS = settings(
    max_examples=RUN,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    verbosity=Verbosity.quiet,
)


@cache
def described() -> Any:
    """The description as schemathesis reads it, and a strategy over all its operations."""
    schema = schemathesis.openapi.from_dict(written())
    operations: list[Any] = [each.ok() for each in schema.get_all_operations()]  # type: ignore[union-attr]
    cases = [operation.as_strategy(generation_mode=mode) for operation in operations for mode in MODES]
    return schema, st.one_of(cases)


def test_described(
    described_run: int, running: LocalWire, wire: LocalWire, world: World, tally: Tally
) -> None:
    world("documented")
    running._wrote = True  # so that the books are proved and the world is thrown away
    schema, cases = described()
    schema.app = app = running._client.app

    @seed(described_run)
    @SETTINGS
    @given(case=cases, pick=st.integers(0, 1000), accept=st.sampled_from(FORMATS))
    def ask(case: Case[Any], pick: int, accept: str) -> None:
        meet(case, pick)
        headers = (
            {"Accept": accept} if pick % 50 == 0 else {"Accept": accept, "Authorization": f"Bearer {KEY}"}
        )
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
            case.path_parameters[name] = ids[pick % len(ids)]
        case.body = planted(case.body, pick)


def faults_of(case: Case[Any], answer: Any) -> list[str]:
    """Everything in which the answer is not as described."""
    faults = []
    try:
        case.validate_response(answer, checks=CHECKS)
    except FailureGroup as group:
        faults = [str(each) for each in group.exceptions]
    except Failure as failure:
        faults = [str(failure)]
    if "xml" in answer.headers.get("content-type", [""])[0]:
        try:
            etree.fromstring(answer.content, PARSER)
        except etree.XMLSyntaxError as error:
            faults.append(f"not XML: {error}")
    return faults


def told(case: Case[Any]) -> str:
    """The request in one line."""
    return (
        f"{case.method} {case.path} {case.path_parameters} {case.query} {case.media_type} {case.body!r:.600}"
    )
