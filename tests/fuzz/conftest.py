"""How much is fuzzed, and where: runs of a fixed size, each with a seed and a fresh copy of the world."""

from __future__ import annotations

import os

import pytest

from tests.dialects.conftest import running, wire, world
from tests.fuzz.tally import Tally

__all__ = ["running", "wire", "world"]

REQUESTS = int(os.environ.get("COMPTOIR_FUZZ_REQUESTS", "20000"))
RUN = 500
# Beside what the description suggests, every fifth request is one that no description would.
HOSTILE_SHARE = 5


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Share the requests among the engines that were chosen."""
    engines = 2 if metafunc.config.getoption("--engine") == "both" else 1
    runs = -(-REQUESTS // (RUN * engines))
    if "described_run" in metafunc.fixturenames:
        metafunc.parametrize("described_run", range(runs))
    if "hostile_run" in metafunc.fixturenames:
        metafunc.parametrize("hostile_run", range(-(-runs // HOSTILE_SHARE)))


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Tally:
    """Counts the answers; the counts are printed after all tests."""
    counted = Tally()
    request.node.user_properties.append(("fuzzed", counted.statuses))
    return counted
