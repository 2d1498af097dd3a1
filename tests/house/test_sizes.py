"""A file fits on a few screens and a function on one."""

from pathlib import Path

import pytest

from tests.house.rules import long_functions, place, python_files

LINES_PER_FILE = 400
LINES_PER_FUNCTION = 50
# Written by `make migration`, a column on each line: as long as the change that they hold.
MIGRATIONS = "src/comptoir/storage/migrations/versions/"


def written_files(top: str) -> list[Path]:
    return [path for path in python_files(top) if not place(path).startswith(MIGRATIONS)]


@pytest.mark.parametrize("top", ["src", "tests", "bench", "scripts"])
def test_no_file_is_too_long(top: str) -> None:
    lengths = {place(path): len(path.read_text().splitlines()) for path in written_files(top)}
    too_long = {path: length for path, length in lengths.items() if length > LINES_PER_FILE}
    assert too_long == {}, "split by verb or noun, never by layer"


@pytest.mark.parametrize("top", ["src", "tests", "bench", "scripts"])
def test_no_function_is_too_long(top: str) -> None:
    too_long = {
        place(path): functions
        for path in written_files(top)
        if (functions := long_functions(path.read_text(), LINES_PER_FUNCTION))
    }
    assert too_long == {}


def test_the_sources_are_found() -> None:
    assert len(python_files("src")) > 10
    assert len(python_files("tests")) > 5


def test_a_long_function_is_noticed() -> None:
    body = "\n".join(f"    x = {number}" for number in range(50))
    assert long_functions(f"def short():\n{body[:-10]}", 50) == []
    assert long_functions(f"class A:\n  def long(self):\n{body}", 50) == ["long (line 2): 51 lines"]
