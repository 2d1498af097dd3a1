from __future__ import annotations

import shlex
import stat
from pathlib import Path

import pytest

from comptoir.vendor_hosts.hosts_file import BEGIN, END, HostsRefused, hosts_lines, remove_lines, write_lines
from comptoir.vendor_hosts.names import NAMES
from comptoir.vendor_hosts.trust import UnknownWay, ways_to_trust

BEFORE = "127.0.0.1 localhost\n\n::1 localhost # comptoir is no host\n192.0.2.7 shop.example\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "hosts"
    made.write_text(BEFORE)
    return made


def test_each_name_leads_to_this_machine_once() -> None:
    assert hosts_lines() == [f"127.0.0.1 {name}" for name in NAMES]
    assert len(set(NAMES)) == len(NAMES)


def test_lines_are_added_once_and_taken_out_again(file: Path) -> None:
    file.chmod(0o640)
    inode = file.stat().st_ino
    assert write_lines(file)
    assert file.read_text() == BEFORE + "\n".join([BEGIN, *hosts_lines(), END, ""])
    assert not write_lines(file)
    assert remove_lines(file)
    assert file.read_text() == BEFORE
    assert not remove_lines(file)
    assert (file.stat().st_ino, stat.S_IMODE(file.stat().st_mode)) == (inode, 0o640)


def test_an_older_block_gives_way_wherever_it_stands(file: Path) -> None:
    file.write_text(f"{BEGIN}\n127.0.0.1 old.example\n{END}\n{BEFORE}")
    assert write_lines(file)
    assert file.read_text() == BEFORE + "\n".join([BEGIN, *hosts_lines(), END, ""])


def test_a_file_is_made_and_an_open_last_line_is_closed(file: Path, tmp_path: Path) -> None:
    file.write_text("127.0.0.1 localhost")
    assert write_lines(file)
    assert file.read_text().startswith(f"127.0.0.1 localhost\n{BEGIN}\n")
    assert write_lines(tmp_path / "new")
    assert (tmp_path / "new").read_text().splitlines() == [BEGIN, *hosts_lines(), END]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("192.0.2.1\tWWW.2checkout.com other\n", "line 5 of .* names www.2checkout.com already"),
        (f"{BEGIN}\n127.0.0.1 a\n", "without the other one"),
        (f"{END}\n", "without the other one"),
    ],
)
def test_what_others_wrote_is_left_alone(file: Path, more: str, said: str) -> None:
    file.write_text(BEFORE + more)
    with pytest.raises(HostsRefused, match=said):
        write_lines(file)
    assert file.read_text() == BEFORE + more


def test_a_name_in_a_comment_is_no_line(file: Path) -> None:
    file.write_text(BEFORE + "# 192.0.2.1 www.2checkout.com\n")
    assert write_lines(file)


def test_a_path_with_spaces_stays_one_word() -> None:
    ways = ways_to_trust(Path("/a folder/authority.pem"))
    assert sorted(ways) == ["curl", "dotnet", "java", "node", "perl", "php", "python", "ruby"]
    for lines in ways.values():
        words = [word for line in lines for word in shlex.split(line, comments=True)]
        assert any(word.rpartition("=")[2] == "/a folder/authority.pem" for word in words)


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(UnknownWay, match=r"--trust must be one of python, .*, not 'cobol'"):
        ways_to_trust(Path("a"), "cobol")
