"""What every tracked file must have, and what none may hold."""

import re
import tomllib
from pathlib import Path

import pytest

from tests.house.rules import (
    MACHINE_PATH,
    REGISTRY,
    ROOT,
    UNFINISHED,
    is_without_docstring,
    place,
    python_files,
    text_files,
)

# The rules themselves must spell out what they forbid.
RULES = Path(__file__).parent
REQUIREMENTS = ROOT / "requirements"


def lines_matching(pattern: re.Pattern[str]) -> dict[str, str]:
    return {
        place(path): match.group()
        for path, text in text_files()
        if not path.is_relative_to(RULES) and (match := pattern.search(text))
    }


def names_of_requirements(path: Path) -> set[str]:
    lines = (line.strip() for line in path.read_text().splitlines())
    return {re.split(r"[\[<>=~! ]", line)[0] for line in lines if line and line[0] not in "#-"}


def test_no_file_names_a_package_registry() -> None:
    assert lines_matching(REGISTRY) == {}


def test_no_file_names_a_path_of_one_machine() -> None:
    assert lines_matching(MACHINE_PATH) == {}


def test_nothing_is_left_unfinished() -> None:
    assert lines_matching(UNFINISHED) == {}


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        place(path)
        for path in python_files("src", "bench", "scripts")
        if is_without_docstring(path.read_text())
    ]
    assert silent == []


def test_the_changelog_has_a_place_for_the_next_line() -> None:
    headings = re.findall(r"^## .*$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert headings[0] == "## [Unreleased]"
    assert all(re.fullmatch(r"## \[\d+\.\d+\.\d+\] - \d{4}-\d\d-\d\d", heading) for heading in headings[1:])


def test_what_is_declared_is_what_is_pinned() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    declared = {re.split(r"[\[<>=]", line)[0] for line in project["project"]["dependencies"]}
    builds = {*project["build-system"]["requires"], "editables"}
    assert names_of_requirements(REQUIREMENTS / "main.in") == declared | builds


@pytest.mark.parametrize("purpose", ["main", "dev"])
def test_every_pinned_requirement_has_its_hashes(purpose: str) -> None:
    pinned = (REQUIREMENTS / f"{purpose}.txt").read_text()
    blocks = re.findall(r"^([a-z0-9._-]+)(?:\[.*?\])?==((?:.*\\\n)+.*)", pinned, re.MULTILINE)
    assert len(blocks) == len(re.findall(r"^[a-z0-9]", pinned, re.MULTILINE))
    assert all("--hash=sha256:" in block for _, block in blocks)
    wanted = names_of_requirements(REQUIREMENTS / f"{purpose}.in")
    assert wanted <= {name for name, _ in blocks}, "run `make lock`"


def test_development_runs_the_versions_that_users_run() -> None:
    main, dev = (
        dict(re.findall(r"^([a-z0-9._-]+)(?:\[.*?\])?==(\S+)", path.read_text(), re.MULTILINE))
        for path in (REQUIREMENTS / "main.txt", REQUIREMENTS / "dev.txt")
    )
    assert {
        name: (version, dev.get(name)) for name, version in main.items() if dev.get(name) != version
    } == {}


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        (REGISTRY, "see files.pythonhosted.org"),
        (REGISTRY, "--index-url https://mirror.example/simple"),
        (MACHINE_PATH, 'open("/work/notes")'),
        (MACHINE_PATH, "cd /home/ada/comptoir"),
        (UNFINISHED, "# TODO: later"),
    ],
)
def test_a_forbidden_line_is_noticed(pattern: re.Pattern[str], text: str) -> None:
    assert pattern.search(text)


def test_a_silent_module_is_noticed() -> None:
    assert is_without_docstring("x = 1")
    assert not is_without_docstring("")
    assert not is_without_docstring('"""What it is for."""\nx = 1')
