"""Draws requests from a served description, half of them against its rules, and holds the answers to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, settings
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

from tests.dialects.described import PARSER
from tests.fuzz.conftest import RUN

if TYPE_CHECKING:
    from schemathesis import Case

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


def drawn_from(description: dict[str, Any]) -> Any:
    """The description as schemathesis reads it, and a strategy over all its operations."""
    schema = schemathesis.openapi.from_dict(description)
    operations: list[Any] = [each.ok() for each in schema.get_all_operations()]  # type: ignore[union-attr]
    cases = [operation.as_strategy(generation_mode=mode) for operation in operations for mode in MODES]
    return schema, st.one_of(cases)


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
