from __future__ import annotations

from pathlib import Path

import pytest

from comptoir.vendor_hosts.hosts_file import hosts_lines
from tests.cli.conftest import Run


def test_the_lines_are_printed_and_nothing_is_made(bare: Run, tmp_path: Path) -> None:
    assert bare("vendor-hosts").out.splitlines() == hosts_lines()
    assert bare("vendor-hosts", "--json").told == {"lines": hosts_lines()}
    assert list(tmp_path.iterdir()) == []


def test_a_hosts_file_is_changed_when_it_is_named(bare: Run, tmp_path: Path) -> None:
    (tmp_path / "hosts").write_text("127.0.0.1 localhost\n")
    assert bare("vendor-hosts", "--write", "hosts").out == "hosts leads the vendors' names to this machine.\n"
    assert bare("vendor-hosts", "--write", "hosts", "--json").told == {"file": "hosts", "changed": False}
    assert (tmp_path / "hosts").read_text().count("www.2checkout.com") == 1
    assert bare("vendor-hosts", "--remove", "hosts").out == "hosts has the lines no more.\n"
    assert bare("vendor-hosts", "--remove", "hosts").out == "hosts had no such lines.\n"
    assert (tmp_path / "hosts").read_text() == "127.0.0.1 localhost\n"


def test_the_authority_is_made_when_it_is_asked_for_and_stays(bare: Run, tmp_path: Path) -> None:
    file = tmp_path / "data" / "vendor-hosts" / "authority.pem"
    assert bare("vendor-hosts", "--authority").out == f"{file}\n"
    made = file.read_bytes()
    assert bare("vendor-hosts", "--trust", "node").out == f"export NODE_EXTRA_CA_CERTS={file}\n"
    told = bare("vendor-hosts", "--trust", "all", "--json").told
    assert (told["authority"], len(told["trust"])) == (str(file), 8)
    assert ".NET " in bare("vendor-hosts", "--trust", "all").out
    assert file.read_bytes() == made


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--trust", "cobol"], 1, "--trust must be one of python, node"),
        (["--write", "hosts", "--authority"], 2, "at a time"),
        (["--remove", "nowhere"], 1, "No such file"),
        (["--write", "."], 1, "Is a directory"),
    ],
)
def test_what_cannot_be_done_is_a_sentence(
    bare: Run, tmp_path: Path, words: list[str], code: int, said: str
) -> None:
    ran = bare("vendor-hosts", *words)
    assert (ran.code, said in ran.err, ran.out) == (code, True, ""), ran.err
    assert list(tmp_path.iterdir()) == []


def test_serving_vendor_hosts_is_a_setting(bare: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COMPTOIR_VENDOR_HOSTS", "yes")
    monkeypatch.setenv("COMPTOIR_VENDOR_PORT", "8443")
    told = {row["setting"]: row["value"] for row in bare("settings", "--json").told}
    assert (told["vendor_hosts"], told["vendor_port"]) == (True, 8443)
