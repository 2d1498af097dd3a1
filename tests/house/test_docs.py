"""The documents are complete: settings, decisions, dependencies, the README's length."""

import importlib
import importlib.util
import re
from pathlib import Path

import pytest

from scripts.docs import pages, settings_of
from tests.house.rules import ROOT, python_files

LINES_OF_README = 150
LINES_OF_ADR = 60
SECTIONS_OF_ADR = ["Context", "Decision", "Consequences", "Alternatives", "Enforced by"]
SETTING = re.compile(r"\bCOMPTOIR_[A-Z][A-Z_]*[A-Z]\b")

README = ROOT / "README.md"
SETTINGS_PAGE = ROOT / "docs" / "reference" / "settings.md"
ADRS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))


def settings_read() -> set[str]:
    """Every environment variable of ours: the fields of Settings, and what else the sources name."""
    named = {name for path in python_files("src") for name in SETTING.findall(path.read_text())}
    if importlib.util.find_spec("comptoir.settings"):
        settings = settings_of(importlib.import_module("comptoir.settings").Settings)
        named |= {f"COMPTOIR_{setting.name.upper()}" for setting in settings}
    return named


@pytest.mark.skipif(not README.exists(), reason="there is no README yet")
def test_the_readme_is_short() -> None:
    assert len(README.read_text().splitlines()) < LINES_OF_README


@pytest.mark.skipif(not (ROOT / "src/comptoir/settings.py").exists(), reason="there are no settings yet")
def test_every_setting_is_documented() -> None:
    documented = set(SETTING.findall(SETTINGS_PAGE.read_text() if SETTINGS_PAGE.exists() else ""))
    assert settings_read() - documented == set()
    assert documented - settings_read() == set(), "documented, but read nowhere"


def test_printed_pages_are_what_would_be_printed() -> None:
    stale = [path.name for path, text in pages().items() if not path.exists() or path.read_text() != text]
    assert stale == [], "run `make docs`"


def test_decisions_are_numbered_without_a_gap() -> None:
    assert len(ADRS) >= 10
    assert [int(path.name[:4]) for path in ADRS] == list(range(1, len(ADRS) + 1))


@pytest.mark.parametrize("path", ADRS, ids=lambda path: path.stem)
def test_a_decision_is_short_and_complete(path: Path) -> None:
    text = path.read_text()
    assert len(text.splitlines()) < LINES_OF_ADR
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == SECTIONS_OF_ADR
    assert re.match(r"# \d{4}\. \S", text)


@pytest.mark.parametrize("purpose", ["main", "dev"])
def test_every_dependency_has_its_reason(purpose: str) -> None:
    lines = (ROOT / "requirements" / f"{purpose}.in").read_text().splitlines()
    wanted = {re.split(r"[\[<>=]", line)[0] for line in lines if line and line[0] not in "#-"}
    reasons = (ROOT / "docs" / "adr" / "0011-dependencies.md").read_text()
    assert wanted - set(re.findall(r"\*\*([\w-]+)\*\*", reasons)) == set()


def test_links_between_documents_lead_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    broken = {
        f"{page.relative_to(ROOT)}: {target}"
        for page in pages
        for target in re.findall(r"\]\((?!https?:|mailto:|#)([^)#\s]+)", page.read_text())
        if not (page.parent / target).exists()
    }
    assert broken == set()
