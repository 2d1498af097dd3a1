"""Names that say nothing, floats in the domain, and hidden clocks are found by reading the source."""

import pytest

from tests.house.rules import (
    FORBIDDEN_MODULE_NAMES,
    SOURCE,
    clock_and_chance,
    float_calls,
    place,
    python_files,
)

# Who may read the wall clock or the system's randomness, and why.
MAY_READ_CLOCK_AND_CHANCE = {
    "src/comptoir/domain/clock.py": "it is the clock, and the chance, that everybody else is given",
    "src/comptoir/storage/columns.py": "a nonce is no id, and must never come twice",
    "src/comptoir/demo/dice.py": "it falls the same way each time, from a seed that is no secret",
}


def test_every_module_name_says_what_is_inside() -> None:
    parts = {
        place(path): {path.stem, *path.relative_to(SOURCE).parent.parts} & FORBIDDEN_MODULE_NAMES
        for path in python_files("src")
    }
    assert {path: names for path, names in parts.items() if names} == {}


def test_no_float_is_made_in_the_domain() -> None:
    made = {place(path): float_calls(path.read_text()) for path in python_files("src/comptoir/domain")}
    assert {path: lines for path, lines in made.items() if lines} == {}, "amounts are integers or Decimal"


def test_clock_and_chance_are_injected() -> None:
    read = {place(path): clock_and_chance(path.read_text()) for path in python_files("src")}
    hidden = {path for path, lines in read.items() if lines} - MAY_READ_CLOCK_AND_CHANCE.keys()
    assert {path: read[path] for path in hidden} == {}, "take the time from tx.now and chance from tx.ids"


def test_every_licence_to_read_the_clock_is_used() -> None:
    unused = {
        path
        for path in MAY_READ_CLOCK_AND_CHANCE
        if not clock_and_chance((SOURCE.parents[1] / path).read_text())
    }
    assert unused == set()


@pytest.mark.parametrize(
    "source",
    [
        "import random",
        "from secrets import token_hex",
        "from uuid import uuid4",
        "from os import urandom",
        "from datetime import datetime\nnow = datetime.now(UTC)",
        "import datetime\nnow = datetime.datetime.utcnow()",
        "import time\nstarted = time.time()",
        "factory = uuid.uuid4",
    ],
)
def test_a_hidden_clock_is_noticed(source: str) -> None:
    assert clock_and_chance(source) != []


@pytest.mark.parametrize(
    "source", ["at = tx.now", "import time\nt = time.perf_counter()", "shop.now(system)"]
)
def test_an_injected_clock_is_welcome(source: str) -> None:
    assert clock_and_chance(source) == []


def test_a_float_is_noticed() -> None:
    assert float_calls("x = 1\ny = float('0.1')") == [2]
    assert float_calls("def f(x: float) -> None: ...") == []
