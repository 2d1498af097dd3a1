"""Every request that the published documentation prints gets the documented answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.dialects.expectations import envelope_of
from tests.dialects.published import documented_requests, facts, send
from tests.dialects.shapes import faults_of_shape

if TYPE_CHECKING:
    from tests.dialects.wire import Wire, World

REQUESTS = documented_requests()


@pytest.mark.parametrize("request_", REQUESTS, ids=lambda each: each["id"])
def test_documented_request(request_: dict[str, Any], wire: Wire, world: World) -> None:
    world("documented")
    answer = send(wire, request_, headers={"Accept": "application/json"})
    envelope = envelope_of(answer)
    assert answer.status == request_["status"], envelope
    assert faults_of_shape(envelope["data"], request_["answers"], facts("shapes")) == []
    assert envelope["data"], "a printed request meets a record"


def test_all_printed_requests_are_here() -> None:
    assert len(REQUESTS) == 64
    assert len({each["id"] for each in REQUESTS}) == 64
