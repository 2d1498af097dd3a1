"""Real databases of both engines, a frozen clock, and books that are checked after every test."""

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import pytest
import structlog

from comptoir.domain.banking.program import founding
from comptoir.domain.clock import Chance
from comptoir.domain.events.actions import flush
from comptoir.domain.proof import prove_books
from comptoir.domain.tx import OpenShop, Tx
from tests.engines import Engines, open_transaction
from tests.memory import enter_memory, leave_memory

NOW = datetime(2026, 3, 1, 12, 0, 0, tzinfo=UTC)
SECRET = b"the tests' own key, 32 bytes...."
READY_KEYS = 3
FOLDER = pytest.StashKey[Path | None]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let one engine be chosen; both by default."""
    parser.addoption("--engine", choices=["sqlite", "postgres", "both"], default="both")


def pytest_configure(config: pytest.Config) -> None:
    """Keep what is temporary in memory; the processes of a run share its folder."""
    if not hasattr(config, "workerinput"):
        config.stash[FOLDER] = enter_memory()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Give the memory back."""
    folder = config.stash.get(FOLDER, None)
    if folder is not None:
        leave_memory(folder)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test that touches a database once on each engine."""
    if "engine" in metafunc.fixturenames:
        chosen = metafunc.config.getoption("--engine")
        metafunc.parametrize(
            "engine", ["sqlite", "postgres"] if chosen == "both" else [chosen], scope="session"
        )


@pytest.fixture(scope="session")
def engines() -> Iterator[Engines]:
    """The database servers and the templates that fresh databases are copied from.

    They live outside pytest's own folders, which another run may clear while a server still uses them.
    """
    folder = Path(tempfile.mkdtemp(prefix="comptoir-tests-"))
    made = Engines(folder, SECRET)
    yield made
    made.close()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(autouse=True)
def _own_log() -> Iterator[None]:
    """Forget where a test's commands sent their log: what caught it is closed after the test."""
    yield
    structlog.reset_defaults()


@pytest.fixture(scope="session", autouse=True)
def _ready_keys() -> None:
    """Programs take their PIN keys in turn from three: making one takes longer than most tests."""
    make, made = founding._new_key, list[str]()
    turns = count()

    def ready() -> str:
        if len(made) < READY_KEYS:
            made.append(make())
        return made[next(turns) % READY_KEYS]

    founding._new_key = ready


@pytest.fixture
def shop(engine: str, engines: Engines, tmp_path: Path) -> Iterator[OpenShop]:
    """A fresh shop of its own, whose clock stands still; its books must balance afterwards."""
    database = engines.fresh(engine, tmp_path)
    opened = OpenShop("test", database, flush, system=lambda: NOW, chance=Chance(seed=7))
    yield opened
    engines.check_books(opened)
    engines.drop(database)
    shutil.rmtree(tmp_path, ignore_errors=True)


@pytest.fixture
def tx(request: pytest.FixtureRequest, engine: str, engines: Engines) -> Iterator[Tx]:
    """A transaction for one test, in which the books must balance at its end; everything in it is undone."""
    shop: OpenShop
    if "shop" in request.fixturenames:
        shop = request.getfixturevalue("shop")
    else:
        # Nothing stays of what such tests do, so they need no shop of their own.
        shop = OpenShop("test", engines.untouched(engine), flush, system=lambda: NOW, chance=Chance(seed=7))
    with open_transaction(shop) as opened:
        yield opened
        if request.node.get_closest_marker("unbalanced") is None:
            problems = prove_books(opened)
            assert not problems, problems


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what the fuzz was answered; its counts come with the reports, from whichever process."""
    statuses: Counter[str] = Counter()
    for outcome in ("passed", "failed"):
        for report in terminalreporter.getreports(outcome):
            statuses.update(dict(report.user_properties).get("fuzzed", {}))
    if statuses:
        told = ", ".join(f"{count} {status}" for status, count in sorted(statuses.items()))
        terminalreporter.write_line(f"fuzz: {statuses.total()} requests, answered {told}")
