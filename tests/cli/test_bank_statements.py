"""Statements from the command line: the merchant's own account has one every month."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


@pytest.fixture
def bank(run: Run, tmp_path: Path) -> Run:
    """A shop with a bank, whose clock was moved on by half a year."""
    program = tmp_path / "program.toml"
    program.write_text(run("bank", "sample", "example1").out)
    assert run("bank", "load", str(program)).code == 0
    assert run("clock", "freeze", "2030-07-03T12:00:00Z").code == 0
    return run


def test_statements_are_made_by_the_clock_and_listed(bank: Run) -> None:
    (told,) = bank("bank", "statements", "list", "2030", "6", "--json").told
    assert (told["type"], told["year"], told["month"]) == ("Monthly", 2030, 6)
    assert "Monthly" in bank("bank", "statements", "list", "2030", "5").out
    assert bank("bank", "statements", "list", "2030", "7").out == "No such statement was made.\n"
    of_nobody = bank("bank", "statements", "list", "2030", "6", "--customer", "999")
    assert of_nobody.out == "No such statement was made.\n"


def test_quarters_are_made_here(bank: Run) -> None:
    assert bank("bank", "statements", "make", "2030", "6").out == "1 statements made\n"
    assert bank("bank", "statements", "make", "2030", "6").out == "0 statements made\n"
    assert bank("bank", "statements", "make", "2030", "6", "--type", "monthly").out == "0 statements made\n"
    assert bank("bank", "statements", "list", "2030", "6", "--type", "Quarterly", "--json").told


def test_files_are_written_and_written_again_the_same(bank: Run, tmp_path: Path) -> None:
    for ending, begins in (("pdf", b"%PDF-"), ("csv", b"accountId,"), ("json", b'{"accounts":[')):
        folder = tmp_path / "letters" / ending
        for _ in range(2):
            answer = bank("bank", "statements", "write", str(folder), "2030", "6", "--format", ending)
            assert answer.out == f"1 statements written to {folder}\n", answer.err
        (file,) = folder.iterdir()
        assert file.name.endswith(f".{ending}")
        assert file.read_bytes().startswith(begins)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("list", "2030", "13"), "month is not the last month of such a period"),
        (("list", "2030", "4", "--type", "Quarterly"), "month is not the last month of such a period"),
        (("list", "2030", "6", "--type", "Weekly"), "type must be one of Monthly"),
        (("list", "99999", "6"), "year must be a year from 1970"),
        (("make", "2030", "9"), "2030-09-30 is not over yet"),
        (("make", "2030", "12", "--type", "Tax1099INT"), "2030 is not over yet"),
        (("write", "here", "2030", "6", "--format", "docx"), "'docx' is none of pdf, csv, json"),
    ],
)
def test_what_cannot_be_is_refused(bank: Run, words: tuple[str, ...], said: str) -> None:
    answer = bank("bank", "statements", *words)
    assert (answer.code != 0, said in answer.err) == (True, True), answer.err


def test_a_shop_without_a_bank_has_no_statements(run: Run) -> None:
    assert run("bank", "statements", "list", "2030", "6").out == "No such statement was made.\n"
    assert run("bank", "statements", "make", "2020", "3").code == 1
