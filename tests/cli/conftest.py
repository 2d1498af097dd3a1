from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pytest

from comptoir.cli import main


@dataclass(frozen=True)
class Ran:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def told(self) -> Any:
        return json.loads(self.out)


Run = Callable[..., Ran]


def beside(program: str, words: list[str]) -> NoReturn:
    """What the process would become, as a process of its own: the one that tests must stay."""
    handed = int(words[-1])
    became = subprocess.run(
        [program, *words[1:]], capture_output=True, text=True, pass_fds=[handed], timeout=60, check=False
    )
    os.close(handed)
    sys.stdout.write(became.stdout)
    sys.stderr.write(became.stderr)
    raise SystemExit(became.returncode)


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs commands in an empty folder, in which nothing is set."""
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.startswith("COMPTOIR_"):
            monkeypatch.delenv(name)

    monkeypatch.setattr(os, "execv", beside)

    def run(*words: str) -> Ran:
        monkeypatch.setattr(sys, "argv", ["comptoir", *words])
        code = 0
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(bool(end.code))
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run


@pytest.fixture(scope="session")
def template() -> dict[str, Path]:
    return {}


@pytest.fixture
def run(
    bare: Run, tmp_path: Path, template: dict[str, Path], tmp_path_factory: pytest.TempPathFactory
) -> Run:
    """Runs commands in a folder that holds one sandbox shop."""
    if "shop" not in template:
        made = bare("init", "--currency", "AUD", "--sandbox", "--json")
        assert made.code == 0, made.err
        template["shop"] = tmp_path_factory.mktemp("template") / "data"
        shutil.copytree(tmp_path / "data", template["shop"])
    else:
        shutil.copytree(template["shop"], tmp_path / "data")
    return bare
