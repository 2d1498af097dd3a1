"""Files to and from other banks, from the command line: an external account is proved by trial deposits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from comptoir.domain.banking.files.ach import Answer
from comptoir.domain.banking.files.ach_reading import check_file, read_ach
from comptoir.domain.banking.files.ach_writing import write_ach

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run
from tests.domain.banking.files.written import a_batch, a_file, an_entry


@pytest.fixture
def bank(run: Run, tmp_path: Path) -> Run:
    """A shop with a bank that has no simulated one beside it, and nothing sent yet."""
    program = tmp_path / "program.toml"
    program.write_text(
        run("bank", "sample", "example1").out.replace("simulated_bank = true", "simulated_bank = false")
    )
    assert run("bank", "load", str(program)).code == 0
    return run


def test_events_are_written_out_once_and_again_when_asked(bank: Run, tmp_path: Path) -> None:
    assert bank("bank", "files", "run", "--json").told["events"] > 0
    folder = tmp_path / "out"
    first = bank("bank", "files", "write", str(folder), "--json").told
    assert len(first["written"]) == 1
    (file,) = folder.iterdir()
    assert file.name.endswith("_EVENTNOTIFICATION.TXT")
    assert file.read_bytes().startswith(b"HEVENTNOTIFICATION")
    assert file.stat().st_mode & 0o777 == 0o600
    assert bank("bank", "files", "write", str(folder), "--json").told["written"] == []
    assert (
        bank("bank", "files", "write", str(folder), "--again", "--json").told["written"] == first["written"]
    )
    assert len(list(folder.iterdir())) == 1
    file.write_text("something else")
    answer = bank("bank", "files", "write", str(folder), "--again", "--json")
    assert answer.told["written"] != first["written"]
    assert file.read_text() == "something else"


def test_a_file_that_came_is_read_once_and_what_cannot_be_posted_goes_back(bank: Run, tmp_path: Path) -> None:
    came = tmp_path / "came.ach"
    lost = an_entry(
        2, routing_number="091000019", transaction_code=26,
        answer=Answer("R01", "091000010000077", "09100001"),
    )  # fmt: skip
    nobody = an_entry(routing_number="091000019", account_number="424242")
    came.write_text(write_ach(a_file(a_batch(nobody, lost), destination_id="091000019")))
    told = bank("bank", "files", "read", str(came), "--json").told
    assert (told["posted"], told["sent_back"], told["returned"]) == (0, 1, 0)
    assert told["problems"] == ["091000010000002: R01 of 091000010000077, which was not sent"]
    again = bank("bank", "files", "read", str(came))
    assert again.out == f"came.ach was read before, as file {told['file_id']}: nothing was changed\n"
    folder = tmp_path / "out"
    (name,) = bank("bank", "files", "write", str(folder), "--kind", "ach_out", "--json").told["written"]
    text = (folder / name).read_text()
    assert check_file(text) == []
    assert read_ach(text).batches[0].entries[0].account_number == "424242"
    states = {row["kind"]: row["state"] for row in bank("bank", "files", "list", "--json").told}
    assert states == {"ach_out": "sent", "ach_in": "read"}


def test_a_file_is_shown_with_numbers_masked_unless_it_is_asked_for_as_it_is(
    bank: Run, tmp_path: Path
) -> None:
    came = tmp_path / "came.ach"
    nobody = an_entry(routing_number="091000019", account_number="424242424242")
    came.write_text(write_ach(a_file(a_batch(nobody), destination_id="091000019")))
    number = str(bank("bank", "files", "read", str(came), "--json").told["file_id"])
    shown = bank("bank", "files", "show", number).out
    assert "******4242" in shown
    assert "424242424242" not in shown
    assert "125.00" in shown
    assert bank("bank", "files", "show", number, "--content").out.strip() == came.read_text().strip()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("show", "99"), "there is no bank file 99"),
        (("list", "--kind", "letters"), "'letters' is none of ach_out, ach_returns, ach_in, events"),
        (("read", "nowhere.ach"), "nowhere.ach cannot be read"),
    ],
)
def test_what_cannot_be_is_refused(bank: Run, words: tuple[str, ...], said: str) -> None:
    answer = bank("bank", "files", *words)
    assert (answer.code != 0, said in answer.err) == (True, True), answer.err


def test_what_is_no_file_of_a_bank_is_refused_with_its_lines(bank: Run, tmp_path: Path) -> None:
    came = tmp_path / "came.ach"
    came.write_text("hello\n")
    answer = bank("bank", "files", "read", str(came))
    assert answer.code == 1
    assert "line 1: the record is 5 characters long, not 94" in answer.err
    came.write_bytes(b"\xff")
    assert bank("bank", "files", "read", str(came)).code == 2


def test_a_shop_without_a_bank_has_no_files(run: Run, tmp_path: Path) -> None:
    assert run("bank", "files", "list").out == "There are no such files.\n"
    assert run("bank", "files", "run", "--json").told == {"done": 0, "events": 0, "days": 0}
    came = tmp_path / "came.ach"
    came.write_text(write_ach(a_file(a_batch(an_entry()), destination_id="091000019")))
    answer = run("bank", "files", "read", str(came))
    assert answer.code == 1
    assert "no bank program" in answer.err
