"""How much is fuzzed, and where: runs of a fixed size, each with a seed and a fresh copy of the world."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.dialects.conftest import SPOKEN, LocalWire, Spoken, running, speaking, wire, world
from tests.fuzz.sides import Sides
from tests.fuzz.tally import Tally

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.engines import Engines

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


def chosen_engines(config: pytest.Config) -> tuple[str, ...]:
    """The engines that the tests run on."""
    chosen: str = config.getoption("--engine")
    return ("sqlite", "postgres") if chosen == "both" else (chosen,)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Share the requests among the engines that were chosen."""
    engines = len(chosen_engines(metafunc.config))
    for name, tenths in TENTHS.items():
        if name in metafunc.fixturenames:
            metafunc.parametrize(name, range(-(-REQUESTS * tenths // (10 * RUN * engines))))


@contextmanager
def spoken_to(
    spoken: Spoken, config: pytest.Config, engines: Engines, factory: pytest.TempPathFactory
) -> Iterator[Sides]:
    """The same application on each engine."""
    with ExitStack() as stack:
        wires: list[LocalWire] = [
            stack.enter_context(speaking(spoken, engine, engines, factory.mktemp(f"fuzzed-{engine}")))
            for engine in chosen_engines(config)
        ]
        yield Sides(wires)


@pytest.fixture(scope="session")
def both(
    pytestconfig: pytest.Config, engines: Engines, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sides]:
    """The application on each engine."""
    with spoken_to(SPOKEN, pytestconfig, engines, tmp_path_factory) as sides:
        yield sides


@pytest.fixture
def sides(both: Sides) -> Iterator[Sides]:
    """What is asked the same on each engine."""
    yield both
    both.leave()


@pytest.fixture
def tally(request: pytest.FixtureRequest) -> Tally:
    """Counts the answers; the counts are printed after all tests."""
    counted = Tally()
    request.node.user_properties.append(("fuzzed", counted.statuses))
    return counted
