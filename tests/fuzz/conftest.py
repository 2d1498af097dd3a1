"""How much is fuzzed, and where: runs of a fixed size, each with a seed and a fresh copy of the world."""

from __future__ import annotations

import os

import pytest

from tests.dialects.conftest import running, wire, world
from tests.fuzz.tally import Tally

__all__ = ["running", "wire", "world"]

# So many for each dialect. To the first one's, requests that no description would suggest come on top; the
# second one's are shared among what its description suggests, what it would not, and what buyers send; to the
# third one's, hostile ones come on top.
REQUESTS = int(os.environ.get("COMPTOIR_FUZZ_REQUESTS", "20000"))
RUN = 500
TENTHS = {
    "described_run": 10,
    "hostile_run": 2,
    "described_calls_run": 7,
    "hostile_calls_run": 2,
    "buyers_run": 1,
    "described_bank_run": 10,
    "hostile_bank_run": 2,
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Share the requests among the engines that were chosen."""
    engines = 2 if metafunc.config.getoption("--engine") == "both" else 1
    for name, tenths in TENTHS.items():
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, range(-(-REQUESTS * tenths // (10 * RUN * engines))))


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Tally:
    """Counts the answers; the counts are printed after all tests."""
    counted = Tally()
    request.node.user_properties.append(("fuzzed", counted.statuses))
    return counted
